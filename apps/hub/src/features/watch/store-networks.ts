/** Addresses of sources as the API spells them, and why one is never blocked. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { formatIPv6, readAddressText } from '@bellwether/basics';
import type { Surface } from '@bellwether/contacts';

type Cidr = Surface['networks'][number];

/** A prefix in the spelling of RFC 4632 and RFC 5952; an address alone has no length. */
export function cidrText({ family, words, bits }: Cidr): string {
  const address = addressText(family, words);
  return bits === (family === 4 ? 32 : 128) ? address : `${address}/${bits}`;
}

function addressText(family: 4 | 6, words: Cidr['words']): string {
  if (family === 6) return formatIPv6(words);
  const [, , , word] = words;
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** A source: its address, and what it is called. Of IPv6, the /64. */
export type SourceName = { readonly address: string; readonly name: string };

/** Reads an IPv4 address, an IPv6 address, or the /64 of one; undefined for anything else. */
export function sourceNamed(text: string): SourceName | undefined {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || address.includes('%') || isIP(address) === 0) return undefined;
  if (isIPv4(address)) return bits === undefined || bits === '32' ? { address, name: address } : undefined;
  if (bits !== undefined && bits !== '64') return undefined;
  const { words } = readAddressText(address)!;
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  if (mapped && bits === undefined) {
    const plain = addressText(4, [0, 0, 0, words[3]]);
    return { address: plain, name: plain };
  }
  const network = formatIPv6([words[0], words[1], 0, 0]);
  return { address: network, name: `${network}/64` };
}

/** Why a surface never lets a source be blocked, in a word for people; null if it may be. */
export function sparedBy(surface: Surface, { address }: SourceName): string | null {
  const isIn = (networks: readonly Cidr[]): boolean => {
    const list = new BlockList();
    for (const { family, words, bits } of networks) {
      list.addSubnet(addressText(family, words), bits, family === 4 ? 'ipv4' : 'ipv6');
    }
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
  if (isIn(surface.networks)) return 'ours';
  if (isIn(surface.neverBlock)) return 'never block';
  if (isIn(surface.authorised.flatMap(({ sources }) => sources))) return 'authorised';
  if (isIn(surface.proxies.flatMap(({ networks }) => networks))) return 'proxy of ours';
  if (isIn(surface.shared)) return 'shared by many people';
  return null;
}
