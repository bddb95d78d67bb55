/** The kinds of values that a surface is made of: names, numbers, networks, ports, protocols. Times: `validity.ts`. */
import { type Cidr, parseCidr } from '@bellwether/basics';
import { nearest } from './spelling.ts';
import type { PortRange } from './surface.ts';
import { type Fields, shorten, type Value, type YamlFile } from './yaml.ts';

/** Longest name that is taken: it stands in tables and on screens. */
const MAX_NAME_LENGTH = 80;

/**
 * Shortest prefixes that are taken, the widest that one organisation can hold: a /8, and fc00::/7 of IPv6. Whoever
 * writes less writes a slip (`/1` for `/16`), and would declare half of the internet theirs.
 */
const MIN_BITS = { 4: 8, 6: 7 } as const;

/** A value that has to be there. `what` names what it belongs to, like `the service "site"`. */
export function required(file: YamlFile, fields: Fields, key: string, what: string): Value | undefined {
  const value = fields.byKey.get(key);
  if (value) return value;
  file.problems.add(fields.at, 'SURFACE_KEY_MISSING', `${what} has no "${key}"`, `Add "${key}:".`);
  return undefined;
}

/** Text of reasonable length, printable, without spaces around it. */
export function readText(file: YamlFile, value: Value, key: string): string | undefined {
  const found = file.scalar(value, `"${key}" is a text`);
  if (found === undefined) return undefined;
  if (typeof found !== 'string') {
    file.wrong(value, `"${key}" is a text, and ${found} is read as something else`, 'Put it in quotes.');
    return undefined;
  }
  const printable = !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(found) && found.trim() === found;
  if (printable && found.length >= 1 && found.length <= MAX_NAME_LENGTH) return found;
  file.wrong(
    value,
    `"${key}" is a text of 1 to ${MAX_NAME_LENGTH} printable characters, no space at its ends`,
  );
  return undefined;
}

/** A whole number from `low` to `high`. */
export function readInteger(
  file: YamlFile,
  value: Value,
  key: string,
  low: number,
  high: number,
): number | undefined {
  const what = `"${key}" is a whole number from ${low} to ${high}`;
  const found = file.scalar(value, what);
  if (found === undefined) return undefined;
  if (typeof found === 'number' && Number.isInteger(found) && found >= low && found <= high) return found;
  file.wrong(value, what);
  return undefined;
}

/** True or false. */
export function readFlag(file: YamlFile, value: Value, key: string): boolean | undefined {
  const found = file.scalar(value, `"${key}" is true or false`);
  if (found === undefined || typeof found === 'boolean') return found;
  file.wrong(value, `"${key}" is true or false`);
  return undefined;
}

/** One of some words. */
export function readWord<const Word extends string>(
  file: YamlFile,
  value: Value,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const what = `"${key}" is one of: ${words.join(', ')}`;
  const found = file.scalar(value, what);
  if (found === undefined) return undefined;
  const word = words.find((each) => each === found);
  if (word !== undefined) return word;
  const meant = typeof found === 'string' ? nearest(found, words) : undefined;
  file.wrong(value, what, meant && `Did you mean "${meant}"?`);
  return undefined;
}

/** One network or a list of them; at least one. */
export function readNetworks(file: YamlFile, value: Value, key: string): readonly Cidr[] | undefined {
  const items = file.oneOrMore(value, `"${key}"`);
  if (!items) return undefined;
  if (items.length === 0) {
    file.wrong(value, `"${key}" is empty`, 'Name a network, or take the key out.');
    return undefined;
  }
  const networks = items.flatMap((item) => readNetwork(file, item, key) ?? []);
  return networks.length === items.length ? networks : undefined;
}

function readNetwork(file: YamlFile, value: Value, key: string): Cidr | undefined {
  const text = file.scalar(value, `"${key}" takes addresses and networks`);
  if (text === undefined) return undefined;
  const parsed = parseCidr(String(text));
  const quoted = `"${shorten(String(text))}" in "${key}"`;
  if (parsed.isErr()) {
    const { suggestion, reason } = parsed.error;
    const help = suggestion === null ? undefined : `Write ${suggestion} if you mean that.`;
    file.problems.add(value.at, 'SURFACE_NETWORK_WRONG', `${quoted}: ${reason}`, help);
    return undefined;
  }
  const network = parsed.value;
  if (network.bits >= MIN_BITS[network.family]) return network;
  const reason = `${quoted} is wider than the /${MIN_BITS[network.family]} that one organisation can hold`;
  file.problems.add(value.at, 'SURFACE_NETWORK_WRONG', reason, 'Name the networks that you mean.');
  return undefined;
}

/** Ports: a number, a range like '8000-8099', or a list of both. */
export function readPorts(file: YamlFile, value: Value): readonly PortRange[] | undefined {
  const items = file.oneOrMore(value, '"port"');
  if (!items) return undefined;
  if (items.length === 0) file.wrong(value, '"port" is empty', 'Name a port.');
  const ranges = items.flatMap((item) => readPortRange(file, item) ?? []);
  return ranges.length === items.length && ranges.length > 0 ? ranges : undefined;
}

function readPortRange(file: YamlFile, value: Value): PortRange | undefined {
  const what = '"port" is a number from 1 to 65535, or a range like 8000-8099';
  const found = file.scalar(value, what);
  if (found === undefined) return undefined;
  const [, first, last] = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(String(found)) ?? [];
  const low = Number(first);
  const high = Number(last ?? first);
  if (low >= 1 && high >= low && high <= 65_535) return { low, high };
  file.wrong(value, what);
  return undefined;
}
