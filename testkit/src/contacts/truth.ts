/**
 * `truth.json`: what the files of a run tell in truth. One source a line, so that it can be read as a stream.
 */
import { CONTACT_CLASSES } from './contact-classes.ts';
import type { Family } from './formats.ts';
import type { ContactsOptions } from './generate.ts';
import type { Sources } from './sources.ts';
import { digits } from './writers/clock.ts';
import type { FileTruth, Sink, ThroughTruth } from './writers/log-file.ts';

/** The truth without the sources, which only the file holds. */
export type ContactsTruth = {
  readonly schema: 'bellwether/contacts-truth@1';
  readonly options: ContactsOptions;
  readonly from: string;
  readonly to: string;
  readonly files: readonly FileTruth[];
  readonly through: readonly ThroughTruth[];
};

/** Sources that are gathered before they go to the sink. */
const BATCH = 2_000;

/** The truth of a run. */
export function truthOf(
  options: ContactsOptions,
  start: number,
  span: number,
  files: readonly FileTruth[],
  through: readonly ThroughTruth[],
): ContactsTruth {
  return {
    schema: 'bellwether/contacts-truth@1',
    options,
    from: new Date(start).toISOString(),
    to: new Date(start + span / 1_000).toISOString(),
    files,
    through,
  };
}

/** Writes `truth.json`. A source that no file tells is left out. */
export function writeTruth(
  truth: ContactsTruth,
  sources: Sources,
  asked: ReadonlySet<Family>,
  start: number,
  sink: Sink,
): void {
  const head = JSON.stringify(truth);
  let text = `${head.slice(0, -1)},"sources":[`;
  let first = true;
  for (let source = 0; source < sources.count; source++) {
    const { class: name, first: from, last, ...known } = sources.truth(source);
    const files = JSON.stringify(known.files);
    if (files === '{}') continue;
    const { nature, evidence, expect, mayBeBlocked } = CONTACT_CLASSES[name];
    const campaign = known.campaign === null ? null : `"${known.campaign}"`;
    const expected = asked.has(evidence) ? expect : 'nothing';
    // Written by hand: names and addresses of our own need no escapes, and there may be half a million of them.
    text += `${first ? '' : ','}\n{"source":"${known.source}","class":"${name}","nature":"${nature}","campaign":${campaign},"contacts":${known.contacts},"targets":${known.targets},"first":${iso(start, from)},"last":${iso(start, last)},"files":${files},"mayBeBlocked":${mayBeBlocked},"expect":"${expected}"}`;
    first = false;
    if (source % BATCH === 0) {
      sink.write('truth.json', Buffer.from(text));
      text = '';
    }
  }
  sink.write('truth.json', Buffer.from(`${text}\n]}\n`));
}

/** One source as `truth.json` has it. */
export type SourceRow = {
  readonly source: string;
  readonly class: keyof typeof CONTACT_CLASSES;
  readonly nature: string;
  readonly campaign: string | null;
  readonly contacts: number;
  readonly targets: number;
  /** Null when all its contacts were outbound or lay outside the run. */
  readonly first: string | null;
  readonly last: string | null;
  readonly files: Readonly<Record<string, number>>;
  readonly mayBeBlocked: boolean;
  readonly expect: string;
};

const DAY_MS = 86_400_000;

/** ISO 8601 with quotes, or null; spells each day once, since `toISOString` is slow. */
function iso(start: number, time: number): string {
  if (!Number.isFinite(time)) return 'null';
  const at = start + Math.floor(time / 1_000);
  const day = Math.floor(at / DAY_MS);
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, 11);
    dates.set(day, date);
  }
  const ms = at - day * DAY_MS;
  const hours = digits(Math.floor(ms / 3_600_000), 2);
  const minutes = digits(Math.floor(ms / 60_000) % 60, 2);
  return `"${date}${hours}:${minutes}:${digits(Math.floor(ms / 1_000) % 60, 2)}.${digits(ms % 1_000, 3)}Z"`;
}

const dates = new Map<number, string>();
