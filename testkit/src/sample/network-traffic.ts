/**
 * What happens on the networks of the offices: some walk over the whole state, others have picked one office, and the
 * rest of each office's budget are passers-by and, where there is a web server, visitors.
 */
import { background } from '../contacts/classes/background.ts';
import { distributedAnywhere, distributedSame24 } from '../contacts/classes/distributed-scans.ts';
import {
  blocklisted,
  fastHorizontal,
  fastVertical,
  fewPortsManyHosts,
  openDoor,
} from '../contacts/classes/fast-scans.ts';
import {
  decoyScan,
  dnsReflection,
  spoofedFlood,
  spoofedFriends,
} from '../contacts/classes/forged-sources.ts';
import { ipv6Scan48, ipv6Scan64 } from '../contacts/classes/ipv6-scans.ts';
import { monitoring, permittedTest, vendors, visitors } from '../contacts/classes/known-parties.ts';
import {
  backscatter,
  dnsReplies,
  lateAcks,
  ntpReplies,
  ownOutage,
  staleDnsClients,
} from '../contacts/classes/replies-and-leftovers.ts';
import { quarterHour, slowHorizontal, slowVertical } from '../contacts/classes/slow-scans.ts';
import { sourcePortTricks, stealthFlags } from '../contacts/classes/stealth-scans.ts';
import { icmpSweep, udpScan } from '../contacts/classes/udp-icmp-scans.ts';
import type { Scenario } from '../contacts/scenario.ts';
import type { World } from '../contacts/world.ts';
import type { Random } from '../random.ts';
import type { OfficeBudget } from './budgets.ts';
import type { OfficePlace } from './places.ts';

/** Share of all network knocks that come from those who walk over the state, and from those who picked an office. */
const STATEWIDE_SHARE = 0.3;
const PICKED_SHARE = 0.42;

/** Knocks of one scenario at one office, about: a campaign is at one place, not everywhere. */
const KNOCKS_PER_OFFICE = 450;

/** Most offices at which one scenario plays. */
const MOST_OFFICES = 8;

/** Share of visitors in what is left to an office whose web server is open. */
const VISITORS = 0.75;

/** Who walks over the state, with their parts of it. */
const STATEWIDE: ReadonlyArray<readonly [Scenario, number]> = [
  [fastHorizontal, 0.22],
  [fewPortsManyHosts, 0.2],
  [slowHorizontal, 0.12],
  [icmpSweep, 0.08],
  [udpScan, 0.1],
  [blocklisted, 0.06],
  [permittedTest, 0.06],
  [background, 0.16],
];

/** What an office must have for a scenario to play there. */
const Needs = {
  /** Any firewall. */
  nothing: 0,
  /** One that tells single packets, since what a flow of them means cannot always be told. */
  packets: 1,
  /** The same, and a web server that is open. */
  web: 2,
  /** The same, and an SSH daemon. */
  ssh: 3,
} as const;
type Needs = (typeof Needs)[keyof typeof Needs];

/** Who picked an office, with their parts of it. */
const PICKED: ReadonlyArray<readonly [Scenario, number, Needs]> = [
  [fastVertical, 0.17, Needs.nothing],
  [slowVertical, 0.11, Needs.nothing],
  [quarterHour, 0.03, Needs.packets],
  [distributedSame24, 0.08, Needs.packets],
  [distributedAnywhere, 0.08, Needs.packets],
  [stealthFlags, 0.06, Needs.packets],
  [sourcePortTricks, 0.05, Needs.packets],
  [ipv6Scan64, 0.04, Needs.packets],
  [ipv6Scan48, 0.04, Needs.packets],
  [openDoor, 0.01, Needs.packets],
  [decoyScan, 0.06, Needs.packets],
  [spoofedFlood, 0.06, Needs.web],
  [spoofedFriends, 0.04, Needs.web],
  [dnsReflection, 0.04, Needs.web],
  [lateAcks, 0.03, Needs.web],
  [backscatter, 0.02, Needs.packets],
  [dnsReplies, 0.02, Needs.web],
  [ntpReplies, 0.01, Needs.packets],
  [staleDnsClients, 0.02, Needs.packets],
  [monitoring, 0.02, Needs.ssh],
  [vendors, 0.01, Needs.packets],
  [ownOutage, 0.02, Needs.web],
];

/** Packets that belong to nothing: an IDS that saw one alone cannot always tell what it was. */
const STRAYS: ReadonlySet<Scenario> = new Set([stealthFlags, lateAcks, backscatter, dnsReplies, ntpReplies]);

/** Formats of flows, which fold packets and leave open what became of some. */
const FLOW_FORMATS: ReadonlySet<string> = new Set(['zeek-conn', 'zeek-json', 'flow-aws']);

/** Plays everything that the offices' networks see. */
export function playNetworks(
  random: Random,
  state: World,
  offices: readonly OfficePlace[],
  budgets: readonly OfficeBudget[],
): void {
  const all = budgets.reduce((sum, { network }) => sum + network, 0);
  for (const [scenario, part] of STATEWIDE) {
    play(scenario, state, random.fork(`state/${scenario.name}`), all * STATEWIDE_SHARE * part);
  }
  const left = (at: number) =>
    (budgets[at] as OfficeBudget).network - (offices[at] as OfficePlace).link.network.count;
  for (const [scenario, part, needs] of PICKED) {
    const budget = all * PICKED_SHARE * part;
    const fitting = offices.flatMap((place, at) =>
      fits(place, needs) && !(STRAYS.has(scenario) && place.office.second !== undefined) ? [at] : [],
    );
    const count = Math.min(MOST_OFFICES, fitting.length, Math.max(1, Math.round(budget / KNOCKS_PER_OFFICE)));
    const drawing = random.fork(`offices/${scenario.name}`);
    for (let turn = 0; turn < count; turn++) {
      const at = pickByWeight(drawing, fitting, (index) => Math.max(1, left(index)));
      fitting.splice(fitting.indexOf(at), 1);
      const { office, link } = offices[at] as OfficePlace;
      play(scenario, link, random.fork(`${office.authority.leaId}/${scenario.name}`), budget / count);
    }
  }
  for (const [at, { office, link }] of offices.entries()) {
    const rest = left(at);
    const drawing = random.fork(`${office.authority.leaId}/rest`);
    if (office.opensWeb) play(visitors, link, drawing, rest * VISITORS);
    play(background, link, drawing, left(at));
  }
}

function play(scenario: Scenario, world: World, random: Random, budget: number): void {
  if (budget >= 1) scenario.play({ world, random, budget: Math.round(budget) });
}

function fits({ office }: OfficePlace, needs: Needs): boolean {
  if (needs === Needs.nothing) return true;
  if (FLOW_FORMATS.has(office.firewall.format)) return false;
  if (needs === Needs.ssh) return office.opensWeb && office.ssh !== undefined;
  return needs === Needs.packets || office.opensWeb;
}

/** One of the list, the likelier the more it weighs. */
function pickByWeight(random: Random, list: readonly number[], weightOf: (at: number) => number): number {
  const weights = list.map(weightOf);
  let rest = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return list[at] as number;
  }
  return list.at(-1) as number;
}
