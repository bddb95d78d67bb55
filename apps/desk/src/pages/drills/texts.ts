/** Words of the page of drills. */
import type { DrillsAnswer } from '@bellwether/api';
import { count, counted } from '../../words/formats.ts';

type Outcome = DrillsAnswer['drills'][number]['outcome'];

export const DRILLS = {
  title: 'Drills',
  intro:
    'We try ourselves, with real scans and logins, and nobody at the offices knows when. What each drill is was sealed in the log before it ran, so nobody can choose the easy ones.',
  series: (number: number, detector: string) => `Series ${number}, version ${detector}.`,
  waiting: (waiting: number) =>
    `${counted(waiting, 'drill')} ${waiting === 1 ? 'is' : 'are'} not over yet. What ${waiting === 1 ? 'it is' : 'they are'} is not shown before.`,
  notRun: (notRun: number) =>
    `${counted(notRun, 'drill')} ${notRun === 1 ? 'was' : 'were'} drawn and never run. ${notRun === 1 ? 'It counts' : 'They count'} neither way.`,
  notRecorded: (notRecorded: number) =>
    `Of those that were missed, no sensor recorded ${count(notRecorded)}. Look for the sensor first.`,
  missed: {
    title: 'Missed',
    intro: 'Each needs a person: find out why, mend it, and run the same drill again.',
    none: 'No drill was missed.',
    columns: {
      drill: 'Drill',
      where: 'Where',
      what: 'What became of it',
      when: 'When',
      how: 'How to repeat it',
    },
    number: (number: number) => `Drill ${number}`,
    chosen: 'A person chose it, so it does not count as a first-time drill.',
    find: 'Find an office or a kind',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all of them',
  },
  kinds: {
    title: 'By kind',
    intro: 'First-time drills of this series alone.',
    none: 'There is no first-time drill in this series yet.',
    columns: { kind: 'Kind', drills: 'Drills', missed: 'Missed', median: 'Half were caught within' },
    after: (ms: number) => (ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`),
    never: 'none was caught',
  },
  overTime: {
    title: 'How bad it can still be',
    intro:
      'The line is what was missed so far. The upper edge is how many of such attacks could slip by even so. It holds however often you look: it is wrong at any time in one of twenty cases at most.',
    label: 'Share of drills missed, and the most that it can be, by day',
    none: 'There is nothing to draw before the first drill of a series is over.',
    atMost: (percent: string) => `At most ${percent}`,
    columns: { day: 'Day', drills: 'Drills so far', missed: 'Missed', bound: 'At most' },
  },
  regressions: {
    title: 'Missed once, and run again',
    intro: 'These never count above again. They show that the same is not missed twice, and nothing else.',
    none: 'Nothing was missed that could be run again.',
    columns: { drill: 'Drill', kind: 'Kind', now: 'Now' },
    now: { caught: 'Caught', missed: 'Missed again', waiting: 'Not run again yet' },
  },
  over: {
    title: 'Caught',
    none: 'No drill was caught yet.',
    columns: {
      drill: 'Drill',
      where: 'Where',
      what: 'What became of it',
      after: 'After',
      when: 'When',
      sealed: 'Sealed at entry',
    },
    by: {
      agent: 'Read back from the firewall',
      decision: 'Decided; no computer there reads it back',
    },
    repeats: (number: number) => `Drill ${number} again`,
    find: 'Find an office or a kind',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all of them',
  },
  schedule: {
    title: 'When drills run',
    most: (most: number) =>
      `By the schedule, an office has ${counted(most, 'drill')} a day at most, at a random moment. It is known to nobody before.`,
    paused: (day: string) => `They rest now, because of the election on ${day}.`,
    rests: 'They rest from five days before an election to three days after it.',
    log: 'The log that they are sealed in',
  },
  earlier: {
    title: 'Series that are over',
    intro:
      'A series ends with the version of the program. Then its seal is opened: with it anybody draws the same drills again.',
    columns: { series: 'Series', began: 'Began', ended: 'Ended', seal: 'Seal and what was sealed' },
    show: 'Show what was sealed',
  },
} as const;

/** What became of a drill, with a mark for who sees no color. */
export const OUTCOMES: Readonly<Record<Outcome, { readonly name: string; readonly text: string }>> = {
  blocked: { name: 'Blocked', text: 'In time.' },
  told: { name: 'Told', text: 'In time, and nobody was blocked for it.' },
  late: { name: 'Too late', text: 'It was caught, and later than it has to be.' },
  'judged-only': { name: 'Not blocked', text: 'The hub knew what it was. No block held.' },
  'seen-only': { name: 'Not noticed', text: 'Sensors recorded it. Nobody was suspected.' },
  'not-recorded': { name: 'Not recorded', text: 'No sensor told of it.' },
  'wrong-block': { name: 'Wrong block', text: 'An address that had no part in it was blocked.' },
};
