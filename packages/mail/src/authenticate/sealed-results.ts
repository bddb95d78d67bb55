/**
 * What a trusted forwarder saw before it changed the message: its own `ARC-Authentication-Results` (RFC 8617, 4.1.1), read only
 * after the whole chain held, and only of the last sealer.
 */
import { domainOf, organisationOf } from '../identify/organisation.ts';
import type { Message } from '../message.ts';
import { readParameters } from '../read/content-type.ts';
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

/** Results of the last sealer, where it is trusted. The chain has to hold: ask for that first. */
export function sealedResults(message: Message, sealers: ReadonlySet<string>): SealedResults | null {
  const seals = message.headers.filter(({ name }) => name === 'arc-seal').map(({ value }) => tagsOf(value));
  const last = seals.reduce((most, tags) => Math.max(most, instanceOf(tags)), 0);
  const sealer = seals
    .find((tags) => instanceOf(tags) === last)
    ?.get('d')
    ?.toLowerCase();
  if (sealer === undefined || !(sealers.has(sealer) || sealers.has(organisationOf(sealer)))) return null;
  const field = message.headers.find(
    ({ name, value }) => name === 'arc-authentication-results' && instanceOf(tagsOf(value)) === last,
  );
  if (field === undefined) return null;
  const told = methodsOf(field.value.slice(0, MOST_FIELD));
  const from = message.from.length === 1 ? domainOf(message.from[0]!.address) : '';
  const passed = told.find(({ method, result }) => method === 'dmarc' && result === 'pass');
  const header = passed?.properties.get('header.from');
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
  return value
    .replaceAll(/\([^()]*\)/g, ' ')
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

/** `k=v; k=v`. */
function tagsOf(value: string): ReadonlyMap<string, string> {
  return readParameters(`;${value.slice(0, MOST_FIELD)}`, '').parameters;
}

function instanceOf(tags: ReadonlyMap<string, string>): number {
  const number = Number(tags.get('i') ?? '');
  return Number.isInteger(number) && number > 0 ? number : 0;
}
