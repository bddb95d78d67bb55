/**
 * `POST /api/v1/intake/{authority}/{sensor}`: lines by HTTP. The fast way in: bytes go from the socket to the journal as
 * they are, and the answer comes when they are on disk.
 */
import { BATCH_HEADER, IntakeAnswer, IntakeParams, IntakeQuery } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { FLOW_ERRORS } from '../../flow/errors.ts';
import type { Arrival, Intake, IntakeErrorCode } from '../../flow/intake-types.ts';
import { linesIn } from '../../flow/settle.ts';
import { closed, DOOR_PROBLEMS, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { Bodies, type BodyLimits } from '../../platform/http/body.ts';
import { HTTP_ERRORS, type HttpError, type HttpErrorCode, httpError } from '../../platform/http/errors.ts';
import { sendHttpError, sendProblem } from '../../platform/http/problem.ts';

/** What lines come as. */
const CONTENT_TYPES = ['text/plain', 'application/x-ndjson', 'application/octet-stream'];

const BATCH = /^([A-Za-z0-9._-]{1,64})\/(\d{1,16})$/;

/** After how many seconds it is worth trying again: what is busy for a moment, and what a person has to mend. */
const RETRY_SOON = '1';
const RETRY_LATER = '30';

const RETRY: Readonly<Partial<Record<IntakeErrorCode | HttpErrorCode, string>>> = {
  HTTP_BUSY: RETRY_SOON,
  INTAKE_BUSY: RETRY_SOON,
  INTAKE_STOPPING: RETRY_SOON,
  INTAKE_DISK_FULL: RETRY_LATER,
  INTAKE_TOO_MANY_SENSORS: RETRY_LATER,
};

/** Failures of the server that are counted as lines refused, and what the account calls them. */
const COUNTED: Readonly<Partial<Record<HttpErrorCode, string>>> = {
  HTTP_BUSY: 'busy',
  HTTP_BODY_TOO_LARGE: 'too-large',
  HTTP_BODY_DAMAGED: 'damaged',
  HTTP_BODY_UNFINISHED: 'cut-off',
  HTTP_MEDIA_TYPE: 'media-type',
  HTTP_BATCH_INVALID: 'batch-invalid',
};

/** Failures of the intake that only this way in counts; those of a busy or full hub are counted there, for all ways in. */
const COUNTED_HERE: Readonly<Partial<Record<IntakeErrorCode, string>>> = {
  INTAKE_AUTHORITY_UNKNOWN: 'unknown-authority',
  INTAKE_SENSOR_INVALID: 'sensor-invalid',
  INTAKE_FORMAT_UNLISTED: 'format-unlisted',
  INTAKE_ZONE_UNKNOWN: 'zone-unknown',
  INTAKE_BATCH_TOO_OLD: 'batch-too-old',
};

/** The route. `limits` in tests. */
export function intakeRoutes(intake: Intake, limits?: BodyLimits): Routes {
  const bodies = new Bodies(limits);
  return (app) => {
    void app.register((scope, _options, done) => {
      leaveInSocket(scope as HttpApp);
      addRoute(scope as HttpApp, intake, bodies);
      done();
    });
  };
}

function addRoute(app: HttpApp, intake: Intake, bodies: Bodies): void {
  app.post(
    '/intake/:authority/:sensor',
    {
      config: { right: { verb: 'lines.send', of: (request) => (request.params as IntakeParams).authority } },
      schema: {
        summary: 'Take in lines of a sensor',
        description: `The content is lines of text or NDJSON, packed with gzip or not. They are on disk when the answer is 200. The header \`${BATCH_HEADER}: CLIENT/SEQUENCE\` makes it safe to send again.`,
        tags: ['intake'],
        consumes: CONTENT_TYPES,
        params: IntakeParams,
        querystring: closed(IntakeQuery),
        response: { 200: IntakeAnswer, ...problems(...POSSIBLE) },
      },
    },
    async (request, reply) =>
      await takeLines({ intake, bodies }, request.params, request.query, request, reply),
  );
}

/**
 * `POST /agent/v1/intake/{sensor}`: the same for agents, whose certificate names the office. `officeOf`: of the request, which the door
 * of agents has let in.
 */
export function agentIntakeRoutes(
  intake: Intake,
  officeOf: (request: FastifyRequest) => string,
): (app: HttpApp) => void {
  const bodies = new Bodies();
  return (app) => {
    void app.register((scope, _options, done) => {
      leaveInSocket(scope as HttpApp);
      (scope as HttpApp).post(
        '/intake/:sensor',
        {
          schema: {
            params: closed(Type.Object({ sensor: IntakeParams.properties.sensor })),
            querystring: closed(IntakeQuery),
          },
        },
        async (request, reply) => {
          const place = { authority: officeOf(request), sensor: request.params.sensor };
          return await takeLines({ intake, bodies }, place, request.query, request, reply);
        },
      );
      done();
    });
  };
}

/** The content is left in the socket: it is read by `Bodies`, whose bounds are those of batches. */
function leaveInSocket(scope: HttpApp): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(CONTENT_TYPES, (_request, payload, done) => done(null, payload));
}

