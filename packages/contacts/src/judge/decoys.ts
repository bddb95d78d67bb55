/**
 * Decoys (`nmap -D`): sources that send the same sequence of targets, interleaved within seconds. All but one of them
 * are forged, and nobody can tell which; so the group is labelled, and none of it is blocked on evidence that can be
 * forged.
 *
 * A source whose first contacts follow, target for target, right behind those of one other source is its partner.
 */

import { hashSource } from './commons-keys.ts';
import { FindingBit, type Findings } from './findings.ts';
import { Labels } from './labels.ts';

/** Two sources hit one target together within this time. nmap sends its decoys within milliseconds; sensors that log
 * connections when they end are late by some seconds. */
const TOGETHER = 10_000;
/** So many targets in step make two sources partners. Chance meetings of scanners on popular ports are rarer. */
const STEPS = 3;
/** Entries of the tables (power of two): the newest wins a place, so a flood only forgets. */
const PLACES = 65_536;

/** Hitters of one target that are compared: a group may come in any order. */
const HITTERS = 16;

export class Decoys {
  readonly labels = new Labels();
  /** Groups found. */
  groups = 0;
  // Who hit a target lately: HITTERS places for each target, the oldest is overwritten.
  readonly #target = new Uint32Array(PLACES);
  readonly #next = new Uint8Array(PLACES);
  readonly #key0 = new Uint32Array(PLACES * HITTERS);
  readonly #key1 = new Uint32Array(PLACES * HITTERS);
  readonly #time = new Float64Array(PLACES * HITTERS).fill(Number.NEGATIVE_INFINITY);
  // In whose steps a source follows.
  readonly #follower0 = new Uint32Array(PLACES);
  readonly #follower1 = new Uint32Array(PLACES);
  readonly #leader0 = new Uint32Array(PLACES);
  readonly #leader1 = new Uint32Array(PLACES);
  readonly #steps = new Uint16Array(PLACES);
  readonly #misses = new Uint16Array(PLACES);

  /** Whether the source is one of a group. */
  has(key0: number, key1: number, v6: boolean): boolean {
    return this.labels.get(key0, key1, v6) !== undefined;
  }

  /** Takes a failed first contact. */
  note(findings: Findings, i: number): void {
    const target = findings.a[i]!;
    const key0 = findings.key0[i]!;
    const key1 = findings.key1[i]!;
    const v6 = findings.bits[i]! & FindingBit.v6;
    const time = findings.time[i]!;
    const place = target & (PLACES - 1);
    const first = place * HITTERS;
    if (this.#target[place] !== target) {
      this.#target[place] = target;
      this.#time.fill(Number.NEGATIVE_INFINITY, first, first + HITTERS);
    }
    this.#follow(first, key0, key1, v6, time);
    const at = first + (this.#next[place]! % HITTERS);
    this.#next[place] = (this.#next[place]! + 1) % HITTERS;
    this.#key0[at] = key0;
    this.#key1[at] = key1;
    this.#time[at] = time;
  }

  /** Compares the source with those who hit the same target within the last seconds. */
  #follow(first: number, key0: number, key1: number, v6: number, time: number): void {
    const at = hashSource(key0, key1, v6) & (PLACES - 1);
    const isKnown = this.#follower0[at] === key0 && this.#follower1[at] === key1;
    const leader0 = this.#leader0[at]!;
    const leader1 = this.#leader1[at]!;
    let latest = -1;
    for (let k = first; k < first + HITTERS; k++) {
      if (Math.abs(time - this.#time[k]!) > TOGETHER) continue;
      const other0 = this.#key0[k]!;
      const other1 = this.#key1[k]!;
      if (other0 === key0 && other1 === key1) continue;
      if (isKnown && other0 === leader0 && other1 === leader1) {
        this.#step(at, key0, key1, v6);
        return;
      }
      if (latest < 0 || this.#time[k]! > this.#time[latest]!) latest = k;
    }
    if (isKnown && (latest < 0 || this.#steps[at]! > this.#misses[at]!)) {
      this.#misses[at] = Math.min(60_000, this.#misses[at]! + 1);
      return;
    }
    if (latest < 0) return;
    this.#follower0[at] = key0;
    this.#follower1[at] = key1;
    this.#leader0[at] = this.#key0[latest]!;
    this.#leader1[at] = this.#key1[latest]!;
    this.#steps[at] = 1;
    this.#misses[at] = 0;
  }

  /** The source was in step with its leader once more. */
  #step(at: number, key0: number, key1: number, v6: number): void {
    const steps = Math.min(60_000, this.#steps[at]! + 1);
    this.#steps[at] = steps;
    // In a group that is told in any order, the leader comes first every other time.
    if (steps < STEPS || 2 * steps < this.#misses[at]!) return;
    const wide = v6 !== 0;
    const leader0 = this.#leader0[at]!;
    const leader1 = this.#leader1[at]!;
    let group = this.labels.get(leader0, leader1, wide) ?? this.labels.get(key0, key1, wide);
    if (group === undefined) {
      this.groups++;
      group = `decoys-${this.groups}`;
    }
    this.labels.add(leader0, leader1, wide, group);
    this.labels.add(key0, key1, wide, group);
  }
}
