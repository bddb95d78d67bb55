/**
 * The other half of CrowdSec's local API, for agents of CrowdSec that an office has already: they sign in, and their alerts come in
 * as lines of a sensor. The password of an agent is the key of a sensor (`bwk_...`), its name becomes the sensor's.
 *
 * What they cannot do here is said in a sentence: blocks are decided, and lifted, by the state.
 */
import { parseCidr, readAddressText } from '@bellwether/basics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Intake } from '../../../flow/intake-types.ts';
import type { Auth } from '../../../platform/auth/auth-types.ts';
import type { ProgramActor } from '../../../platform/auth/key-memory.ts';
import { can } from '../../../platform/auth/rights.ts';
import type { HttpApp } from '../../../platform/http/app.ts';
import { Bodies } from '../../../platform/http/body.ts';
import { HTTP_ERRORS } from '../../../platform/http/errors.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { alertLinesOf } from './alert-lines.ts';
import type { BouncerDoor } from './bouncer-door.ts';
import { bouncerReportIn, keepBouncerReport } from './bouncer-reports.ts';
import { sendMessage, sendNoBouncer } from './lapi-answers.ts';
import type { MachineToken, MachineTokens } from './machine-tokens.ts';

/** What they need. `now`: ms since 1970. */
export type MachinesRoutesDependencies = {
  readonly db: Kysely<Tables>;
  readonly auth: Pick<Auth, 'keys' | 'limits'>;
  readonly door: BouncerDoor;
  readonly intake: Intake;
  readonly tokens: MachineTokens;
  readonly now: () => number;
};

/** An agent sends fifty alerts at a time with their events, some hundred KB; two such senders at once are enough. Bytes. */
const BODIES = { one: 4 * 1024 * 1024, all: 16 * 1024 * 1024, unpacking: 1 } as const;

/** Where its alerts and figures can come from. */
const JSON_TYPES = ['application/json', 'text/plain'];

/** Seconds after which an agent tries again what could not be taken in. */
const RETRY_AFTER = '30';

const NOT_HERE = 'Blocks are decided by the state office, and lifted there: call it.';

const NOT_BY_ITSELF =
  'An agent is not added by asking. Make a key for a sensor in Bellwether, and use it as the password of the agent.';

type Sensor = Extract<ProgramActor, { kind: 'sensor' }>;

/** Adds them. */
export function addMachinesRoutes(app: HttpApp, dependencies: MachinesRoutesDependencies): void {
  const bodies = new Bodies(BODIES);
  void app.register((scope, _options, done) => {
    // Read by `Bodies`: bounded, and unpacked within the same bound.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(JSON_TYPES, (_request, payload, parsed) => parsed(null, payload));
    scope.post('/v1/watchers/login', (request, reply) => signIn(request, reply, bodies, dependencies));
    scope.post('/v1/alerts', (request, reply) => takeAlerts(request, reply, bodies, dependencies));
    scope.post('/v1/usage-metrics', (request, reply) => takeMetrics(request, reply, bodies, dependencies));
    scope.post('/v1/watchers', (_request, reply) => sendMessage(reply, 403, NOT_BY_ITSELF));
    done();
  });
  const { tokens } = dependencies;
  app.get('/v1/refresh_token', async (request, reply) => {
    const known = await machineThatAsks(request, dependencies);
    return known === undefined ? sendSignedOut(reply) : sendToken(reply, tokens.tokenFor(known.machine));
  });
  const forMachines = (url: string, answer: (reply: FastifyReply) => unknown): void => {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) =>
        (await machineThatAsks(request, dependencies)) === undefined ? sendSignedOut(reply) : answer(reply),
    });
  };
  forMachines('/v1/heartbeat', (reply) => reply.send({}));
  forMachines('/v1/alerts', (reply) => reply.type('application/json; charset=utf-8').send('null'));
  forMachines('/v1/alerts/:id', (reply) => sendMessage(reply, 404, 'object not found'));
  addAllowlists(app, dependencies);
  for (const url of ['/v1/decisions', '/v1/decisions/:id', '/v1/alerts', '/v1/alerts/:id']) {
    app.delete(url, (_request, reply) => sendMessage(reply, 403, NOT_HERE));
  }
  app.route({
    method: ['GET', 'HEAD'],
    url: '/health',
    handler: (_request, reply) => reply.send({ status: 'up' }),
  });
}

/**
 * Nobody stands on a list of ours that would let them past everything: a block is spared, or lifted, before a bouncer hears of it.
 * Both agents and bouncers may ask; the form is CrowdSec's since 1.6.6.
 */
function addAllowlists(app: HttpApp, dependencies: MachinesRoutesDependencies): void {
  const { door } = dependencies;
  const forBoth = (url: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => {
        if ((await machineThatAsks(request, dependencies)) === undefined) {
          const bouncer = await door(request);
          if (bouncer.isErr()) return sendNoBouncer(reply, bouncer.error);
        }
        return answer(request, reply);
      },
    });
  };
  forBoth('/v1/allowlists', (_request, reply) => reply.send([]));
  forBoth('/v1/allowlists/check/*', (request, reply) => {
    const asked = (request.params as { readonly '*': string })['*'];
    if (!isAddressOrNetwork(asked)) return sendMessage(reply, 400, 'this is no address and no network');
    // Who asks for the head alone reads the status: 204 for no.
    if (request.method === 'HEAD') return reply.code(204).send();
    return reply.send({ allowlisted: false });
  });
}

