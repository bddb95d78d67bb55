/**
 * `batches.ndjson`: what reaches the hub when, one batch a line, in the order of arrival.
 *
 * Shippers send what they have every five minutes. An office whose line is cut keeps its lines, and sends them as one
 * batch when it is back.
 */
import type { FormatName } from '../contacts/formats.ts';
import { HOUR, MINUTE } from '../contacts/world.ts';
import type { Random } from '../random.ts';
import { type Day, SAMPLE_ZONE } from './day.ts';
import { clientOf, type SampleChoice } from './options.ts';
import { fileOf, type Piece, type Told } from './tell.ts';

/** A line of the index. */
export type SampleBatch = {
  /** When it arrives, ISO 8601. */
  readonly at: string;
  readonly authority: string;
  readonly sensor: string;
  /** As intake and `bellwether watch` call it. */
  readonly format: string;
  /** Zone of the sensor's wall clock, where its lines name none. */
  readonly zone?: string;
  readonly client: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Below the output folder. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly lines: number;
};

/** An hour without a line to the state. */
export type CutOff = { readonly authority: string; readonly from: number; readonly until: number };

/** Names of formats that differ from the testkit's: its names tell files apart, these readers. */
const READERS: Readonly<Partial<Record<FormatName, string>>> = {
  'zeek-conn': 'zeek',
  'zeek-http': 'zeek',
  'zeek-ssh': 'zeek',
  'zeek-json': 'zeek',
  'flow-aws': 'flow',
  'flow-nfdump': 'flow',
};

/** Formats whose lines tell local time without a zone. */
const WITHOUT_ZONE: ReadonlySet<FormatName> = new Set([
  'netfilter',
  'sshd',
  'asa',
  'paloalto',
  'cef',
  'pfirewall',
  'flow-nfdump',
]);

/** What intake calls the format. */
export function readerOf(format: FormatName): string {
  return READERS[format] ?? format;
}

/** Zone to be told with the lines; undefined where they tell it themselves, or are in universal time. */
export function zoneOf(format: FormatName): string | undefined {
  return WITHOUT_ZONE.has(format) ? SAMPLE_ZONE : undefined;
}

/** An hour in office hours at which the line is cut; whole five minutes. */
export function drawCutOff(random: Random, authority: string): CutOff {
  const from = 10 * HOUR + random.below(48) * 5 * MINUTE;
  return { authority, from, until: from + HOUR };
}

/** Longest that a shipper waits before it sends what it has, and that an office needs to be back, in microseconds. */
const LONGEST_WAIT = 20_000_000;
const BACK_AFTER = 40_000_000;

/** All batches of all sensors, in the order of arrival; at one moment by authority and sensor. */
export function batchesOf(
  told: readonly Told[],
  random: Random,
  choice: SampleChoice,
  { start }: Day,
  cutOff: CutOff,
): readonly SampleBatch[] {
  const arrivals = told.flatMap((each) => {
    const { authority, sensor, format } = each.plan;
    const wait = random.fork(`${authority}/${sensor}/wait`).between(0.5, 1) * LONGEST_WAIT;
    const zone = zoneOf(format);
    const sent = authority === cutOff.authority ? heldBack(each.pieces, cutOff) : each.pieces;
    return sent.map(({ end, offset, bytes, lines }, at) => ({
      at: new Date(start + Math.floor((end + wait) / 1_000)).toISOString(),
      authority,
      sensor,
      format: readerOf(format),
      ...(zone === undefined ? {} : { zone }),
      client: clientOf(choice, authority, sensor),
      sequence: at + 1,
      file: fileOf(each.plan),
      offset,
      bytes,
      lines,
    }));
  });
  return arrivals.sort((a, b) => compare(key(a), key(b)));
}

function key({ at, authority, sensor, sequence }: SampleBatch): string {
  return `${at} ${authority} ${sensor} ${String(sequence).padStart(9, '0')}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What would have been sent while the line was cut, as one piece that is sent after it. */
function heldBack(pieces: readonly Piece[], { from, until }: CutOff): readonly Piece[] {
  const held = pieces.filter(({ end }) => end > from && end <= until);
  const [first] = held;
  if (first === undefined) return pieces;
  const one: Piece = {
    end: until + BACK_AFTER,
    offset: first.offset,
    bytes: held.reduce((sum, { bytes }) => sum + bytes, 0),
    lines: held.reduce((sum, { lines }) => sum + lines, 0),
  };
  return [...pieces.filter(({ end }) => end <= from), one, ...pieces.filter(({ end }) => end > until)];
}
