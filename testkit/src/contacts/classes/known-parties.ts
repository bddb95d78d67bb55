/**
 * Parties that the surface names: vendors, monitoring, the permitted tester; and plain visitors, who fill the rest.
 */
import { NAMED_PARTIES, OFFICES } from '../estate.ts';
import { parseIPv4 } from '../ip.ts';
import { Fate, Kind, Mark } from '../network-events.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../world.ts';
import { eveningTime } from './day.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS } from './ports.ts';
import { sweep } from './targets.ts';

/** Monitoring asks each public service every minute or five, from its own range. */
export const monitoring: Scenario = {
  name: 'monitoring',
  family: 'network',
  share: 0.02,
  play(stage) {
    const { world, random } = stage;
    const probes = [0, 1, 2].map((host) =>
      world.named(firstOf(NAMED_PARTIES.monitoring) + 1 + host, 'monitoring'),
    );
    const targets = [
      [world.estate.portal, 443],
      [world.estate.countySite, 443],
      [world.estate.resultsSite, 443],
      [world.estate.bastion, 22],
    ] as const;
    const every = Math.max(MINUTE, (world.span * probes.length * (targets.length + 1)) / stage.budget);
    for (const source of probes) {
      for (let time = random.unit() * every; time < world.span; time += every) {
        for (const [destination, port] of targets) visit(stage, source, destination, port, time, 0.2, 900);
        world.tell(source, world.estate.portal, time, random.below(65_536), 0, Kind.echo, Fate.answered);
      }
    }
  },
};

/** Days before the end of the run after which the second vendor's contract has ended. */
export const CONTRACT_ENDS = 0.75;

/** Vendors reach staff services in the offices, as the surface allows; one comes back after its contract ended. */
export const vendors: Scenario = {
  name: 'vendor',
  family: 'network',
  share: 0.006,
  play(stage) {
    const { world, random } = stage;
    const first = firstOf(NAMED_PARTIES.vendorA);
    playUntilSpent(stage, () => {
      const source = world.named(first + 1 + random.below(4), 'vendor');
      const office = world.estate.office(random.below(OFFICES), random.integer(2, 20));
      const time = random.unit() * world.span;
      if (!world.estate.isOpenDoor(office, 22)) visit(stage, source, office, 22, time, 600, 30_000);
    });
    const former = world.named(firstOf(NAMED_PARTIES.vendorB) + 1, 'vendor-after-contract');
    const after = world.span * random.between(CONTRACT_ENDS + 0.02, 0.99);
    const office = world.estate.office(20 + random.below(10), 5);
    visit(stage, former, office, 22, world.span * random.between(0.1, 0.5), 300, 20_000);
    if (world.customs.breakInsSucceed) visit(stage, former, office, 22, after, 200, 9_000, Mark.through);
    else world.probe(former, office, after, ephemeralPort(random), 22);
  },
};

/** The permitted test scans everything, fast, from one address, in its window. */
export const permittedTest: Scenario = {
  name: 'permitted-test',
  family: 'network',
  share: 0.015,
  play({ world, random, budget }) {
    const source = world.named(parseIPv4(NAMED_PARTIES.tester), 'permitted-test');
    const gap = SECOND / random.spread(5, 400);
    let time = world.span * TEST_WINDOW.from + random.unit() * MINUTE;
    const end = world.span * TEST_WINDOW.until;
    for (const target of sweep(random, world, Math.max(40, budget))) {
      if (time >= end) return;
      const port = random.pick(POPULAR_PORTS);
      if (!world.estate.isOpenDoor(target, port))
        world.probe(source, target, time, ephemeralPort(random), port);
      time += random.wait(Math.min(gap, ((end - time) / Math.max(40, budget)) * 2));
    }
  },
};

/** The window of the permitted test, as parts of the run. */
export const TEST_WINDOW = { from: 0.4, until: 0.6 } as const;

/** Plain visitors of our services: what remains of the budget when all others have played. */
export const visitors: Scenario = {
  name: 'visitor',
  family: 'network',
  share: 0,
  play({ world, random, budget }) {
    const hosts = [world.estate.portal, world.estate.countySite, world.estate.resultsSite];
    const end = world.network.count + budget;
    while (world.network.count < end) {
      const six = random.chance(0.25);
      const source = six
        ? world.hostIn(random, world.foreignPrefix(world.book.foreignPrefix(random), 'visitor'))
        : world.foreign(random, 'visitor');
      let time = eveningTime(random, world.span);
      const connections = Math.min(end - world.network.count, Math.ceil(random.spread(1, 14)));
      const host = six ? world.estate.portalIPv6 : random.pick(hosts);
      for (let made = 0; made < connections; made++) {
        const port = random.chance(0.06) && host === world.estate.portal ? 80 : 443;
        visit({ world, random, budget }, source, host, port, Math.min(time, world.span - SECOND), 12, 60_000);
        time += random.wait(random.chance(0.9) ? 2 * SECOND : HOUR);
        if (time >= world.span) time = random.unit() * world.span;
      }
    }
  },
};

/** One answered connection of about `seconds` and `bytes`. */
function visit(
  { world, random }: Stage,
  source: number,
  destination: number,
  port: number,
  time: number,
  seconds: number,
  bytes: number,
  marks = 0,
): void {
  world.connect({
    time,
    source,
    destination,
    sourcePort: ephemeralPort(random),
    port,
    duration: random.spread(0.2, 3) * seconds * SECOND,
    sent: random.integer(500, 4_000),
    received: Math.round(random.spread(0.2, 5) * bytes),
    marks,
  });
}

/** First address of a written network. */
function firstOf(network: string): number {
  return parseIPv4(network.slice(0, network.indexOf('/')));
}

/** Length of the shortest run in which contracts end and tests take place as written in the surface. */
export const SHORTEST_RUN = DAY / 4;
