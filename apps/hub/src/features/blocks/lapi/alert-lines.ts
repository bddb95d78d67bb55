/**
 * Alerts of CrowdSec agents (its `Alert` object) as lines of a sensor: NDJSON, by the usual names of docs/reference/formats.md. They
 * come in as every other fact and are judged here; what the agent would block on its own is not taken over. The signature
 * begins with `crowdsec`, so that everybody sees whose opinion it is.
 *
 *     {"time":"2026-11-03T14:04:30Z","source":"198.51.100.7","kind":"alert","signature":"crowdsec crowdsecurity/ssh-bf","count":6}
 */
import { parseCidr } from '@bellwether/basics';

/** Longest name of a scenario that is kept: CrowdSec's own have some forty characters. */
const LONGEST_SCENARIO = 200;

/** More events in one alert than any scenario counts. */
const MOST_EVENTS = 1_000_000;

/** Lines of what could be read, and how many alerts name no address that could be told. */
export type AlertLines = { readonly lines: readonly string[]; readonly without: number };

/** Reads the content of `POST /v1/alerts`; undefined where it is no list of objects. */
export function alertLinesOf(content: unknown): AlertLines | undefined {
  if (!Array.isArray(content) || !content.every(isObject)) return undefined;
  const lines = content.map(lineOf).filter((line) => line !== undefined);
  return { lines, without: content.length - lines.length };
}

function lineOf(alert: Readonly<Record<string, unknown>>): string | undefined {
  const source = isObject(alert.source) ? (textOf(alert.source.ip) ?? textOf(alert.source.value)) : undefined;
  const address = source === undefined ? undefined : parseCidr(source);
  if (address?.isOk() !== true || source!.includes('/')) return undefined;
  const time = timeOf(alert.stop_at) ?? timeOf(alert.start_at) ?? timeOf(alert.created_at);
  const scenario = (textOf(alert.scenario) ?? 'no scenario').slice(0, LONGEST_SCENARIO);
  const count = Number(alert.events_count);
  return JSON.stringify({
    ...(time === undefined ? {} : { time }),
    source,
    kind: 'alert',
    signature: `crowdsec ${scenario}`,
    count: Number.isSafeInteger(count) && count >= 1 ? Math.min(count, MOST_EVENTS) : 1,
  });
}

/** A moment in one spelling: nothing of what was sent is written into a line as it came. */
function timeOf(value: unknown): string | undefined {
  const ms = Date.parse(textOf(value) ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
