/**
 * Packets whose source address belongs to somebody else: decoys, floods, friends, and reflections.
 */
import type { Random } from '../../random.ts';
import { NAMED_PARTIES } from '../estate.ts';
import { parseIPv4 } from '../ip.ts';
import { Fate, Kind } from '../network-events.ts';
import { type Scenario, sizeWithin, startFor } from '../scenario.ts';
import { HOUR, MINUTE, SECOND, type World } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, portsToScan } from './ports.ts';
import { anyTarget } from './targets.ts';

/**
 * `nmap -D`: each probe is sent from every decoy and from the true address, in an order that is kept for the whole
 * scan; the target sees the same ports from all of them, a few milliseconds apart.
 */
export const decoyScan: Scenario = {
  name: 'decoy-scan',
  family: 'network',
  share: 0.03,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const decoys = random.integer(3, 16);
      const campaign = world.sources.campaign('decoy-scanner');
      const group = Array.from({ length: decoys }, () => world.foreign(random, 'decoy', campaign));
      group.splice(random.below(decoys + 1), 0, world.foreign(random, 'decoy-scanner', campaign));
      const ports = portsToScan(random, sizeWithin(random, 20, 1_000, budget / group.length));
      const target = anyTarget(random, world);
      const within = SECOND * random.spread(0.000_05, 0.15);
      const gap = SECOND * random.spread(0.001, 2);
      const sourcePort = ephemeralPort(random);
      let time = startFor(random, world.span, (gap + within * group.length) * ports.length);
      for (const port of ports) {
        if (world.estate.isOpenDoor(target, port)) continue;
        for (const source of group) {
          world.probe(source, target, time, sourcePort, port);
          time += within * random.between(0.5, 1.5);
        }
        time += random.wait(gap);
      }
    });
  },
};

/** Most sources of the floods of one run: beyond that the truth would outgrow the traffic. */
const MOST_FLOOD_SOURCES = 250_000;

/** A SYN or UDP flood from addresses made up at random, one or two packets each, at one of our services. */
export const spoofedFlood: Scenario = {
  name: 'spoofed-flood',
  family: 'network',
  share: 0.1,
  play({ world, random, budget }) {
    const floods = budget > 20_000 ? random.integer(2, 4) : 1;
    const end = world.network.count + Math.min(budget, MOST_FLOOD_SOURCES);
    for (let flood = 0; flood < floods; flood++) {
      const stop = flood === floods - 1 ? end : world.network.count + Math.floor(budget / floods);
      const target = random.pick([world.estate.portal, world.estate.resultsSite, world.estate.nameServer]);
      const kind = target === world.estate.nameServer ? Kind.udp : Kind.syn;
      const port = kind === Kind.udp ? 53 : random.pick([443, 443, 80, 8443]);
      const length = random.spread(2 * MINUTE, 2 * HOUR);
      const start = startFor(random, world.span, length);
      while (world.network.count < stop) {
        const source = world.foreign(random, 'spoofed-flood');
        const time = start + random.unit() * length;
        const sourcePort = random.integer(1_024, 65_535);
        flooded(world, source, target, time, sourcePort, port, kind);
        if (random.chance(0.1))
          flooded(world, source, target, time + 30 * SECOND, sourcePort + 1, port, kind);
      }
    }
  },
};

/** An open service takes the forged packet in and answers into the void; a closed one does not. */
function flooded(
  world: World,
  source: number,
  target: number,
  time: number,
  sourcePort: number,
  port: number,
  kind: Kind,
): void {
  if (kind === Kind.udp || !world.estate.isOpen(target, port)) {
    world.probe(source, target, time, sourcePort & 65_535, port, kind);
    return;
  }
  world.tell(source, target, time, sourcePort & 65_535, port, kind, Fate.unfinished);
}

/** Packets forged in the name of one friend. */
const PACKETS_PER_FRIEND = 50;

/** One friend in so many is a party that the surface names. */
const NAMED_EVERY = 25;

/** Friends that must never be blocked, and vendors. */
const NAMED_FRIENDS = [
  NAMED_PARTIES.resolver,
  '203.0.113.5',
  '192.0.2.140',
  '203.0.113.6',
  '203.0.113.7',
  '203.0.113.8',
  '203.0.113.9',
  '203.0.113.10',
] as const;

/** Most friends that are impersonated. */
const MOST_FRIENDS = 200;

/**
 * Somebody who wants us to block our own friends: packets to many ports in the names of vendors, of monitoring and
 * of people who have just visited the portal.
 */
export const spoofedFriends: Scenario = {
  name: 'spoofed-friends',
  family: 'network',
  share: 0.04,
  play({ world, random, budget }) {
    const friends = Math.max(2, Math.min(MOST_FRIENDS, Math.floor(budget / (PACKETS_PER_FRIEND + 2))));
    for (let made = 0; made < friends; made++) {
      const named = made % NAMED_EVERY === 0;
      const friend = named
        ? world.named(parseIPv4(NAMED_FRIENDS[made / NAMED_EVERY] as string), 'spoofed-friend')
        : world.foreign(random, 'spoofed-friend');
      const start = random.between(2 * HOUR, world.span);
      greet(world, random, friend, random.between(0, start));
      const gap = SECOND * random.spread(0.001, 60);
      const ports = portsToScan(random, PACKETS_PER_FRIEND);
      const target = random.chance(0.5) ? anyTarget(random, world) : undefined;
      let time = Math.min(start, Math.max(0, world.span - gap * PACKETS_PER_FRIEND * 2));
      for (const port of ports) {
        const at = target ?? anyTarget(random, world);
        const open = world.estate.isOpen(at, port) || world.estate.isOpenDoor(at, port);
        if (!open) world.probe(friend, at, time, ephemeralPort(random), port, Kind.syn);
        time += random.wait(gap);
      }
    }
  },
};

/** The friend's own visit: a whole connection with payload. */
function greet(world: World, random: Random, friend: number, time: number): void {
  world.connect({
    time,
    source: friend,
    destination: world.estate.portal,
    sourcePort: ephemeralPort(random),
    port: 443,
    duration: random.spread(0.3, 90) * SECOND,
    sent: random.integer(900, 6_000),
    received: random.integer(9_000, 900_000),
  });
}

/** Name servers of the world answer questions that somebody else asked in our name: UDP from port 53, large. */
export const dnsReflection: Scenario = {
  name: 'dns-reflection',
  family: 'network',
  share: 0.025,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const servers = sizeWithin(random, 15, 3_000, budget);
      const target = random.pick([world.estate.nameServer, world.estate.portal, world.estate.countySite]);
      const port = random.chance(0.5) ? random.pick([80, 443, 4444]) : random.integer(1_024, 65_535);
      const length = random.spread(MINUTE, HOUR);
      const start = startFor(random, world.span, length);
      for (let server = 0; server < servers; server++) {
        const source = world.foreign(random, 'dns-reflector');
        const answers = Math.ceil(random.spread(1, 20));
        for (let sent = 0; sent < answers; sent++) {
          world.tell(source, target, start + random.unit() * length, 53, port, Kind.udp, Fate.dropped);
        }
      }
    });
  },
};
