/**
 * Networks that this computer never blocks, whatever anybody orders: itself and its neighbours, its gateway, its resolvers, its hub.
 * They are found here and not told by the hub, because a hub that was taken over would tell other ones.
 */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Cidr, masked, parseCidr } from '@bellwether/basics';

/** Nobody outside has one of these (RFC 6890), so that a block of them is a mistake or worse. */
const ALWAYS = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
];

/** Largest own network that is spared as a whole: a computer in a /8 of its own would spare half of somebody else. */
const WIDEST_OWN = { 4: 16, 6: 48 } as const;

/** Finds them. `hub`: name or address of the hub. */
export async function neverHere(hub: string): Promise<readonly Cidr[]> {
  const texts = [...ALWAYS, ...gateways(), ...gateways6(), ...resolvers(), ...(await addressesOf(hub))];
  return [
    ...texts.flatMap((text) =>
      parseCidr(text)
        .map((one) => [one])
        .unwrapOr([]),
    ),
    ...own(),
  ];
}

/** The networks of this computer's interfaces. */
function own(): Cidr[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ address, cidr }) => {
      const found = parseCidr(address.split('%')[0]!);
      if (found.isErr()) return [];
      const bits = Number(cidr?.split('/')[1] ?? found.value.bits);
      const { family } = found.value;
      return [bits < WIDEST_OWN[family] ? found.value : masked({ ...found.value, bits })];
    });
}

/** IPv4 gateways, as the kernel lists them: little-endian hexadecimal. */
function gateways(): string[] {
  return linesOf('/proc/net/route').flatMap((line) => {
    const gateway = line.split('\t')[2];
    if (gateway === undefined || !/^[0-9A-F]{8}$/.test(gateway) || gateway === '00000000') return [];
    return [
      gateway
        .match(/../g)!
        .reverse()
        .map((hex) => Number.parseInt(hex, 16))
        .join('.'),
    ];
  });
}

/** IPv6 gateways: the fifth column, 32 hexadecimal digits. */
function gateways6(): string[] {
  return linesOf('/proc/net/ipv6_route').flatMap((line) => {
    const gateway = line.split(/\s+/)[4];
    if (gateway === undefined || !/^[0-9a-f]{32}$/.test(gateway) || /^0+$/.test(gateway)) return [];
    return [gateway.match(/.{4}/g)!.join(':')];
  });
}

function resolvers(): string[] {
  return linesOf('/etc/resolv.conf').flatMap((line) => {
    const [, address] = /^\s*nameserver\s+([0-9A-Fa-f.:]{2,45})/.exec(line) ?? [];
    return address === undefined ? [] : [address];
  });
}

/** A name that cannot be asked for now is asked for again with the next start. */
async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').slice(0, 65_536).split('\n');
  } catch {
    return [];
  }
}
