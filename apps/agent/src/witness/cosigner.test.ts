import { webcrypto } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkSignatures,
  encodeText,
  formatNote,
  KeyKind,
  parseNote,
  parseSignatures,
  type Subtle,
  webVerifier,
} from '@bellwether/evidence';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { hasher, logSigner, ORIGIN, SmallLog, signerOfByte } from '../testing/small-log.ts';
import { Cosigner } from './cosigner.ts';
import { afterStop } from './own-signatures.ts';
import type { WitnessEvent } from './witness-events.ts';
import { makeSecrets, signersOf } from './witness-keys.ts';
import { newMemory } from './witness-state.ts';
import { lookAtMemory, makeStore, takeStore } from './witness-store.ts';

const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);
const START = Date.parse('2026-11-03T02:30:00Z');

/** A witness of its own, and a clock that the test turns. */
async function witness() {
  const path = join(folderForTest(), 'witness.json');
  const secrets = makeSecrets('adair');
  (await makeStore(path, { ...newMemory(secrets, null), logs: [logSigner.key] })).okOrThrow();
  const store = (await takeStore(path, hasher)).okOrThrow();
  onTestFinished(() => store.close());
  const clock = { now: START };
  const events: WitnessEvent[] = [];
  const report = (event: WitnessEvent): void => void events.push(event);
  const published: string[] = [];
  const needs = { store, hasher, verifier, now: () => clock.now, report };
  const cosigner = new Cosigner({ ...needs, publish: async ({ note }) => void published.push(note) });
  return { path, store, clock, events, published, cosigner, own: signersOf(hasher, secrets).cosigner };
}

describe('a cosigner', () => {
  it('signs what it sees first and what grew from it, and remembers before it answers', async () => {
    const { path, cosigner, published, own } = await witness();
    const first = await cosigner.answerRequest(await new SmallLog(5).request(0));
    expect(first.status).toBe(200);
    expect(parseSignatures(first.body).okOrThrow()).toHaveLength(1);
    const kept = (await lookAtMemory(path, hasher)).okOrThrow();
    expect(kept).toMatchObject({ lastTime: BigInt(START / 1000) });
    expect(kept.seen.get(ORIGIN)).toMatchObject({ size: 5n });
    expect((await cosigner.answerRequest(await new SmallLog(600).request(5))).status).toBe(200);
    const note = parseNote(encodeText(published[1]!)).okOrThrow();
    expect((await checkSignatures(note, [logSigner.key, own.key], verifier)).okOrThrow()).toHaveLength(2);
  });

  it('answers requests that come at once one after the other: two forks never both', async () => {
    const { cosigner } = await witness();
    const requests = await Promise.all(['a', 'b', 'c', 'd'].map((fork) => new SmallLog(7, fork).request(0)));
    const answers = await Promise.all(requests.map((request) => cosigner.answerRequest(request)));
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409, 409]);
  });

  it('gives no signature away that it could not keep, and goes on when it can', async () => {
    const { path, cosigner, events } = await witness();
    mkdirSync(`${path}.next`);
    const request = await new SmallLog(5).request(0);
    const refused = await cosigner.answerRequest(request);
    expect([refused.status, refused.body.includes('—')]).toEqual([503, false]);
    expect(events).toMatchObject([{ event: 'failed', code: 'WITNESS_STATE_UNWRITABLE' }]);
    rmdirSync(`${path}.next`);
    expect((await cosigner.answerRequest(request)).status).toBe(200);
  });

  it('signs nothing while its clock is behind its last signature', async () => {
    const { cosigner, clock, events } = await witness();
    expect((await cosigner.answerRequest(await new SmallLog(5).request(0))).status).toBe(200);
    clock.now = START - 1_000;
    expect((await cosigner.answerRequest(await new SmallLog(9).request(5))).status).toBe(503);
    expect(events.at(-1)).toMatchObject({ event: 'failed', code: 'WITNESS_CLOCK_BEHIND' });
    expect(cosigner.stopped).toBe(null);
    clock.now = START;
    expect((await cosigner.answerRequest(await new SmallLog(9).request(5))).status).toBe(200);
  });

  it.each([
    ['a fork of the same size', () => new SmallLog(5, 'x').request(5)],
    ['a log that is another one further back', () => new SmallLog(9, 'x', 2).request(5)],
  ])('refuses %s, keeps both notes, and signs what is right afterwards', async (_, made) => {
    const { path, cosigner, events, store } = await witness();
    await cosigner.answerRequest(await new SmallLog(5).request(0));
    expect((await cosigner.answerRequest(await made())).status).toBe(422);
    expect((await cosigner.answerRequest(await made())).status).toBe(422);
    const folders = readdirSync(`${path}.evidence`);
    expect(folders).toHaveLength(1);
    const at = (name: string) => readFileSync(join(`${path}.evidence`, folders[0]!, name), 'utf8');
    for (const name of ['cosigned', 'refused']) {
      const note = parseNote(encodeText(at(name))).okOrThrow();
      expect((await checkSignatures(note, [logSigner.key], verifier)).isOk()).toBe(true);
    }
    expect(at('cosigned')).not.toBe(at('refused'));
    expect(store.memory.refused).toMatchObject({ origin: ORIGIN });
    expect(events.at(-1)).toMatchObject({ event: 'refused' });
    expect((await cosigner.answerRequest(await new SmallLog(9).request(5))).status).toBe(200);
  });

  it('refuses whoever is not the log', async () => {
    const { path, cosigner } = await witness();
    const impostor = signerOfByte(ORIGIN, KeyKind.note, 2);
    const log = new SmallLog(5);
    expect((await cosigner.answerRequest(await log.request(0, await log.note([impostor])))).status).toBe(403);
    expect((await lookAtMemory(path, hasher)).okOrThrow().seen.size).toBe(0);
  });
});

