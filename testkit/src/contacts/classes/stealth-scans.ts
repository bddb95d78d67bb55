/**
 * Scans that hide in the packet: flags that no connection starts with, and source ports that look like replies.
 */
import type { ClassName } from '../contact-classes.ts';
import { Kind } from '../network-events.ts';
import { type Scenario, type Stage, sizeWithin, startFor } from '../scenario.ts';
import { SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS, portsToScan, UDP_PORTS } from './ports.ts';
import { anyTarget, sweep } from './targets.ts';

const FLAG_SCANS = [
  ['stealth-null', Kind.null],
  ['stealth-fin', Kind.fin],
  ['stealth-xmas', Kind.xmas],
  ['stealth-ack', Kind.ack],
] as const;

/** `nmap -sN -sF -sX -sA`: one kind of flags per source, against one host or across the range. */
export const stealthFlags: Scenario = {
  name: 'stealth-flags',
  family: 'network',
  share: 0.03,
  play(stage) {
    let turn = 0;
    playUntilSpent(stage, () => {
      for (const [of, kind] of turn++ === 0 ? FLAG_SCANS : [stage.random.pick(FLAG_SCANS)]) {
        playOdd({ ...stage, budget: stage.budget / 4 }, of, () => kind, ephemeralPort(stage.random));
      }
    });
  },
};

/** `nmap -g 53` and `-g 123`: TCP or UDP probes that carry the source port of a name or time server. */
export const sourcePortTricks: Scenario = {
  name: 'source-port-tricks',
  family: 'network',
  share: 0.02,
  play(stage) {
    let turn = 0;
    playUntilSpent(stage, () => {
      const { random } = stage;
      const of = turn++ % 2 === 0 ? 'source-port-53' : 'source-port-123';
      const kind = random.chance(0.5) ? Kind.udp : Kind.syn;
      playOdd({ ...stage, budget: stage.budget / 2 }, of, () => kind, of === 'source-port-53' ? 53 : 123);
    });
  },
};

function playOdd(stage: Stage, of: ClassName, kind: () => Kind, sourcePort: number): void {
  const { world, random, budget } = stage;
  const source = world.foreign(random, of);
  const count = sizeWithin(random, 25, 20_000, budget);
  const gap = SECOND / random.spread(0.01, 3_000);
  let time = startFor(random, world.span, gap * count);
  const what = kind();
  if (random.chance(0.6)) {
    const target = anyTarget(random, world);
    const ports = what === Kind.udp ? udpPorts(stage, count) : portsToScan(random, count);
    for (const port of ports) {
      world.probe(source, target, time, sourcePort, port, what);
      time += random.wait(gap);
    }
    return;
  }
  const ports = what === Kind.udp ? UDP_PORTS : POPULAR_PORTS;
  const few = [random.pick(ports), random.pick(ports)];
  for (const target of sweep(random, world, count)) {
    world.probe(source, target, time, sourcePort, random.pick(few), what);
    time += random.wait(gap);
  }
}

function udpPorts({ random }: Stage, count: number): number[] {
  const ports = new Set(random.shuffle([...UDP_PORTS]));
  while (ports.size < count) ports.add(random.integer(1, 65_535));
  return [...ports].slice(0, count);
}
