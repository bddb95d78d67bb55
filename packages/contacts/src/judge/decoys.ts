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
import type { StateIo } from './state.ts';

/** Two sources hit one target together within this time. nmap sends its decoys within milliseconds; sensors that log
 * connections when they end are late by some seconds. */
const TOGETHER = 10_000;
/** So many targets in step make two sources partners. Chance meetings of scanners on popular ports are rarer. */
const STEPS = 3;
/** Entries of the tables (power of two): the newest wins a place, so a flood only forgets. */
const PLACES = 65_536;

/** Misses more than steps before another leader is tried. */
const PATIENCE = 3;
/** Hitters of one target that are compared: a group may come in any order. */
const HITTERS = 16;

export class Decoys {
  readonly labels = new Labels();
  /** Groups found. */
  groups = 0;
  // Who hit a target lately: HITTERS places for each target, the oldest is overwritten. One place is a hash of the source
  // and the low 32 bits of the time, so that a target's places lie in two cache lines; the keys lie apart.
  readonly #target = new Uint32Array(PLACES);
  readonly #next = new Uint8Array(PLACES);
  readonly #hits = new Uint32Array(PLACES * HITTERS * 2);
  readonly #key0 = new Uint32Array(PLACES * HITTERS);
  readonly #key1 = new Uint32Array(PLACES * HITTERS);
  // In whose steps a source follows.
  readonly #follower = new Uint32Array(PLACES);
  readonly #leader = new Uint32Array(PLACES);
  readonly #steps = new Uint16Array(PLACES);
  readonly #misses = new Uint16Array(PLACES);
  // Who is of a group (by hash: a hint), and how often a source was in such company.
  readonly #grouped = new Uint8Array(PLACES);
  readonly #companion = new Uint32Array(PLACES);
  readonly #company = new Uint8Array(PLACES);

  /** Whether the source is one of a group. */
  has(key0: number, key1: number, v6: boolean): boolean {
    return this.labels.get(key0, key1, v6) !== undefined;
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    this.groups = io.number('groups', this.groups);
    io.within('labels', () => this.labels.state(io));
    io.table('target', this.#target);
    io.table('next', this.#next);
    io.table('hits', this.#hits);
    io.table('key0', this.#key0);
    io.table('key1', this.#key1);
    io.table('follower', this.#follower);
    io.table('leader', this.#leader);
    io.table('steps', this.#steps);
    io.table('misses', this.#misses);
    io.table('grouped', this.#grouped);
    io.table('companion', this.#companion);
    io.table('company', this.#company);
  }

  /** Takes a failed first contact. A source's very first is passed over: floods of forged sources have no second. */
  note(findings: Findings, i: number): void {
    if ((findings.bits[i]! & FindingBit.firstTarget) !== 0) return;
    const target = findings.a[i]!;
    const key0 = findings.key0[i]!;
    const key1 = findings.key1[i]!;
    const v6 = findings.bits[i]! & FindingBit.v6;
    const time = findings.time[i]! >>> 0;
    const source = hashSource(key0, key1, v6) || 1;
    const place = target & (PLACES - 1);
    const first = place * HITTERS;
    if (this.#target[place] !== target) {
      this.#target[place] = target;
      this.#hits.fill(0, 2 * first, 2 * (first + HITTERS));
    }
    this.#follow(first, source, key0, key1, v6, time);
    const at = first + this.#next[place]!;
    this.#next[place] = (this.#next[place]! + 1) % HITTERS;
    this.#hits[2 * at] = source;
    this.#hits[2 * at + 1] = time;
    this.#key0[at] = key0;
    this.#key1[at] = key1;
  }

  /** Compares the source with those who hit the same target within the last seconds. */
  #follow(first: number, source: number, key0: number, key1: number, v6: number, time: number): void {
    const hits = this.#hits;
    const at = source & (PLACES - 1);
    const isKnown = this.#follower[at] === source;
    const leader = this.#leader[at]!;
    let latest = -1;
    let latestAge = TOGETHER + 1;
    let member = -1;
    for (let k = first; k < first + HITTERS; k++) {
      const other = hits[2 * k]!;
      if (other === 0 || other === source) continue;
      const age = Math.abs((time - hits[2 * k + 1]!) | 0);
      if (age > TOGETHER) continue;
      if (isKnown && other === leader) {
        this.#step(at, k, key0, key1, v6);
        return;
      }
      if (this.#grouped[other & (PLACES - 1)] === 1) member = k;
      if (age < latestAge) {
        latest = k;
        latestAge = age;
      }
    }
    if (member >= 0) this.#keepCompany(at, member, source, key0, key1, v6);
    // In any order the leader misses every other time: only who misses more is given up.
    if (isKnown && (latest < 0 || this.#steps[at]! + PATIENCE > this.#misses[at]!)) {
      this.#misses[at] = Math.min(60_000, this.#misses[at]! + 1);
      return;
    }
    if (latest < 0) return;
    this.#follower[at] = source;
    this.#leader[at] = hits[2 * latest]!;
    this.#steps[at] = 1;
    this.#misses[at] = 0;
  }

  /** The source was in step with its leader once more. */
  #step(at: number, hit: number, key0: number, key1: number, v6: number): void {
    const steps = Math.min(60_000, this.#steps[at]! + 1);
    this.#steps[at] = steps;
    // In a group that is told in any order, the leader comes first every other time.
    if (steps < STEPS || 2 * steps < this.#misses[at]!) return;
    const wide = v6 !== 0;
    const leader0 = this.#key0[hit]!;
    const leader1 = this.#key1[hit]!;
    let group = this.labels.get(leader0, leader1, wide) ?? this.labels.get(key0, key1, wide);
    if (group === undefined) {
      this.groups++;
      group = `decoys-${this.groups}`;
    }
    this.labels.add(leader0, leader1, wide, group);
    this.labels.add(key0, key1, wide, group);
    this.#grouped[hashSource(leader0, leader1, v6) & (PLACES - 1)] = 1;
    this.#grouped[hashSource(key0, key1, v6) & (PLACES - 1)] = 1;
  }

  /** The source hit a target together with one of a group: who does so again and again is of it, in whose steps ever. */
  #keepCompany(at: number, hit: number, source: number, key0: number, key1: number, v6: number): void {
    const group = this.labels.get(this.#key0[hit]!, this.#key1[hit]!, v6 !== 0);
    if (group === undefined) return;
    if (this.#companion[at] !== source) {
      this.#companion[at] = source;
      this.#company[at] = 0;
    }
    this.#company[at] = Math.min(255, this.#company[at]! + 1);
    if (this.#company[at]! < STEPS) return;
    this.labels.add(key0, key1, v6 !== 0, group);
    this.#grouped[source & (PLACES - 1)] = 1;
  }
}
