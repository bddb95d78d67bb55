import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  checkInclusion,
  checkSignatures,
  entryHashes,
  formatNoteKey,
  leafHash,
  parseCheckpoint,
  parseEntries,
  parseNote,
  parseTlogProof,
} from '@bellwether/evidence';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { newFolder, openIn } from '../../platform/evidence/log.fixture.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { numberedEntry } from '../../platform/evidence/testing/numbered-entry.ts';
import { nodeVerifier } from '../../platform/evidence/verifying.ts';
import { openWitnessing, type Witnessing } from '../../platform/evidence/witnessing.ts';
import { TOKEN, testServer } from '../../platform/http/server.fixture.ts';
import type { EvidenceDependencies } from './dependencies.ts';
import { evidenceRoutes } from './routes.ts';
import { publicEvidenceRoutes } from './routes-public.ts';

const hasher = bestHasher();
const ENTRIES = 700;
const folder = newFolder();
const name = 'ab'.repeat(32);
let log: EvidenceLog;
let witnessing: Witnessing;
let app: FastifyInstance;
const ended: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  log = (await openIn(folder)).okOrThrow();
  witnessing = await openWitnessing({
    log,
    policy: null,
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    now: () => 1,
    onTrouble: (what) => expect.unreachable(what),
  });
  (await log.appendEntries(Array.from({ length: ENTRIES }, (_, i) => numberedEntry(i)))).okOrThrow();
  await vi.waitFor(() => expect(witnessing.published).toBe(log.newest));
  mkdirSync(join(folder, 'public', 'genesis'), { recursive: true });
  writeFileSync(join(folder, 'public', 'genesis', name), 'a state tile');
  const dependencies: EvidenceDependencies = {
    log,
    witnessing,
    policy: null,
    policyText: null,
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    stateFolder: join(folder, 'public'),
    now: () => 1,
  };
  ({ app } = testServer((work) => void ended.push(work), {
    routes: [evidenceRoutes(dependencies)],
    publicRoutes: [publicEvidenceRoutes(dependencies)],
  }));
});
afterAll(async () => {
  for (const work of ended.reverse()) await work();
  await witnessing.close();
  await log.close();
});

async function get(url: string, headers: Record<string, string> = {}) {
  return app.inject({ url, headers: { host: 'localhost:8118', ...headers } });
}

