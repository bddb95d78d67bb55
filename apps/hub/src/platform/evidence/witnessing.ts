/**
 * Gathering cosignatures. A round holds one checkpoint still until a quorum of the policy has cosigned it, or its time is
 * over; then the newest checkpoint is taken. What a quorum has cosigned is published, and later cosignatures are added to it.
 *
 * Witnesses with an address are asked (c2sp.org/tlog-witness, `add-checkpoint`); those behind a router ask for the pending
 * checkpoint themselves and hand in their lines. A line counts only once it is checked, whoever brought it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CheckedSignature,
  checkCheckpoint,
  checkSignatures,
  encodeBase64,
  formatNote,
  type NoteKey,
  type NoteSignature,
  type PolicyWitness,
  parseCheckpoint,
  parseNote,
  parseSignatures,
  type SignedNote,
} from '@bellwether/evidence';
import { type AskWitness, addCheckpointBody, askByHttp } from './ask-witness.ts';
import { readOrNull, syncFolder, writeWhole } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';
import { type WitnessRecord, WitnessRecords } from './witness-records.ts';
import { type Statement, WitnessStatements } from './witness-statements.ts';
import type { Round, WitnessingOptions } from './witnessing-types.ts';

/** How long a checkpoint waits for its quorum before a newer one is taken, ms: offices that ask each minute come ten times. */
export const ROUND_LIFE = 600_000;

/** How often witnesses that did not answer are asked again, and what could not be written is tried again, ms. */
const ASKED_AGAIN = 15_000;

/**
 * After how long a witness is asked to sign the same checkpoint again, ms: what no quorum signed within 26 hours counts as withheld, and a
 * log in which nothing happens must not look like that.
 */
export const SIGNED_AGAIN = 6 * 3_600_000;

/** Opens it; what was gathered before is there again. */
export async function openWitnessing(options: WitnessingOptions): Promise<Witnessing> {
  const witnessing = new Witnessing(options);
  await witnessing.load();
  return witnessing;
}

