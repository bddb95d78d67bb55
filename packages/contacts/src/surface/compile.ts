/**
 * The lookups that settling and judging make in a surface, for every line of every log.
 *
 * Hot path: nothing is allocated, addresses are numbers (IPv4) or four words at an offset in a column (IPv6), answers
 * are indices into `services`, `proxies`, `sensors` and `engagements`, or -1. The naive scan over the stated surface
 * that these must agree with is in the test beside this file.
 */
import type { Cidr } from '@bellwether/basics';
import { Access, ANY_SERVICE } from './access.ts';
import { matchesGlob } from './glob.ts';
import { PermittedTests, TechniqueBit } from './permitted-tests.ts';
import { Prefixes } from './prefixes.ts';
import { ServiceRules } from './service-rules.ts';
import type { Audience, Engagement, ForwardingProxy, Sensor, Surface } from './surface.ts';

/** A service as the rest of the program needs it. */
export type CompiledService = { readonly index: number; readonly name: string; readonly audience: Audience };

/** What a prefix has addresses in common with: bits of `CompiledSurface.standing`. */
export const Standing = {
  ours: 1,
  neverBlock: 2,
  /** Somebody authorised, at whatever time. */
  authorised: 4,
  /** A proxy of ours: behind it are all of its visitors. */
  proxy: 8,
  /** Shared by many people: rate limits only. */
  shared: 16,
} as const;

/** Compiles a surface; null is none, of which nothing is known. */
export function compileSurface(surface: Surface | null): CompiledSurface {
  return new CompiledSurface(surface);
}

const NOTHING: Surface = {
  networks: [],
  services: [],
  authorised: [],
  neverBlock: [],
  proxies: [],
  shared: [],
  sensors: [],
  engagements: [],
};

/**
 * A surface, ready to be asked. `time` is always the contact's own, ms since 1970 UTC; one that is not a number finds
 * nothing that is limited in time. `...Wide` methods take an IPv6 address as four words at `at`.
 */
export class CompiledSurface {
  /** Whether somebody stated a surface at all. Without one, every lookup finds nothing. */
  readonly stated: boolean;
  /** Whether any network is stated to be ours, so that `ours` can tell the directions. */
  readonly knowsNetworks: boolean;
  readonly services: readonly CompiledService[];
  readonly sensors: readonly Sensor[];
  readonly proxies: readonly ForwardingProxy[];
  readonly engagements: readonly Engagement[];
  readonly #ours: Prefixes;
  readonly #rules: ServiceRules;
  readonly #access: Access;
  readonly #neverBlock: Prefixes;
  readonly #proxies: Prefixes;
  readonly #shared: Prefixes;
  readonly #tests: PermittedTests;
  /** For each sensor, the services that are named by it, in their order. */
  readonly #sensorServices: readonly Int32Array[];
  /** For each sensor, the service that all of its lines are about, or -1. */
  readonly #sensorDefault: Int32Array;
  /** For each sensor, what its lines without a destination may be about. */
  readonly #sensorTargets: ReadonlyArray<readonly Cidr[]>;
  readonly #networks: readonly Cidr[];

  constructor(surface: Surface | null) {
    const stated = surface ?? NOTHING;
    this.stated = surface !== null;
    this.knowsNetworks = stated.networks.length > 0;
    this.services = stated.services.map(({ name, audience }, index) => ({ index, name, audience }));
    this.sensors = stated.sensors;
    this.proxies = stated.proxies;
    this.engagements = stated.engagements;
    this.#networks = stated.networks;
    this.#ours = Prefixes.of(stated.networks);
    this.#rules = new ServiceRules(stated.services);
    this.#access = new Access(stated.authorised, stated.services);
    this.#neverBlock = Prefixes.of(stated.neverBlock);
    this.#proxies = new Prefixes(
      stated.proxies.flatMap((proxy, value) => proxy.networks.map((prefix) => ({ prefix, value }))),
    );
    this.#shared = Prefixes.of(stated.shared);
    this.#tests = new PermittedTests(stated.engagements);

