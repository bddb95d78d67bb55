import { formatEntry, formatItem } from '@bellwether/rolls';
import { expect, test } from 'vitest';
import { itemsOfEntries, type ListedChange, linkHandles, type PublicItem } from './linkage.ts';

const item = (handle: string, day = '2026-10-05', place = '29001'): PublicItem => ({
  place,
  day,
  kind: 'changed',
  handle,
});
const seen = (record: string, day = '2026-10-05'): ListedChange => ({
  office: '29001',
  from: day,
  to: day,
  kind: 'changed',
  record,
});

test('one handle and one voter are one person', () => {
  expect(linkHandles([item('a')], [seen('1')])).toEqual(new Map([['a', '1']]));
});

test('two voters hide each other, until one of them changes again', () => {
  expect(linkHandles([item('a'), item('b')], [seen('1'), seen('2')]).size).toBe(0);
  const later = '2026-10-06';
  expect(
    linkHandles([item('a'), item('b'), item('a', later)], [seen('1'), seen('2'), seen('1', later)]),
  ).toEqual(new Map([['a', '1']]));
});

test('a change that no list shows hides the others, and batches of the state show nobody', () => {
  expect(linkHandles([item('a'), item('b')], [seen('1')]).size).toBe(0);
  expect(linkHandles([item('a', '2026-10-05', 'state')], [seen('1')]).size).toBe(0);
});

test('the entries of a log give its items with place and day', () => {
  const leaf = new Uint8Array(32).fill(1);
  const entry = formatEntry({
    type: 'batch',
    batch: 4,
    office: '29001',
    source: 'office',
    day: '2026-10-05',
    sequence: 1,
    counts: { new: 1, changed: 0, removed: 0 },
    root: Buffer.alloc(32).toString('base64'),
    signatures: [{ key: '0011223344556677', signature: Buffer.alloc(64).toString('base64') }],
  } as Parameters<typeof formatEntry>[0]);
  const item = formatItem({
    batch: 4,
    kind: 'new',
    version: 1,
    handle: leaf,
    oldLeaf: new Uint8Array(32),
    newLeaf: leaf,
  });
  expect(itemsOfEntries([entry, item])).toEqual([
    { place: '29001', day: '2026-10-05', kind: 'new', handle: '01'.repeat(32) },
  ]);
});
