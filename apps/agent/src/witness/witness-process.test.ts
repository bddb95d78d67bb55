/** The bundled program as an office runs it, against a hub that lies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkSignatures, encodeText, formatNote, parseCheckpoint, parseNote } from '@bellwether/evidence';
import { bucketBitsOf, formatEntry, parseWitnessStatement, writeStateTiles } from '@bellwether/rolls';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  agent,
  listening,
  newHub,
  newWitness,
  oneRound,
  PROGRAM,
  verifier,
} from '../testing/agent-process.ts';
import { folderForTest } from '../testing/folder.ts';
import { hexOfOrigin, logKey, ORIGIN, SmallLog, signerOfByte } from '../testing/small-log.ts';
import { batchEntries, genesisOf, genesisState } from '../testing/small-roll.ts';

describe('bellwether-agent witness', () => {
  it('asks the hub by itself, signs what grows and is not asked twice', async () => {
    const { hub, address } = await newHub();
    const { state, key } = newWitness();
    for (const size of [3, 300, 70_000]) {
      await hub.show(new SmallLog(size));
      expect((await oneRound(state, address)).status).toBe(0);
      const last = hub.posted.at(-1)!;
      expect(parseCheckpoint(last.text).okOrThrow().size).toBe(BigInt(size));
      expect((await checkSignatures(last, [key], verifier)).isOk()).toBe(true);
    }
    const told = JSON.parse(agent('status', '--state', state, '--json').stdout) as object;
    expect(told).toMatchObject({ logs: [{ origin: ORIGIN, size: '70000' }], stopped: null, refused: null });
    hub.shown.pending = null;
    expect((await oneRound(state, address)).events).toMatchObject([{ event: 'nothing-new' }]);
  });

  it('refuses a log that is rolled back or forked, keeps both notes, and says so', async () => {
    const { hub, address } = await newHub();
    const { state } = newWitness();
    await hub.show(new SmallLog(300));
    await oneRound(state, address);
    for (const lie of [new SmallLog(200), new SmallLog(300, 'x'), new SmallLog(400, 'x', 100)]) {
      await hub.show(lie);
      const { status, events } = await oneRound(state, address);
      expect(status).toBe(3);
      const refused = events.find(({ event }) => event === 'refused');
      for (const name of ['cosigned', 'refused', 'why']) {
        expect(existsSync(join(String(refused?.folder), name))).toBe(true);
      }
    }
    expect(hub.posted).toHaveLength(1);
    expect(agent('status', '--state', state)).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('REFUSED'),
    });
    await hub.show(new SmallLog(400));
    expect((await oneRound(state, address)).status).toBe(0);
  });

  it('signs nothing for another key, another log, missing tiles or a hub that is away', async () => {
    const { hub, address } = await newHub();
    const { state } = newWitness();
    await hub.show(new SmallLog(300), signerOfByte(ORIGIN, 1, 9));
    expect(await oneRound(state, address)).toMatchObject({
      status: 1,
      error: expect.stringContaining('not signed'),
    });
    await hub.show(new SmallLog(300), signerOfByte('example.gov/other', 1, 1));
    expect((await oneRound(state, address)).status).toBe(1);
    await hub.show(new SmallLog(300));
    await oneRound(state, address);
    await hub.show(new SmallLog(600));
    hub.shown.log.files.clear();
    expect(await oneRound(state, address)).toMatchObject({
      status: 1,
      error: expect.stringContaining('tile/'),
    });
    hub.shown.pending = 'x'.repeat(3_000_000);
    expect(await oneRound(state, address)).toMatchObject({
      status: 1,
      error: expect.stringContaining('longer'),
    });
    hub.close();
    expect((await oneRound(state, address)).status).toBe(1);
    expect(hub.posted).toHaveLength(1);
  });

  it('publishes what it signed last for a web server of its own', async () => {
    const { hub, address } = await newHub();
    const { state, key } = newWitness();
    const folder = join(folderForTest(), 'public');
    await hub.show(new SmallLog(9));
    await oneRound(state, address, '--publish', folder);
    const note = parseNote(
      Uint8Array.from(readFileSync(join(folder, hexOfOrigin(), 'checkpoint'))),
    ).okOrThrow();
    expect((await checkSignatures(note, [key], verifier)).isOk()).toBe(true);
  });

  it('replays the roll where it is asked to, and states under its second key what came of it', async () => {
    const { hub, address } = await newHub();
    const { state } = newWitness();
    const folder = join(folderForTest(), 'public');
    const tree = genesisState(200);
    const entries = [formatEntry(genesisOf(tree)), ...(await batchEntries(1, 30, 2))];
    await hub.show(new SmallLog(entries));
    writeStateTiles(tree, bucketBitsOf(200), (name, bytes) =>
      hub.shown.log.files.set(`state/${name}`, Buffer.from(bytes)),
    );
    const checked = await oneRound(state, address, '--checks', '--publish', folder);
    expect(checked).toMatchObject({ status: 0, error: '' });
    const note = parseNote(encodeText(hub.statements[0]!)).okOrThrow();
    expect(note.signatures.map(({ name }) => name)).toEqual(['adair/checks']);
    expect(parseWitnessStatement(note.text).okOrThrow()).toMatchObject({
      witness: 'adair',
      checks: { signatures: 'ok', versions: 'ok' },
    });
    expect(readFileSync(join(folder, hexOfOrigin(), 'statement'), 'utf8')).toBe(hub.statements[0]);
    hub.shown.log.files.clear();
    expect((await oneRound(state, address, '--checks')).status).toBe(1);
    const thief = signerOfByte('thief', 1, 41);
    await hub.show(new SmallLog([...entries, ...(await batchEntries(2, 3, 3, thief))]));
    writeStateTiles(tree, bucketBitsOf(200), (name, bytes) =>
      hub.shown.log.files.set(`state/${name}`, Buffer.from(bytes)),
    );
    expect((await oneRound(state, address, '--checks')).status).toBe(3);
    expect(hub.statements.at(-1)).toContain(`signatures refused ${entries.length}\n`);
  });

  it('stops when an older state was put back, until a person says that they have checked', async () => {
    const { hub, address } = await newHub();
    const { state } = newWitness();
    await hub.show(new SmallLog(300));
    await oneRound(state, address);
    cpSync(state, `${state}.backup`);
    await hub.show(new SmallLog(600));
    await oneRound(state, address);
    cpSync(`${state}.backup`, state);
    for (let time = 0; time < 2; time++) {
      const { status, events } = await oneRound(state, address);
      expect([status, events[0]]).toMatchObject([3, { event: 'stopped', why: 'rolled-back' }]);
    }
    expect(agent('status', '--state', state).stdout).toContain('--i-have-checked');
    expect(agent('resume', '--state', state).status).toBe(2);
    expect(agent('resume', '--state', state, '--i-have-checked').status).toBe(0);
    expect((await oneRound(state, address)).status).toBe(0);
  });

  it('stops when the whole disk was put back and the log shows its newer signature', async () => {
    const { hub, address } = await newHub();
    const { state } = newWitness();
    await hub.show(new SmallLog(300));
    await oneRound(state, address);
    for (const name of ['', '.mark']) cpSync(state + name, `${state}${name}.backup`, { recursive: true });
    await hub.show(new SmallLog(600));
    await oneRound(state, address);
    const newest = hub.posted.at(-1)!;
    const signed = parseNote(encodeText(hub.shown.pending!)).okOrThrow();
    for (const name of ['', '.mark']) cpSync(`${state}${name}.backup`, state + name, { recursive: true });
    const lines = [...signed.signatures, ...newest.signatures];
    hub.shown.checkpoint = formatNote({ text: signed.text, signatures: lines });
    await hub.show(new SmallLog(500, 'x', 400));
    expect(await oneRound(state, address)).toMatchObject({
      status: 3,
      events: [{ why: 'newer-cosignature' }],
    });
    expect(hub.posted).toHaveLength(2);
    // It knows again what it signed: the smaller fork is a log that was rolled back.
    expect(agent('resume', '--state', state, '--i-have-checked').status).toBe(0);
    expect(await oneRound(state, address)).toMatchObject({ status: 3, events: [{ event: 'refused' }] });
    expect(hub.posted.filter(({ text }) => text.includes('\n500\n'))).toEqual([]);
  });

  it('serves what it signed to monitors, and answers nothing else', async () => {
    const { state, key } = newWitness();
    const { address } = await listening(state);
    const path = `${address}/${hexOfOrigin()}/checkpoint`;
    expect((await fetch(path)).status).toBe(404);
    const body = Buffer.from(await new SmallLog(5).request(0));
    const answer = await fetch(`${address}/add-checkpoint`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    const seen = await fetch(path);
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const note = parseNote(new Uint8Array(await seen.arrayBuffer())).okOrThrow();
    expect((await checkSignatures(note, [key], verifier)).isOk()).toBe(true);
    const stale = await fetch(`${address}/add-checkpoint`, { method: 'POST', body });
    expect([stale.status, stale.headers.get('content-type'), await stale.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '5\n',
    ]);
    const long = Buffer.alloc(2_200_000, 'x');
    const refused = await fetch(`${address}/add-checkpoint`, { method: 'POST', body: long }).catch(
      () => null,
    );
    expect(refused === null || refused.status === 413).toBe(true);
    expect((await fetch(`${address}/`)).status).toBe(404);
    expect((await fetch(`${address}/add-checkpoint`, { method: 'PUT' })).status).toBe(405);
    expect(await oneRound(state, 'http://127.0.0.1:1')).toMatchObject({
      status: 1,
      error: expect.stringContaining('runs already'),
    });
  });

  it('goes on round after round while the hub comes and goes, and ends in order when it is told to', async () => {
    const { state } = newWitness();
    const { hub, address } = await newHub();
    await hub.show(new SmallLog(5));
    const args = ['run', '--state', state, '--hub', address, '--log', logKey, '--every', '5', '--json'];
    const child = spawn(process.execPath, [PROGRAM, 'witness', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const nextOf = async (wanted: string): Promise<void> => {
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        if ((JSON.parse(line.value) as { event: string }).event === wanted) return;
      }
      throw new Error(`it ended without ${wanted}`);
    };
    await nextOf('posted');
    hub.shown.answer = 500;
    await hub.show(new SmallLog(9));
    await nextOf('failed');
    hub.shown.answer = 204;
    await nextOf('posted');
    expect(hub.posted.map(({ text }) => parseCheckpoint(text).okOrThrow().size)).toEqual([5n, 9n]);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(agent('status', '--state', state).status).toBe(0);
  });
});
