/**
 * Which service an address, a port and a protocol belong to at a time: the longest prefix wins, then the first listed,
 * of those that hold at that time. Hot path: see `compile.ts`.
 */
import { Protocol } from '../contact.ts';
import { Prefixes, type PrefixNodes } from './prefixes.ts';
import type { Service } from './surface.ts';

/** Answers kept: an office has tens of services, and 1,024 slots (32 kB) fit a first-level cache. */
const CACHE_SLOTS = 1024;

/** Services by address. */
export class ServiceRules {
  readonly at: Prefixes;
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  /** Each service's first range of ports: its protocol times 65,536 plus the first, and the last, port. */
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  /** Further ranges of service s: `more[moreAt[s]]` to before `more[moreAt[s + 1]]`, lowest and highest in turn. */
  readonly #moreAt: Uint32Array;
  readonly #more: Uint32Array;
  /**
   * For TCP and UDP, one bit a port: whether any service is on it at all. Most of what arrives is for ports where
   * nothing is, and needs no look at addresses.
   */
  readonly #tcpPorts = new Uint32Array(2048);
  readonly #udpPorts = new Uint32Array(2048);

  /** Answers of `find4`, four words a slot: port and protocol, address, service, nothing. */
  readonly #answers = new Int32Array(4 * CACHE_SLOTS);
  /** Between which times each answer is good: from, and before. */
  readonly #goodFor = new Float64Array(2 * CACHE_SLOTS).fill(Number.POSITIVE_INFINITY);
  /** What `#find` leaves behind. */
  #since = 0;
  #before = 0;

  constructor(services: readonly Service[]) {
    this.at = new Prefixes(
      services.flatMap((service, value) => service.addresses.map((prefix) => ({ prefix, value }))),
    );
    this.#from = Float64Array.from(services, (service) => service.from);
    this.#until = Float64Array.from(services, (service) => service.until);
    const ranges = services.map(({ protocols, ports }) =>
      protocols.flatMap((protocol) =>
        ports.map(({ low, high }) => [protocol * 65_536 + low, protocol * 65_536 + high] as const),
      ),
    );
    this.#low = Uint32Array.from(ranges, (own) => own[0]?.[0] ?? 0xffff_ffff);
    this.#high = Uint32Array.from(ranges, (own) => own[0]?.[1] ?? 0);
    this.#moreAt = new Uint32Array(services.length + 1);
    for (const [s, own] of ranges.entries()) {
      this.#moreAt[s + 1] = this.#moreAt[s]! + 2 * Math.max(0, own.length - 1);
    }
    this.#more = Uint32Array.from(ranges.flatMap((own) => own.slice(1).flat()));
    for (const { protocols, ports } of services) {
      if (protocols.includes(Protocol.tcp)) setBits(this.#tcpPorts, ports);
      if (protocols.includes(Protocol.udp)) setBits(this.#udpPorts, ports);
    }
  }

  /** The service at an IPv4 address, or -1. */
  find4(address: number, port: number, protocol: number, time: number): number {
    if (this.#isFreePort(port, protocol)) return -1;
    const key = protocol * 65_536 + port;
    const slot = (Math.imul(address ^ Math.imul(key, 0x9e3779b1), 0x85ebca6b) >>> 16) & (CACHE_SLOTS - 1);
    const answers = this.#answers;
    const goodFor = this.#goodFor;
    const at = 4 * slot;
    if (
      answers[at] === key &&
      answers[at + 1] === (address | 0) &&
      time >= goodFor[2 * slot]! &&
      time < goodFor[2 * slot + 1]!
    ) {
      return answers[at + 2]!;
    }
    const service = this.#find(this.at.v4, this.at.v4.find(address), key, time);
    // What a scan asks once is not worth keeping.
    if (service < 0) return -1;
    answers[at] = key;
    answers[at + 1] = address;
    answers[at + 2] = service;
    goodFor[2 * slot] = this.#since;
    goodFor[2 * slot + 1] = this.#before;
    return service;
  }

  /** The service at an IPv6 address, or -1. */
  find6(words: ArrayLike<number>, at: number, port: number, protocol: number, time: number): number {
    if (this.#isFreePort(port, protocol)) return -1;
    return this.#find(this.at.v6, this.at.v6.find(words, at), protocol * 65_536 + port, time);
  }

  /** Leaves in `#since` and `#before` between which times the answer is the same. */
  #find(map: PrefixNodes, node: number, key: number, time: number): number {
    this.#since = Number.NEGATIVE_INFINITY;
    this.#before = Number.POSITIVE_INFINITY;
    const { parent, valuesAt, values } = map;
    for (let around = node; around >= 0; around = parent[around]!) {
      const end = valuesAt[around + 1]!;
      for (let v = valuesAt[around]!; v < end; v++) {
        const service = values[v]!;
        if (this.#isOn(service, key) && this.#narrow(service, time)) return service;
      }
    }
    return -1;
  }

  /** Whether the service was offered at `time`; narrows `#since` and `#before` to times when that is so too. */
  #narrow(service: number, time: number): boolean {
    const from = this.#from[service]!;
    const until = this.#until[service]!;
    const holds = time >= from && time < until;
    if (holds) {
      if (from > this.#since) this.#since = from;
      if (until < this.#before) this.#before = until;
    } else if (time < from) {
      if (from < this.#before) this.#before = from;
    } else if (until > this.#since) {
      this.#since = until;
    }
    return holds;
  }

  /** Whether the service is on that port. */
  isOn(service: number, port: number, protocol: number): boolean {
    return this.#isOn(service, protocol * 65_536 + port);
  }

  #isOn(service: number, key: number): boolean {
    if (key >= this.#low[service]! && key <= this.#high[service]!) return true;
    const end = this.#moreAt[service + 1]!;
    for (let r = this.#moreAt[service]!; r < end; r += 2) {
      if (key >= this.#more[r]! && key <= this.#more[r + 1]!) return true;
    }
    return false;
  }

  /** Whether the service was offered at that time. */
  holds(service: number, time: number): boolean {
    return time >= this.#from[service]! && time < this.#until[service]!;
  }

  /** Whether no service at all is on the port. */
  #isFreePort(port: number, protocol: number): boolean {
    if (protocol === Protocol.tcp) return ((this.#tcpPorts[port >>> 5]! >>> (port & 31)) & 1) === 0;
    if (protocol === Protocol.udp) return ((this.#udpPorts[port >>> 5]! >>> (port & 31)) & 1) === 0;
    return false;
  }
}

function setBits(bits: Uint32Array, ranges: Service['ports']): void {
  for (const { low, high } of ranges) {
    for (let port = low; port <= high; port++) bits[port >>> 5]! |= 1 << (port & 31);
  }
}
