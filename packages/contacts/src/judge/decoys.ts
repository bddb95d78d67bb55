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

/** Two sources hit one target together within this time. nmap sends its decoys within milliseconds; clocks may round. */
const TOGETHER = 5_000;
/** So many targets in step make two sources partners. Chance meetings of scanners on popular ports are rarer. */
const STEPS = 4;
/** Entries of the tables (power of two): the newest wins a place, so a flood only forgets. */
const PLACES = 131_072;

export class Decoys {
  readonly labels = new Labels();
  /** Groups found. */
  groups = 0;
  // Who hit a target last.
  readonly #target = new Uint32Array(PLACES);
  readonly #key0 = new Uint32Array(PLACES);
  readonly #key1 = new Uint32Array(PLACES);
  readonly #v6 = new Uint8Array(PLACES);
  readonly #time = new Float64Array(PLACES).fill(Number.NEGATIVE_INFINITY);
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
    const at = target & (PLACES - 1);
    const together =
      this.#target[at] === target &&
      Math.abs(time - this.#time[at]!) <= TOGETHER &&
      this.#v6[at] === v6 &&
      (this.#key0[at] !== key0 || this.#key1[at] !== key1);
    this.#step(key0, key1, v6, together, this.#key0[at]!, this.#key1[at]!);
    this.#target[at] = target;
    this.#key0[at] = key0;
    this.#key1[at] = key1;
    this.#v6[at] = v6;
    this.#time[at] = time;
  }

  #step(key0: number, key1: number, v6: number, together: boolean, leader0: number, leader1: number): void {
    const at = hashSource(key0, key1, v6) & (PLACES - 1);
    const known = this.#follower0[at] === key0 && this.#follower1[at] === key1;
    if (!together) {
      if (known) this.#misses[at] = Math.min(60_000, this.#misses[at]! + 1);
      return;
    }
    if (!known || this.#leader0[at] !== leader0 || this.#leader1[at] !== leader1) {
      if (known && this.#steps[at]! > this.#misses[at]!) {
        this.#misses[at] = this.#misses[at]! + 1;
        return;
      }
      this.#follower0[at] = key0;
      this.#follower1[at] = key1;
      this.#leader0[at] = leader0;
      this.#leader1[at] = leader1;
      this.#steps[at] = 1;
      this.#misses[at] = 0;
      return;
    }
    const steps = Math.min(60_000, this.#steps[at]! + 1);
    this.#steps[at] = steps;
    if (steps < STEPS || steps < this.#misses[at]!) return;
    const wide = v6 !== 0;
    let group = this.labels.get(leader0, leader1, wide) ?? this.labels.get(key0, key1, wide);
    if (group === undefined) {
      this.groups++;
      group = `decoys-${this.groups}`;
    }
    this.labels.add(leader0, leader1, wide, group);
    this.labels.add(key0, key1, wide, group);
  }
}
