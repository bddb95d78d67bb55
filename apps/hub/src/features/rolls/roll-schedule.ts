/**
 * The day of a roll: changes are captured after offices close, and the live database is compared at night, each by a process of
 * its own. What they leave is taken up here: sheets are laid out; the night is sealed, and stated.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type RollPaths, readJson, writeJson } from './roll-files.ts';

/** Longest that a child may take, ms: 4.3 million rows take minutes on a slow machine, and a morning is lost otherwise. */
const LONGEST = 4 * 3_600_000;

/** Bytes of what a child says that are kept: the numbers are in its files. */
const MOST_SAID = 8 * 1024 * 1024;

/** Exit code of a comparison that found something: it did what it should. */
const FOUND = 3;

/** What is done by the clock. */
export const DAILY = ['capture', 'reconcile'] as const;
export type Daily = (typeof DAILY)[number];

/** When each is due, HH:MM in the zone of the state. */
export type DailyTimes = Readonly<Record<Daily, string>>;

/** `schedule.json`: the day on which each was done last. */
type Schedule = { readonly schema: 'bellwether/roll-schedule@1' } & Readonly<Partial<Record<Daily, string>>>;

/** What is due now: its time is over and it was not done today. */
export async function dueNow(
  paths: RollPaths,
  times: DailyTimes,
  zone: string,
  now: number,
): Promise<readonly Daily[]> {
  const { day, time } = localTime(now, zone);
  const done = await readJson<Schedule>(pathOf(paths), 'bellwether/roll-schedule@1');
  return DAILY.filter((what) => time >= times[what] && (done?.[what] ?? '') < day);
}

/** Notes that something was begun: what fails is tried again tomorrow, or by hand, and not every minute of the night. */
export async function noteBegun(paths: RollPaths, what: Daily, zone: string, now: number): Promise<void> {
  const done = await readJson<Schedule>(pathOf(paths), 'bellwether/roll-schedule@1');
  await writeJson(pathOf(paths), {
    schema: 'bellwether/roll-schedule@1',
    ...done,
    [what]: localTime(now, zone).day,
  });
}

/** Runs a sub-command of this program in a process of its own. Rejects with what it said where it fails, or when it is called off. */
export function runChild(program: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { timeout: LONGEST, maxBuffer: MOST_SAID, signal };
    execFile(process.execPath, [program, ...args], options, (error, _said, complaint) => {
      if (error === null || error.code === (FOUND as unknown)) resolve();
      else reject(new Error(complaint.trim().slice(0, 500) || error.message));
    });
  });
}

function localTime(now: number, zone: string): { readonly day: string; readonly time: string } {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now);
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(now);
  return { day, time };
}

function pathOf({ rolls }: RollPaths): string {
  return join(rolls, 'schedule.json');
}
