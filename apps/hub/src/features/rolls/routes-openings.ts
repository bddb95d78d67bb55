/**
 * `POST /log/openings`: a witness gets the openings of its office's records, or an auditor those that were drawn. No sign-in:
 * the note authenticates itself. Who got what, and how many, is in the trail before the first byte goes out.
 */
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Result } from '@bellwether/basics';
import type { NoteKey } from '@bellwether/evidence';
import type { FastifyReply } from 'fastify';
import type { Routes } from '../../platform/http/app.ts';
import { noteAct } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { ROLL_ERRORS, type RollError, rollRefused } from './errors.ts';
import { MOST_REQUEST, OpeningsDoor } from './openings-asked.ts';
import { type MadeOpenings, makeOpenings } from './openings-made.ts';
import type { SecondHands } from './second-hand.ts';

/** Answers that are on their way at a time: each has the keys of an office in memory. Others are asked to come again. */
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
      let isSending = false;
      try {
        const made = await madeFor(body, from.address);
        if (made.isErr()) return refuse(reply, made.error);
        // Reading may fail half-way, and whoever asked may leave: both end the answer, and no more than that.
        const answer = pipeline(Readable.from(made.value.pieces()), createGzip(), () => void making--);
        isSending = true;
        return reply
          .type('application/x-ndjson')
          .header('cache-control', 'no-store')
          .header('content-encoding', 'gzip')
          .send(answer);
      } finally {
        if (!isSending) making--;
      }
    });
  };

  /** What a request is answered with; it is in the trail by then. */
  async function madeFor(body: unknown, address: string): Promise<Result<MadeOpenings, RollError>> {
    const bytes = Buffer.isBuffer(body) ? Uint8Array.from(body) : new Uint8Array(0);
    const asked = await door.admitRequest(bytes);
    if (asked.isErr()) return asked;
    const { witness, whose, origin, seal } = asked.value;
    const held = rolls()?.held;
    if (held === undefined) return rollRefused('ROLL_ABSENT', 'ask again later');
    const last = held.seals.at(-1);
    if (held.fold.genesis.origin !== origin || (last !== undefined && last.index !== seal))
      return rollRefused('ROLL_OPENINGS_OTHER', `the last is ${last?.index}`);
    const made = await makeOpenings(held, whose);
    if (made.isErr()) return made;
    const { epoch, count, leftOut } = made.value.head;
    await noteAct(dependencies, {
      who: 'hub',
      act: 'rolls.openings',
      place: whose === 'auditors' ? 'state' : whose.office,
      about: `witness:${witness}`,
      after: { epoch, count, leftOut, by: 'network' },
      origin: address,
    });
    return made;
  }
}

function refuse(reply: FastifyReply, { code, detail }: RollError): FastifyReply {
  const { status, message, help } = ROLL_ERRORS[code];
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message} (${detail})\n${help}\n`);
}
