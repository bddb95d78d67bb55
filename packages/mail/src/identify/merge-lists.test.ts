import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCommon, compileList } from './compile-list.ts';
import { mergeLists } from './merge-lists.ts';
import type { ProtectedList } from './protected.ts';

const word = fc.constantFrom('boone', 'adair', 'osage', 'knox', 'polk');
const domain = word.map((name) => `${name}.example`);
const few = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { maxLength: 3 });

const list: fc.Arbitrary<ProtectedList> = fc.record({
  own: fc.constantFrom('29001', '29019'),
  offices: fc.uniqueArray(
    fc.record({
      office: fc.constantFrom('29001', '29019', '29151'),
      ...{ name: word, domains: few(domain), publicMailboxes: few(domain.map((name) => `public@${name}`)) },
      addresses: few(domain.map((name) => `clerk@${name}`)),
    }),
    { maxLength: 3, selector: ({ office }) => office },
  ),
  people: fc.uniqueArray(
    fc.record({
      name: word,
      title: fc.constantFrom('', 'Clerk'),
      addresses: few(domain.map((name) => `me@${name}`)),
    }),
    { maxLength: 3, selector: ({ name }) => name },
  ),
  organisations: fc.uniqueArray(
    fc.record({
      name: word,
      kind: fc.constantFrom('vendor', 'agency'),
      domains: few(domain),
      words: few(word),
    }),
    { maxLength: 3, selector: ({ name, kind }) => `${kind} ${name}` },
  ),
  ...{ correspondents: few(domain.map((name) => `pen@${name}`)), sealers: few(domain) },
  relays: few(fc.constantFrom('192.0.2.0/24', '198.51.100.0/24')),
});

it('names whoever one of both names, once, and is the same when it is done again', () => {
  fc.assert(
    fc.property(list, list, (office, state) => {
      const merged = mergeLists(office, state);
      expect(mergeLists(merged, state)).toEqual(merged);
      expect([merged.own, merged.correspondents]).toEqual([office.own, office.correspondents]);
      for (const one of [office, state]) {
        const ids = merged.offices.map((each) => each.office);
        expect(ids).toEqual(expect.arrayContaining(one.offices.map((each) => each.office)));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { name, addresses } of one.people)
          expect(merged.people.find((each) => each.name === name)!.addresses).toEqual(
            expect.arrayContaining([...addresses]),
          );
        for (const { name, kind, words } of one.organisations)
          expect(
            merged.organisations.find((each) => each.name === name && each.kind === kind)!.words,
          ).toEqual(expect.arrayContaining([...words]));
      }
    }),
  );
});

it('is judged the same by what lists have in common, and made ready alone', () => {
  fc.assert(
    fc.property(list, fc.constantFrom('29001', '29019'), domain, (first, own, host) => {
      const second = { ...first, own, correspondents: ['pen@boone.example'] };
      const [alone, shared] = [compileList(second), compileList(second, compileCommon(first))];
      for (const asked of [host, `mail.${host}`, host.replace('o', '0'), 'xn--bone-9ka.example']) {
        expect(shared.isOwnHost(asked)).toBe(alone.isOwnHost(asked));
        expect(shared.isKnownHost(asked)).toBe(alone.isKnownHost(asked));
        expect(shared.lookalikeOf(asked)).toEqual(alone.lookalikeOf(asked));
        expect(shared.ownerOf(`clerk@${asked}`)).toEqual(alone.ownerOf(`clerk@${asked}`));
      }
    }),
  );
});
