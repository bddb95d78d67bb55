/**
 * Which format a file is in, by its first lines.
 *
 * Every format says of every line how sure it is (`Format.sniff`): a sure line counts two points, a likely one a point,
 * and the format with the most points wins; of equals the one with more sure lines, then the one that stands first in
 * FORMATS. A header line is a sure line, so a file whose data lines look like anything is known by its header.
 */
import { Clock, UTC } from './clock.ts';
import { Envelope } from './envelope.ts';
import { FORMATS } from './formats.ts';
import type { Format } from './reader.ts';

/** Lines looked at: the first ones of a log name it, and 200 are enough when a few are of another kind. */
const MAX_LINES = 200;
/** Characters looked at in all, so that a file of one endless line costs no more than others. */
const MAX_HEAD = 65_536;
/** Characters of a line that a format is asked about: each format is known by the beginning of its lines. */
export const MAX_SNIFF_LINE = 2_048;

/** What the first lines said. */
export type Detected = {
  readonly format: Format;
  /** Whether its lines stand inside syslog headers. */
  readonly unwrap: boolean;
  readonly evidence: {
    /** Lines looked at, without empty ones. */
    readonly lines: number;
    /** Lines that are surely of the format, and those that could be. */
    readonly sure: number;
    readonly likely: number;
    /** Other formats with sure lines, the most first: a file with several may be a mixture. */
    readonly others: ReadonlyArray<{ readonly name: string; readonly sure: number }>;
  };
};

/** What to choose from. */
export type DetectOptions = {
  /** The format is known: only how its lines are wrapped is asked for. */
  readonly named?: Format;
};

/** Votes for one format: of lines as they are, and of lines without their syslog header. */
type Votes = {
  readonly format: Format;
  bareSure: number;
  bareLikely: number;
  innerSure: number;
  innerLikely: number;
};

/**
 * Finds the format of a file from its first lines (latin1 characters, without line breaks); undefined if no line is of a
 * format known here. With `named` it is that one always.
 */
export function detectFormat(lines: readonly string[], options: DetectOptions = {}): Detected | undefined {
  const formats = options.named === undefined ? FORMATS : [options.named];
  const all = formats.map(
    (format): Votes => ({ format, bareSure: 0, bareLikely: 0, innerSure: 0, innerLikely: 0 }),
  );
  const seen = vote(lines, all);
  const ranked = all
    .map((votes) => ({ ...chosen(votes), format: votes.format }))
    .sort((a, b) => points(b) - points(a) || b.sure - a.sure);
  const best = ranked[0];
  if (best === undefined) return undefined;
  if (options.named === undefined && best.sure + best.likely === 0) return undefined;
  const { format, unwrap, sure, likely } = best;
  const others = ranked.slice(1).filter((other) => other.sure > 0);
  return {
    format,
    unwrap,
    evidence: {
      lines: seen,
      sure,
      likely,
      others: others.map((other) => ({ name: other.format.name, sure: other.sure })),
    },
  };
}

/** Asks every format about every line; returns how many lines were looked at. */
function vote(lines: readonly string[], all: readonly Votes[]): number {
  const envelope = new Envelope(new Clock(UTC, { year: 2000, firstMonth: 1, lastMonth: 12 }));
  let seen = 0;
  let characters = 0;
  for (const line of lines) {
    if (line === '') continue;
    if (seen === MAX_LINES || characters >= MAX_HEAD) break;
    seen++;
    characters += line.length;
    const bare = line.slice(0, MAX_SNIFF_LINE);
    const { inner, app } = unwrapped(envelope, bare);
    for (const votes of all) {
      const { format } = votes;
      // A format that always comes by syslog is asked about the whole line only where there is no header.
      const said = format.syslog === 'maybe' || inner === undefined ? format.sniff(bare, '') : 0;
      if (said === 2) votes.bareSure++;
      else if (said === 1) votes.bareLikely++;
      if (inner === undefined) continue;
      const within = format.sniff(inner, app);
      if (within === 2) votes.innerSure++;
      else if (within === 1) votes.innerLikely++;
    }
  }
  return seen;
}

/** The message inside a syslog header, undefined if the line has none. */
function unwrapped(
  envelope: Envelope,
  line: string,
): { readonly inner: string | undefined; readonly app: string } {
  const bytes = Buffer.from(`${line}\n`, 'latin1');
  envelope.read(bytes, 0, bytes.length - 1);
  if (!envelope.found) return { inner: undefined, app: '' };
  return {
    inner: bytes.toString('latin1', envelope.messageAt, envelope.messageEnd),
    app: bytes.toString('latin1', envelope.appAt, envelope.appEnd),
  };
}

/** The better of both ways to read the lines. Without a vote for either, lines are wrapped only if they always are. */
function chosen(votes: Votes): { readonly unwrap: boolean; readonly sure: number; readonly likely: number } {
  const { bareSure, bareLikely, innerSure, innerLikely } = votes;
  if (votes.format.syslog === 'always') {
    return { unwrap: true, sure: bareSure + innerSure, likely: bareLikely + innerLikely };
  }
  const bare = { sure: bareSure, likely: bareLikely };
  const inner = { sure: innerSure, likely: innerLikely };
  // What is of the format as it stands may look as if it had a header (a date, a word); what is of it in both ways has
  // one, and is found in the bare line only because it is looked for anywhere in it.
  const unwrap = points(inner) > 0 && points(inner) >= points(bare);
  return { unwrap, ...(unwrap ? inner : bare) };
}

function points({ sure, likely }: { readonly sure: number; readonly likely: number }): number {
  return 2 * sure + likely;
}
