/** What happens at web sites and login services: the people they are for, and who tries them. */
import { SCENARIOS, WEB_SCENARIOS } from '../contacts/classes/index.ts';
import { edgeOf } from '../contacts/classes/voters.ts';
import { FORMATS } from '../contacts/formats.ts';
import { Visit } from '../contacts/web-requests.ts';
import { MINUTE, SECOND, type World } from '../contacts/world.ts';
import type { Random } from '../random.ts';
import type { LoginPlace, SitePlace } from './places.ts';
import { STATE } from './sensors.ts';

/** What also comes to the web sites of offices; everything comes to the state's portal. */
const OFFICE_WEB: ReadonlySet<string> = new Set([
  'web-probe',
  'web-injection',
  'web-login-guessing',
  'web-background',
  'search-robot',
  'web-staff',
  'deadline-day',
  'voter',
]);

/** Played by hand, once (story.ts). */
const STORIES: ReadonlySet<string> = new Set(['web-break-in']);

/** Below so many requests a site has nobody but its visitors: each attacker alone would be more. */
const LEAST_ATTACKED = 400;

/** What also comes to the SSH daemons of offices: the campaigns of the whole internet, and staff. */
const OFFICE_SSH: ReadonlySet<string> = new Set([
  'ssh-fast',
  'ssh-slow',
  'ssh-very-slow',
  'ssh-distributed',
  'ssh-staff',
  'ssh-background',
]);

/** Share of the budget that is left to the filler. */
const FILLER_SHARE = 0.2;

/** What fillers play at least, so that a small day has people too. */
const LEAST_FILLER = 24;

/** Time between two questions of the content network whether the portal is there. */
const EDGE_CHECKS = 10 * MINUTE;

/** Plays one web site. `budget` in requests. */
export function playSite(random: Random, { plan, world, host }: SitePlace, budget: number): void {
  const own = plan.authority === STATE;
  const namesClients = plan.sensor === 'voter-portal';
  for (const { name, share, behindProxy, play } of WEB_SCENARIOS) {
    if (STORIES.has(name) || (behindProxy === true && !namesClients)) continue;
    if (!own && (!OFFICE_WEB.has(name) || (budget < LEAST_ATTACKED && share !== 0))) continue;
    const part =
      share === 0
        ? Math.max(LEAST_FILLER, budget - host.requests.count)
        : Math.max(1, Math.round(budget * share));
    if (part > 0)
      play({ world, host, random: random.fork(`${plan.authority}/${plan.sensor}/${name}`), budget: part });
  }
}

/** Plays one login service. `budget` in lines for SSH, in sign-ins elsewhere. */
export function playLogins(random: Random, { plan, world }: LoginPlace, budget: number): void {
  const { family } = FORMATS[plan.format];
  const scenarios = SCENARIOS.filter(
    ({ name, family: of }) =>
      of === family && (plan.authority === STATE || family !== 'ssh' || OFFICE_SSH.has(name)),
  );
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  const scale = Math.min(1, (1 - FILLER_SHARE) / shares);
  for (const { name, share, play } of scenarios) {
    const part =
      share === 0
        ? Math.max(LEAST_FILLER, budget - told(world, plan))
        : Math.max(1, Math.round(budget * share * scale));
    if (part > 0)
      play({ world, random: random.fork(`${plan.authority}/${plan.sensor}/${name}`), budget: part });
  }
}

/** The edges of the content network ask on their own account, for nobody behind them. */
export function playEdges(random: Random, { world, host }: SitePlace): void {
  const agent = 'Edge-Health-Check/1.0';
  for (let time = random.unit() * EDGE_CHECKS; time < world.span - SECOND; time += EDGE_CHECKS) {
    const visit = new Visit(world, host, edgeOf({ world, host, random, budget: 1 }), time);
    visit.request({ after: 0, method: 'HEAD', url: '/', status: 200, size: 0, agent });
    visit.end();
  }
}

function told(world: World, { format }: LoginPlace['plan']): number {
  if (format === 'sshd') return world.ssh.told;
  return format === 'entra-signin' ? world.entra.count : world.windows.count;
}
