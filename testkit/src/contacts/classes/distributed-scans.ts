/**
 * Scans shared out among many machines, each of which sends almost nothing.
 */
import { Kind } from '../network-events.ts';
import { type Scenario, type Stage, sizeWithin, startFor } from '../scenario.ts';
import { HOUR, MINUTE, SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS, portsToScan } from './ports.ts';
import { anyTarget, sweep } from './targets.ts';

/** Twenty to 200 neighbours in one /24 share the ports of a host, or the hosts of a port. */
export const distributedSame24: Scenario = {
  name: 'distributed-same-24',
  family: 'network',
  share: 0.05,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const members = Math.max(20, sizeWithin(random, 30, 200, budget));
      const campaign = world.sources.campaign('distributed-same-24');
      const crowded = random.chance(0.25);
      const sources = world.neighbours(random, 'distributed-same-24', members, campaign, crowded);
      playShared(stage, sources, random.spread(5 * MINUTE, 8 * HOUR), random.chance(0.6));
    });
  },
};

/** Thirty to 400 machines anywhere in the world share the ports of one host. */
export const distributedAnywhere: Scenario = {
  name: 'distributed-anywhere',
  family: 'network',
  share: 0.05,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const members = Math.max(30, sizeWithin(random, 40, 400, budget));
      const campaign = world.sources.campaign('distributed-anywhere');
      const sources = Array.from({ length: members }, () =>
        world.foreign(random, 'distributed-anywhere', campaign),
      );
      playShared(stage, sources, random.spread(2 * MINUTE, 3 * HOUR), true);
    });
  },
};

/** Shares one scan out: each member gets one to seven (target, port) pairs, in turn, by chance or in blocks. */
function playShared(
  { world, random }: Stage,
  sources: readonly number[],
  length: number,
  oneHost: boolean,
): void {
  const each = random.between(1.5, 7);
  const count = Math.max(sources.length, Math.round(sources.length * each));
  const host = anyTarget(random, world);
  const ports = oneHost ? portsToScan(random, count) : [random.pick(POPULAR_PORTS)];
  const hosts = oneHost ? [host] : [...sweep(random, world, count)];
  const manner = random.below(3);
  const connects = random.chance(0.4);
  const gap = length / count;
  let time = startFor(random, world.span, length);
  for (let at = 0; at < count; at++) {
    const member =
      manner === 0
        ? at % sources.length
        : manner === 1
          ? random.below(sources.length)
          : Math.floor((at * sources.length) / count);
    const target = hosts[at % hosts.length] as number;
    const port = ports[at % ports.length] as number;
    const source = sources[member] as number;
    world.probe(source, target, time, ephemeralPort(random), port, Kind.syn, connects);
    time += random.chance(0.9) ? random.wait(gap) : Math.min(random.wait(gap * 3), 30 * SECOND + gap);
  }
}
