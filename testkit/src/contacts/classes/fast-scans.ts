/**
 * Scans that do not hide: nmap and masscan against one host, zmap and worms across the range, and bots that knock at
 * a few ports of many hosts.
 */
import type { Random } from '../../random.ts';
import { Fate, Kind, Mark } from '../network-events.ts';
import { type Scenario, type Stage, sizeWithin, startFor } from '../scenario.ts';
import { SECOND, type World } from '../world.ts';
import { ephemeralPort, POPULAR_PORTS, portsToScan } from './ports.ts';
import { anyTarget, sweep } from './targets.ts';

/** One packet in so many is sent again because nobody answered; nmap and every `connect()` do that. */
const RETRY_SHARE = 0.02;

/** Many ports of one host within seconds or minutes. */
export const fastVertical: Scenario = {
  name: 'fast-vertical',
  family: 'network',
  share: 0.09,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'fast-vertical');
      const target = anyTarget(random, world);
      const ports = portsToScan(random, sizeWithin(random, 60, 60_000, budget));
      const gap = SECOND / random.spread(4, 20_000);
      const masscan = random.chance(0.4);
      const sourcePort = masscan ? random.integer(40_000, 61_000) : ephemeralPort(random);
      const connects = random.chance(0.25);
      let time = startFor(random, world.span, gap * ports.length);
      for (const port of ports) {
        const from = connects ? ephemeralPort(random) : sourcePort;
        probeWithRetry(world, random, source, target, time, from, port, connects);
        time += random.wait(gap);
      }
    });
  },
};

/** One port of very many hosts. */
export const fastHorizontal: Scenario = {
  name: 'fast-horizontal',
  family: 'network',
  share: 0.09,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'fast-horizontal');
      const port = random.chance(0.8) ? random.pick(POPULAR_PORTS.slice(0, 40)) : random.integer(1, 65_535);
      const count = sizeWithin(random, 50, 131_072, budget);
      const gap = SECOND / random.spread(1, 50_000);
      const zmap = random.chance(0.5);
      const range = random.integer(32_768, 60_000);
      let time = startFor(random, world.span, gap * count);
      for (const target of sweep(random, world, count)) {
        const from = zmap ? range + random.below(16) : ephemeralPort(random);
        world.probe(source, target, time, from, port);
        time += random.wait(gap);
      }
    });
  },
};

/** Two to six ports of many hosts, as bots of the Mirai family and harvesters of remote desktops do. */
export const fewPortsManyHosts: Scenario = {
  name: 'few-ports-many-hosts',
  family: 'network',
  share: 0.06,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'few-ports-many-hosts');
      const ports = random.shuffle(POPULAR_PORTS.slice(0, 30)).slice(0, random.integer(2, 6));
      const hosts = Math.ceil(sizeWithin(random, 60, 30_000, budget) / ports.length);
      const gap = SECOND / random.spread(0.2, 2_000);
      const sameOrder = random.chance(0.5);
      let time = startFor(random, world.span, gap * hosts * ports.length);
      for (const target of sweep(random, world, hosts)) {
        for (const port of sameOrder ? ports : random.shuffle([...ports])) {
          world.probe(source, target, time, ephemeralPort(random), port, Kind.syn, true);
          time += random.wait(gap);
        }
      }
    });
  },
};

/** Sources that are on the block list already: the firewall says so in its own prefix. */
export const blocklisted: Scenario = {
  name: 'blocklisted',
  family: 'network',
  share: 0.02,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, 'blocklisted');
      const count = sizeWithin(random, 20, 3_000, budget);
      const gap = SECOND / random.spread(0.05, 500);
      let time = startFor(random, world.span, gap * count);
      for (let sent = 0; sent < count; sent++) {
        const port = random.pick(POPULAR_PORTS);
        const target = anyTarget(random, world);
        world.tell(source, target, time, ephemeralPort(random), port, Kind.syn, Fate.blocked);
        time += random.wait(gap);
      }
    });
  },
};

/** Scanners that find a staff service which stands open by mistake: every one of them came through. */
export const openDoor: Scenario = {
  name: 'open-door',
  family: 'network',
  share: 0.001,
  play({ world, random, budget }) {
    const scanners = Math.max(2, Math.min(12, Math.round(budget / 40)));
    for (let made = 0; made < scanners; made++) {
      const source = world.foreign(random, 'open-door');
      const door = random.pick(world.estate.openDoors());
      const before = random.integer(10, 30);
      const gap = SECOND * random.spread(0.05, 20);
      let time = startFor(random, world.span, gap * (before + 2));
      for (let sent = 0; sent < before; sent++) {
        const near = world.estate.ours(
          (world.estate.networkOf(door.destination) << 8) + random.integer(12, 254),
        );
        world.probe(source, near, time, ephemeralPort(random), door.port, Kind.syn, true);
        time += random.wait(gap);
      }
      world.probe(source, door.destination, time, ephemeralPort(random), door.port, Kind.syn, true);
    }
  },
};

/** Plays one source after the other until the scenario's budget of network events is spent. */
export function playUntilSpent(stage: Stage, playOne: () => void): void {
  const end = stage.world.network.count + stage.budget;
  do playOne();
  while (stage.world.network.count < end);
}

function probeWithRetry(
  world: World,
  random: Random,
  source: number,
  target: number,
  time: number,
  sourcePort: number,
  port: number,
  handshake: boolean,
): void {
  world.probe(source, target, time, sourcePort, port, Kind.syn, handshake);
  if (!random.chance(RETRY_SHARE) || !world.isSilent(target) || world.estate.isHost(target)) return;
  if (world.estate.isOpenDoor(target, port)) return;
  const again = time + SECOND * random.between(0.9, 1.1);
  world.tell(source, target, again, sourcePort, port, Kind.syn, Fate.dropped, Mark.packetOnly);
}
