/**
 * The one place where cosignatures are made. Requests are answered one after the other; what they change is on disk before the
 * answer leaves. The rules are those of `answerAddCheckpoint`; added to them are those that need a memory of time, of stops and
 * of copies.
 */
import {
  answerAddCheckpoint,
  type Checkpoint,
  formatNote,
  type Hasher,
  parseAddCheckpoint,
  parseCheckpoint,
  type SignedNote,
  type Verifier,
  type WitnessAnswer,
} from '@bellwether/evidence';
import { AGENT_ERRORS, type AgentError } from '../errors.ts';
import { markSeen } from './first-seen.ts';
import { latestOwn } from './own-signatures.ts';
import { keepRefused } from './refused-notes.ts';
import type { Report } from './witness-events.ts';
import { signersOf, type WitnessSigners } from './witness-keys.ts';
import type { SeenCheckpoint, WitnessMemory, WitnessStop } from './witness-state.ts';
import type { WitnessStore } from './witness-store.ts';

/** What a cosigner is given. */
export type CosignerNeeds = {
  readonly store: WitnessStore;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly report: Report;
  /** Called after each cosignature that was kept; what it throws is told and harms nothing. */
  readonly publish?: (seen: SeenCheckpoint) => Promise<void>;
};

/** A witness at work. */
export class Cosigner {
  readonly signers: WitnessSigners;
  readonly #needs: CosignerNeeds;
  /** The request before: the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  /** A stop counts although the disk may not take it. */
  #stopped: WitnessStop | null;

  constructor(needs: CosignerNeeds) {
    this.#needs = needs;
    this.#stopped = needs.store.memory.stopped;
    this.signers = signersOf(needs.hasher, needs.store.memory.keys);
  }

  get memory(): WitnessMemory {
    return this.#needs.store.memory;
  }

  /** Why it signs nothing any more; null while it does. */
  get stopped(): WitnessStop | null {
    return this.#stopped;
  }

  /** Answers a request to add a checkpoint (C2SP tlog-witness). */
  answerRequest(request: Uint8Array): Promise<WitnessAnswer> {
    return this.#inTurn(() => this.#answer(request));
  }

