/**
 * Programs that may visit: search robots, monitoring; and the noise that every web host gets.
 */
import { NAMED_PARTIES } from '../estate.ts';
import { parseIPv4 } from '../ip.ts';
import type { WebScenario } from '../scenario.ts';
import { Visit } from '../web-requests.ts';
import { HOUR, MINUTE, SECOND } from '../world.ts';
import { ask, missing, PAGES, TOOLS } from './web-site.ts';

const ROBOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)',
  'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
] as const;

/** Robots of search engines walk the site politely from a few neighbours, and meet pages that are gone. */
export const searchRobots: WebScenario = {
  name: 'search-robot',
  share: 0.06,
  play({ world, host, random, budget }) {
    const end = host.requests.count + budget;
    do {
      const agent = random.pick(ROBOTS);
      const addresses = world.neighbours(random, 'search-robot', random.integer(1, 6), 0, false);
      const pages = Math.ceil(Math.min(random.spread(30, 3_000), Math.max(10, budget / 3)));
      const gap = random.spread(0.8, 60) * SECOND;
      let time = random.unit() * 4 * HOUR;
      for (let asked = 0; asked < pages && host.requests.count < end && time < world.span; asked++) {
        const visit = new Visit(world, host, random.pick(addresses), time);
        const page = random.pick(PAGES);
        if (asked === 0) visit.request({ after: 0, url: '/robots.txt', status: 200, size: 118, agent });
        if (random.chance(0.04)) visit.request(missing(`/2022/news-${random.integer(1, 300)}`, 0, agent));
        else if (random.chance(0.1)) visit.request({ after: 0, url: page.path, status: 304, size: 0, agent });
        else visit.request(ask(random, page, 0, agent));
        visit.end();
        time += random.wait(gap);
      }
    } while (host.requests.count < end);
  },
};

/** Monitoring of the web site: the same page every minute, for ever. */
export const webMonitoring: WebScenario = {
  name: 'web-monitor',
  share: 0.02,
  play({ world, host, random, budget }) {
    const source = world.named(parseIPv4(NAMED_PARTIES.monitoring.slice(0, -3)) + 9, 'web-monitor');
    const every = Math.max(20 * SECOND, world.span / Math.max(1, budget));
    const agent = 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)';
    for (let time = random.unit() * every; time < world.span; time += every) {
      const visit = new Visit(world, host, source, time);
      visit.request({ after: 0, method: 'HEAD', url: '/', status: 200, size: 0, agent });
      visit.end();
    }
  },
};

/** Request lines that are no HTTP: TLS and other protocols on the wrong port. One character is one byte. */
const NOT_HTTP = [
  '\u0016\u0003\u0001\u0000\u00ee\u0001\u0000\u0000\u00ea\u0003\u0003',
  '\u0003\u0000\u0000/*\u00e0\u0000\u0000\u0000\u0000\u0000Cookie: mstshash=Administr',
  'SSH-2.0-Go',
  'MGLNDD_198.18.1.10_443',
] as const;

/** Single requests that every web host gets: a home page for somebody's census, or no HTTP at all. */
export const webBackground: WebScenario = {
  name: 'web-background',
  share: 0.02,
  play({ world, host, random, budget }) {
    const end = host.requests.count + budget;
    while (host.requests.count < end) {
      const source = world.foreign(random, 'web-background');
      const visit = new Visit(world, host, source, random.unit() * (world.span - MINUTE));
      const agent = random.pick(TOOLS.slice(4));
      if (random.chance(0.3)) {
        visit.request({
          after: 0,
          method: '',
          url: random.pick(NOT_HTTP),
          status: 400,
          size: 166,
          agent: '-',
        });
      } else if (random.chance(0.7)) {
        visit.request(ask(random, PAGES[0] as (typeof PAGES)[number], 0, agent));
      } else {
        visit.request(
          missing(random.pick(['/favicon.png', '/.well-known/security.txt', '/ads.txt']), 0, agent),
        );
      }
      visit.end();
    }
  },
};
