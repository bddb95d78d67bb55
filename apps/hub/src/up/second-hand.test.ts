/** The second hand over HTTP: witnesses as offices run them compare rows of their own, and strangers get nothing. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatNote, formatNoteKey, KeyKind, noteKey, signText } from '@bellwether/evidence';
import {
  formatOpeningsRequest,
  HANDLE_SIZE,
  minuteText,
  OpeningsReader,
  parseWitnessStatement,
} from '@bellwether/rolls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicEvidenceRoutes } from '../features/evidence/routes-public.ts';
import type { Book } from '../features/rolls/book.ts';
import { openHubRoll } from '../features/rolls/hub-roll.ts';
import { ORIGIN } from '../features/rolls/nights.fixture.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import { openingsRoutes } from '../features/rolls/routes-openings.ts';
import { nightlyStatement } from '../features/rolls/statement.ts';
import type { Auth, Trail } from '../platform/auth/auth-types.ts';
import { createTrail } from '../platform/auth/trail.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { folderAt } from '../platform/folder.ts';
import { fakeAuth } from '../platform/http/auth.fixture.ts';
import { testServer } from '../platform/http/server.fixture.ts';
import { type OpenEvidence, openEvidence } from './evidence.ts';
import { type OfficeOfTest, SealedNight } from './second-hand.fixture.ts';

const AGENT = fileURLToPath(new URL('../../../agent/dist/bellwether-agent.js', import.meta.url));
const MINUTE = 60_000;

const night = new SealedNight();
const { state } = night;
/** Witnesses of one office, each with rows of its own; an auditor. */
const WITNESSES = ['right', 'changed', 'missing', 'extra', 'press'] as const;
type Witness = (typeof WITNESSES)[number];
/** Those that ask by hand: a request of one minute can be answered once. */
const asker = signerOf('asker');
const other = signerOf('other');
const stranger = signerOf('stranger');
let office: OfficeOfTest;
let evidence: OpenEvidence;
let rolls: Rolls;
let address = '';
/** What entries of the trail wait for. */
let gate: Promise<void> = Promise.resolve();
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const [most, next] = night.offices;
  office = most;
  const made = await Promise.all(WITNESSES.map(makeWitness));
  const log = await state.withLog(async ({ key }) => formatNoteKey(key));
  const lines = WITNESSES.map((name, at) => `witness ${name} ${made[at]![0]}\nlog ${made[at]![1]}\n`);
  writeFileSync(state.file('policy'), `log ${log}\n${lines.join('')}quorum right\n`);
  const trouble: string[] = [];
  const config = { evidence: { policy: state.file('policy') } };
  const opened = await openEvidence(folderAt(state.data), config, Date.now, (what) => trouble.push(what));
  evidence = opened.okOrThrow();
  ends.push(() => evidence.close());
  const options = { data: state.data, log: evidence.log, zone: 'America/Chicago', now: Date.now };
  rolls = (await openHubRoll(options)).okOrThrow();
  ends.push(() => rolls.close());
  const trail = createTrail(Date.now);
  const gated: Trail = {
    add: async (tx, act) => {
      await gate;
      await trail.add(tx, act);
    },
  };
  const auth: Auth = { ...fakeAuth(Date.now).auth, trail: gated };
  // The door takes no request from before it was there; this one was there an hour ago.
  let lag = 60 * MINUTE;
  const openings = openingsRoutes({
    db: night.database.query,
    auth,
    rolls: () => rolls,
    keys: [...evidence.policy!.logs, asker, other].map(({ key }) => key),
    hands: {
      offices: {
        ...officesOf(['right', 'changed', 'missing', 'extra', 'asker'], most.office),
        other: next.office,
      },
      auditors: ['press'],
    },
    now: () => Date.now() - lag,
  });
  lag = 0;
  const server = testServer((end) => void ends.push(end), {
    auth,
    publicRoutes: [publicEvidenceRoutes(evidence), openings],
  });
  const { port } = await server.open();
  address = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

function officesOf(names: readonly string[], of: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, of]));
}

