import { expect, test } from 'vitest';
import { parsePgoutput } from './pgoutput.ts';

const text = (value: string): number[] => [...Buffer.from(value)];
/** Update of relation 7: the old key "ab", then a row of text, null and unchanged. */
const UPDATE = Uint8Array.from([
  ...text('U'),
  0,
  0,
  0,
  7,
  ...text('K'),
  0,
  1,
  ...text('t'),
  0,
  0,
  0,
  2,
  ...text('ab'),
  ...text('N'),
  0,
  3,
  ...text('t'),
  0,
  0,
  0,
  1,
  ...text('c'),
  ...text('nu'),
]);

test('an update has the old key and the new row', () => {
  expect(parsePgoutput(UPDATE).okOrThrow()).toEqual({
    kind: 'update',
    relation: 7,
    old: ['ab'],
    row: ['c', null, undefined],
  });
});

test('a begin has its moment', () => {
  const begin = Uint8Array.from([...text('B'), 0, 0, 0, 0, 1, 2, 3, 4, ...Array(8).fill(0), 0, 0, 0, 9]);
  expect(parsePgoutput(begin).okOrThrow()).toEqual({
    kind: 'begin',
    lsn: 0x01020304n,
    at: Date.UTC(2000, 0, 1),
  });
});

test('a message that is cut anywhere, or has a byte more, is refused', () => {
  for (let length = 0; length < UPDATE.length; length++)
    expect(parsePgoutput(UPDATE.subarray(0, length)).isErr(), `${length} bytes`).toBe(true);
  expect(parsePgoutput(Uint8Array.from([...UPDATE, 0])).isErr()).toBe(true);
});

test('lengths and counts below zero, binary values, and other kinds are refused', () => {
  for (const [at, byte] of [
    [0, 0x58],
    [5, 0x51],
    [6, 0xff],
    [8, 0x62],
    [9, 0xff],
    [13, 0xff],
  ] as const) {
    const bytes = UPDATE.slice();
    bytes[at] = byte;
    expect(parsePgoutput(bytes).isErr(), `byte ${at}`).toBe(true);
  }
  expect(parsePgoutput(new Uint8Array(1024 * 1024 + 1)).isErr()).toBe(true);
});
