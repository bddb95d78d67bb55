import { expect, it } from 'vitest';
import type { Identified } from '../identify/identified.ts';
import type { KnownBad } from '../known-bad.ts';
import type { Opened } from '../open/opened.ts';
import { knownSignals } from './known.ts';

const LINK = 'link:0123456789abcdef';
const known: KnownBad = {
  badAs: (kind, value) =>
    [`print ${LINK}`, 'host evil.example', 'address thief@mail.example'].includes(`${kind} ${value}`)
      ? 'c1'
      : null,
};
const NOTHING: Opened = { links: [], files: [], texts: [], unopened: [] };
const STRANGER: Identified = {
  ...{ address: 'pat@sender.example', domain: 'sender.example', organisation: 'sender.example' },
  ...{ is: null, pretends: [], isFreemail: false },
};
const VENDOR: Identified = {
  ...STRANGER,
  ...{ address: 'care@vendor.example', domain: 'vendor.example', organisation: 'vendor.example' },
  is: { kind: 'vendor', name: 'Poll Pads' },
};
const host = {
  url: 'https://evil.example/x',
  host: 'evil.example',
  organisation: 'evil.example',
  text: '',
  from: 'html',
} as const;

it.each([
  ['nothing that is known', STRANGER, null, NOTHING, ['link:other'], []],
  ['the print of a lure', STRANGER, null, NOTHING, [LINK], ['known-bad']],
  ['a host', STRANGER, null, { ...NOTHING, links: [host] }, [], ['known-bad']],
  ['a sender', { ...STRANGER, address: 'thief@mail.example' }, null, NOTHING, [], ['known-bad']],
  [
    'what a vendor quotes that is proven to write',
    VENDOR,
    'vendor.example',
    NOTHING,
    [LINK],
    ['known-bad-quoted'],
  ],
  ['what somebody quotes who only says that he is the vendor', VENDOR, null, NOTHING, [LINK], ['known-bad']],
  ['what somebody else proved', VENDOR, 'other.example', NOTHING, [LINK], ['known-bad']],
  ['what a proven stranger carries', STRANGER, 'sender.example', NOTHING, [LINK], ['known-bad']],
  [
    'a host that somebody listed, of whoever',
    VENDOR,
    'vendor.example',
    { ...NOTHING, links: [host] },
    [],
    ['known-bad'],
  ],
] as const)('a message is told by %s', (_, identified, author, opened, prints, codes) => {
  expect(knownSignals(known, identified, author, opened, prints).map(({ code }) => code)).toEqual(codes);
});

it('is told once, with its campaign', () => {
  expect(knownSignals(known, STRANGER, null, { ...NOTHING, links: [host, host] }, [LINK])).toEqual([
    { code: 'known-bad', values: { what: 'a link', list: 'c1' } },
  ]);
});
