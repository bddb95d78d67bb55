/**
 * Guessing at the web: one account with many passwords, basic authentication of staff, and a spray that hides in the
 * surge of deadline day.
 */
import { sizeWithin, startFor, type WebScenario, type WebStage } from '../scenario.ts';
import { Visit } from '../web-requests.ts';
import { SECOND } from '../world.ts';
import { deadlineHours } from './voters.ts';
import { BROWSERS, LOGIN_PATH, STAFF_PATH, TOOLS } from './web-site.ts';

/** Guessers in so many of which one gets in, at the staff door, with its name in the log. */
const ONE_GETS_IN = 9;

/** Many tries from one address, seconds apart. */
export const webLoginGuessing: WebScenario = {
  name: 'web-login-guessing',
  share: 0.035,
  play(stage) {
    const { host, budget } = stage;
    const end = host.requests.count + budget;
    for (let turn = 0; turn === 0 || host.requests.count < end; turn++) {
      if (turn % 2 === 0)
        guessAtStaffDoor(stage, turn % ONE_GETS_IN === 0 && stage.world.customs.breakInsSucceed);
      else guessAtForm(stage);
    }
  },
};

/** Tens of addresses, two to five tries each, within the surge. */
export const webLoginSprayInSurge: WebScenario = {
  name: 'web-login-spray-in-surge',
  share: 0.012,
  play({ world, random, host, budget }) {
    const end = host.requests.count + budget;
    const { from, until } = deadlineHours(world.span);
    const campaign = world.sources.campaign('web-login-spray-in-surge');
    while (host.requests.count < end) {
      const source = world.foreign(random, 'web-login-spray-in-surge', campaign);
      let time = random.between(from, until);
      const agent = random.pick(BROWSERS);
      for (let tries = random.integer(2, 5); tries > 0; tries--) {
        const visit = new Visit(world, host, source, time);
        visit.request({ after: 0, method: 'POST', url: LOGIN_PATH, status: 401, size: 6_020, agent });
        visit.end();
        time = Math.min(until - SECOND, time + random.spread(20, 2_000) * SECOND);
      }
    }
  },
};

function guessAtStaffDoor(stage: WebStage, getsIn: boolean): void {
  const { world, random, host, budget } = stage;
  const source = world.foreign(random, 'web-login-guessing');
  const tries = sizeWithin(random, 25, 3_000, budget);
  const gap = random.spread(0.05, 15) * SECOND;
  const user = random.pick(['admin', 'administrator', 'webeditor', 'root', 'clerk3']);
  const agent = random.pick(TOOLS);
  let time = startFor(random, world.span, gap * tries * 1.1);
  for (let tried = 0; tried < tries; tried++) {
    const visit = new Visit(world, host, source, time);
    visit.request({ after: 0, url: STAFF_PATH, status: 401, size: 590, agent, user });
    visit.end();
    time += random.wait(gap);
  }
  if (!getsIn) return;
  const visit = new Visit(world, host, source, time);
  visit.request({ after: 0, url: STAFF_PATH, status: 200, size: 11_700, agent, user, through: true });
  visit.end();
}

function guessAtForm({ world, random, host, budget }: WebStage): void {
  const source = world.foreign(random, 'web-login-guessing');
  const tries = sizeWithin(random, 25, 3_000, budget);
  const gap = random.spread(0.1, 30) * SECOND;
  const agent = random.pick(TOOLS);
  let time = startFor(random, world.span, gap * tries);
  for (let tried = 0; tried < tries; ) {
    const visit = new Visit(world, host, source, time);
    for (let inVisit = random.integer(1, 10); inVisit > 0 && tried < tries; inVisit--, tried++) {
      const after = random.wait(gap) / 1_000;
      visit.request({ after, method: 'POST', url: LOGIN_PATH, status: 401, size: 6_020, agent });
    }
    visit.end();
    time = visit.now + random.wait(gap);
  }
}
