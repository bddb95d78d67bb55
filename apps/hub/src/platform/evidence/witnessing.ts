/**
 * Gathering cosignatures. A round holds one checkpoint still until a quorum of the policy has cosigned it, or its time is
 * over; then the newest checkpoint is taken. What a quorum has cosigned is published, and later cosignatures are added to it.
 *
 * Witnesses with an address are asked (c2sp.org/tlog-witness, `add-checkpoint`); those behind a router ask for the pending
 * checkpoint themselves and hand in their lines. A line counts only once it is checked, whoever brought it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkCheckpoint,
  checkSignatures,
  consistencyProof,
  encodeBase64,
  formatNote,
  type NoteSignature,
  type Policy,
  type PolicyWitness,
  parseCheckpoint,
  parseNote,
  parseSignatures,
  type SignedNote,
} from '@bellwether/evidence';
import { bestHasher } from './hashing.ts';
import type { EvidenceLog } from './log-types.ts';
import { readOrNull, syncFolder, writeWhole } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';

/** How long a checkpoint waits for its quorum before a newer one is taken, ms: offices that ask each minute come ten times. */
export const ROUND_LIFE = 600_000;

/** How often witnesses that did not answer are asked again, ms. */
const ASKED_AGAIN = 15_000;

/** How long a witness may take to answer, ms. */
const ANSWER_WITHIN = 10_000;

/** Bytes of an answer: lines of two kinds, of which ML-DSA-44 takes 3.3 KB. */
const MOST_ANSWER = 16_384;

/** Bytes of a statement of a witness. */
const MOST_STATEMENT = 8_192;

/** Asks a witness: the status, and the text of the answer. Throws where there is none. */
export type AskWitness = (
  address: string,
  body: string,
) => Promise<{ readonly status: number; readonly text: string }>;

/** What witnesses are gathered with. */
export type WitnessingOptions = {
  readonly log: EvidenceLog;
  readonly folder: string;
  readonly privateFolder: string;
  /** Null: nobody has to cosign, and checkpoints are published as they are. */
  readonly policy: Policy | null;
  readonly ask?: AskWitness;
  /** ms since 1970. */
  readonly now: () => number;
  /** A witness did what it should not, or the log cannot write. */
  readonly onTrouble: (what: string) => void;
};

/** What is known of a witness. */
export type WitnessRecord = {
  readonly name: string;
  /** ms; null: never. */
  cosignedAt: number | null;
  /** Entries of the checkpoint that it cosigned last. */
  size: bigint | null;
  /** What went wrong when it was asked last; null for nothing. */
  trouble: string | null;
};

/** What a witness states under its second key. */
export type Statement = { readonly witness: string; readonly note: string; readonly at: number };

/** A checkpoint that is held still. */
type Round = {
  readonly text: string;
  readonly own: NoteSignature;
  readonly lines: Map<string, NoteSignature>;
  readonly from: number;
};

/** Opens it; what was gathered before is there again. */
export async function openWitnessing(options: WitnessingOptions): Promise<Witnessing> {
  const witnessing = new Witnessing(options);
  await witnessing.load();
  return witnessing;
}