describe('a cosigner that has forgotten', () => {
  /** Before a backup was put back, it signed 12 entries. */
  async function forgetful() {
    const all = await witness();
    await all.cosigner.answerRequest(await new SmallLog(5).request(0));
    const time = BigInt(START / 1000) + 60n;
    const note = await new SmallLog(12).note([logSigner], 0n);
    const own = parseNote(encodeText(await new SmallLog(12).note([all.own], time))).okOrThrow();
    const log = parseNote(encodeText(note)).okOrThrow();
    const both = formatNote({ text: log.text, signatures: [...log.signatures, ...own.signatures] });
    return { ...all, both, time };
  }

  it.each(['in a request', 'in what others show'])(
    'stops when it meets its own signature %s, and stays so',
    async (where) => {
      const { path, cosigner, both, events } = await forgetful();
      if (where === 'in a request') {
        expect((await cosigner.answerRequest(await new SmallLog(12).request(5, both))).status).toBe(503);
      } else {
        await cosigner.meetNote(parseNote(encodeText(both)).okOrThrow());
      }
      expect(events.at(-1)).toMatchObject({ event: 'stopped', why: 'newer-cosignature' });
      expect((await cosigner.answerRequest(await new SmallLog(9).request(5))).status).toBe(503);
      expect((await lookAtMemory(path, hasher)).okOrThrow().stopped).toMatchObject({ note: both });
    },
  );

  it('stops for a later time too, though it signed the same', async () => {
    const { cosigner, own } = await witness();
    await cosigner.answerRequest(await new SmallLog(5).request(0));
    const later = await new SmallLog(5).note([own], BigInt(START / 1000) + 1n);
    await cosigner.meetNote(parseNote(encodeText(later)).okOrThrow());
    expect(cosigner.stopped).toMatchObject({ why: 'newer-cosignature' });
  });

  it('is not stopped by what it remembers, nor by a wrong line in its name', async () => {
    const { cosigner, own } = await witness();
    await cosigner.answerRequest(await new SmallLog(5).request(0));
    const remembered = await new SmallLog(5).note([own], BigInt(START / 1000));
    await cosigner.meetNote(parseNote(encodeText(remembered)).okOrThrow());
    const newer = parseNote(
      encodeText(await new SmallLog(12).note([own], BigInt(START / 1000) + 60n)),
    ).okOrThrow();
    const [line] = newer.signatures;
    const wrong = { ...line!, signature: line!.signature.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) };
    await cosigner.meetNote({ text: newer.text, signatures: [wrong] });
    expect(cosigner.stopped).toBe(null);
    await cosigner.meetNote({ text: newer.text, signatures: [wrong, line!] });
    expect(cosigner.stopped).not.toBe(null);
  });

  it('knows after a person has looked what it had signed, and refuses what contradicts it', async () => {
    const { store, cosigner, both, time, clock } = await forgetful();
    await cosigner.meetNote(parseNote(encodeText(both)).okOrThrow());
    const known = (await afterStop(store.memory, hasher, verifier)).okOrThrow();
    expect(known.seen.get(ORIGIN)).toMatchObject({ size: 12n, time });
    expect(known.lastTime).toBe(time);
    (await store.keepChange({ ...known, stopped: null })).okOrThrow();
    clock.now = Number(time) * 1000;
    const again = new Cosigner({ store, hasher, verifier, now: () => clock.now, report: () => {} });
    expect((await again.answerRequest(await new SmallLog(9, 'x').request(5))).status).toBe(409);
    expect((await again.answerRequest(await new SmallLog(12, 'x').request(12))).status).toBe(422);
    expect((await again.answerRequest(await new SmallLog(20).request(12))).status).toBe(200);
  });
});
