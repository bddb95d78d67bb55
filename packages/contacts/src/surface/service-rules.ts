/**
 * Which service an address, a port and a protocol belong to at a time: the longest prefix wins, then the first listed,
 * of those that hold at that time. Hot path: see `compile.ts`.
 */
import { Protocol } from '../contact.ts';
import { Prefixes, type PrefixNodes } from './prefixes.ts';
import type { Service } from './surface.ts';

/** Services by address. */
export class ServiceRules {
  readonly at: Prefixes;
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  /** Ranges of service s: from `rangesAt[s]` to before `rangesAt[s + 1]`. */
  readonly #rangesAt: Uint32Array;
  /** A protocol times 65,536 plus the first, and the last, port. */
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  /**
   * For TCP and UDP, one bit a port: whether any service is on it at all. Most of what arrives is for ports where
   * nothing is, and needs no look at addresses.
   */
  readonly #tcpPorts = new Uint32Array(2048);
  readonly #udpPorts = new Uint32Array(2048);

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
    this.#rangesAt = new Uint32Array(services.length + 1);
    for (const [s, own] of ranges.entries()) this.#rangesAt[s + 1] = this.#rangesAt[s]! + own.length;
    this.#low = Uint32Array.from(ranges.flat(), ([low]) => low);
    this.#high = Uint32Array.from(ranges.flat(), ([, high]) => high);
    for (const { protocols, ports } of services) {
      for (const { low, high } of ports) {
        for (let port = low; port <= high; port++) {
          if (protocols.includes(Protocol.tcp)) this.#tcpPorts[port >>> 5]! |= 1 << (port & 31);
          if (protocols.includes(Protocol.udp)) this.#udpPorts[port >>> 5]! |= 1 << (port & 31);
        }
      }
    }
  }

  /** Whether no service at all is on the port. */
  isFreePort(port: number, protocol: number): boolean {
    if (protocol === Protocol.tcp) return ((this.#tcpPorts[port >>> 5]! >>> (port & 31)) & 1) === 0;
    if (protocol === Protocol.udp) return ((this.#udpPorts[port >>> 5]! >>> (port & 31)) & 1) === 0;
    return false;
  }

  /** The service, of those at prefix `node` of `map` and around it, or -1. */
  find(map: PrefixNodes, node: number, port: number, protocol: number, time: number): number {
    const { parent, valuesAt, values } = map;
    for (let around = node; around >= 0; around = parent[around]!) {
      const end = valuesAt[around + 1]!;
      for (let v = valuesAt[around]!; v < end; v++) {
        const service = values[v]!;
        if (this.isOn(service, port, protocol) && this.holds(service, time)) return service;
      }
    }
    return -1;
  }

  /** Whether the service is on that port. */
  isOn(service: number, port: number, protocol: number): boolean {
    const key = protocol * 65_536 + port;
    const end = this.#rangesAt[service + 1]!;
    for (let r = this.#rangesAt[service]!; r < end; r++) {
      if (key >= this.#low[r]! && key <= this.#high[r]!) return true;
    }
    return false;
  }

  /** Whether the service was offered at that time. */
  holds(service: number, time: number): boolean {
    return time >= this.#from[service]! && time < this.#until[service]!;
  }
}
