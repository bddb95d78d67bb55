/**
 * `/log/`: the evidence log as c2sp.org/tlog-tiles serves it, the state of the roll beside it, and where witnesses hand in
 * what they sign. Public by nature: no sign-in, no cookies are looked at, any page may read it.
 *
 * What is immutable is named by what it holds or by where it stands in the log, and cached for a year; checkpoints are not.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseTilePath, TILE_WIDTH } from '@bellwether/evidence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpApp, Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { EvidenceDependencies } from './dependencies.ts';

/** On a thread of its own: a bundle of large entries has 16 MB. */
const gzipBytes = promisify(gzip);

/** A year: RFC 9111 has no longer one in use. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Checkpoints change every second, and must not be old. */
const CHANGING = 'no-cache';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const NDJSON = 'application/x-ndjson';

/** Bytes of what a witness hands in: a checkpoint, with lines of two kinds. */
const MOST_HANDED_IN = 16 * 1024;

/** A state tile or a bucket is named by 32 bytes in hex; an extract by the root over its rows, likewise. */
const STATE_NAME = /^[0-9a-f]{64}$/;

/** Adds them. */
export function publicEvidenceRoutes(dependencies: EvidenceDependencies): Routes {
  return (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      void reply
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin');
    });
    // Bytes, whatever they are called: notes authenticate themselves.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MOST_HANDED_IN },
      (_request, body, done) => {
        done(null, body);
      },
    );
    notes(app, dependencies);
    tiles(app, dependencies);
    handIn(app, dependencies);
  };
}

function notes(app: HttpApp, { log, witnessing, policyText, folder }: EvidenceDependencies): void {
  const texts: Readonly<Record<string, () => string | null>> = {
    checkpoint: () => witnessing.published,
    pending: () => witnessing.pending,
    policy: () => policyText,
  };
  for (const [name, read] of Object.entries(texts)) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/log/${name}`,
      handler: (request, reply) => sendText(request, reply, read()),
    });
  }
  app.get('/log/statements', async (_request, reply) => {
    const lines = witnessing.statements.map(({ witness, note, at }) =>
      JSON.stringify({ witness, note, at: new Date(at).toISOString() }),
    );
    return reply
      .type(NDJSON)
      .header('cache-control', CHANGING)
      .send(lines.map((line) => `${line}\n`).join(''));
  });
  for (const name of ['statement.json', 'statement.txt']) {
    app.get(`/log/${name}`, (_request, reply) => {
      const type = name.endsWith('json') ? 'application/json; charset=utf-8' : TEXT;
      return sendFile(reply, [join(folder, name)], type, CHANGING);
    });
  }
  app.get('/log/', async (_request, reply) =>
    reply
      .type(TEXT)
      .send(
        `${log.origin}\n\ncheckpoint\npending\npolicy\nstatements\nstatement.txt\nextracts\ntile/\nstate/\n`,
      ),
  );
}

function tiles(app: HttpApp, { log, stateFolder }: EvidenceDependencies): void {
  app.get('/log/tile/*', async (request, reply) => {
    const path = `tile/${(request.params as { '*': string })['*']}`;
    // One spelling of each: nothing else gets near the disk.
    const parsed = parseTilePath(path);
    if (parsed.isErr()) return notFound(reply);
    const tile = parsed.value;
    const bytes = await log.readTile(tile);
    if (bytes === null) return notFound(reply);
    void reply.header('cache-control', IMMUTABLE).type(BYTES);
    if (tile.level !== 'entries') return reply.send(Buffer.from(bytes.subarray(0, tile.width * 32)));
    // A partial bundle may have given way to the full one, which is not what was asked for.
    const asked = tile.width === TILE_WIDTH ? bytes : firstEntries(bytes, tile.width);
    void reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(Buffer.from(asked));
    return reply.header('content-encoding', 'gzip').send(await gzipBytes(asked));
  });
  // What the genesis is made of lies apart, and rows of extracts: both are kept for ever, later states are not.
  app.get('/log/state/:name', (request, reply) => {
    const { name } = request.params as { name: string };
    if (!STATE_NAME.test(name)) return notFound(reply);
    const paths = ['', 'genesis', 'extract-rows'].map((folder) => join(stateFolder, folder, name));
    return sendFile(reply, paths, BYTES, IMMUTABLE);
  });
  app.get('/log/extracts', async (_request, reply) => {
    const path = join(stateFolder, 'extracts');
    // Nothing was sealed yet: a list without lines.
    if ((await stat(path).catch(() => null)) === null)
      return reply.type(NDJSON).header('cache-control', CHANGING).send('');
    return sendFile(reply, [path], NDJSON, CHANGING);
  });
}

function handIn(app: HttpApp, { witnessing }: EvidenceDependencies): void {
  const statuses = { taken: 204, malformed: 400, unknown: 403, over: 409 } as const;
  const words = {
    taken: '',
    malformed: 'this is no signed note\n',
    unknown: 'no signature of a witness of the policy, or a wrong one\n',
    over: 'this checkpoint is not gathered any more: ask for the pending one\n',
  } as const;
  const answer = (reply: FastifyReply, what: keyof typeof statuses) =>
    reply.code(statuses[what]).type(TEXT).send(words[what]);
  app.post('/log/cosignatures', async (request, reply) => {
    return answer(reply, await witnessing.takeCosignatures(bodyOf(request)));
  });
  app.post('/log/statements', async (request, reply) => {
    return answer(reply, await witnessing.takeStatement(bodyOf(request)));
  });
}

function bodyOf({ body }: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array(0);
}

function sendText(request: FastifyRequest, reply: FastifyReply, text: string | null): FastifyReply {
  if (text === null) return notFound(reply);
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  void reply.header('cache-control', CHANGING).header('etag', tag).type(TEXT);
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  if (request.method === 'HEAD') return reply.header('content-length', Buffer.byteLength(text)).send();
  return reply.send(text);
}

/** Sends the first of these files that there is. */
async function sendFile(
  reply: FastifyReply,
  paths: readonly string[],
  type: string,
  cache: string,
): Promise<FastifyReply> {
  for (const path of paths) {
    const file = await open(path).catch(() => null);
    if (file === null) continue;
    const { size } = await file.stat();
    void reply.type(type).header('cache-control', cache).header('content-length', size);
    return reply.send(file.createReadStream());
  }
  return notFound(reply);
}

/** The first entries of a bundle, each behind its length. */
function firstEntries(bundle: Uint8Array, width: number): Uint8Array {
  let at = 0;
  for (let entry = 0; entry < width; entry++) at += 2 + ((bundle[at]! << 8) | bundle[at + 1]!);
  return bundle.subarray(0, at);
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, HTTP_ERRORS.HTTP_NOT_FOUND);
}
