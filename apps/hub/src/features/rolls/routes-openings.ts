/**
 * `POST /log/openings`: a witness gets the openings of its office's records, or an auditor those that were drawn. No sign-in:
 * the note authenticates itself. Who got what, and how many, is in the trail before the first byte goes out.
 */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { NoteKey } from '@bellwether/evidence';
import type { FastifyReply } from 'fastify';
import type { Routes } from '../../platform/http/app.ts';
import { noteAct } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { ROLL_ERRORS, type RollError } from './errors.ts';
import { MOST_REQUEST, OpeningsDoor } from './openings-asked.ts';
import { makeOpenings } from './openings-made.ts';
import type { SecondHands } from './second-hand.ts';

/** Answers that are made at a time: each takes the keys of an office into memory. Others are asked to come again. */
const MOST_AT_ONCE = 2;

/** What it needs. */
export type OpeningsDependencies = Pick<RollsDependencies, 'db' | 'auth' | 'rolls' | 'now'> & {
  /** Second keys of the witnesses of the policy. */
  readonly keys: readonly NoteKey[];
  readonly hands: SecondHands;
};

/** Adds it. */
export function openingsRoutes(dependencies: OpeningsDependencies): Routes {
  const { rolls, keys, hands, now } = dependencies;
  const door = new OpeningsDoor(keys, hands, now);
  let making = 0;
  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_REQUEST }, (_request, body, done) => {
      done(null, body);
    });
    app.post('/log/openings', async ({ body, from }, reply) => {
      if (making >= MOST_AT_ONCE)
        return refuse(reply, { code: 'ROLL_OPENINGS_BUSY', detail: 'others are being answered' });
      making++;
      try {
        const bytes = Buffer.isBuffer(body) ? Uint8Array.from(body) : new Uint8Array(0);
        const asked = await door.admitRequest(bytes);
        if (asked.isErr()) return refuse(reply, asked.error);
        const { witness, whose, origin, seal } = asked.value;
        const held = rolls()?.held;
        if (held === undefined) return refuse(reply, { code: 'ROLL_ABSENT', detail: 'ask again later' });
        const last = held.seals.at(-1);
        if (held.fold.genesis.origin !== origin || (last !== undefined && last.index !== seal))
          return refuse(reply, { code: 'ROLL_OPENINGS_OTHER', detail: `the last is ${last?.index}` });
        const made = await makeOpenings(held, whose);
        if (made.isErr()) return refuse(reply, made.error);
        const { head, pieces } = made.value;
        await noteAct(dependencies, {
          who: 'hub',
          act: 'rolls.openings',
          place: whose === 'auditors' ? 'state' : whose.office,
          about: `witness:${witness}`,
          after: { epoch: head.epoch, count: head.count, leftOut: head.leftOut, by: 'network' },
          origin: from.address,
        });
        return reply
          .type('application/x-ndjson')
          .header('cache-control', 'no-store')
          .header('content-encoding', 'gzip')
          .send(Readable.from(pieces()).pipe(createGzip()));
      } finally {
        making--;
      }
    });
  };
}

function refuse(reply: FastifyReply, { code, detail }: RollError): FastifyReply {
  const { status, message, help } = ROLL_ERRORS[code];
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message} (${detail})\n${help}\n`);
}
