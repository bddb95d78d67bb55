/**
 * The order in which contacts are judged, and the pieces they travel in.
 *
 * Every row has one place in one total order: by file time (the running maximum of event times in its file, so that a
 * clock which steps back does not reorder a file), then file, then line. A stretch is a run of that order, cut where it
 * suits the reader; where it is cut changes nothing. Each worker walks every stretch and judges the rows whose foreign
 * address falls into its shards; what crosses shards goes to the commons as findings, and merges in the same order.
 */
import type { Batch } from './contact.ts';
import { mix32 } from './reading/bytes.ts';

/** Shards of the foreign address (IPv4 /24, IPv6 /48). Fixed, so that the cut of work changes no result. */
export const SHARDS = 16;

/**
 * The shard of a foreign address: `key0` and `key1` as `Batch.foreign0` and `foreign1`. What is judged together, the /24 or
 * the /48, is in one shard.
 */
export function shardOf(key0: number, key1: number, v6: boolean): number {
  return mix32(v6 ? key0 ^ Math.imul(key1 >>> 16, 0x9e3779b1) : key0 >>> 8) % SHARDS;
}

/** Files are numbered in 16 bits. */
export const MOST_FILES = 65_536;

/** One input file, as everything behind the reader knows it. */
export type FileInfo = {
  /** As the user named it. */
  readonly path: string;
  readonly format: string;
  /** Which sensor wrote it: its id in the surface, else the file's base name without rotation suffixes. */
  readonly sensor: string;
  /** Index of the sensor in the surface, -1 if it is not listed. */
  readonly sensorIndex: number;
};

/** Rows [from, to) of one batch of one file. */
export type Part = {
  /** Index of the file. */
  readonly file: number;
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** Running maximum of event times (ms UTC) in this file before row `from`; -Infinity at its head. */
  readonly base: number;
  /** Absolute number, from 1, of the line that the batch calls line 0. */
  readonly firstLine: number;
};

/** Parts of several files whose rows are merged by (file time, file, line). Parts of one file are in its order. */
export type Stretch = readonly Part[];