function stateOf(name: Witness): string {
  return state.file(`${name}.json`);
}

/** Runs the agent; its exit code and what it said. */
function agent(...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [AGENT, 'witness', ...args, '--json'], (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code), out }),
    );
  });
}

/** A new witness: its key, and the one for statements. */
async function makeWitness(name: Witness): Promise<readonly string[]> {
  const { out } = await agent('init', '--state', stateOf(name), '--name', name);
  return (JSON.parse(out) as { readonly keys: readonly string[] }).keys;
}

/** One round of a witness with rows of its own. */
function round(name: Witness, rows: string) {
  const log = ['--hub', address, '--log', formatNoteKey(evidence.log.key)];
  const own = ['--checks', '--rows', rows, '--mapping', state.file('mapping.yaml')];
  return agent('run', '--state', stateOf(name), ...log, ...own, '--once');
}

/** What a witness has stated; `undefined`: nothing. */
function statedBy(name: Witness) {
  const { note } = evidence.witnessing.statements.find(({ witness }) => witness.startsWith(name))!;
  return parseWitnessStatement(note.slice(0, note.indexOf('\n\n') + 1)).okOrThrow();
}

function signerOf(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const key = noteKey(bestHasher(), `${name}/checks`, KeyKind.note, raw);
  return { key, sign: async (message: Uint8Array) => Uint8Array.from(sign(null, message, privateKey)) };
}

/** A signed request of some minutes ago. */
async function requestOf(signer: ReturnType<typeof signerOf>, minutes: number, change = {}): Promise<string> {
  const text = formatOpeningsRequest({
    witness: signer.key.name.split('/')[0]!,
    origin: ORIGIN,
    seal: rolls.held.seals.at(-1)!.index,
    time: minuteText(Date.now() - minutes * MINUTE),
    ...change,
  });
  return formatNote({ text, signatures: [await signText(text, 0n, signer)] });
}

function ask(body: string): Promise<Response> {
  return fetch(`${address}/log/openings`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });
}

async function openingsIn(answer: Response) {
  const reader = new OpeningsReader();
  reader.takePiece(new Uint8Array(await answer.arrayBuffer())).okOrThrow();
  return reader.readToEnd().okOrThrow();
}

describe('the witness of an office with rows of its own', () => {
  const idOf = (line: string): string => line.split(',')[0]!;

  it('states how many match the sealed root, or nothing, and names what differs on its own disk', async () => {
    const [first, second] = office.records as readonly [string, string];
    const altered = (line: string): string =>
      idOf(line) === first ? line.replace(/^((?:[^,]*,){3})[^,]*/, '$1Otherwise') : line;
    const copyOf = (lines: readonly string[]): string =>
      lines.find((line) => idOf(line) === first)!.replace(first, '999999999');
    const rows: Record<Witness, string> = {
      right: night.rows('right.csv'),
      changed: night.rows('changed.csv', (lines) => lines.map(altered)),
      missing: night.rows('missing.csv', (lines) => lines.filter((line) => idOf(line) !== second)),
      extra: night.rows('extra.csv', (lines) => [copyOf(lines), ...lines]),
      press: night.rows('press.csv'),
    };
    // Two at a time: more are asked to come again.
    const ran = new Map<Witness, Awaited<ReturnType<typeof round>>>();
    for (const pair of [['right', 'changed'], ['missing', 'extra'], ['press']] as const) {
      await Promise.all(pair.map(async (name) => ran.set(name, await round(name, rows[name]))));
    }
    const root = rolls.held.seals.at(-1)!.entry.after;
    const [{ rows: stated, opened }, press] = [statedBy('right'), statedBy('press')];
    expect([stated?.count, opened]).toEqual([office.records.length, null]);
    expect(Buffer.from(stated!.root).toString('base64')).toBe(root);
    expect([press.rows, Buffer.from(press.opened!.root).toString('base64')]).toEqual([null, root]);
    expect([ran.get('right')!.code, ran.get('press')!.code]).toEqual([0, 0]);
    expect(existsSync(`${stateOf('right')}.differences.json`)).toBe(false);

    const found = {
      changed: [first, 'differs'],
      missing: [second, 'missing'],
      extra: ['999999999', 'extra'],
    };
    for (const [name, [recordId, kind]] of Object.entries(found) as [keyof typeof found, string[]][]) {
      expect([name, statedBy(name).rows, ran.get(name)!.code]).toEqual([name, null, 3]);
      expect(ran.get(name)!.out).toContain('"event":"rows-differ"');
      const file = readFileSync(`${stateOf(name)}.differences.json`, 'utf8');
      const { differences } = JSON.parse(file) as { differences: { fields: Record<string, string> }[] };
      expect(differences).toMatchObject([{ recordId, kind }]);
      if (name === 'changed') expect(differences[0]!.fields['public.name.last']).toMatch(/otherwise/i);
      // What differs is told to no one: neither the hub nor whoever reads the witness's output has it.
      expect(ran.get(name)!.out).not.toContain(recordId);
    }
    const secondHands = { offices: officesOf(['right', 'changed'], office.office), auditors: ['press'] };
    const notes = evidence.witnessing.statements;
    const { hands } = await nightlyStatement(rolls.held, { name: 'M', knocks: null, notes, secondHands });
    expect(hands.offices[0]).toBe(1);
    expect(hands.records[0]).toBe(press.opened!.count);
    const acts = await night.database.query
      .selectFrom('trail')
      .select(['place', 'about'])
      .where('act', '=', 'rolls.openings')
      .execute();
    expect(acts.map(({ about }) => about).sort()).toEqual(WITNESSES.map((name) => `witness:${name}`).sort());
  });
});