function isAddressOrNetwork(text: string): boolean {
  return readAddressText(text) !== undefined || parseCidr(text).isOk();
}

async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: Bodies,
  { auth, tokens, now }: MachinesRoutesDependencies,
): Promise<FastifyReply> {
  const content = await jsonOf(request, reply, bodies);
  if (content === undefined) return reply;
  const { machine_id: id, password } = content as { machine_id?: unknown; password?: unknown };
  const actor = typeof password === 'string' ? await auth.keys.actorOf(password) : undefined;
  if (typeof id === 'string' && isSensor(actor, now())) {
    return sendToken(reply, tokens.tokenFor({ id: sensorName(id), key: actor.key }));
  }
  if (auth.limits.allow('key', request.from)) {
    return reply.code(401).send({ code: 401, message: 'this is no name with the key of a sensor' });
  }
  return sendNoBouncer(reply, 'too-often');
}

async function takeAlerts(
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: Bodies,
  dependencies: MachinesRoutesDependencies,
): Promise<FastifyReply> {
  const known = await machineThatAsks(request, dependencies);
  if (known === undefined) return sendSignedOut(reply);
  const content = await jsonOf(request, reply, bodies);
  if (content === undefined) return reply;
  const read = alertLinesOf(content);
  if (read === undefined) return sendMessage(reply, 400, 'this is no list of alerts');
  const { lines, without } = read;
  const { intake } = dependencies;
  // An alert about a country or a provider: no address did it, and nothing is dropped in silence.
  if (without > 0) intake.refuse('http', 'alert-without-address', 1, without, 0);
  if (lines.length > 0) {
    const taken = await intake.submit({
      authority: known.actor.place,
      sensor: known.machine.id,
      transport: 'http',
      format: 'ndjson',
      lines: Buffer.from(`${lines.join('\n')}\n`),
    });
    if (taken.isErr()) return sendMessage(reply.header('retry-after', RETRY_AFTER), 503, taken.error.detail);
  }
  // One number for each, since clients count them. There is nothing to be fetched by it: /v1/alerts/N is answered with 404.
  return reply.code(201).send(lines.map((_line, i) => String(i + 1)));
}

/** What a bouncer says of itself is kept with its key. Figures of agents are read to the end and not kept: their lines tell. */
async function takeMetrics(
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: Bodies,
  dependencies: MachinesRoutesDependencies,
): Promise<FastifyReply> {
  const { db, door, now } = dependencies;
  let key: string | undefined;
  if ((await machineThatAsks(request, dependencies)) === undefined) {
    const bouncer = await door(request);
    if (bouncer.isErr()) return sendNoBouncer(reply, bouncer.error);
    key = bouncer.value.key;
  }
  const content = await jsonOf(request, reply, bodies);
  if (content === undefined) return reply;
  const report = key === undefined ? undefined : bouncerReportIn(content, now());
  if (key !== undefined && report !== undefined) await keepBouncerReport(db, key, report);
  return reply.code(201).send('');
}

/** The agent whose token came along, while the key that it signed in with stands. */
async function machineThatAsks(
  { headers }: FastifyRequest,
  { auth, tokens, now }: MachinesRoutesDependencies,
): Promise<
  { readonly machine: { readonly id: string; readonly key: string }; readonly actor: Sensor } | undefined
> {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const machine = token === undefined ? undefined : tokens.machineOf(token);
  if (machine === undefined) return undefined;
  const actor = await auth.keys.standing(machine.key);
  return isSensor(actor, now()) ? { machine, actor } : undefined;
}

function isSensor(actor: ProgramActor | undefined, now: number): actor is Sensor {
  return actor?.kind === 'sensor' && can(actor, 'lines.send', actor.place, now);
}

/** Reads JSON within bounds; undefined where it was answered already. */
async function jsonOf(
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: Bodies,
): Promise<object | undefined> {
  const read = await bodies.readBody(request.raw, request.headers['content-encoding']);
  if (read.isErr()) {
    const { status, message } = HTTP_ERRORS[read.error.code];
    // What is left of the content is not read.
    void sendMessage(reply.header('connection', 'close'), status, message);
    return undefined;
  }
  try {
    const content: unknown = JSON.parse(read.value.bytes.toString('utf8'));
    if (typeof content === 'object' && content !== null) return content;
  } catch {
    // Told below, as whatever else is no object and no list.
  } finally {
    read.value.release();
  }
  void sendMessage(reply, 400, 'the content is not JSON');
  return undefined;
}

function sendToken(reply: FastifyReply, { token, until }: MachineToken): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .send({ code: 200, expire: new Date(until).toISOString(), token });
}

function sendSignedOut(reply: FastifyReply): FastifyReply {
  return reply.code(401).send({ code: 401, message: 'sign in at /v1/watchers/login' });
}

/** What the agent calls itself, as a name of a sensor: other signs become hyphens. */
function sensorName(id: string): string {
  return `crowdsec-${id.replace(/[^A-Za-z0-9._-]/g, '-')}`.slice(0, 64);
}
