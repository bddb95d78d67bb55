/**
 * IPv6 scanners: a new source address for each packet, inside the /64 of one machine, or over the /48 of one customer.
 */
import type { Random } from '../../random.ts';
import { OFFICES } from '../estate.ts';
import { Kind } from '../network-events.ts';
import { type Scenario, sizeWithin, startFor } from '../scenario.ts';
import { SECOND, type World } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS } from './ports.ts';

/** One machine that changes its address within its /64 (privacy addresses, or on purpose). */
export const ipv6Scan64: Scenario = {
  name: 'ipv6-scan-64',
  family: 'network',
  share: 0.02,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const owner = world.foreignPrefix(world.book.foreignPrefix(random), 'ipv6-scan-64');
      const count = sizeWithin(random, 25, 3_000, budget);
      const gap = SECOND / random.spread(0.01, 300);
      const stays = random.pick([1, 1, 5, 50]);
      const ports = random.shuffle([...POPULAR_PORTS]).slice(0, random.integer(1, 40));
      let address = world.hostIn(random, owner);
      let time = startFor(random, world.span, gap * count);
      for (let sent = 0; sent < count; sent++) {
        if (sent % stays === 0) address = world.hostIn(random, owner);
        world.probe(address, likelyIPv6(random, world), time, ephemeralPort(random), random.pick(ports));
        time += random.wait(gap);
      }
    });
  },
};

/** Many /64s of one /48, a few packets each. */
export const ipv6Scan48: Scenario = {
  name: 'ipv6-scan-48',
  family: 'network',
  share: 0.02,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const [first, second, third] = world.book.foreignPrefix(random);
      const campaign = world.sources.campaign('ipv6-scan-48');
      const members = sizeWithin(random, 20, 500, budget / 3);
      const length = SECOND * random.spread(120, 20_000);
      const start = startFor(random, world.span, length);
      const ports = random.shuffle([...POPULAR_PORTS]).slice(0, random.integer(2, 30));
      const subnets = new Set<number>();
      while (subnets.size < members) subnets.add(random.below(65_536));
      for (const subnet of subnets) {
        const owner = world.foreignPrefix([first, second, third, subnet], 'ipv6-scan-48', campaign);
        const packets = random.integer(1, 6);
        for (let sent = 0; sent < packets; sent++) {
          const time = start + random.unit() * length;
          const kind = random.chance(0.85) ? Kind.syn : Kind.udp;
          const from = world.hostIn(random, owner);
          world.probe(from, likelyIPv6(random, world), time, ephemeralPort(random), random.pick(ports), kind);
        }
      }
    });
  },
};

/** Nobody scans a /48 blindly: low host numbers in likely subnets, which is what people give to servers. */
function likelyIPv6(random: Random, world: World): number {
  const subnet = random.chance(0.4) ? random.integer(0, 3) : 0x100 + random.below(OFFICES);
  const host = random.chance(0.7)
    ? random.integer(1, 32)
    : random.pick([0x53, 0x80, 0x443, 0xdead, 0xcafe, 0x1000]);
  return world.estate.ipv6(subnet, host);
}
