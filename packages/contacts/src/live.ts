/**
 * Judging without an end, in one thread: all shards and the commons, step after step.
 */
import type { Result } from '@bellwether/basics';
import { decisionOf, filesThatAccept, type LiveDecision } from './decisions.ts';
import { Commons } from './judge/commons.ts';
import { Ledger } from './judge/ledger.ts';
import { type EngineOptions, Shards } from './judge/shards.ts';
import { StateDamage, type StateIo } from './judge/state.ts';
import type { TakeBytes } from './judge/state-writer.ts';
import { liveSource } from './live-source.ts';
import type { LiveJudge, LiveOptions, LiveSource, Step } from './live-types.ts';
import { RULES } from './settle/dispositions.ts';
import { readSnapshot, type SnapshotError, writeSnapshot } from './snapshot.ts';
import { type FileInfo, MOST_FILES, type Stretch } from './stretch.ts';
import type { CompiledSurface } from './surface/compile.ts';

/** What is remembered names rules by their numbers: only a program with the same ones can go on with it. */
const RULE_CODES = RULES.map(({ code }) => code).join(' ');

/** A judge that remembers nothing yet. */
export function createLiveJudge(options: LiveOptions): LiveJudge {
  return new Live(options);
}

/** The judge that made a snapshot, with the surface that was in force then. */
export function restoreLiveJudge(bytes: Uint8Array, options: LiveOptions): Result<LiveJudge, SnapshotError> {
  return readSnapshot(bytes, (io) => {
    const live = new Live(options);
    live.state(io);
    return live;
  });
}

/** The judge of a hub. */
export class Live implements LiveJudge {
  readonly #files: FileInfo[] = [];
  readonly #ledger = new Ledger();
  readonly #shards: Shards;
  readonly #commons: Commons;
  #options: EngineOptions;

  constructor({ surface, caps = {} }: LiveOptions) {
    this.#options = { surface, files: this.#files };
    this.#shards = new Shards(this.#options, 0, 1, caps, this.#ledger);
    this.#commons = new Commons(surface);
  }

  get files(): readonly FileInfo[] {
    return this.#files;
  }

  addFile(info: FileInfo): number {
    const index = this.#files.push(info) - 1;
    this.#shards.useFiles(this.#options);
    return index;
  }

  useSurface(surface: CompiledSurface, files: readonly FileInfo[]): void {
    this.#files.splice(0, this.#files.length, ...files);
    this.#options = { surface, files: this.#files };
    this.#shards.useSurface(this.#options);
    this.#commons.useSurface(surface);
  }

  judge(stretch: Stretch): Step {
    this.#commons.take([this.#shards.judge(stretch)]);
    return this.#step();
  }

  pass(time: number): Step {
    this.#commons.pass(time);
    return this.#step();
  }

  sourceOf(key0: number, key1: number, v6: boolean): LiveSource | undefined {
    return liveSource(this.#shards, this.#commons, this.#files, key0, key1, v6);
  }

  snapshot(take: TakeBytes): void {
    writeSnapshot((io) => this.state(io), take);
  }

  /** Everything that the next contact may be judged by. */
  state(io: StateIo): void {
    const rules = io.text('rules', RULE_CODES);
    if (io.isReading && rules !== RULE_CODES)
      throw new StateDamage('its rules are not those of this program');
    const files = io.list('files', this.#files, MOST_FILES, (file) => ({
      path: io.text('path', file?.path ?? ''),
      format: io.text('format', file?.format ?? ''),
      sensor: io.text('sensor', file?.sensor ?? ''),
      sensorIndex: io.number('sensorIndex', file?.sensorIndex ?? 0),
    }));
    if (io.isReading) {
      this.#files.push(...files);
      this.#shards.useFiles(this.#options);
    }
    io.within('shards', () => this.#shards.state(io));
    io.within('commons', () => this.#commons.state(io));
  }

  /** Ends the step: what the commons settled anew is entered, and everything is handed over. */
  #step(): Step {
    const { decided, moved } = this.#commons.drain();
    const { byRule } = this.#shards.tally;
    for (const { file, line, from, to } of moved) {
      // Two people may sign in over one connection, which is one contact and settled anew only once.
      if (byRule[from]! < 1) continue;
      byRule[from] = byRule[from]! - 1;
      byRule[to] = byRule[to]! + 1;
      this.#ledger.moveLogin(file, line, from, to);
    }
    const { cells, notices, resettled } = this.#ledger.take();
    return { cells, notices, decisions: this.#decisions(decided), resettled };
  }

  /** In order of time; whether a sensor tells of what it lets in is as known so far. */
  #decisions(decided: ReturnType<Commons['drain']>['decided']): readonly LiveDecision[] {
    if (decided.length === 0) return [];
    const accepts = filesThatAccept(this.#options, [this.#shards.accepts]);
    return decided
      .toSorted(
        (a, b) => a.time - b.time || a.file - b.file || a.line - b.line || a.bits - b.bits || a.key0 - b.key0,
      )
      .map((proposal) => ({
        ...decisionOf(proposal, accepts[proposal.file] === 1),
        seen: proposal.clientOnly ? 'client' : 'packets',
      }));
  }
}
