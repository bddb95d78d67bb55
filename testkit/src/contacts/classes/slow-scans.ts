/**
 * Scans that hide in time: minutes between two probes, for hours or days.
 */
import type { Random } from '../../random.ts';
import type { ClassName } from '../contact-classes.ts';
import { Kind } from '../network-events.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { MINUTE, SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS, portsToScan } from './ports.ts';
import { anyTarget, sweep } from './targets.ts';

/** Most probes of one slow scanner: beyond that a run of many days would be nothing but slow scans. */
const MOST_PROBES = 4_000;

/** Fewer probes than this nobody could tell from background. */
const FEWEST_PROBES = 25;

/** Many ports of one host, 30 to 900 seconds between two. */
export const slowVertical: Scenario = {
  name: 'slow-vertical',
  family: 'network',
  share: 0.045,
  play(stage) {
    playUntilSpent(stage, () => {
      const target = anyTarget(stage.random, stage.world);
      const gap = stage.random.spread(30, 900) * SECOND;
      const ports = portsToScan(stage.random, probesWithin(stage, gap));
      playSlow(stage, 'slow-vertical', gap, ports.length, (at) => [target, ports[at] as number]);
    });
  },
};

/** One or two ports of many hosts, 60 to 1,200 seconds between two. */
export const slowHorizontal: Scenario = {
  name: 'slow-horizontal',
  family: 'network',
  share: 0.045,
  play(stage) {
    playUntilSpent(stage, () => {
      const { random, world } = stage;
      const gap = random.spread(60, 1_200) * SECOND;
      const count = probesWithin(stage, gap);
      const targets = [...sweep(random, world, count)];
      const ports = [random.pick(POPULAR_PORTS), random.pick(POPULAR_PORTS)];
      const second = random.chance(0.3) ? 1 : 0;
      playSlow(stage, 'slow-horizontal', gap, count, (at) => [
        targets[at] as number,
        ports[at % 2 === 1 ? second : 0] as number,
      ]);
    });
  },
};

/** One probe each quarter of an hour, by the clock: what every window of minutes forgets. */
export const quarterHour: Scenario = {
  name: 'quarter-hour',
  family: 'network',
  share: 0.012,
  play(stage) {
    playUntilSpent(stage, () => {
      const { random, world } = stage;
      const vertical = random.chance(0.4);
      const target = anyTarget(random, world);
      playSlow(stage, 'quarter-hour', 15 * MINUTE, mostProbes(stage), () => [
        vertical ? target : anyTarget(random, world),
        random.pick(POPULAR_PORTS),
      ]);
    });
  },
};

/** How many probes this source sends: it stays from part of the run to all of it. */
function probesWithin(stage: Stage, gap: number): number {
  const whole = stage.world.span / gap;
  return Math.max(
    FEWEST_PROBES,
    Math.min(mostProbes(stage), Math.round(whole * stage.random.between(0.4, 1))),
  );
}

/** A single source never takes more than its scenario's whole budget. */
function mostProbes({ budget }: Stage): number {
  return Math.max(FEWEST_PROBES, Math.min(MOST_PROBES, budget));
}

function playSlow(
  { world, random }: Stage,
  of: ClassName,
  gap: number,
  count: number,
  next: (at: number) => readonly [target: number, port: number],
): void {
  const source = world.foreign(random, of);
  const jitter = random.pick([0, 0.05, 0.3]);
  let time = startEarly(random, world.span, gap * count);
  for (let at = 0; at < count; at++) {
    const [target, port] = next(at);
    if (!world.probe(source, target, time, ephemeralPort(random), port, Kind.syn, random.chance(0.3))) return;
    time += gap * (1 + jitter * random.between(-1, 1));
  }
}

/** Slow scanners that do not fit into the run were there before it began. */
function startEarly(random: Random, span: number, length: number): number {
  return length >= span ? random.between(0, 15 * MINUTE) : random.unit() * (span - length);
}
