import { type Cidr, contains, masked, overlaps, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSurface, Standing } from './compile.ts';
import { TechniqueBit } from './permitted-tests.ts';
import { AUDIENCES, type Surface, TECHNIQUES, type Validity } from './surface.ts';

/** Few addresses, so that prefixes nest, repeat and touch: the last byte varies, and the edges of the space. */
const address: fc.Arbitrary<Cidr> = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 0xc612_0000, 0xc612_ff00, 0xffff_ff00), fc.nat(255))
    .map(([base, low]): Cidr => ({ family: 4, words: [0, 0, 0, base + low], bits: 32 })),
  fc
    .tuple(
      fc.constantFrom([0, 0, 0], [0x2001_0db8, 0x004f_0000, 0], [0xffff_ffff, 0xffff_ffff, 0xffff_ffff]),
      fc.oneof(
        fc.nat(255),
        fc.nat(255).map((low) => 0xffff_ff00 + low),
      ),
    )
    .map(([[a, b, c], d]): Cidr => ({ family: 6, words: [a!, b!, c!, d], bits: 128 })),
);
const prefix: fc.Arbitrary<Cidr> = fc
  .tuple(address, fc.oneof(fc.nat(8), fc.nat(32), fc.nat(128)))
  .map(([from, short]) => masked({ ...from, bits: Math.max(0, from.bits - short) }));
const prefixes = fc.array(prefix, { maxLength: 4 });
/** Times are small numbers, so that contacts fall on the edges. */
const validity: fc.Arbitrary<Validity> = fc.record({
  from: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.nat(4)),
  until: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(6)),
});
const range = fc.tuple(fc.nat(4), fc.nat(3)).map(([low, more]) => ({ low, high: low + more }));
const SENSORS = ['fw', 'www'];

const surfaces: fc.Arbitrary<Surface> = fc.record({
  networks: prefixes,
  services: fc
    .array(
      fc.tuple(
        fc.record({
          addresses: prefixes,
          sensor: fc.constantFrom(null, ...SENSORS),
          ports: fc.array(range, { minLength: 1, maxLength: 2 }),
          protocols: fc.constantFrom([6], [17], [6, 17], [1, 58]),
          audience: fc.constantFrom(...AUDIENCES),
        }),
        validity,
      ),
      { maxLength: 6 },
    )
    .map((all) => all.map(([service, when], i) => ({ ...service, ...when, name: `s${i}` }))),
  authorised: fc
    .array(
      fc.tuple(
        prefixes,
        fc.oneof(fc.constant(null), fc.subarray(['s0', 's1', 's2', 's3', 's4', 's5'])),
        validity,
      ),
      { maxLength: 4 },
    )
    .map((all) => all.map(([sources, services, when]) => ({ who: 'somebody', sources, services, ...when }))),
  neverBlock: prefixes,
  proxies: fc
    .array(prefixes, { maxLength: 3 })
    .map((all) => all.map((networks) => ({ networks, header: 'x-forwarded-for', hops: 1 }))),
  shared: prefixes,
  sensors: fc.tuple(fc.constantFrom(null, 's0', 's1'), fc.constantFrom(null, 's2', 's3')).map((services) =>
    SENSORS.map((id, i) => ({
      id,
      files: [`${id}*`],
      place: 'before-nat' as const,
      timezone: null,
      year: null,
      sampling: 1,
      completeness: 'complete' as const,
      sees: null,
      service: services[i]!,
      prefixes: [],
      transport: null,
      denialsOnly: null,
    })),
  ),
  engagements: fc
    .array(fc.tuple(prefixes, prefixes, fc.constantFrom(...TECHNIQUES), validity), { maxLength: 4 })
    .map((all) =>
      all.map(([sources, targets, technique, when]) => ({
        name: 'test',
        sources,
        targets,
        technique,
        ...when,
      })),
    ),
});

const holds = (when: Validity, time: number): boolean => when.from <= time && time < when.until;
const inside = (outer: readonly Cidr[], inner: Cidr): boolean => outer.some((each) => contains(each, inner));
/** Index of the entry with the longest prefix around the address, then the first; -1 if there is none. */
function mostSpecific(entries: ReadonlyArray<readonly Cidr[]>, inner: Cidr): number {
  const lengths = entries.map((all) =>
    Math.max(-1, ...all.filter((one) => contains(one, inner)).map((one) => one.bits)),
  );
  const best = Math.max(-1, ...lengths);
  return best < 0 ? -1 : lengths.indexOf(best);
}

/** Both addresses of a row, as they stand in `Batch.wide`, between words that must not be read. */
const wide = (src: Cidr, dst: Cidr): Uint32Array => Uint32Array.from([9, 9, ...src.words, ...dst.words, 9]);
const SRC = 2;
const DST = 6;