  /** Looks at a note that others show, and stops if it has a cosignature of our own that is not remembered. Signs nothing. */
  meetNote(note: SignedNote): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopped === null && (await this.#isForgotten(note))) await this.#stopFor(note);
    });
  }

  /** Keeps a checkpoint that the log signed and that is refused, with what was cosigned before. */
  refuseNote(note: SignedNote, why: string): Promise<void> {
    return this.#inTurn(() => this.#refuse(note, why));
  }

  /** Makes the time and the changes of something else that is signed pass through the same turn. */
  whileAlone<T>(work: (store: WitnessStore) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.#needs.store));
  }

  /** Whether the clock is behind the last signature; then nothing is signed. */
  clockFault(): AgentError | null {
    const { lastTime } = this.memory;
    if (this.#seconds() >= lastTime) return null;
    const clock = new Date(this.#needs.now()).toISOString();
    const last = new Date(Number(lastTime) * 1000).toISOString();
    return { code: 'WITNESS_CLOCK_BEHIND', detail: `it says ${clock}, the last signature is of ${last}` };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #answer(request: Uint8Array): Promise<WitnessAnswer> {
    const { store, hasher, verifier, report } = this.#needs;
    const { memory } = store;
    if (this.#stopped !== null) return notNow(AGENT_ERRORS.WITNESS_STOPPED.message);
    const fault = this.clockFault();
    if (fault !== null) {
      report({ event: 'failed', ...fault });
      return notNow(AGENT_ERRORS.WITNESS_CLOCK_BEHIND.message);
    }
    const parsed = parseAddCheckpoint(request);
    if (parsed.isOk() && (await this.#isForgotten(parsed.value.note))) {
      await this.#stopFor(parsed.value.note);
      return notNow(AGENT_ERRORS.WITNESS_STOPPED.message);
    }
    // One time for the signature and for what is remembered of it.
    const time = this.#seconds();
    const answer = await answerAddCheckpoint(request, memory.seen, {
      logs: logsByOrigin(memory),
      signers: [this.signers.cosigner],
      hasher,
      verifier,
      now: () => time,
    });
    if (parsed.isErr()) return answer;
    if (answer.status === 503) await this.#stopFor(parsed.value.note);
    if (answer.status === 422) await this.#refuse(parsed.value.note, answer.body.trim());
    if (answer.next === null) return answer;

    const { origin, size, root } = parseCheckpoint(parsed.value.note.text).okOrThrow();
    const seen: SeenCheckpoint = { origin, size, root, note: answer.next.get(origin)!.note, time };
    const marks = markSeen(memory.firstSeen.get(origin) ?? [], seen.size, this.#needs.now());
    const kept = await store.keepChange({
      seen: new Map(memory.seen).set(origin, seen),
      lastTime: time,
      firstSeen: new Map(memory.firstSeen).set(origin, marks),
    });
    if (kept.isErr()) {
      report({ event: 'failed', ...kept.error });
      return notNow(AGENT_ERRORS.WITNESS_STATE_UNWRITABLE.message);
    }
    report({ event: 'cosigned', origin, size: `${size}`, time: `${time}` });
    await this.#publish(seen);
    return answer;
  }

  async #publish(seen: SeenCheckpoint): Promise<void> {
    try {
      await this.#needs.publish?.(seen);
    } catch (cause) {
      const detail = `what is published: ${(cause as Error).message}`;
      this.#needs.report({ event: 'failed', code: 'WITNESS_STATE_UNWRITABLE', detail });
    }
  }

  /**
   * Whether a note has a cosignature of ours that we do not remember: by its time, or by what it is about. A wrong line in our
   * name, which anybody can add, counts for nothing.
   */
  async #isForgotten(note: SignedNote): Promise<boolean> {
    const checkpoint = parseCheckpoint(note.text);
    if (checkpoint.isErr()) return false;
    const { origin, size, root } = checkpoint.value;
    const seen = this.memory.seen.get(origin);
    const time = await latestOwn(note, this.signers.cosigner.key, this.#needs.verifier);
    if (time === null) return false;
    if (time > this.memory.lastTime || seen === undefined || size > seen.size) return true;
    return size === seen.size && Buffer.compare(root, seen.root) !== 0;
  }

  async #stopFor(note: SignedNote): Promise<void> {
    const checkpoint = parseCheckpoint(note.text).okOrThrow();
    await this.stopWitness({
      why: 'newer-cosignature',
      detail: `it met a signature of its own for ${checkpoint.origin} at ${checkpoint.size} entries that it does not remember`,
      note: formatNote(note),
    });
  }

  /** Stops until a person has looked, durably where the disk lets us. */
  async stopWitness(stop: Pick<WitnessStop, 'why' | 'detail' | 'note'>): Promise<void> {
    const { store, now, report } = this.#needs;
    this.#stopped = { at: new Date(now()).toISOString(), ...stop };
    const kept = await store.keepChange({ stopped: this.#stopped });
    if (kept.isErr()) report({ event: 'failed', ...kept.error });
    report({ event: 'stopped', why: stop.why, detail: stop.detail });
  }

  async #refuse(note: SignedNote, why: string): Promise<void> {
    const { store, now, report } = this.#needs;
    const checkpoint: Checkpoint = parseCheckpoint(note.text).okOrThrow();
    const { origin } = checkpoint;
    const size = `${checkpoint.size}`;
    const root = Buffer.from(checkpoint.root).toString('base64');
    const { refused, seen } = this.memory;
    let folder = refused?.folder ?? '';
    if (refused?.origin !== origin || refused.size !== size || refused.root !== root || refused.why !== why) {
      try {
        const cosigned = seen.get(origin)?.note ?? '';
        folder = await keepRefused(store.evidence, checkpoint, { cosigned, refused: formatNote(note), why });
      } catch (cause) {
        report({ event: 'failed', code: 'WITNESS_STATE_UNWRITABLE', detail: (cause as Error).message });
      }
      const at = new Date(now()).toISOString();
      const kept = await store.keepChange({ refused: { at, origin, size, root, why, folder } });
      if (kept.isErr()) report({ event: 'failed', ...kept.error });
    }
    report({ event: 'refused', origin, size, why, folder });
  }

  #seconds(): bigint {
    return BigInt(Math.floor(this.#needs.now() / 1000));
  }
}

function logsByOrigin({ logs }: WitnessMemory): ReadonlyMap<string, WitnessMemory['logs']> {
  return new Map(logs.map((key) => [key.name, logs.filter(({ name }) => name === key.name)]));
}

function notNow(why: string): WitnessAnswer {
  return { status: 503, contentType: 'text/plain; charset=utf-8', body: `${why}\n`, next: null };
}
