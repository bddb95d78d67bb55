/** An SPF record as it is written: RFC 7208, sections 4.5, 4.6 and 12. */
import { type Cidr, masked, readAddressText, widthOf } from '@bellwether/basics';
import { isDomainSpec, isMacroString } from './macros.ts';

export type SpfQualifier = 'pass' | 'fail' | 'softfail' | 'neutral';

/** What a mechanism matches. `domain`: a domain-spec that is still to be expanded; null: the domain that is asked about. */
export type SpfMechanism =
  | { readonly kind: 'all' }
  | { readonly kind: 'include' | 'exists'; readonly domain: string }
  | {
      readonly kind: 'a' | 'mx';
      readonly domain: string | null;
      readonly bits4: number;
      readonly bits6: number;
    }
  | { readonly kind: 'ptr'; readonly domain: string | null }
  | { readonly kind: 'ip'; readonly network: Cidr };

/** A record: mechanisms in their order, and where it sends who is matched by none. */
export type SpfRecord = {
  readonly mechanisms: readonly { readonly qualifier: SpfQualifier; readonly mechanism: SpfMechanism }[];
  readonly redirect: string | null;
};

const QUALIFIERS: Readonly<Record<string, SpfQualifier>> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/** The length after an address: no leading zero. */
const LENGTH = String.raw`(?:0|[1-9]\d{0,2})`;
/** `/24`, `//64`, `/24//64` at the end of `a` and `mx`. */
const DUAL = new RegExp(`^(.*?)(?:/(${LENGTH}))?(?://(${LENGTH}))?$`, 's');

/** Whether a TXT record is one of SPF. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** Reads a record; null where its syntax is wrong anywhere. */
export function readRecord(text: string): SpfRecord | null {
  if (!/^[\x20-\x7e]*$/.test(text)) return null;
  const mechanisms: SpfRecord['mechanisms'][number][] = [];
  const modifiers = new Map<string, string>();
  for (const term of text.split(' ').slice(1)) {
    if (term === '') continue;
    const modifier = /^([a-z][a-z0-9._-]*)=(.*)$/is.exec(term);
    if (modifier !== null) {
      const [name, value] = [modifier[1]!.toLowerCase(), modifier[2]!];
      const isKnown = name === 'redirect' || name === 'exp';
      if (isKnown && (modifiers.has(name) || !isDomainSpec(value))) return null;
      if (!isKnown && !isMacroString(value)) return null;
      modifiers.set(name, value);
      continue;
    }
    const directive = /^([-+?~]?)([a-z][a-z0-9]*)(.*)$/is.exec(term);
    if (directive === null) return null;
    const mechanism = readMechanism(directive[2]!.toLowerCase(), directive[3]!);
    if (mechanism === null) return null;
    mechanisms.push({ qualifier: QUALIFIERS[directive[1] === '' ? '+' : directive[1]!]!, mechanism });
  }
  return { mechanisms, redirect: modifiers.get('redirect') ?? null };
}

function readMechanism(name: string, rest: string): SpfMechanism | null {
  switch (name) {
    case 'all':
      return rest === '' ? { kind: 'all' } : null;
    case 'include':
    case 'exists':
      return rest.startsWith(':') && isDomainSpec(rest.slice(1))
        ? { kind: name, domain: rest.slice(1) }
        : null;
    case 'ptr':
      if (rest === '') return { kind: 'ptr', domain: null };
      return rest.startsWith(':') && isDomainSpec(rest.slice(1))
        ? { kind: 'ptr', domain: rest.slice(1) }
        : null;
    case 'a':
    case 'mx':
      return readHosts(name, rest);
    case 'ip4':
      return rest.startsWith(':') ? readNetwork(4, rest.slice(1)) : null;
    case 'ip6':
      return rest.startsWith(':') ? readNetwork(6, rest.slice(1)) : null;
    default:
      return null;
  }
}

function readHosts(kind: 'a' | 'mx', rest: string): SpfMechanism | null {
  const [, stated = '', length4 = '32', length6 = '128'] = DUAL.exec(rest)!;
  const [bits4, bits6] = [Number(length4), Number(length6)];
  if (bits4 > 32 || bits6 > 128) return null;
  if (stated === '') return { kind, domain: null, bits4, bits6 };
  if (!stated.startsWith(':') || !isDomainSpec(stated.slice(1))) return null;
  return { kind, domain: stated.slice(1), bits4, bits6 };
}

/** An address with or without a length; bits behind the length are ignored, as receivers do. */
function readNetwork(family: 4 | 6, text: string): SpfMechanism | null {
  const parts = new RegExp(`^([0-9a-f.:]+?)(?:/(${LENGTH}))?$`, 'i').exec(text);
  const address = parts === null ? undefined : readAddressText(parts[1]!);
  if (address?.family !== family) return null;
  const width = widthOf(family);
  const bits = parts![2] === undefined ? width : Number(parts![2]);
  return bits > width ? null : { kind: 'ip', network: masked({ ...address, bits }) };
}