describe('a compiled surface', () => {
  it('answers as a scan over the stated surface does', () => {
    fc.assert(
      fc.property(
        surfaces,
        fc.array(fc.tuple(address, address, fc.nat(7), fc.constantFrom(6, 17, 1), fc.nat(6), fc.nat(8)), {
          minLength: 1,
          maxLength: 20,
        }),
        (surface, contacts) => {
          const compiled = compileSurface(surface);
          for (const [src, dst, port, protocol, time, technique] of contacts) {
            const words = wide(src, dst);
            const v4src = src.words[3];
            const v4dst = dst.words[3];
            const is4 = src.family === 4;

            expect(is4 ? compiled.ours(v4src) : compiled.oursWide(words, SRC)).toBe(
              inside(surface.networks, src),
            );
            expect(is4 ? compiled.neverBlock(v4src) : compiled.neverBlockWide(words, SRC)).toBe(
              inside(surface.neverBlock, src),
            );
            expect(is4 ? compiled.shared(v4src) : compiled.sharedWide(words, SRC)).toBe(
              inside(surface.shared, src),
            );
            expect(is4 ? compiled.proxy(v4src) : compiled.proxyWide(words, SRC)).toBe(
              mostSpecific(
                surface.proxies.map((one) => one.networks),
                src,
              ),
            );

            const service =
              dst.family === 4
                ? compiled.service(v4dst, port, protocol, time)
                : compiled.serviceWide(words, DST, port, protocol, time);
            const offered = surface.services.map((one) =>
              holds(one, time) &&
              one.protocols.includes(protocol) &&
              one.ports.some(({ low, high }) => low <= port && port <= high)
                ? one.addresses
                : [],
            );
            expect(service).toBe(mostSpecific(offered, dst));

            const entries = surface.authorised.filter((one) => holds(one, time) && inside(one.sources, src));
            expect(is4 ? compiled.friend(v4src, time) : compiled.friendWide(words, SRC, time)).toBe(
              entries.length > 0,
            );
            for (const [s, { name, audience }] of surface.services.entries()) {
              const allowed = is4
                ? compiled.authorised(s, v4src, time)
                : compiled.authorisedWide(s, words, SRC, time);
              expect(allowed).toBe(
                entries.some(({ services }) =>
                  services === null ? audience === 'staff' : services.includes(name),
                ),
              );
            }

            const permitted = (targets: readonly Cidr[]) =>
              mostSpecific(
                surface.engagements.map((one) =>
                  holds(one, time) &&
                  (TechniqueBit[one.technique] & technique) !== 0 &&
                  targets.length > 0 &&
                  targets.every((target) => inside(one.targets, target))
                    ? one.sources
                    : [],
                ),
                src,
              );
            if (src.family === dst.family) {
              const test = is4
                ? compiled.engagement(v4src, v4dst, time, technique)
                : compiled.engagementWide(words, SRC, DST, time, technique);
              expect(test).toBe(permitted([dst]));
            }
            for (const [sensor, { id, service: named }] of surface.sensors.entries()) {
              const test = is4
                ? compiled.engagementAtSensor(v4src, sensor, time, technique)
                : compiled.engagementAtSensorWide(words, SRC, sensor, time, technique);
              const about = surface.services
                .filter((one) => one.sensor === id || one.name === named)
                .flatMap((one) => one.addresses);
              const targets = (about.length > 0 ? about : surface.networks).filter(
                (one) => one.family === src.family,
              );
              expect(test).toBe(permitted(targets));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds everything that a network has addresses in common with', () => {
    fc.assert(
      fc.property(surfaces, prefix, (surface, network) => {
        const touched = (all: readonly Cidr[]) => all.some((one) => overlaps(one, network));
        const authorised = touched(surface.authorised.flatMap((one) => one.sources));
        const proxy = touched(surface.proxies.flatMap((one) => one.networks));
        const compiled = compileSurface(surface);

        expect(compiled.standing(network)).toBe(
          (touched(surface.networks) ? Standing.ours : 0) |
            (touched(surface.neverBlock) ? Standing.neverBlock : 0) |
            (authorised ? Standing.authorised : 0) |
            (proxy ? Standing.proxy : 0) |
            (touched(surface.shared) ? Standing.shared : 0),
        );
        expect(compiled.overlapsNeverBlock(network)).toBe(
          touched(surface.networks) || touched(surface.neverBlock) || authorised || proxy,
        );
      }),
    );
  });

  it('takes a line without destination for the service on its port, then for the one its sensor names', () => {
    fc.assert(
      fc.property(
        surfaces,
        fc.nat(7),
        fc.constantFrom(0, 6, 17),
        fc.nat(6),
        (surface, port, protocol, time) => {
          const compiled = compileSurface(surface);
          for (const [sensor, { id, service: named }] of surface.sensors.entries()) {
            const own = surface.services.findIndex(
              (one) =>
                one.sensor === id &&
                holds(one, time) &&
                (port === 0 ||
                  protocol === 0 ||
                  (one.protocols.includes(protocol) &&
                    one.ports.some(({ low, high }) => low <= port && port <= high))),
            );
            const fallback = surface.services.findIndex((one) => one.name === named && holds(one, time));
            expect(compiled.sensorService(sensor, port, protocol, time)).toBe(own >= 0 ? own : fallback);
          }
          expect(compiled.sensorService(-1, port, protocol, time)).toBe(-1);
        },
      ),
    );
  });

  it('knows nothing where nobody stated one', () => {
    const compiled = compileSurface(null);
    const words = new Uint32Array(8);

    expect(compiled.stated).toBe(false);
    expect(compiled.ours(0)).toBe(false);
    expect(compiled.oursWide(words, 0)).toBe(false);
    expect(compiled.service(1, 443, 6, 0)).toBe(-1);
    expect(compiled.service(1, 0, 1, 0)).toBe(-1);
    expect(compiled.serviceWide(words, 4, 443, 6, 0)).toBe(-1);
    expect(compiled.authorised(-1, 1, 0)).toBe(false);
    expect(compiled.friend(1, 0)).toBe(false);
    expect(compiled.proxy(1)).toBe(-1);
    expect(compiled.engagement(1, 2, 0)).toBe(-1);
    expect(compiled.engagementAtSensor(1, -1, 0)).toBe(-1);
    expect(compiled.standing(parseCidr('0.0.0.0/0').okOrThrow())).toBe(0);
    expect(compiled.sensorOf('fw.log')).toBe(-1);
  });
});
