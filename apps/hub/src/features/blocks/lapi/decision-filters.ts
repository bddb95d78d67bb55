/**
 * What a bouncer asks for, in the words of CrowdSec's local API: comma lists of scopes, origins, parts of scenarios, types. A filter
 * that we do not know is one that newer versions added and that does not narrow (`community_pull`, `additional_pull`).
 */
import { type Cidr, contains, formatCidr, masked, parseCidr } from '@bellwether/basics';
import type { Entry } from './block-view.ts';
import { BAN, ORIGIN, scenarioOf, scopeOf } from './decision-text.ts';

/** A question as it came: each name with its last value. */
export type Question = ReadonlyMap<string, string>;

/** Longest address of a question: longer ones do not get past the server's own bound either. */
const LONGEST_VALUE = 4_096;

/** Reads the question of a request. */
export function questionOf(url: string): Question {
  const at = url.indexOf('?');
  const pairs = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  return new Map([...pairs].map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)]));
}

/** Whether it narrows what is told at all; if not, the whole is sent as it stands. */
export function narrows(question: Question): boolean {
  return NARROWING.some((name) => (question.get(name) ?? '') !== '');
}

const NARROWING = [
  'scopes',
  'scope',
  'value',
  'origins',
  'type',
  'scenarios_containing',
  'scenarios_not_containing',
];

/** Whether an entry is asked for. */
export function asksFor(question: Question): (entry: Entry) => boolean {
  const scopes = wordsOf(question, 'scopes') ?? wordsOf(question, 'scope');
  const origins = wordsOf(question, 'origins');
  const containing = wordsOf(question, 'scenarios_containing');
  const without = wordsOf(question, 'scenarios_not_containing');
  const types = wordsOf(question, 'type');
  const value = question.get('value') || undefined;
  const isOurs = origins?.includes(ORIGIN) !== false && types?.includes(BAN) !== false;
  return (entry) => {
    if (!isOurs || scopes?.includes(scopeOf(entry).toLowerCase()) === false) return false;
    if (value !== undefined && entry.value !== value) return false;
    const scenario = scenarioOf(entry).toLowerCase();
    if (containing?.some((word) => scenario.includes(word)) === false) return false;
    return without?.some((word) => scenario.includes(word)) !== true;
  };
}

/** Entries about an address or network; undefined if it is none. `contains=false`: those that lie in it, else those around it. */
export function entriesAbout(
  entries: ReadonlyMap<string, Entry>,
  text: string,
  isAround: boolean,
): Entry[] | undefined {
  const asked = parseCidr(text);
  if (asked.isErr()) return undefined;
  if (!isAround) return [...entries.values()].filter(({ network }) => contains(asked.value, network));
  return around(entries, asked.value);
}

/** Looked up by each length: a web server asks for every visitor. */
function around(entries: ReadonlyMap<string, Entry>, network: Cidr): Entry[] {
  const found: Entry[] = [];
  for (let bits = network.bits; bits >= (network.family === 4 ? 24 : 48); bits--) {
    const entry = entries.get(formatCidr(masked({ ...network, bits })));
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

function wordsOf(question: Question, name: string): string[] | undefined {
  const text = question.get(name);
  if (text === undefined || text === '') return undefined;
  return text.split(',').map((word) => word.trim().toLowerCase());
}
