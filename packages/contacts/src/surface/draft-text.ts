/** How a draft spells addresses, counts and times. */
import { formatIPv4 } from '@bellwether/basics';
import { cidrOf, type Seen } from './draft.ts';

/** An address as text. */
export function textOf(address: number | string): string {
  return typeof address === 'number' ? formatIPv4(address) : address;
}

/** A text that sorts addresses in their order, IPv4 first, none at all last. */
export function sortKey(address: number | string | null): string {
  if (address === null) return '7';
  const { family, words } = cidrOf(address);
  return `${family}${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
}

/** Order of code units: the same on every machine, whatever its language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A text as a YAML value. Every JSON string is one; what can be nothing but text goes without quotes. */
export function yamlText(text: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9./_-]*$/.test(text) && !LOOKS_OTHERWISE.test(text);
  return plain ? text : JSON.stringify(text);
}
/** What YAML, or somebody who reads it, may take for a number or a yes. */
const LOOKS_OTHERWISE = /^(?:[0-9][0-9a-fxo._-]*|true|false|null|yes|no|on|off|y|n)$/i;

/** `once`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** `1 source`, `3 sources`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** `2026-11-03T07:00Z..2026-11-03T19:30Z`. */
export function span({ first, last }: Seen): string {
  if (!(first <= last)) return 'at unknown times';
  return `${minute(first)}..${minute(last)}`;
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