export class Witnessing {
  readonly #options: WitnessingOptions;
  readonly #ask: AskWitness;
  readonly #records: Map<string, WitnessRecord>;
  readonly #statements = new Map<string, Statement>();
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
    const witnesses = options.policy?.witnesses ?? [];
    this.#records = new Map(
      witnesses.map(({ name }) => [name, { name, cosignedAt: null, size: null, trouble: null }]),
    );
  }

  /** The note that is to be cosigned now; null where there is none. */
  get pending(): string | null {
    return this.#round === null
      ? null
      : formatNote({ text: this.#round.text, signatures: [this.#round.own] });
  }

  /** The newest checkpoint that the policy accepts; null before the first. */
  get published(): string | null {
    return this.#published;
  }

  /** Since when the pending checkpoint waits, ms. */
  get pendingSince(): number | null {
    return this.#round?.from ?? null;
  }

  /** Lines of witnesses that the pending checkpoint has. */
  get gathered(): number {
    return this.#round?.lines.size ?? 0;
  }

  get witnesses(): readonly WitnessRecord[] {
    return [...this.#records.values()];
  }

  get statements(): readonly Statement[] {
    return [...this.#statements.values()];
  }

  async load(): Promise<void> {
    const { log, folder, privateFolder, policy } = this.#options;
    await mkdir(privateFolder, { recursive: true });
    this.#published = textOf(await readOrNull(join(folder, 'checkpoint')));
    await this.#readStatements();
    const kept = textOf(await readOrNull(this.#roundPath));
    if (kept !== null && policy !== null) await this.#goOn(kept);
    if (log.newest !== null) await this.#next(log.newest);
    log.onCheckpoint((note) => this.#inOrder(() => this.#next(note)));
    if (policy !== null) {
      this.#timer = setInterval(() => this.#inOrder(() => this.#tick()), ASKED_AGAIN);
      this.#timer.unref();
    }
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
    if (body.length > MOST_STATEMENT) return 'malformed';
    const note = parseNote(body);
    if (note.isErr()) return 'malformed';
    const { log, policy, now } = this.#options;
    const keys = (policy?.logs ?? []).map(({ key }) => key).filter(({ name }) => name !== log.origin);
    const signed = await checkSignatures(note.value, keys, nodeVerifier());
    if (signed.isErr()) return 'unknown';
    const witness = signed.value[0]!.name;
    return this.#answered(async () => {
      this.#statements.set(witness, { witness, note: Buffer.from(body).toString(), at: now() });
      await this.#write('statements.json', JSON.stringify([...this.#statements.values()]));
      return 'taken' as const;
    });
  }

  /** A new checkpoint of the log: it is the next round's, or is published at once where nobody has to cosign. */
  async #next(newest: string): Promise<void> {
    const { policy, now } = this.#options;
    if (policy === null) return this.#publish(newest);
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
  #isOver({ text, from }: Round): boolean {
    return this.#published?.startsWith(text) === true || this.#options.now() - from > ROUND_LIFE;
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
        round.lines.set(`${line.name} ${encodeBase64(line.keyId)}`, line);
        const record = this.#records.get(witness.name)!;
        record.cosignedAt = now();
        record.size = parseCheckpoint(round.text).okOrThrow().size;
        record.trouble = null;
        added = true;
      }
    }
    if (!added) return false;
    await this.#keepRound();
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
      const isThere = round.lines.has(`${key.name} ${encodeBase64(key.id)}`);
      if (address === null || isThere || this.#asking.has(witness.name)) continue;
      this.#asking.add(witness.name);
      void this.#askOne(witness, address, round).finally(() => this.#asking.delete(witness.name));
    }
  }

  /** Asks one witness; a 409 tells the size from which it wants the proof. */
  async #askOne(witness: PolicyWitness, address: string, round: Round): Promise<void> {
    const record = this.#records.get(witness.name)!;
    try {
      let old = record.size ?? 0n;
      for (let tries = 0; tries < 2; tries++) {
        const body = await this.#requestBody(old, round);
        if (body.isErr()) {
          record.trouble = body.error.detail;
          return;
        }
        const { status, text } = await this.#ask(`${address.replace(/\/$/, '')}/add-checkpoint`, body.value);
        if (status === 200) {
          const lines = parseSignatures(text);
          if (lines.isErr()) record.trouble = lines.error.detail;
          else await this.#answered(async () => this.#round === round && (await this.#add(lines.value)));
          return;
        }
        record.trouble = `it answered ${status}: ${text.trim().slice(0, 200)}`;
        if (status !== 409 || !/^\d{1,20}\n$/.test(text)) return;
        old = BigInt(text.trim());
      }
    } catch (error) {
      record.trouble = (error as Error).message;
    }
  }

  async #requestBody(old: bigint, round: Round): Promise<Result<string, { readonly detail: string }>> {
    const { size } = parseCheckpoint(round.text).okOrThrow();
    if (old > size) return err({ detail: `it has seen ${old} entries, and there are ${size}` });
    const hashes =
      old === 0n || old === size
        ? ok([])
        : await consistencyProof(bestHasher(), 0n, old, size, this.#options.log.readTile);
    if (hashes.isErr()) return hashes;
    const lines = hashes.value.map((hash) => `${encodeBase64(hash)}\n`).join('');
    return ok(`old ${old}\n${lines}\n${formatNote({ text: round.text, signatures: [round.own] })}`);
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

  async #readStatements(): Promise<void> {
    const text = textOf(await readOrNull(join(this.#options.privateFolder, 'statements.json')));
    for (const statement of JSON.parse(text ?? '[]') as Statement[]) {
      this.#statements.set(statement.witness, statement);
    }
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

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}

async function askByHttp(address: string, body: string): Promise<{ status: number; text: string }> {
  const response = await fetch(address, {
    method: 'POST',
    body,
    redirect: 'error',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > MOST_ANSWER) throw new Error(`an answer of more than ${MOST_ANSWER} bytes`);
    pieces.push(piece as Uint8Array);
  }
  return { status: response.status, text: Buffer.concat(pieces).toString() };
}
