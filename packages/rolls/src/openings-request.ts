/**
 * What a witness asks a hub with for the openings of its records: the text of a note, signed with its second key
 * (`NAME/checks`). Each line ends with a newline; there is one spelling.
 *
 *     bellwether/openings-request@1
 *     witness office-017.example.gov
 *     origin elections.example.gov/rolls
 *     seal 20852160                               index of the entry of the seal
 *     time 2026-11-03T02:31Z
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { RollsError } from './errors.ts';
import { minuteOf } from './strict-json.ts';

/** A request. */
export type OpeningsRequest = {
  readonly witness: string;
  readonly origin: string;
  readonly seal: bigint;
  /** YYYY-MM-DDTHH:MMZ. */
  readonly time: string;
};

/** How far the time of a request may be from the hub's clock, in milliseconds: clocks that are kept differ by less. */
export const REQUEST_FRESH_FOR = 600_000;

const HEAD = 'bellwether/openings-request@1';

/** Longest text: two names of 255 bytes, and numbers. */
const MOST_TEXT = 1_000;

const NAME = /^[^\s+\0-\x1f\x7f]{1,255}$/u;
const INDEX = /^(?:0|[1-9][0-9]{0,18})$/;

/** The text that is signed. Throws on one that could not be read again: a defect. */
export function formatOpeningsRequest({ witness, origin, seal, time }: OpeningsRequest): string {
  const text = `${HEAD}\nwitness ${witness}\norigin ${origin}\nseal ${seal}\ntime ${time}\n`;
  if (parseOpeningsRequest(text).isErr()) throw new RangeError(`no request: ${JSON.stringify(text)}`);
  return text;
}

/** Reads one; the signature is the note's. */
export function parseOpeningsRequest(text: string): Result<OpeningsRequest, RollsError> {
  const requestWrong = (detail: string) => err({ code: 'ROLLS_OPENINGS_MALFORMED', detail } as const);
  if (text.length > MOST_TEXT) return requestWrong('longer than any request');
  const lines = text.split('\n');
  if (lines.length !== 6 || lines[5] !== '' || lines[0] !== HEAD)
    return requestWrong('a request has five lines and its head');
  const lineOf = (line: number, name: string): string =>
    lines[line]!.startsWith(`${name} `) ? lines[line]!.slice(name.length + 1) : '';
  const [witness, origin] = [lineOf(1, 'witness'), lineOf(2, 'origin')];
  const [seal, time] = [lineOf(3, 'seal'), lineOf(4, 'time')];
  if (!NAME.test(witness) || !NAME.test(origin)) return requestWrong('a name is missing, or is none');
  if (!INDEX.test(seal)) return requestWrong('the seal is no index of an entry');
  if (minuteOf(time) === undefined) return requestWrong('the time is none to the minute');
  return ok({ witness, origin, seal: BigInt(seal), time });
}

/** Whether a request was made about now (milliseconds since 1970), as far as clocks can tell. */
export function isRequestFresh({ time }: OpeningsRequest, now: number): boolean {
  return Math.abs(now - (minuteOf(time) ?? Number.NaN)) <= REQUEST_FRESH_FOR;
}
