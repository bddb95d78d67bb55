/**
 * What a trusted forwarder saw before it changed the message: its own `ARC-Authentication-Results` (RFC 8617, 4.1.1), read only
 * after the whole chain held, and only of the last sealer.
 */
import type { ARCChainEntry } from 'mailauth';
import { domainOf, organisationOf } from '../identify/organisation.ts';
import type { Message } from '../message.ts';
import { tagOf } from './arc-chain.ts';
import type { Authenticated, DkimResult, DmarcResult, SpfResult } from './authenticated.ts';

/** What was sealed. */
export type SealedResults = {
  readonly sealer: string;
  readonly results: NonNullable<Authenticated['sealed']>;
  /** Domain that answered for the From there; null: none. */
  readonly author: string | null;
};

/** Of one field, characters. */
const MOST_FIELD = 8_192;

/**
 * Results of the last sealer of a chain that holds, where it is trusted. Read from the very fields that were verified: a field that reads
 * otherwise here than it did there would let anybody speak for the sealer.
 */
export function sealedResults(
  chain: readonly ARCChainEntry[],
  message: Message,
  sealers: ReadonlySet<string>,
): SealedResults | null {
  const last = chain.at(-1);
  const sealer = tagOf(last?.['arc-seal'], 'd')?.toLowerCase();
  if (sealer === undefined || !(sealers.has(sealer) || sealers.has(organisationOf(sealer)))) return null;
  const field = last?.['arc-authentication-results'];
  if (field?.original === undefined) return null;
  const told = methodsOf(String(field.original).slice(0, MOST_FIELD));
  const from = message.from.length === 1 ? domainOf(message.from[0]!.address) : '';
  const policies = told.filter(({ method }) => method === 'dmarc');
  // Two results of one policy that differ are none.
  const header = policies.every(({ result }) => result === 'pass')
    ? policies[0]?.properties.get('header.from')
    : undefined;
  const isSame = header !== undefined && from !== '' && organisationOf(header) === organisationOf(from);
  const resultOf = (method: string): string =>
    told.find((one) => one.method === method && one.result === 'pass')?.result ??
    told.find((one) => one.method === method)?.result ??
    'none';
  return {
    sealer,
    results: {
      spf: resultOf('spf') as SpfResult,
      dkim: resultOf('dkim') as DkimResult,
      dmarc: resultOf('dmarc') as DmarcResult,
    },
    author: isSame ? from : null,
  };
}

type Method = {
  readonly method: string;
  readonly result: string;
  readonly properties: ReadonlyMap<string, string>;
};

/** `i=1; host; spf=pass smtp.mailfrom=a; dkim=pass header.d=b (comment)`. */
function methodsOf(value: string): readonly Method[] {
  return withoutAsides(value)
    .split(';')
    .flatMap((piece) => {
      const [first, ...rest] = piece.trim().split(/\s+/);
      const found = /^([a-z]{2,12})=([a-z]{2,12})$/i.exec(first ?? '');
      if (found === null) return [];
      const properties = new Map(
        rest.flatMap((pair): [string, string][] => {
          const equals = pair.indexOf('=');
          return equals < 1
            ? []
            : [[pair.slice(0, equals).toLowerCase(), pair.slice(equals + 1).toLowerCase()]];
        }),
      );
      return [{ method: found[1]!.toLowerCase(), result: found[2]!.toLowerCase(), properties }];
    });
}

/** Comments and quoted texts taken out: what stands in them was often written by the sender, semicolons and all. */
function withoutAsides(value: string): string {
  let [text, depth, isQuoted] = ['', 0, false];
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!;
    if (character === '\\') at++;
    else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) text += character;
    if (character === ')' && depth === 0) text += ' ';
  }
  return text;
}
