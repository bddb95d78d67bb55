/**
 * People: voters on a busy evening and on deadline day, offices and campuses behind one address, and clients of the
 * content network.
 */
import type { Random } from '../../random.ts';
import type { ClassName } from '../contact-classes.ts';
import { NAMED_PARTIES } from '../estate.ts';
import { parseIPv4 } from '../ip.ts';
import type { WebScenario, WebStage } from '../scenario.ts';
import { Visit } from '../web-requests.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../world.ts';
import { eveningTime, officeTime } from './day.ts';
import { ASSETS, ask, BROWSERS, LOGIN_PATH, lookUp, PAGES, STAFF_PATH, search } from './web-site.ts';

/** Voters on any day. The last to play: they make what remains of the budget. */
export const voters: WebScenario = {
  name: 'voter',
  share: 0,
  play(stage) {
    playVisitors(stage, () => {
      const six = stage.host.destination === stage.world.estate.portal && stage.random.chance(0.15);
      return [
        six ? sixClient(stage) : stage.world.foreign(stage.random, 'voter'),
        eveningTime(stage.random, stage.world.span),
      ];
    });
  },
};

/** The surge: in the last hours before the deadline everybody comes at once, and many come back. */
export const deadlineDay: WebScenario = {
  name: 'deadline-day',
  share: 0.16,
  play(stage) {
    const { from, until } = deadlineHours(stage.world.span);
    playVisitors(stage, () => {
      const rush = from + (until - from) * Math.sqrt(stage.random.unit());
      return [stage.world.foreign(stage.random, 'deadline-voter'), rush];
    });
  },
};

/** The hours of the surge: the last evening of the run, seven to midnight. */
export function deadlineHours(span: number): { readonly from: number; readonly until: number } {
  const midnight = Math.max(DAY, Math.floor(span / DAY) * DAY);
  const until = Math.min(span, midnight);
  return { from: Math.max(0, until - 5 * HOUR), until };
}

/** Networks of a library and of a campus; the surface lists them as shared. */
export const SHARED_NETWORKS = ['192.0.2.64/29', '192.0.2.72/29'] as const;

/** Offices, a library and a campus, each with hundreds of people behind one or two addresses. */
export const sharedAddresses: WebScenario = {
  name: 'office-behind-nat',
  share: 0.05,
  play(stage) {
    const { world, random } = stage;
    const first = parseIPv4('192.0.2.65');
    const addresses = [0, 1, 8].map((host) => world.named(first + host, 'office-behind-nat'));
    playVisitors(stage, () => [random.pick(addresses), officeTime(random, world.span)]);
  },
};

/** Clients who come through the content network: its edges connect, and name the client in X-Forwarded-For. */
export const contentNetwork: WebScenario = {
  name: 'cdn',
  share: 0.06,
  behindProxy: true,
  play(stage) {
    const { world, random } = stage;
    const end = stage.host.requests.count + stage.budget;
    while (stage.host.requests.count < end) {
      const client = world.foreign(random, 'cdn-client');
      for (let visits = random.integer(1, 3); visits > 0; visits--) {
        const edge = edgeOf(stage);
        const visit = new Visit(world, stage.host, edge, eveningTime(random, world.span), client, true);
        browse(stage, visit, random.integer(1, 12));
      }
    }
  },
};

/** An edge of the content network. */
export function edgeOf({ world, random }: WebStage): number {
  const first = parseIPv4(NAMED_PARTIES.contentNetwork.slice(0, NAMED_PARTIES.contentNetwork.indexOf('/')));
  return world.named(first + random.integer(1, 40), 'cdn-edge');
}

/** Staff of the office in the content system: a name in the log, now and then a wrong password. */
export const webStaff: WebScenario = {
  name: 'web-staff',
  share: 0.02,
  play(stage) {
    const { world, random, host } = stage;
    const end = host.requests.count + stage.budget;
    while (host.requests.count < end) {
      const source = world.foreign(random, 'web-staff');
      const user = random.pick(['mjones', 'clerk3', 'tkelly', 'webeditor', 'rpatel']);
      const agent = random.pick(BROWSERS);
      const visit = new Visit(world, host, source, officeTime(random, world.span));
      visit.request({ after: 0, url: STAFF_PATH, status: 401, size: 590, agent });
      const typos = random.chance(0.2) ? random.integer(1, 2) : 0;
      for (let wrong = 0; wrong < typos; wrong++) {
        visit.request({ after: 5_000, url: STAFF_PATH, status: 401, size: 590, agent, user });
      }
      for (let page = random.integer(2, 25); page > 0; page--) {
        const url = `${STAFF_PATH}pages/${random.integer(1, 90)}/edit`;
        const size = random.integer(9_000, 14_000);
        visit.request({ after: random.spread(400, 60_000), url, status: 200, size, agent, user });
      }
      visit.end();
    }
  },
};

function playVisitors(stage: WebStage, next: () => readonly [address: number, time: number]): void {
  const { world, host, random } = stage;
  const end = host.requests.count + stage.budget;
  while (host.requests.count < end) {
    const [address, first] = next();
    let time = first;
    for (let visits = Math.ceil(random.spread(0.5, 3)); visits > 0; visits--) {
      const visit = new Visit(world, host, address, Math.min(time, world.span - MINUTE));
      browse(stage, visit, Math.min(random.integer(1, 14), end - host.requests.count));
      time += random.spread(20, 7_200) * SECOND;
      if (host.requests.count >= end) return;
    }
  }
}

/** What a person does on the site: a page with its files, a look-up or a search, another page. */
function browse({ random, host }: WebStage, visit: Visit, requests: number): void {
  const agent = random.pick(BROWSERS);
  for (let asked = 0; asked < requests; asked++) {
    const think = asked === 0 ? 0 : random.spread(200, 40_000);
    visit.request(personsRequest(random, asked, think, agent, host.port === 443 ? 'https' : 'http'));
  }
  visit.end();
}

function personsRequest(random: Random, asked: number, think: number, agent: string, scheme: string) {
  const choice = random.unit();
  const referer = asked === 0 ? '-' : `${scheme}://vote.example.gov/`;
  if (asked === 0)
    return ask(random, random.pick(PAGES), 0, agent, random.chance(0.4) ? 'https://www.google.com/' : '-');
  if (choice < 0.45) return ask(random, random.pick(ASSETS), random.spread(10, 300), agent, referer);
  if (choice < 0.75) return ask(random, random.pick(PAGES), think, agent, referer);
  if (choice < 0.9) return lookUp(random, think, agent);
  if (choice < 0.96) return search(random, think, agent);
  if (choice < 0.975) {
    const wrong = random.chance(0.2);
    return {
      after: think,
      method: 'POST',
      url: LOGIN_PATH,
      status: wrong ? 401 : 303,
      size: wrong ? 6_020 : 0,
      agent,
      referer,
    };
  }
  if (choice < 0.99)
    return { after: think, url: '/static/app.77ab01.js', status: 304, size: 0, agent, referer };
  return {
    after: think,
    url: random.pick(['/registration', '/vote', '/polling']),
    status: 404,
    size: 1_245,
    agent,
    referer,
  };
}

function sixClient({ world, random }: WebStage): number {
  return world.hostIn(
    random,
    world.foreignPrefix(world.book.foreignPrefix(random), 'voter' satisfies ClassName),
  );
}
