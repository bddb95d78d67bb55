/**
 * Scans without TCP: UDP services that amplify or leak, and pings of the whole range.
 */
import { Kind } from '../network-events.ts';
import { type Scenario, sizeWithin, startFor } from '../scenario.ts';
import { SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, UDP_PORTS } from './ports.ts';
import { anyTarget, sweep } from './targets.ts';

/** UDP: one service across the range, or all services of one host. */
export const udpScan: Scenario = {
  name: 'udp-scan',
  family: 'network',
  share: 0.05,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'udp-scan');
      const sourcePort = random.chance(0.5) ? ephemeralPort(random) : random.integer(1_024, 65_000);
      const fixedPort = random.chance(0.5);
      const vertical = random.chance(0.3);
      const gap = SECOND / random.spread(0.02, 3_000);
      if (vertical) {
        const target = anyTarget(random, world);
        const others = Array.from({ length: random.integer(10, 200) }, () => random.integer(1, 65_535));
        const ports = random.shuffle([...new Set([...UDP_PORTS, ...others])]);
        let time = startFor(random, world.span, gap * ports.length);
        for (const port of ports) {
          world.probe(source, target, time, fixedPort ? sourcePort : ephemeralPort(random), port, Kind.udp);
          time += random.wait(gap);
        }
        return;
      }
      const port = random.pick(UDP_PORTS);
      const count = sizeWithin(random, 40, 40_000, budget);
      let time = startFor(random, world.span, gap * count);
      for (const target of sweep(random, world, count)) {
        world.probe(source, target, time, fixedPort ? sourcePort : ephemeralPort(random), port, Kind.udp);
        time += random.wait(gap);
      }
    });
  },
};

/** Echo requests across the range; the port column holds ICMP's type and code. */
export const icmpSweep: Scenario = {
  name: 'icmp-sweep',
  family: 'network',
  share: 0.025,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'icmp-sweep');
      const count = sizeWithin(random, 40, 60_000, budget);
      const gap = SECOND / random.spread(0.1, 5_000);
      const identifier = random.integer(1, 65_535);
      let time = startFor(random, world.span, gap * count);
      for (const target of sweep(random, world, count)) {
        world.probe(source, target, time, identifier, 0, Kind.echo);
        time += random.wait(gap);
      }
    });
  },
};
