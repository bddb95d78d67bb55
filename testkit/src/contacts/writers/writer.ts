/**
 * What a writer of a format is given, and what it does: one call per event, in the order in which the sensor tells.
 */
import type { Random } from '../../random.ts';
import type { World } from '../world.ts';
import type { Clock } from './clock.ts';
import type { LogFile } from './log-file.ts';
import type { SyslogStyle } from './syslog.ts';

/** What writers have in common. */
export type Desk = {
  readonly world: World;
  /** Local time of the office. */
  readonly local: Clock;
  /** Universal time. */
  readonly utc: Clock;
  readonly random: Random;
  readonly file: LogFile;
  readonly syslog: SyslogStyle | undefined;
  /** One line in so many is something else; `ODD_LINE_EVERY` when absent. */
  readonly oddLineEvery?: number;
};

/** Writes the lines of one format. `row` is a row of the store of the format's family. */
export type Writer = {
  /** Before the first event. */
  readonly begin?: () => void;
  readonly write: (row: number) => void;
  /** After the last event. */
  readonly end?: () => void;
  /** Microseconds after an event's time at which the sensor tells it; files are in the order of telling. */
  readonly delay?: (row: number) => number;
};

/** One line in so many is something else: other programs' lines, admitted losses, lines cut off or overwritten. */
export const ODD_LINE_EVERY = 400;

/** Calls `odd` once in `oddLineEvery` events or so, and gives it the turn's number. */
export function oddLines(desk: Desk, odd: (time: number, turn: number) => void): (time: number) => void {
  const every = desk.oddLineEvery ?? ODD_LINE_EVERY;
  let turn = 0;
  let next = desk.random.integer(1, every);
  let seen = 0;
  return (time) => {
    if (++seen < next) return;
    next = seen + desk.random.integer(1, every * 2 - 1);
    odd(time, turn++);
  };
}

/** Marks the last line as `through`. */
export function noteThrough(
  { world, utc, file }: Desk,
  source: number,
  destination: number,
  port: number,
  time: number,
  reason: string,
): void {
  const when = new Date(utc.milliseconds(time)).toISOString();
  file.cameThrough(world.book.text(source), world.book.text(destination), port, when, reason);
}
