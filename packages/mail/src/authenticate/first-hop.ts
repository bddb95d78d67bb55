/**
 * Who delivered a message to us: what the mail server says, or, for a message out of a file, the first `Received` field that was not
 * written of one of our own relays (RFC 5321, 4.4). Fields below it are the sender's to invent.
 */
import { type Cidr, contains, masked, parseCidr, readAddressText } from '@bellwether/basics';
import type { Arrival } from '../arrival.ts';
import type { Message } from '../message.ts';

/** What SPF is asked with. */
export type FirstHop = {
  /** Null: nobody knows. */
  readonly client: string | null;
  readonly helo: string;
  /** MAIL FROM, without angle brackets; null: nobody knows. */
  readonly from: string | null;
};

/** Own relays that a message may have passed: more is a loop. */
const MOST_HOPS = 20;

/** Of one `Received` field, characters. */
const MOST_FIELD = 2_000;

/** Networks inside which everybody is at home: RFC 1918, 4193, 6598, loopback and link-local. */
const INSIDE: readonly Cidr[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
].map((text) => parseCidr(text).okOrThrow());

/** Finds it. `relays`: networks of mail servers that are ours. */
export function firstHop({ envelope }: Arrival, message: Message, relays: readonly Cidr[]): FirstHop {
  const ours = [...INSIDE, ...relays];
  const from = envelope.from ?? returnPath(message);
  if (envelope.client !== null && !isWithin(envelope.client, ours))
    return { client: envelope.client, helo: envelope.helo, from };
  const fields = message.headers.filter(({ name }) => name === 'received').slice(0, MOST_HOPS);
  for (const { value } of fields) {
    const hop = hopOf(value.slice(0, MOST_FIELD));
    if (hop !== null && !isWithin(hop.client, ours)) return { ...hop, from };
  }
  return { client: null, helo: '', from };
}

/** `from HELO (name [address])`; the ways that mail servers write an address are many. */
function hopOf(value: string): { readonly client: string; readonly helo: string } | null {
  const begin = /^\s*from\s+(\S{1,255})/i.exec(value);
  if (begin === null) return null;
  const by = value.search(/\sby\s/i);
  const told = by === -1 ? value : value.slice(0, by);
  for (const [, text] of told.matchAll(/[[(\s](?:IPv6:)?([0-9a-fA-F:.]{3,45})(?=[\])\s:])/g)) {
    const client = text!.replace(/:$/, '');
    if (readAddressText(client) !== undefined) return { client, helo: begin[1]! };
  }
  return null;
}

function isWithin(address: string, networks: readonly Cidr[]): boolean {
  const read = parseCidr(address);
  return read.isOk() && networks.some((network) => contains(network, masked(read.value)));
}

function returnPath(message: Message): string | null {
  const value = message.headers.find(({ name }) => name === 'return-path')?.value;
  return value === undefined ? null : value.replaceAll(/[<>\s]/g, '').slice(0, 320);
}
