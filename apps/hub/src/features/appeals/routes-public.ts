/** `/public/unblock/`: a voter asks to be let in again. No sign-in, no script, no cookie. */
import { type Cidr, masked, ok, parseCidr } from '@bellwether/basics';
import { readAppealCode } from '@bellwether/blocks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Buckets } from '../../platform/auth/buckets.ts';
import type { Routes } from '../../platform/http/app.ts';
import type { AppealsDependencies } from './dependencies.ts';
import { spareSource } from './sparing.ts';
import { UNBLOCK_PATH, UNBLOCK_POLICY, type UnblockState, unblockPage } from './unblock-page.ts';

/** Most bytes of the form: a code and its name. */
const MOST_FORM = 1024;

/** How often one address may press a button: a family with all its devices, and no program that tries all codes. */
const TRIES = { burst: 10, perMinute: 0.1 };

/** Addresses whose tries are remembered. */
const MOST_REMEMBERED = 50_000;

/** Adds it. */
export function appealPage(dependencies: AppealsDependencies): Routes {
  const { db, now } = dependencies;
  const tries = new Buckets(TRIES, MOST_REMEMBERED);
  return (app) => {
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MOST_FORM },
      (_request, body, done) => done(null, body),
    );
    app.get(UNBLOCK_PATH, async (request, reply) => send(request, reply, { kind: 'ask' }));
    app.post(UNBLOCK_PATH, async (request, reply) => {
      const own = sourceOf(request);
      if (own === undefined) return send(request, reply, { kind: 'ask' });
      const key = own.words.join('.');
      if (!tries.has(key, now())) return send(request, reply, { kind: 'done', outcome: 'too-many' });
      tries.take(key, now());
      const code = new URLSearchParams(String(request.body ?? '')).get('code');
      const network = code === null || code.trim() === '' ? ok(own) : readAppealCode(code);
      if (network.isErr()) return send(request, reply, { kind: 'wrong-code' });
      const { outcome } = await spareSource(
        db,
        { network: network.value, how: 'page', by: null, note: null },
        now(),
      );
      if (outcome === 'let-in') dependencies.onSpared();
      return send(request, reply, { kind: 'done', outcome });
    });
  };
}

function send(request: FastifyRequest, reply: FastifyReply, state: UnblockState): FastifyReply {
  const isSpanish = /^\s*es\b/i.test(request.headers['accept-language'] ?? '');
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', UNBLOCK_POLICY)
    .header('cache-control', 'no-store')
    .send(unblockPage(request.from.address, state, isSpanish));
}

/** Who asks: an IPv4 address, or the /64 of an IPv6 one. */
function sourceOf({ from }: FastifyRequest): Cidr | undefined {
  const found = parseCidr(from.address.replace(/^::ffff:(?=\d+\.)/, ''));
  if (found.isErr()) return undefined;
  return found.value.family === 4 ? found.value : masked({ ...found.value, bits: 64 });
}
