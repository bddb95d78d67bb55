/**
 * What a class remembers, told once for both directions: `state(io)` names each field with its value and takes the value
 * back, which is the same one while a snapshot is written, and the one of the snapshot while it is read. A field that is
 * left out is lost in a snapshot and nowhere else; `live.snapshot.test.ts` finds it.
 */

/** Columns of numbers. */
export type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** Somebody who writes state down, reads it back, or looks at its shape. */
export interface StateIo {
  /** What is told is the state of before: what is derived from it has to be made anew. */
  readonly isReading: boolean;
  /** Any number, the infinities and NaN too. */
  number(name: string, value: number): number;
  /** A whole number from 0 to `most`: what room is made for by it. */
  size(name: string, value: number, most: number): number;
  flag(name: string, value: boolean): boolean;
  text(name: string, value: string): string;
  /** The first `used` elements of a column. */
  front(name: string, column: Column, used: number): void;
  /** A column that is mostly 0: what is not takes the room. It is a multiple of `GRANULE` words long. */
  table(name: string, column: Column): void;
  /** A list; `item` is given each value while writing, and makes it while reading. */
  list<T>(name: string, values: readonly T[], most: number, item: (value: T | undefined) => T): T[];
  /** A map, in its order; changed in place while reading. */
  map<K, V>(
    name: string,
    map: Map<K, V>,
    most: number,
    item: (key: K | undefined, value: V | undefined) => readonly [K, V],
  ): void;
  /** What belongs together, under a name. */
  within(name: string, body: () => void): void;
}

/** A class that can be written down and read back. */
export interface Stateful {
  /** Names every field that the next contact may be judged by. */
  state(io: StateIo): void;
}

/** Words of a table that are written together: half a kilobit, a cache line. */
export const GRANULE = 16;

/** In the place of a run's beginning: the table ends. */
export const END_OF_TABLE = 0xffff_ffff;

/** Text takes at most so many UTF-16 units: names of files and campaigns are far shorter. */
export const MOST_TEXT = 65_536;

/** The bytes do not hold what they should. */
export class StateDamage extends Error {}

/** The words of a column from its beginning, so many bytes of it. */
export function bytesOf(column: Column, elements: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, elements * column.BYTES_PER_ELEMENT);
}

/** A column as words. */
export function wordsOf(column: Column): Uint32Array {
  const words = column.byteLength / 4;
  if (words % GRANULE !== 0) throw new RangeError('a table is a multiple of a granule long');
  return new Uint32Array(column.buffer, column.byteOffset, words);
}