/** Reads what was sent, and answers when it is on disk. */
async function takeLines(
  { intake, bodies }: { readonly intake: Intake; readonly bodies: Bodies },
  { authority, sensor }: IntakeParams,
  { format, zone }: IntakeQuery,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<IntakeAnswer | FastifyReply> {
  const batch = batchOf(request.headers[BATCH_HEADER]);
  if (batch.isErr()) return refused(intake, request, reply, batch.error);
  const read = await bodies.readBody(request.raw, request.headers['content-encoding']);
  if (read.isErr()) return refused(intake, request, reply, read.error);
  const { bytes, release } = read.value;
  try {
    if (isGzip(bytes)) {
      const error = httpError(
        'HTTP_MEDIA_TYPE',
        'it is packed with gzip, and no header content-encoding says so',
      );
      return refused(intake, request, reply, error);
    }
    const arrival: Arrival = {
      authority,
      sensor,
      transport: 'http',
      lines: bytes,
      ...(format === undefined ? {} : { format }),
      ...(zone === undefined ? {} : { zone }),
      ...(batch.value === undefined ? {} : { batch: batch.value }),
    };
    const taken = await intake.submit(arrival);
    if (taken.isOk()) return taken.value;
    const { code, detail } = taken.error;
    const reason = COUNTED_HERE[code];
    if (reason !== undefined) intake.refuse('http', reason, 1, linesIn(bytes), bytes.length);
    return sendProblem(retryAfter(reply, code), FLOW_ERRORS[code], detail);
  } finally {
    release();
  }
}

const POSSIBLE = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_BODY_DAMAGED,
  HTTP_ERRORS.HTTP_BODY_UNFINISHED,
  ...DOOR_PROBLEMS,
  HTTP_ERRORS.HTTP_BODY_TOO_LARGE,
  HTTP_ERRORS.HTTP_MEDIA_TYPE,
  HTTP_ERRORS.HTTP_BATCH_INVALID,
  HTTP_ERRORS.HTTP_BUSY,
  ...Object.values(FLOW_ERRORS),
];

/** Client and number of a batch; undefined if none is named. */
function batchOf(header: string | string[] | undefined): Result<Arrival['batch'], HttpError> {
  if (header === undefined) return ok(undefined);
  const [, client, digits] = BATCH.exec(String(header)) ?? [];
  const sequence = Number(digits);
  if (client === undefined || !Number.isSafeInteger(sequence)) {
    return err(httpError('HTTP_BATCH_INVALID', `it says ${JSON.stringify(String(header).slice(0, 100))}`));
  }
  return ok({ client, sequence });
}

/** Lines never begin like this, and packed ones would all count as unreadable. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function refused(
  intake: Intake,
  request: FastifyRequest,
  reply: FastifyReply,
  error: HttpError,
): FastifyReply {
  const reason = COUNTED[error.code];
  const bytes = Number(request.headers['content-length'] ?? 0);
  if (reason !== undefined) intake.refuse('http', reason, 1, 0, Number.isSafeInteger(bytes) ? bytes : 0);
  // What is left of the content is not read: the connection cannot be used any further.
  return sendHttpError(retryAfter(reply.header('connection', 'close'), error.code), error);
}

function retryAfter(reply: FastifyReply, code: IntakeErrorCode | HttpErrorCode): FastifyReply {
  const seconds = RETRY[code];
  return seconds === undefined ? reply : reply.header('retry-after', seconds);
}
