/**
 * Every address of a run, by number: its spelling, and the source (see sources.ts) that it belongs to.
 *
 * Foreign IPv4 addresses are unique, spread over the whole public space, and a part of them live close together in
 * dense /24s, as customers of one provider do: attackers and voters are neighbours there.
 */
import type { Random } from '../random.ts';
import { Column } from './columns.ts';
import { formatIPv4, formatIPv6, formatIPv6Full, type Groups, isPublicIPv4 } from './ip.ts';

/** Share of foreign addresses drawn from dense /24s: residential and hosting ranges are far from uniform. */
const DENSE_SHARE = 0.35;

/** Lines for which one more dense /24 is made: about 25 sources then share one, as in a busy residential range. */
const LINES_PER_DENSE_NETWORK = 900;

/** Fewest dense /24s of each kind, so that a small run has neighbours too. */
const FEWEST_DENSE_NETWORKS = 6;

/** Share of hosts in residential /24s among attackers: infected routers and cameras beside voters. */
const ATTACKERS_IN_HOMES = 0.12;

/** Owner of addresses that are ours or nobody's. */
export const NOBODY = -1;

/** The addresses of a run. An address is the number that `text` and `ownerOf` take. */
export class AddressBook {
  private readonly texts: string[] = [];
  private readonly groups = new Map<number, Groups>();
  private readonly owners = new Column();
  private readonly values = new Column();
  private readonly known = new Map<number, number>();
  private readonly usedForeign = new Set<number>();
  private readonly usedNetworks = new Set<number>();
  private readonly homes: number[] = [];
  private readonly hosting: number[] = [];

  /** @param lines lines asked for, which sets how many /24s are crowded */
  constructor(random: Random, lines: number) {
    const networks = Math.max(FEWEST_DENSE_NETWORKS, Math.round(lines / LINES_PER_DENSE_NETWORK));
    while (this.homes.length < networks) this.homes.push(this.emptyNetwork(random));
    while (this.hosting.length < networks) this.hosting.push(this.emptyNetwork(random));
  }

  /** The spelling (RFC 5952 for IPv6). */
  text(address: number): string {
    return this.texts[address] as string;
  }

  /** The spelling with all zeros for IPv6, else the dotted one. */
  fullText(address: number): string {
    const groups = this.groups.get(address);
    return groups === undefined ? this.text(address) : formatIPv6Full(groups);
  }

  /** Whether this is an IPv6 address. */
  isIPv6(address: number): boolean {
    return this.groups.has(address);
  }

  /** The source that owns the address, or `NOBODY`. */
  ownerOf(address: number): number {
    return this.owners.get(address);
  }

  /** Our (or a fixed) IPv4 address; the same number for the same address. */
  fixed(value: number, owner: number = NOBODY): number {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const address = this.add(formatIPv4(value), value, owner);
    this.known.set(value, address);
    return address;
  }

  /** Gives an address to a source. */
  own(address: number, owner: number): void {
    this.owners.set(address, owner);
  }

  /** The IPv4 address as a number, NaN for IPv6. */
  valueOf(address: number): number {
    return this.values.get(address);
  }

  /** A foreign IPv4 address that nobody has yet, of a person at home or of a rented or infected machine. */
  foreign(random: Random, owner: number, person: boolean): number {
    for (;;) {
      const dense = random.chance(DENSE_SHARE);
      const networks = person || random.chance(ATTACKERS_IN_HOMES) ? this.homes : this.hosting;
      const value = dense ? random.pick(networks) + random.integer(1, 254) : random.word();
      if (this.isFree(value)) return this.take(value, owner);
    }
  }

  /** Foreign neighbours inside one /24; where `crowded` others live there too. At most 200 of them. */
  neighbours(random: Random, owners: readonly number[], crowded: boolean): number[] {
    let free = crowded ? this.freeHosts(random, random.pick(this.homes)) : [];
    while (free.length < owners.length) free = this.freeHosts(random, this.emptyNetwork(random));
    return owners.map((owner, at) => this.take(free[at] as number, owner));
  }

  /** An IPv6 address. */
  ipv6(groups: Groups, owner: number): number {
    const address = this.add(formatIPv6(groups), Number.NaN, owner);
    this.groups.set(address, groups);
    return address;
  }

  /** Four groups of a foreign /64 in ranges that the regional registries give out. */
  foreignPrefix(random: Random): readonly [number, number, number, number] {
    const first = random.pick([0x2400, 0x2600, 0x2800, 0x2a00]) + random.below(16);
    return [first, random.below(65_536), random.below(65_536), random.below(65_536)];
  }

  private freeHosts(random: Random, base: number): number[] {
    const hosts = Array.from({ length: 254 }, (_, host) => base + host + 1);
    return random.shuffle(hosts.filter((value) => this.isFree(value)));
  }

  private emptyNetwork(random: Random): number {
    for (;;) {
      const base = (random.word() & 0xffffff00) >>> 0;
      if (!isPublicIPv4(base) || this.usedNetworks.has(base)) continue;
      this.usedNetworks.add(base);
      return base;
    }
  }

  private isFree(value: number): boolean {
    return isPublicIPv4(value) && !this.usedForeign.has(value);
  }

  private take(value: number, owner: number): number {
    this.usedForeign.add(value);
    return this.add(formatIPv4(value), value, owner);
  }

  private add(text: string, value: number, owner: number): number {
    const address = this.texts.length;
    this.texts.push(text);
    this.values.set(address, value);
    this.owners.set(address, owner);
    return address;
  }
}
