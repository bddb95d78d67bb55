/**
 * Judging without an end: what a hub feeds, step after step, and what each step yields.
 *
 * A step is a stretch. Everything that a step yields is a delta, so that whoever keeps the sums can add it in one
 * transaction; the same steps from the same state yield the same deltas, which is what makes replaying safe.
 */
import type { LiveDecision } from './decisions.ts';
import type { Caps } from './judge/shard.ts';
import type { FileInfo, Stretch } from './stretch.ts';
import type { CompiledSurface } from './surface/compile.ts';
import type { SourceVerdict } from './verdicts.ts';

/** What a live judge is made from. */
export type LiveOptions = {
  readonly surface: CompiledSurface;
  /** How much each shard remembers, where it is not to be as much as it may. */
  readonly caps?: Partial<Caps>;
};

/** Columns of `Cells.counts`, in their order; the eight dispositions follow in the order of `DISPOSITIONS`. */
export const CELL_COUNTS = [
  'lines',
  'repeated',
  /** Outbound requests inside lines that tell of packets. */
  'ignored',
  'detail',
  'contacts',
  'knocks',
  'late',
  'refused',
  'blocked',
  'served',
  'authorised',
  'test',
  'reply',
  'through',
  'unsettled',
] as const;

/**
 * What a step adds to the account, by minute of the contacts and by file. Each cell balances for itself:
 * `lines + repeated = ignored + detail + contacts`, and `contacts` is the sum of the dispositions. What is settled anew
 * is taken from and added to the minute of the earlier line, so a disposition of a cell may be below 0.
 */
export type Cells = {
  readonly count: number;
  /** Minutes since 1970. */
  readonly minute: Float64Array;
  /** Index of the file. */
  readonly file: Uint16Array;
  /** `CELL_COUNTS.length` numbers a cell. */
  readonly counts: Float64Array;
};

/** A contact that came through, or that cannot be told: one, or (`count`) several alike in this step. */
export type Notice = {
  readonly disposition: 'through' | 'unsettled';
  /** Code of the rule. */
  readonly reason: string;
  /** Of the first, ms. */
  readonly time: number;
  readonly lastTime: number;
  readonly file: number;
  /** Number of the line of the first in its file, from 1. */
  readonly line: number;
  /** Text of the address, '' if the line names none. Of the first. */
  readonly source: string;
  readonly destination: string | null;
  readonly port: number;
  readonly protocol: number;
  /** Contacts; below 0 where earlier ones were settled anew as something else. */
  readonly count: number;
};

/** A contact that was entered before and is settled anew: the row that says so, and both rules. */
export type Resettled = {
  readonly part: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
};

/** What one step yields. */
export type Step = {
  readonly cells: Cells;
  /**
   * What came through and what is unsettled, grouped by disposition, reason, file, destination and port (`through` also by
   * source). Lines of an IDS that another line settles a moment later appear with a negative count in a later step.
   */
  readonly notices: readonly Notice[];
  /** Blocks decided in this step. */
  readonly decisions: readonly LiveDecision[];
  /** Contacts of earlier lines that rows of this step settled anew, for the history. */
  readonly resettled: readonly Resettled[];
};

/**
 * The judge of a hub. After `judge`, every row of the stretch tells in its batch what became of it: `rule` is the rule it
 * was settled by, `Flag.counted` is set if it is a contact of its own (and not detail, a replay, or a request of ours),
 * and `stake` is the power of ten of its source's likelihood ratio after it.
 */
export interface LiveJudge {
  /** Files (a sensor is one for ever) may join at any time; gives the index. */
  addFile(info: FileInfo): number;
  readonly files: readonly FileInfo[];
  judge(stretch: Stretch): Step;
  /** No row will come whose file time is before `time` (ms): blocks that wait for it are decided. */
  pass(time: number): Step;
  /** From now on. What is remembered by number of a service (surges) begins anew. */
  useSurface(surface: CompiledSurface, files: readonly FileInfo[]): void;
  /** What is thought of a source now; `key1` and `v6` as in `Batch.foreign1`. Undefined if it is not remembered. */
  sourceOf(key0: number, key1: number, v6: boolean): LiveSource | undefined;
  /**
   * Everything, as bytes, a piece at a time: a judge restored from them goes on exactly as this one would. A piece is
   * written over as soon as `take` returns.
   */
  snapshot(take: (bytes: Uint8Array) => void): void;
}

/** What is remembered of a source. */
export type LiveSource = Omit<SourceVerdict, 'verdict'> & {
  readonly verdict: 'unknown' | 'scan' | 'attempt' | 'intrusion';
  /** Powers of ten of the likelihood ratios: on all evidence, and on what nobody could have forged. */
  readonly stakes: { readonly any: number; readonly firm: number };
};