    this.#sensorServices = stated.sensors.map((sensor) =>
      Int32Array.from(stated.services.flatMap((service, s) => (service.sensor === sensor.id ? [s] : []))),
    );
    this.#sensorDefault = Int32Array.from(stated.sensors, (sensor) =>
      stated.services.findIndex((service) => service.name === sensor.service),
    );
    this.#sensorTargets = stated.sensors.map((sensor) => {
      const addresses = stated.services
        .filter((service) => service.sensor === sensor.id || service.name === sensor.service)
        .flatMap((service) => service.addresses);
      return addresses.length > 0 ? addresses : stated.networks;
    });
  }

  /** Whether the address is in one of our networks. */
  ours(v4: number): boolean {
    return this.#ours.v4.has(v4);
  }

  oursWide(words: ArrayLike<number>, at: number): boolean {
    return this.#ours.v6.has(words, at);
  }

  /**
   * Index of the service at an address of ours, or -1: of those that were offered at that time, the one with the
   * longest prefix, then the first listed.
   */
  service(v4dst: number, port: number, protocol: number, time: number): number {
    return this.#rules.find4(v4dst, port, protocol, time);
  }

  serviceWide(words: ArrayLike<number>, at: number, port: number, protocol: number, time: number): number {
    return this.#rules.find6(words, at, port, protocol, time);
  }

  /**
   * Index of the service that a line without destination is about, or -1: the first listed that names the sensor, is
   * on that port and was offered at that time; else the one that the sensor names for all of its lines. A port or
   * protocol of 0 is one that the line does not tell, and is on every service.
   */
  sensorService(sensor: number, port: number, protocol: number, time: number): number {
    if (sensor < 0) return -1;
    const rules = this.#rules;
    const own = this.#sensorServices[sensor]!;
    for (let i = 0; i < own.length; i++) {
      const service = own[i]!;
      const on = port === 0 || protocol === 0 || rules.isOn(service, port, protocol);
      if (on && rules.holds(service, time)) return service;
    }
    const named = this.#sensorDefault[sensor]!;
    return named >= 0 && rules.holds(named, time) ? named : -1;
  }

  /** Whether the source may use the service, which is not public, at that time. */
  authorised(service: number, v4src: number, time: number): boolean {
    const map = this.#access.at.v4;
    return service >= 0 && this.#access.allows(map, map.find(v4src), service, time);
  }

  authorisedWide(service: number, words: ArrayLike<number>, at: number, time: number): boolean {
    const map = this.#access.at.v6;
    return service >= 0 && this.#access.allows(map, map.find(words, at), service, time);
  }

  /** Whether the source may use any service of ours at that time: somebody known, not to be blocked on a forgery. */
  friend(v4src: number, time: number): boolean {
    const map = this.#access.at.v4;
    return this.#access.allows(map, map.find(v4src), ANY_SERVICE, time);
  }

  friendWide(words: ArrayLike<number>, at: number, time: number): boolean {
    const map = this.#access.at.v6;
    return this.#access.allows(map, map.find(words, at), ANY_SERVICE, time);
  }

  /** Whether no decision may cover the source. */
  neverBlock(v4src: number): boolean {
    return this.#neverBlock.v4.has(v4src);
  }

  neverBlockWide(words: ArrayLike<number>, at: number): boolean {
    return this.#neverBlock.v6.has(words, at);
  }

  /** Whether many people share the source: rate limits only. */
  shared(v4src: number): boolean {
    return this.#shared.v4.has(v4src);
  }

  sharedWide(words: ArrayLike<number>, at: number): boolean {
    return this.#shared.v6.has(words, at);
  }

  /** Index of the proxy of ours that the source is, or -1. */
  proxy(v4src: number): number {
    const map = this.#proxies.v4;
    return map.valueOf(map.find(v4src));
  }

  proxyWide(words: ArrayLike<number>, at: number): number {
    const map = this.#proxies.v6;
    return map.valueOf(map.find(words, at));
  }

  /**
   * Index of the permitted test that this is part of, or -1: the longest source prefix wins, then the first listed.
   * `technique` is what the contact was, as bits of `TechniqueBit`; left out, any will do.
   */
  engagement(v4src: number, v4dst: number, time: number, technique: number = TechniqueBit.any): number {
    return this.#tests.find4(this.#tests.at.v4.find(v4src), v4dst, time, technique);
  }

  /** Source and destination as they stand in `Batch.wide`: four words each at `src` and at `dst` of `words`. */
  engagementWide(
    words: ArrayLike<number>,
    src: number,
    dst: number,
    time: number,
    technique: number = TechniqueBit.any,
  ): number {
    return this.#tests.find6(this.#tests.at.v6.find(words, src), words, dst, time, technique);
  }

  /**
   * The same for a line without destination: the test has to permit every address of the sensor's services, or, where
   * these have none, all of our networks. Anything less could excuse an attack beyond what was permitted.
   */
  engagementAtSensor(
    v4src: number,
    sensor: number,
    time: number,
    technique: number = TechniqueBit.any,
  ): number {
    const map = this.#tests.at.v4;
    return this.#tests.findAll(map, map.find(v4src), this.#targetsOf(sensor), time, technique);
  }

  engagementAtSensorWide(
    words: ArrayLike<number>,
    at: number,
    sensor: number,
    time: number,
    technique: number = TechniqueBit.any,
  ): number {
    const map = this.#tests.at.v6;
    return this.#tests.findAll(map, map.find(words, at), this.#targetsOf(sensor), time, technique);
  }

  /** What a network has addresses in common with, as bits of `Standing`. Not for the hot path. */
  standing(network: Cidr): number {
    let bits = 0;
    if (this.#ours.touches(network)) bits |= Standing.ours;
    if (this.#neverBlock.touches(network)) bits |= Standing.neverBlock;
    if (this.#access.at.touches(network)) bits |= Standing.authorised;
    if (this.#proxies.touches(network)) bits |= Standing.proxy;
    if (this.#shared.touches(network)) bits |= Standing.shared;
    return bits;
  }

  /**
   * Whether a decision about the network would cover somebody that must not be blocked: ourselves, `never_block`, the
   * authorised (at whatever time: a block outlives its decision), a proxy of ours. Not for the hot path.
   */
  overlapsNeverBlock(network: Cidr): boolean {
    return (this.standing(network) & ~Standing.shared) !== 0;
  }

  /** Index of the first listed sensor that writes files of that name (without folder), or -1. */
  sensorOf(fileName: string): number {
    return this.sensors.findIndex((sensor) => sensor.files.some((pattern) => matchesGlob(pattern, fileName)));
  }

  #targetsOf(sensor: number): readonly Cidr[] {
    return sensor < 0 ? this.#networks : this.#sensorTargets[sensor]!;
  }
}
