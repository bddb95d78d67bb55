/** The terms of a search as they stand in the address; what does not fit is left out. */
import type { DispositionName } from '@bellwether/api';
import type { Search } from '../../api/queries.ts';
import { DISPOSITIONS } from '../../words/dispositions.ts';

/** The highest number of a port. */
const LAST_PORT = 65_535;

/** Reads the address. */
export function searchOf(given: Record<string, unknown>): Search {
  const text = (name: string, most: number) => {
    const value = given[name];
    return typeof value === 'string' && value.trim() !== '' && value.length <= most
      ? value.trim()
      : undefined;
  };
  const port = Number(text('port', 5) ?? Number.NaN);
  const disposition = text('disposition', 16);
  return withoutGaps({
    source: text('source', 64),
    authority: text('authority', 32),
    port: Number.isInteger(port) && port >= 0 && port <= LAST_PORT ? port : undefined,
    disposition: DISPOSITIONS.find((name) => name === disposition) as DispositionName | undefined,
    rule: text('rule', 64),
    from: momentOf(text('from', 40)),
    to: momentOf(text('to', 40)),
  });
}

/** A moment as the API wants it: ISO in UTC; what is no moment is left out. */
export function momentOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A moment as a field of the browser wants it: local, to the minute. */
export function fieldOf(iso: string | undefined): string {
  if (iso === undefined) return '';
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

type Gaps<Shape> = { [Key in keyof Shape]?: Shape[Key] | undefined };

function withoutGaps(search: Gaps<Search>): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;
}