export class Witnessing {
  readonly #options: WitnessingOptions;
  readonly #ask: AskWitness;
  readonly #records: WitnessRecords;
  readonly #statements: WitnessStatements;
  readonly #asking = new Set<string>();
  #round: Round | null = null;
  #published: string | null = null;
  /** Writing is in order: one thing after the other. */
  #queue: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: WitnessingOptions) {
    this.#options = options;
    this.#ask = options.ask ?? askByHttp;
    const { policy, privateFolder, log, timeOf = () => null } = options;
    const names = (policy?.witnesses ?? []).map(({ name }) => name);
    this.#records = new WitnessRecords(privateFolder, names);
    // The policy names second keys as logs; the log's own key states nothing.
    const keys = (policy?.logs ?? []).map(({ key }) => key).filter(({ name }) => name !== log.origin);
    this.#statements = new WitnessStatements(privateFolder, keys, timeOf);
  }

  /** The note that is to be cosigned now; null where there is none. */
  get pending(): string | null {
    return this.#round === null ? null : formatNote(this.#noteOf(this.#round));
  }

  /** The newest checkpoint that the policy accepts; null before the first. */
  get published(): string | null {
    return this.#published;
  }

  /** Since when the pending checkpoint waits for its quorum, ms; null where none waits. */
  get pendingSince(): number | null {
    return this.#round === null || this.#isPublished(this.#round) ? null : this.#round.from;
  }

  /** Lines of witnesses that the pending checkpoint has. */
  get gathered(): number {
    return this.#round?.lines.size ?? 0;
  }

  get witnesses(): readonly WitnessRecord[] {
    return this.#records.all;
  }

  get statements(): readonly Statement[] {
    return this.#statements.all;
  }

  async load(): Promise<void> {
    const { log, folder, privateFolder, policy } = this.#options;
    await mkdir(privateFolder, { recursive: true });
    this.#published = textOf(await readOrNull(join(folder, 'checkpoint')));
    await this.#statements.load();
    await this.#records.load();
    // Whoever looks without asking this hub finds all that its policy names, also those that never came.
    await this.#records.keep();
    const kept = textOf(await readOrNull(this.#roundPath));
    if (kept !== null && policy !== null) await this.#goOn(kept);
    if (log.newest !== null) await this.#next(log.newest);
    this.#askAll();
    log.onCheckpoint((note) => this.#inOrder(() => this.#next(note)));
    this.#timer = setInterval(() => this.#inOrder(() => this.#tick()), ASKED_AGAIN).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#queue;
  }

  /** Takes the note that a witness hands in: the pending text, with its own lines. */
  async takeCosignatures(body: Uint8Array): Promise<'taken' | 'malformed' | 'unknown' | 'over'> {
    const note = parseNote(body);
    if (note.isErr()) return 'malformed';
    return this.#answered(async () => {
      if (this.#round === null || note.value.text !== this.#round.text) return 'over';
      return (await this.#add(note.value.signatures)) ? 'taken' : 'unknown';
    });
  }

  /** Takes a statement under the second key of a witness: `NAME/checks`, which the policy names as a log. */
  async takeStatement(body: Uint8Array): Promise<'taken' | 'malformed' | 'unknown'> {
    const signer = await this.#statements.signerOf(body);
    if (typeof signer === 'string') return signer;
    return this.#answered(async () => {
      await this.#statements.keep(signer.witness, body, this.#options.now());
      return 'taken' as const;
    });
  }

  /** A new checkpoint of the log: it is the next round's, or is published at once where nobody has to cosign. */
  async #next(newest: string): Promise<void> {
    const { policy, now } = this.#options;
    if (policy === null) {
      if (this.#published !== newest) await this.#publish(newest);
      return;
    }
    if (this.#round !== null && !this.#isOver(this.#round)) return;
    if (this.#round !== null && newest.startsWith(this.#round.text)) return;
    const note = parseNote(Buffer.from(newest)).okOrThrow();
    this.#round = { text: note.text, own: note.signatures[0]!, lines: new Map(), from: now() };
    await this.#keepRound();
    this.#askAll();
  }

  async #tick(): Promise<void> {
    const { log } = this.#options;
    if (log.newest !== null) await this.#next(log.newest);
    this.#askAll();
  }

  /** Whether a round has its quorum, or had its time. */
  #isOver(round: Round): boolean {
    return this.#isPublished(round) || this.#options.now() - round.from > ROUND_LIFE;
  }

  #isPublished({ text }: Round): boolean {
    return this.#published?.startsWith(text) === true;
  }

  /** Adds the lines of witnesses of the policy that are right; whether there was any. Publishes once there is a quorum. */
  async #add(lines: readonly NoteSignature[]): Promise<boolean> {
    const round = this.#round!;
    const { policy, now } = this.#options;
    let added = false;
    for (const line of lines) {
      for (const witness of policy!.witnesses) {
        // Each line by itself: a wrong one, which anybody can bring, must not hide a right one.
        const right = await checkSignatures(
          { text: round.text, signatures: [line] },
          [witness.key],
          nodeVerifier(),
        );
        if (right.isErr()) continue;
        const [checked] = right.value;
        const key = keyText(witness.key);
        // Anybody can bring an old line again: it takes no newer one away.
        if (secondsOf(checked) >= secondsOf(round.lines.get(key))) round.lines.set(key, checked!);
        const { size } = parseCheckpoint(round.text).okOrThrow();
        // The witness says when it signed; a clock ahead of ours must not keep it from ever being late.
        const cosignedAt = Math.min(secondsOf(checked) * 1_000, now());
        const before = this.#records.of(witness.name);
        const isNew = before.size !== size || cosignedAt > (before.cosignedAt ?? 0);
        this.#records.note(witness.name, isNew ? { cosignedAt, size, trouble: null } : { trouble: null });
        added = true;
      }
    }
    if (!added) return false;
    await this.#keepRound();
    await this.#records.keep();
    const note: SignedNote = { text: round.text, signatures: [round.own, ...round.lines.values()] };
    const accepted = await checkCheckpoint(note, policy!, nodeVerifier());
    if (accepted.isOk()) {
      await this.#publish(formatNote(note));
      const { newest } = this.#options.log;
      if (newest !== null) await this.#next(newest);
    }
    return true;
  }

  async #publish(note: string): Promise<void> {
    const { folder } = this.#options;
    await writeWhole(join(folder, 'checkpoint'), note, 1);
    await syncFolder(folder);
    this.#published = note;
  }

  #askAll(): void {
    const round = this.#round;
    if (round === null || this.#closed) return;
    for (const witness of this.#options.policy!.witnesses) {
      const { key, address } = witness;
      const line = round.lines.get(keyText(key));
      const isFresh = line !== undefined && this.#options.now() - secondsOf(line) * 1_000 < SIGNED_AGAIN;
      if (address === null || isFresh || this.#asking.has(witness.name)) continue;
      this.#asking.add(witness.name);
      void this.#askOne(witness, address, round).finally(() => this.#asking.delete(witness.name));
    }
  }

  /** Asks one witness; a 409 tells the size from which it wants the proof. */
  async #askOne({ name }: PolicyWitness, address: string, round: Round): Promise<void> {
    const trouble = await this.#tryAsking(name, address, round).catch((error: Error) => error.message);
    this.#records.note(name, { trouble });
  }

  /** What went wrong; null for nothing. */
  async #tryAsking(name: string, address: string, round: Round): Promise<string | null> {
    let old = this.#records.of(name).size ?? 0n;
    let trouble = '';
    for (let tries = 0; tries < 2; tries++) {
      const body = await addCheckpointBody(this.#options.log, this.#noteOf(round), old);
      if (body.isErr()) return body.error.detail;
      const begun = performance.now();
      const { status, text } = await this.#ask(`${address.replace(/\/$/, '')}/add-checkpoint`, body.value);
      this.#records.note(name, { latency: Math.round(performance.now() - begun) });
      if (status === 200) return this.#takeAnswer(text, round);
      trouble = `it answered ${status}: ${text.trim().slice(0, 200)}`;
      if (status !== 409 || !/^\d{1,20}\n$/.test(text)) return trouble;
      old = BigInt(text.trim());
    }
    return trouble;
  }

  async #takeAnswer(text: string, round: Round): Promise<string | null> {
    const lines = parseSignatures(text);
    if (lines.isErr()) return lines.error.detail;
    return this.#answered(async () => {
      // Another round may have begun while it answered.
      if (this.#round !== round) return null;
      return (await this.#add(lines.value)) ? null : 'it answered with a signature that is not its own';
    });
  }

  /** As the log signed it: witnesses add their own lines. */
  #noteOf({ text, own }: Round): SignedNote {
    return { text, signatures: [own] };
  }

  async #goOn(kept: string): Promise<void> {
    const note = parseNote(Buffer.from(kept));
    // A file of ours; a half one cannot be, and one of another log is left aside.
    if (note.isErr() || note.value.signatures[0]?.name !== this.#options.log.origin) return;
    const [own, ...lines] = note.value.signatures;
    this.#round = { text: note.value.text, own: own!, lines: new Map(), from: this.#options.now() };
    await this.#add(lines);
  }

  async #keepRound(): Promise<void> {
    const { text, own, lines } = this.#round!;
    const { folder } = this.#options;
    await this.#write('round', formatNote({ text, signatures: [own, ...lines.values()] }));
    await writeWhole(join(folder, 'pending'), this.pending!, 2);
  }

  get #roundPath(): string {
    return join(this.#options.privateFolder, 'round');
  }

  async #write(name: string, text: string): Promise<void> {
    const { privateFolder } = this.#options;
    await writeWhole(join(privateFolder, name), text, 3);
    await syncFolder(privateFolder);
  }

  /** One after the other; what fails is told, and does not hold up the next. */
  #inOrder(work: () => Promise<void>): void {
    void this.#answered(work).catch((error: Error) => this.#options.onTrouble(error.message));
  }

  #answered<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    // Whoever asked gets the failure; the queue goes on.
    this.#queue = done.then(
      () => {},
      () => {},
    );
    return done;
  }
}

function keyText({ name, id }: NoteKey): string {
  return `${name} ${encodeBase64(id)}`;
}

/** When a line says that it was made, in seconds since 1970; 0: there is none. */
function secondsOf(line: CheckedSignature | undefined): number {
  return Number(line?.time ?? 0n);
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
