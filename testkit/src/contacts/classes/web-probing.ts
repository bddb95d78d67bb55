/**
 * Looking for files that should not be there: lists of nikto, dirbuster and the botnets, fast, slow, and through the
 * content network.
 */
import type { Random } from '../../random.ts';
import type { WebScenario, WebStage } from '../scenario.ts';
import { sizeWithin, startFor } from '../scenario.ts';
import { Visit, type WebRequest } from '../web-requests.ts';
import { HOUR, SECOND } from '../world.ts';
import { edgeOf } from './voters.ts';
import { missing, TOOLS } from './web-site.ts';

const STEMS = [
  '/.env',
  '/.git/config',
  '/.git/HEAD',
  '/wp-login.php',
  '/wp-admin/setup-config.php',
  '/xmlrpc.php',
  '/phpmyadmin/',
  '/phpinfo.php',
  '/server-status',
  '/backup.zip',
  '/db.sql',
  '/dump.sql.gz',
  '/config.php.bak',
  '/web.config',
  '/.aws/credentials',
  '/.ssh/id_rsa',
  '/actuator/env',
  '/actuator/health',
  '/solr/admin/info/system',
  '/manager/html',
  '/cgi-bin/test.cgi',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/boaform/admin/formLogin',
  '/HNAP1/',
  '/owa/auth/logon.aspx',
  '/remote/login',
  '/dana-na/auth/url_default/welcome.cgi',
  '/api/v1/users',
  '/.DS_Store',
  '/admin.php',
  '/administrator/index.php',
  '/old/',
  '/test/',
  '/staging/',
  '/console/',
  '/_ignition/execute-solution',
  '/telescope/requests',
  '/debug/default/view',
  '/jenkins/login',
  '/.vscode/sftp.json',
  '/wp-content/plugins/',
] as const;
const WORDS = [
  'admin',
  'backup',
  'old',
  'test',
  'dev',
  'data',
  'voters',
  'election',
  'export',
  'upload',
  'private',
  'db',
];
const ENDINGS = ['.php', '.zip', '.bak', '.sql', '.tar.gz', '/', '.txt', '.asp', '.json', '.old'];

/** Hundreds of paths in minutes. */
export const webProbing: WebScenario = {
  name: 'web-probe',
  share: 0.06,
  play(stage) {
    const end = stage.host.requests.count + stage.budget;
    do {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'web-probe');
      const paths = sizeWithin(random, 20, 4_000, budget);
      const gap = random.spread(0.005, 5) * SECOND;
      probeOver(stage, source, paths, gap, startFor(random, world.span, gap * paths));
    } while (stage.host.requests.count < end);
  },
};

/** A path now and then, for hours. */
export const webProbingSlow: WebScenario = {
  name: 'web-probe-slow',
  share: 0.02,
  play(stage) {
    const end = stage.host.requests.count + stage.budget;
    do {
      const { world, random } = stage;
      const source = world.foreign(random, 'web-probe-slow');
      const gap = random.spread(40, 900) * SECOND;
      const paths = Math.max(18, Math.round(Math.min(400, world.span / gap) * random.between(0.4, 0.95)));
      probeOver(stage, source, paths, gap, startFor(random, world.span, gap * paths));
    } while (stage.host.requests.count < end);
  },
};

/** The same through the content network: the edge must not be blocked for it, nor the client on the network. */
export const webProbingBehindCdn: WebScenario = {
  name: 'web-probe-behind-cdn',
  share: 0.01,
  behindProxy: true,
  play(stage) {
    const { world, random, host, budget } = stage;
    const end = host.requests.count + budget;
    do {
      const client = world.foreign(random, 'web-probe-behind-cdn');
      const paths = sizeWithin(random, 20, 600, budget);
      const gap = random.spread(0.05, 8) * SECOND;
      let time = startFor(random, world.span, gap * paths);
      const agent = random.pick(TOOLS);
      for (let asked = 0; asked < paths; asked++) {
        const visit = new Visit(world, host, edgeOf(stage), time, client, true);
        visit.request(probePath(random, 0, agent));
        visit.end();
        time += random.wait(gap);
      }
    } while (host.requests.count < end);
  },
};

/** Some probers forge an X-Forwarded-For header, to have somebody else blocked. */
const FORGED_HEADERS = 0.15;

function probeOver(stage: WebStage, source: number, paths: number, gap: number, start: number): void {
  const { world, random, host } = stage;
  const agent = random.pick(TOOLS);
  const perVisit = gap > 20 * SECOND ? 1 : random.integer(1, 60);
  const forged = random.chance(FORGED_HEADERS) ? world.estate.address('192.0.2.65') : undefined;
  let time = start;
  for (let asked = 0; asked < paths; ) {
    const visit = new Visit(world, host, source, time, forged);
    for (let inVisit = 0; inVisit < perVisit && asked < paths; inVisit++, asked++) {
      visit.request(probePath(random, inVisit === 0 ? 0 : random.wait(gap) / 1_000, agent));
    }
    visit.end();
    time = visit.now + random.wait(gap);
    if (time >= world.span - HOUR / 60) return;
  }
}

function probePath(random: Random, after: number, agent: string): WebRequest {
  const url = random.chance(0.6)
    ? random.pick(STEMS)
    : `/${random.pick(WORDS)}${random.chance(0.4) ? `/${random.pick(WORDS)}` : ''}${random.pick(ENDINGS)}`;
  const answer = random.unit();
  if (answer < 0.8) return missing(url, after, agent, random.chance(0.1) ? 'HEAD' : 'GET');
  if (answer < 0.93) return { after, url, status: 403, size: 552, agent };
  if (answer < 0.98) return { after, url, status: 400, size: 157, agent };
  return { after, url, status: 405, size: 559, agent, method: 'POST' };
}