describe('the log under /log/', () => {
  it('gives out its checkpoint, never cached, and says whether it is still the same', async () => {
    const { statusCode, headers, body } = await get('/log/checkpoint');
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'no-cache',
    ]);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(body).toBe(log.newest);
    expect((await get('/log/checkpoint', { 'if-none-match': String(headers.etag) })).statusCode).toBe(304);
    expect((await get('/log/pending')).statusCode).toBe(404);
    expect((await get('/log/policy')).statusCode).toBe(404);
  });

  it('gives out tiles and bundles for ever, from which the tree is made again', async () => {
    for (const [path, width] of [
      ['tile/0/000', 256],
      ['tile/0/002.p/188', 188],
      ['tile/1/000.p/2', 2],
    ] as const) {
      const { headers, rawPayload } = await get(`/log/${path}`);
      expect([headers['content-type'], headers['cache-control']]).toEqual([
        'application/octet-stream',
        'public, max-age=31536000, immutable',
      ]);
      expect(rawPayload).toHaveLength(width * 32);
    }
    const bundle = await get('/log/tile/entries/002.p/188');
    const entries = parseEntries(new Uint8Array(bundle.rawPayload), 188).okOrThrow();
    expect(Buffer.from(entryHashes(hasher, entries))).toEqual(
      (await get('/log/tile/0/002.p/188')).rawPayload,
    );
    const packed = await get('/log/tile/entries/000', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(parseEntries(new Uint8Array(gunzipSync(packed.rawPayload)), 256).isOk()).toBe(true);
    // A partial tile that has become full is still what it was.
    expect((await get('/log/tile/0/000.p/7')).rawPayload).toEqual(
      (await get('/log/tile/0/000')).rawPayload.subarray(0, 7 * 32),
    );
    expect(parseEntries(new Uint8Array((await get('/log/tile/entries/000.p/7')).rawPayload), 7).isOk()).toBe(
      true,
    );
  });

  it('gives out nothing that has another spelling, or is not there', async () => {
    for (const path of [
      'tile/0/2',
      'tile/0/003',
      'tile/0/000.p/256',
      'tile/0/000.p/0',
      'tile/64/000',
      'tile/00/000',
      'tile/entries/x000/000',
      'tile/0/..%2f..%2f..%2fprivate%2fsigning.json',
      'tile/../../private/key',
      'state/../key',
      `state/${'AB'.repeat(32)}`,
      `state/${'00'.repeat(32)}`,
      'extracts/x',
      'statement.txt',
      'key',
    ]) {
      expect((await get(`/log/${path}`)).statusCode, path).toBe(404);
    }
  });

  it('gives out the state of the roll by the hash of what it holds', async () => {
    const { body, headers } = await get(`/log/state/${name}`);
    expect(body).toBe('a state tile');
    expect(headers['cache-control']).toContain('immutable');
  });

  it('gives out the list of extracts, without a line where nothing was sealed, and the rows by their root', async () => {
    const none = await get('/log/extracts');
    expect([none.statusCode, none.body]).toEqual([200, '']);
    const line = '{"index":"7","kind":"poll-book","place":"095","day":"2026-11-03","rows":2}\n';
    writeFileSync(join(folder, 'public', 'extracts'), line);
    const { body, headers } = await get('/log/extracts');
    expect(body).toBe(line);
    expect([headers['content-type'], headers['cache-control']]).toEqual(['application/x-ndjson', 'no-cache']);
    const root = 'cd'.repeat(32);
    mkdirSync(join(folder, 'public', 'extract-rows'));
    writeFileSync(join(folder, 'public', 'extract-rows', root), 'rows');
    expect((await get(`/log/state/${root}`)).body).toBe('rows');
  });

  it('takes nothing from nobody', async () => {
    const post = (url: string, payload: string | Buffer) =>
      app.inject({
        method: 'POST',
        url,
        payload,
        headers: { host: 'localhost:8118', 'content-type': 'text/plain' },
      });
    expect((await post('/log/cosignatures', 'x')).statusCode).toBe(400);
    expect((await post('/log/cosignatures', log.newest!)).statusCode).toBe(409);
    expect((await post('/log/statements', log.newest!)).statusCode).toBe(403);
    expect((await post('/log/statements', Buffer.alloc(20_000, 'x'))).statusCode).toBe(413);
  });
});

describe('the log under /api/v1/evidence', () => {
  const headers = { authorization: `Bearer ${TOKEN}` };

  it('tells how large it is', async () => {
    const { size, root } = { size: String(ENTRIES), root: Buffer.from(log.root).toString('base64') };
    expect((await get('/api/v1/evidence/log', headers)).json()).toEqual({
      origin: log.origin,
      key: formatNoteKey(log.key),
      newest: { size, root },
      published: { size, root },
      pending: null,
      witnesses: 0,
      quorum: null,
      verifier: null,
    });
    expect((await get('/api/v1/evidence/witnesses', headers)).json()).toEqual({ witnesses: [] });
    expect((await get('/api/v1/evidence/log')).statusCode).toBe(401);
  });

  it('gives proofs that hold by themselves', async () => {
    const answer = await get('/api/v1/evidence/proof/699', headers);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="entry-699.tlog-proof"');
    const proof = parseTlogProof(new Uint8Array(answer.rawPayload)).okOrThrow();
    expect(proof.note).toEqual(parseNote(Buffer.from(log.newest!)).okOrThrow());
    const { size, root } = parseCheckpoint(proof.note.text).okOrThrow();
    const inclusion = { index: proof.index, size, leaf: leafHash(hasher, numberedEntry(699)), root };
    expect(checkInclusion(hasher, inclusion, proof.proof).isOk()).toBe(true);
    expect((await checkSignatures(proof.note, [log.key], nodeVerifier())).isOk()).toBe(true);
    expect((await get('/api/v1/evidence/proof/700', headers)).statusCode).toBe(404);
    expect((await get('/api/v1/evidence/proof/-1', headers)).statusCode).toBe(400);
  });
});
