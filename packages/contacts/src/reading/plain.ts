/**
 * A row of a batch as a plain object, for reference readers, tests and reports: never on the hot path.
 */

import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type Batch, Flag, Outcome, UNKNOWN_U32 } from '../contact.ts';
import { hash1, hashText } from './bytes.ts';

/** What a reference reader says of one line. Absent = the line does not say. */
export type PlainContact = {
  readonly kind: number;
  readonly outcome: number;
  /** Milliseconds UTC; absent if unreadable. */
  readonly time?: number;
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly protocol?: number;
  readonly direction?: number;
  readonly tcp?: number;
  readonly status?: number;
  readonly size?: number;
  readonly millis?: number;
  readonly account?: string;
  readonly key?: string;
  readonly repeat?: number;
  readonly content?: number;
  readonly forwarded?: string;
  readonly invalidAccount?: true;
  readonly detail?: true;
};

/** What a reference reader returns: a contact, or why not; `lost` events that the sensor admits. */
export type PlainLine = PlainContact | { readonly line: 'ignored' | 'unreadable'; readonly lost?: number };

/** Row `i` of a batch. `account` and `key` become the hex of their hashes, as `plainHash` makes them of text. */
export function plainRow(batch: Batch, i: number, bytes?: Uint8Array): PlainContact {
  const flags = batch.flags[i]!;
  const wide = (flags & Flag.v6) !== 0;
  const row: { -readonly [K in keyof PlainContact]: PlainContact[K] } = {
    kind: batch.kind[i]!,
    outcome: batch.outcome[i]!,
  };
  if (!(flags & Flag.noTime)) row.time = batch.time[i]!;
  if (!(flags & Flag.noSource)) {
    row.source = wide ? formatIPv6(batch.wide.subarray(8 * i, 8 * i + 4)) : formatIPv4(batch.src[i]!);
  }
  if (!(flags & Flag.noDestination)) {
    row.destination = wide
      ? formatIPv6(batch.wide.subarray(8 * i + 4, 8 * i + 8))
      : formatIPv4(batch.dst[i]!);
  }
  if (batch.sport[i] !== 0) row.sourcePort = batch.sport[i]!;
  if (batch.dport[i] !== 0) row.destinationPort = batch.dport[i]!;
  if (batch.protocol[i] !== 0) row.protocol = batch.protocol[i]!;
  if (batch.direction[i] !== 0) row.direction = batch.direction[i]!;
  if (flags & Flag.tcpKnown) row.tcp = batch.tcp[i]!;
  if (batch.outcome[i] === Outcome.answered) row.status = batch.status[i]!;
  if (batch.size[i] !== UNKNOWN_U32) row.size = batch.size[i]!;
  if (batch.millis[i] !== UNKNOWN_U32) row.millis = batch.millis[i]!;
  if (batch.acct0[i] !== 0 || batch.acct1[i] !== 0) row.account = hex(batch.acct0[i]!, batch.acct1[i]!);
  if (batch.key0[i] !== 0 || batch.key1[i] !== 0) row.key = hex(batch.key0[i]!, batch.key1[i]!);
  if (batch.repeat[i] !== 0) row.repeat = batch.repeat[i]!;
  if (batch.content[i] !== 0) row.content = batch.content[i]!;
  if (flags & Flag.invalidAccount) row.invalidAccount = true;
  if (flags & Flag.detail) row.detail = true;
  if (bytes && flags & Flag.forwarded) {
    const at = batch.forwardedAt[i]!;
    row.forwarded = latin1(bytes.subarray(at, at + batch.forwardedLength[i]!));
  }
  return row;
}

/** The text that row `i` points at (account name, request target, signature), from the bytes it was read from. */
export function rowText(batch: Batch, i: number, bytes: Uint8Array): string {
  return latin1(bytes.subarray(batch.textAt[i]!, batch.textAt[i]! + batch.textLength[i]!));
}

/** What `plainRow` shows as `account` or `key` for a text. */
export function plainHash(text: string): string {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
  const first = hashText(bytes, 0, bytes.length);
  return hex(first, hash1);
}

function hex(a: number, b: number): string {
  return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
