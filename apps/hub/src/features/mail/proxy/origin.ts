/** Who the message really comes from, where a mail server stands before the proxy: Postfix's XFORWARD. */
import { isIP } from 'node:net';

/** What may be said, as Postfix documents it (XFORWARD_README). */
export const XFORWARD_NAMES = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'IDENT', 'SOURCE'] as const;

/** What was said, by name, still as xtext (RFC 3461, 4). */
export type Forwarded = ReadonlyMap<string, string>;

/** Reads `XFORWARD NAME=value ...`; null: it makes no sense, and nothing of it is taken. */
export function readXforward(line: string): Forwarded | null {
  const said = new Map<string, string>();
  const [, ...parts] = line.trim().split(/ +/);
  for (const part of parts) {
    const [, name, value] = /^([a-z]+)=([!-~]{1,255})$/i.exec(part) ?? [];
    const known = XFORWARD_NAMES.find((one) => one === name?.toUpperCase());
    if (known === undefined || value === undefined) return null;
    if (known === 'ADDR' && !isMissing(value) && addressOf(value) === null) return null;
    said.set(known, value);
  }
  return said.size === 0 ? null : said;
}

/** The line for a next hop that takes these names; null: it takes none of what is known. */
export function xforwardLine(said: Forwarded, taken: string): string | null {
  const names = taken.toUpperCase().split(' ');
  const parts = [...said].filter(([name]) => names.includes(name)).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? null : `XFORWARD ${parts.join(' ')}`;
}

/** What is said of a client that connected to us itself. */
export function forwardedOf(address: string, helo: string): Forwarded {
  const said = new Map([['ADDR', isIP(address) === 6 ? `IPV6:${address}` : address]]);
  if (helo !== '') said.set('HELO', xtext(helo));
  return said;
}

/** Address of who delivered it; null where it was not said. */
export function clientOf(said: Forwarded): string | null {
  return addressOf(said.get('ADDR') ?? '');
}

/** What they called themselves; empty where it was not said. */
export function heloOf(said: Forwarded): string {
  const value = said.get('HELO') ?? '';
  return isMissing(value) ? '' : plain(value).replaceAll(/[^!-~]/g, '?');
}

function addressOf(value: string): string | null {
  const address = plain(value).replace(/^ipv6:/i, '');
  return isIP(address) === 0 ? null : address;
}

function isMissing(value: string): boolean {
  return /^\[(unavailable|tempunavail)\]$/i.test(value);
}

function plain(value: string): string {
  return value.replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function xtext(text: string): string {
  return text
    .slice(0, 80)
    .replaceAll(
      /[^!-~]|[+=]/g,
      (one) => `+${(one.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