describe('POST /log/openings', () => {
  it('gives an office those of its own records, and never twice for one request', async () => {
    const request = await requestOf(asker, 1);
    const answer = await ask(request);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { head, records } = await openingsIn(answer);
    expect(head.whose).toEqual({ office: office.office });
    expect(records.map(({ recordId }) => recordId).sort()).toEqual([...office.records].sort());
    const again = await ask(request);
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('answered before');
  });

  it('gives the witness of another office those of that one, also where it asks for others', async () => {
    const { head } = await openingsIn(await ask(await requestOf(other, 1)));
    expect(head.whose).toEqual({ office: night.offices[1].office });
    // In the name of another, it is nobody.
    expect((await ask(await requestOf(other, 2, { witness: 'asker' }))).status).toBe(403);
  });

  it.each([
    ['a stranger', async () => requestOf(stranger, 1), 403],
    ['a clock that is late', async () => requestOf(asker, 20), 403],
    ['another log', async () => requestOf(asker, 2, { origin: 'other.example/log' }), 409],
    ['a seal of another night', async () => requestOf(asker, 3, { seal: 1n }), 409],
    ['no request', async () => 'openings, please', 400],
    ['what is longer than any request', async () => 'x'.repeat(16 * 1024), 413],
  ])('refuses %s', async (_what, request, status) => {
    const answer = await ask(await request());
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('commitments');
  });

  it('answers two at a time, and asks a third to come again', async () => {
    let open = (): void => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const asked = await Promise.all([4, 5, 6].map((minutes) => requestOf(asker, minutes)));
    const answers = asked.map(ask);
    const first = await Promise.race(answers);
    expect(first.status).toBe(429);
    open();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 429]);
    for (const answer of await Promise.all(answers)) await answer.arrayBuffer();
    expect((await ask(await requestOf(asker, 7))).status).toBe(200);
  });

  it('that goes wrong half-way is cut off, and the hub goes on', async () => {
    const { leaves, index } = rolls.held.records as Book;
    const byte = index.find(office.records[0]!) * HANDLE_SIZE;
    leaves[byte]! ^= 1;
    const cut = await ask(await requestOf(asker, 8));
    await expect(cut.arrayBuffer()).rejects.toThrow();
    leaves[byte]! ^= 1;
    expect((await ask(await requestOf(asker, 9))).status).toBe(200);
  });
});
