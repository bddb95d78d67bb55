/**
 * What came through and what is unsettled, grouped as a person wants to be told of it.
 *
 * A flood of unsettled contacts comes in rows by the ten thousand, so a group is found by a hash of numbers and compared
 * with its first row; texts are made once for each group, when the step ends.
 */
import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type Batch, Flag } from '../contact.ts';
import type { Notice } from '../live-types.ts';
import { mix32 } from '../reading/bytes.ts';
import { Disposition, RULES, ruleDisposition } from '../settle/dispositions.ts';

type Group = {
  readonly batch: Batch;
  readonly row: number;
  readonly rule: number;
  readonly file: number;
  readonly line: number;
  time: number;
  lastTime: number;
  count: number;
};

/** Whether contacts of the rule are told of. */
export function isNoticed(rule: number): boolean {
  return ruleDisposition[rule]! >= Disposition.through;
}

/** Collects notices; their batches must stay as they are until `take`. */
export class NoticeBook {
  readonly #groups: Group[] = [];
  readonly #byHash = new Map<number, Group[]>();

  /** Notes contacts of a row under a rule that `isNoticed`; below 0: they were settled anew as something else. */
  note(
    batch: Batch,
    row: number,
    rule: number,
    file: number,
    line: number,
    time: number,
    count: number,
  ): void {
    const hash = hashOf(batch, row, rule, file);
    let alike = this.#byHash.get(hash);
    if (alike === undefined) {
      alike = [];
      this.#byHash.set(hash, alike);
    }
    for (const group of alike) {
      if (group.rule !== rule || group.file !== file || !isAlike(group.batch, group.row, batch, row, rule))
        continue;
      group.time = Math.min(group.time, time);
      group.lastTime = Math.max(group.lastTime, time);
      group.count += count;
      return;
    }
    const group = { batch, row, rule, file, line, time, lastTime: time, count };
    alike.push(group);
    this.#groups.push(group);
  }

  /** The notices since the last time, without those that came to nothing. */
  take(): Notice[] {
    const notices = this.#groups.filter(({ count }) => count !== 0).map(noticeOf);
    this.#groups.length = 0;
    this.#byHash.clear();
    return notices;
  }
}

function noticeOf({ batch, row, rule, file, line, time, lastTime, count }: Group): Notice {
  const flags = batch.flags[row]!;
  const text = (at: number, v4: number) =>
    flags & Flag.v6 ? formatIPv6(batch.wide.subarray(at, at + 4)) : formatIPv4(v4);
  return {
    disposition: isThrough(rule) ? 'through' : 'unsettled',
    reason: RULES[rule]!.code,
    time,
    lastTime,
    file,
    line,
    source: flags & Flag.noSource ? '' : text(8 * row, batch.src[row]!),
    destination: flags & Flag.noDestination ? null : text(8 * row + 4, batch.dst[row]!),
    port: batch.dport[row]!,
    protocol: batch.protocol[row]!,
    count,
  };
}

function isThrough(rule: number): boolean {
  return ruleDisposition[rule] === Disposition.through;
}

function hashOf(batch: Batch, row: number, rule: number, file: number): number {
  let hash = mix32(rule * 65_536 + file) ^ batch.dport[row]!;
  const flags = batch.flags[row]!;
  const from = isThrough(rule) && (flags & Flag.noSource) === 0;
  const to = (flags & Flag.noDestination) === 0;
  if (flags & Flag.v6) {
    const at = 8 * row;
    for (let k = from ? 0 : 4; k < (to ? 8 : 4); k++) hash = mix32(hash + batch.wide[at + k]!);
  } else {
    if (from) hash = mix32(hash + batch.src[row]!);
    if (to) hash = mix32(hash ^ batch.dst[row]!);
  }
  return hash;
}

/** Flags by which rows of one group must agree. */
const SHAPE = Flag.v6 | Flag.noDestination;

/** Whether two rows of one rule and file belong to one group. */
function isAlike(a: Batch, i: number, b: Batch, j: number, rule: number): boolean {
  const flags = a.flags[i]!;
  const through = isThrough(rule);
  const shape = through ? SHAPE | Flag.noSource : SHAPE;
  if (a.dport[i] !== b.dport[j] || ((flags ^ b.flags[j]!) & shape) !== 0) return false;
  const from = through && (flags & Flag.noSource) === 0;
  const to = (flags & Flag.noDestination) === 0;
  if (flags & Flag.v6) {
    for (let k = from ? 0 : 4; k < (to ? 8 : 4); k++)
      if (a.wide[8 * i + k] !== b.wide[8 * j + k]) return false;
    return true;
  }
  return (!from || a.src[i] === b.src[j]) && (!to || a.dst[i] === b.dst[j]);
}
