import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  answerAddCheckpoint,
  checkCheckpoint,
  formatNote,
  formatNoteKey,
  KeyKind,
  type NoteSigner,
  noteKey,
  type Policy,
  parseNote,
  parsePolicy,
  signText,
  type Witness,
  type WitnessState,
} from '@bellwether/evidence';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { bestHasher } from './hashing.ts';
import { newFolder, ORIGIN, openIn } from './log.fixture.ts';
import type { EvidenceLog } from './log-types.ts';
import { numberedEntry } from './testing/numbered-entry.ts';
import { nodeVerifier } from './verifying.ts';
import { openWitnessing, ROUND_LIFE, SIGNED_AGAIN, type Witnessing } from './witnessing.ts';

const hasher = bestHasher();
/** When witnesses sign, in seconds since 1970. */
const SIGNED = 1_800_000_000;

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

function signerNamed(name: string, kind: KeyKind = KeyKind.cosignature): NoteSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    key: noteKey(hasher, name, kind, Uint8Array.from(raw)),
    sign: async (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

/** A witness behind HTTP: the real rules; `answer` lets one misbehave. */
async function listen(
  log: EvidenceLog,
  signer: NoteSigner,
  answer: (usual: () => Promise<[number, string]>) => Promise<[number, string]> = (usual) => usual(),
  seconds = () => SIGNED,
): Promise<string> {
  let state: WitnessState = new Map();
  const witness: Witness = {
    logs: new Map([[ORIGIN, [log.key]]]),
    signers: [signer],
    hasher,
    verifier: nodeVerifier(),
    now: () => BigInt(seconds()),
  };
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const [status, body] = await answer(async () => {
      const answered = await answerAddCheckpoint(new Uint8Array(Buffer.concat(pieces)), state, witness);
      if (answered.next !== null) state = answered.next;
      return [answered.status, answered.body];
    });
    response.writeHead(status).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function policyOf(log: EvidenceLog, lines: readonly string[], quorum: string): Policy {
  return parsePolicy(
    hasher,
    Buffer.from(`log ${formatNoteKey(log.key)}\n${lines.join('\n')}\n${quorum}\n`),
  ).okOrThrow();
}

async function grow(log: EvidenceLog, count: number): Promise<void> {
  const from = Number(log.size);
  (await log.appendEntries(Array.from({ length: count }, (_, i) => numberedEntry(from + i)))).okOrThrow();
}

async function begin(
  folder: string,
  log: EvidenceLog,
  policy: Policy | null,
  now = () => 1,
): Promise<Witnessing> {
  return openWitnessing({
    log,
    policy,
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    now,
    onTrouble: (what) => expect.unreachable(what),
  });
}

describe('gathering cosignatures', () => {
  it('publishes at once where nobody has to cosign', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    const witnessing = await begin(folder, log, null);
    await grow(log, 3);
    await vi.waitFor(() => expect(witnessing.published).toBe(log.newest));
    expect(readFileSync(join(folder, 'log/checkpoint'), 'utf8')).toBe(log.newest);
    await witnessing.close();
    await log.close();
  });

  it('publishes what two of three witnesses cosigned, though one is slow, and one lies', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    const [good, slow, lying] = ['good', 'slow', 'lying'].map((name) => signerNamed(`${name}.example/w`));
    let release: () => void = () => {};
    const waiting = new Promise<void>((done) => {
      release = done;
    });
    const addresses = [
      await listen(log, good!),
      await listen(log, slow!, async (usual) => {
        await waiting;
        return usual();
      }),
      // It signs what it was never shown.
      await listen(log, lying!, async () => {
        const other = await signText(`${ORIGIN}\n9\n${Buffer.alloc(32).toString('base64')}\n`, 1n, lying!);
        return [200, formatNote({ text: '', signatures: [other] }).trimStart()];
      }),
    ];
    const lines = [good, slow, lying].map(
      (signer, i) => `witness w${i} ${formatNoteKey(signer!.key)} ${addresses[i]}`,
    );
    const policy = policyOf(log, lines, 'group g 2 w0 w1 w2\nquorum g');
    const witnessing = await begin(folder, log, policy);
    await grow(log, 300);
    await vi.waitFor(() => expect(witnessing.witnesses[0]!.size).toBe(300n));
    expect(witnessing.published).toBeNull();
    expect(witnessing.pending).toBe(log.newest);
    release();
    await vi.waitFor(() => expect(witnessing.published).not.toBeNull());
    const accepted = await checkCheckpoint(
      parseNote(Buffer.from(witnessing.published!)).okOrThrow(),
      policy,
      nodeVerifier(),
    );
    expect([...accepted.okOrThrow().cosigned.keys()].sort()).toEqual(['w0', 'w1']);
    // The next one is consistent with what they saw: they check the proof.
    await grow(log, 500);
    await vi.waitFor(() => expect(witnessing.published).toContain('\n800\n'));
    await witnessing.close();
    await log.close();
  });

  it('takes lines that witnesses behind a router hand in, and none of anybody else', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    const signers = [signerNamed('a.example/w'), signerNamed('b.example/w')];
    const lines = signers.map(({ key }, i) => `witness w${i} ${formatNoteKey(key)}`);
    const policy = policyOf(log, lines, 'group g all w0 w1\nquorum g');
    let now = 1;
    let witnessing = await begin(folder, log, policy, () => now);
    await grow(log, 5);
    await vi.waitFor(() => expect(witnessing.pending).toBe(log.newest));
    const { text } = parseNote(Buffer.from(witnessing.pending!)).okOrThrow();
    const handedIn = async (signer: NoteSigner, over = text) =>
      Buffer.from(formatNote({ text: over, signatures: [await signText(over, 7n, signer)] }));
    expect(await witnessing.takeCosignatures(Buffer.from('no note'))).toBe('malformed');
    expect(await witnessing.takeCosignatures(await handedIn(signerNamed('c.example/w')))).toBe('unknown');
    // The name and id of a witness, and a signature that is not its own.
    const forged = await signText(text, 7n, { key: signers[0]!.key, sign: signerNamed('x.example/w').sign });
    expect(await witnessing.takeCosignatures(Buffer.from(formatNote({ text, signatures: [forged] })))).toBe(
      'unknown',
    );
    expect(await witnessing.takeCosignatures(await handedIn(signers[0]!))).toBe('taken');
    expect(witnessing.published).toBeNull();
    // A restart forgets nothing of the round.
    await witnessing.close();
    await log.close();
    log = (await openIn(folder)).okOrThrow();
    witnessing = await begin(folder, log, policy, () => now);
    await grow(log, 5);
    expect(parseNote(Buffer.from(witnessing.pending!)).okOrThrow().text).toBe(text);
    expect(await witnessing.takeCosignatures(await handedIn(signers[1]!))).toBe('taken');
    expect(witnessing.published).toContain('\n5\n');
    // The round that is over gives way to the newest.
    expect(witnessing.pending).toBe(log.newest);
    expect(await witnessing.takeCosignatures(await handedIn(signers[0]!))).toBe('over');
    // And one whose time is over, when there is a newer one.
    await grow(log, 5);
    expect(witnessing.pending).toContain('\n10\n');
    now += ROUND_LIFE + 1;
    await grow(log, 5);
    await vi.waitFor(() => expect(witnessing.pending).toContain('\n20\n'));
    await witnessing.close();
    await log.close();
  });

  it('knows after a restart what witnesses cosigned last, and what went wrong with one', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    const good = signerNamed('good.example/w');
    const rude = signerNamed('rude.example/w');
    const addresses = [await listen(log, good), await listen(log, rude, async () => [500, 'not today\n'])];
    const lines = [good, rude].map(({ key }, i) => `witness w${i} ${formatNoteKey(key)} ${addresses[i]}`);
    const policy = policyOf(log, lines, 'quorum w0');
    let witnessing = await begin(folder, log, policy, () => 1_000 * SIGNED + 7);
    await grow(log, 5);
    await vi.waitFor(() => expect(witnessing.published).not.toBeNull());
    await vi.waitFor(() => expect(witnessing.witnesses[1]!.trouble).toBe('it answered 500: not today'));
    expect(witnessing.witnesses[0]!.latency).not.toBeNull();
    expect(witnessing.pendingSince).toBeNull();
    await witnessing.close();
    await log.close();
    log = (await openIn(folder)).okOrThrow();
    witnessing = await begin(folder, log, policy, () => 1_000 * SIGNED + 8);
    expect(witnessing.witnesses.map(({ name, cosignedAt, size }) => [name, cosignedAt, size])).toEqual([
      ['w0', 1_000 * SIGNED, 5n],
      ['w1', null, null],
    ]);
    await witnessing.close();
    await log.close();
  });

  it('has a log in which nothing happens signed again before it looks withheld', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    const signer = signerNamed('w.example/w');
    let time = SIGNED;
    const address = await listen(log, signer, undefined, () => time);
    const policy = policyOf(log, [`witness w ${formatNoteKey(signer.key)} ${address}`], 'quorum w');
    const cosigned = async () => {
      const note = parseNote(Buffer.from(witnessing.published!)).okOrThrow();
      return (await checkCheckpoint(note, policy, nodeVerifier())).okOrThrow().cosigned.get('w');
    };
    let witnessing = await begin(folder, log, policy, () => 1_000 * time);
    await grow(log, 5);
    await vi.waitFor(() => expect(witnessing.published).not.toBeNull());
    const { text } = parseNote(Buffer.from(witnessing.published!)).okOrThrow();
    await witnessing.close();
    await log.close();
    time += SIGNED_AGAIN / 1_000;
    log = (await openIn(folder)).okOrThrow();
    witnessing = await begin(folder, log, policy, () => 1_000 * time);
    await vi.waitFor(async () => expect(await cosigned()).toBe(BigInt(time)));
    expect(witnessing.witnesses[0]!.cosignedAt).toBe(1_000 * time);
    // The first line is as right as ever; whoever brings it again makes nothing older.
    const old = formatNote({ text, signatures: [await signText(text, BigInt(SIGNED), signer)] });
    expect(await witnessing.takeCosignatures(Buffer.from(old))).toBe('taken');
    expect(await cosigned()).toBe(BigInt(time));
    await witnessing.close();
    await log.close();
  });

  it('keeps the newest statement of a witness, though anybody hands in an old one again', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    const witness = signerNamed('a.example/w');
    const second = signerNamed('a.example/w/checks', KeyKind.note);
    const policy = policyOf(
      log,
      [`log ${formatNoteKey(second.key)}`, `witness w0 ${formatNoteKey(witness.key)}`],
      'quorum w0',
    );
    const witnessing = await openWitnessing({
      log,
      policy,
      folder: join(folder, 'log'),
      privateFolder: join(folder, 'private'),
      timeOf: (text) => /^time (.*)$/m.exec(text)?.[1] ?? null,
      now: () => 1,
      onTrouble: (what) => expect.unreachable(what),
    });
    const notes: string[] = [];
    for (const [kind, time] of [
      ['seen', '2026-11-22T01:00Z'],
      ['seen', '2026-11-23T01:00Z'],
      ['other', '2026-11-21T01:00Z'],
    ]) {
      const text = `${kind}\ntime ${time}\n`;
      notes.push(formatNote({ text, signatures: [await signText(text, 0n, second)] }));
    }
    const [old, newer, other] = notes;
    for (const note of [old, newer, other, old]) {
      expect(await witnessing.takeStatement(Buffer.from(note!))).toBe('taken');
    }
    expect(witnessing.statements.map(({ note }) => note)).toEqual([newer, other]);
    await witnessing.close();
    await log.close();
  });

  it('keeps what witnesses state under their second keys', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    const witness = signerNamed('a.example/w');
    const second = signerNamed('a.example/w/checks', KeyKind.note);
    const policy = policyOf(
      log,
      [`log ${formatNoteKey(second.key)}`, `witness w0 ${formatNoteKey(witness.key)}`],
      'quorum w0',
    );
    let witnessing = await begin(folder, log, policy);
    const note = formatNote({ text: 'seen\n', signatures: [await signText('seen\n', 0n, second)] });
    expect(await witnessing.takeStatement(Buffer.from(note))).toBe('taken');
    const wrong = signerNamed('a.example/w/checks', KeyKind.note);
    const forged = formatNote({ text: 'seen\n', signatures: [await signText('seen\n', 0n, wrong)] });
    expect(await witnessing.takeStatement(Buffer.from(forged))).toBe('unknown');
    // The log's own key states nothing in the name of a witness.
    await grow(log, 1);
    expect(await witnessing.takeStatement(Buffer.from(log.newest!))).toBe('unknown');
    await witnessing.close();
    witnessing = await begin(folder, log, policy);
    expect(witnessing.statements).toEqual([{ witness: 'a.example/w/checks', note, at: 1 }]);
    await witnessing.close();
    await log.close();
  });
});
