/**
 * One question to a mail service over HTTPS: its answer is bounded in bytes and time, a service that is busy is asked again when it says
 * so, a token that has ended is renewed once. Nothing leads to another host.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isAskable } from '../../../platform/auth/oidc-fetch.ts';
import type { DoneUntilThen, MailboxError, MailboxErrorCode } from '../mailboxes/errors.ts';

/** How long a service may take, and how often it is asked. */
export type HostedLimits = {
  /** One answer, ms. */
  readonly answer: number;
  /** Questions until it is given up. */
  readonly attempts: number;
  /** Before the second question, ms; twice as long before each further one, where the service does not say when. */
  readonly pause: number;
  /** Longest that a service may put us off, ms. */
  readonly patience: number;
};

export const HOSTED_LIMITS: HostedLimits = {
  // Fifty megabytes over a slow line take a minute.
  answer: 120_000,
  attempts: 5,
  pause: 1_000,
  patience: 120_000,
};

/** Bytes of an answer that is no message: a hundred lines of a list. */
const USUAL_ANSWER = 4_194_304;

/** Most of a service's own words that are passed on. */
const MOST_WORDS = 300;

/** Ends the work at hand; never leaves this folder. */
export class HostedFault extends Error {
  readonly code: MailboxErrorCode;
  /** Status of HTTP, or 0 where there was no answer. */
  readonly status: number;
  /** The code that the service gives, `ErrorItemNotFound`. */
  readonly named: string;

  constructor(code: MailboxErrorCode, detail: string, status = 0, named = '') {
    super(detail);
    this.code = code;
    this.status = status;
    this.named = named;
  }
}

/** A service, and who asks it. */
export type HostedService = {
  /** Its address, `https://graph.microsoft.com`. */
  readonly address: string;
  /** Headers that each question has. */
  readonly headers: Readonly<Record<string, string>>;
  /** A token; `isFresh`: the one before was refused. Throws a `HostedFault`. */
  readonly token: (mailbox: string, isFresh: boolean) => Promise<string>;
  /** Whether a refusal means "later". */
  readonly isBusy: (status: number, named: string) => boolean;
  /** What it calls a mailbox that there is not. */
  readonly noMailbox: readonly string[];
  readonly limits: HostedLimits;
};

/** A question. */
export type Question = {
  readonly mailbox: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With its leading slash, or an address at the same service. */
  readonly path: string;
  readonly body?: unknown;
  /** Bytes of the answer that are read. */
  readonly most?: number;
};

/** Bytes of an answer. `isCut`: there were more. */
export type AnswerBytes = { readonly bytes: Buffer; readonly isCut: boolean };

/** What the services say when they refuse: Graph gives words as code, Google a number and words in `status` and `errors`. */
const Refusal = Type.Object({
  error: Type.Object({
    code: Type.Optional(Type.Unknown()),
    message: Type.Optional(Type.String()),
    status: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ reason: Type.Optional(Type.String()) }))),
  }),
});

/** Asks, and reads the answer as JSON of a shape. Throws a `HostedFault`. */
export async function askedFor<T extends TSchema>(
  service: HostedService,
  question: Question,
  shape: T,
): Promise<Static<T>> {
  const { bytes, isCut } = await askedBytes(service, question);
  const value = isCut ? undefined : jsonOf(bytes);
  if (!Value.Check(shape, value)) {
    const what = isCut ? `more than ${bytes.length} bytes` : 'it has not the shape that is documented';
    throw new HostedFault('MAILBOX_ANSWER_WRONG', `${question.method} ${shown(question.path)}: ${what}`);
  }
  return value;
}

/** Asks, and gives the bytes of the answer, as many as may be. Throws a `HostedFault`. */
export async function askedBytes(service: HostedService, question: Question): Promise<AnswerBytes> {
  const { limits } = service;
  const address = addressOf(service, question.path);
  let isFresh = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await oneQuestion(service, question, address, isFresh);
    if (!(outcome instanceof Put)) return outcome;
    if (outcome.isToken && isFresh) throw outcome.fault;
    isFresh = outcome.isToken;
    if (attempt >= limits.attempts || outcome.after > limits.patience) throw outcome.fault;
    await pause(Math.max(outcome.after, outcome.isToken ? 0 : limits.pause * 2 ** (attempt - 1)));
  }
}

/** Does work in a mailbox; what it throws becomes an error. `done`: how far it is when it fails. */
export async function hostedWork<T>(
  work: (progress: { done: DoneUntilThen }) => Promise<T>,
): Promise<Result<T, MailboxError>> {
  const progress: { done: DoneUntilThen } = { done: 'nothing' };
  try {
    return ok(await work(progress));
  } catch (cause) {
    if (!(cause instanceof HostedFault)) throw cause;
    return err({ code: cause.code, detail: cause.message, done: progress.done });
  }
}

/** Asked in vain, and whether it makes sense to ask again. */
class Put {
  readonly fault: HostedFault;
  /** When the service wants to be asked again, ms from now. */
  readonly after: number;
  readonly isToken: boolean;

  constructor(fault: HostedFault, after = 0, isToken = false) {
    this.fault = fault;
    this.after = after;
    this.isToken = isToken;
  }
}

function addressOf({ address }: HostedService, path: string): URL {
  if (!isAskable(address)) throw new HostedFault('MAILBOX_SERVER_UNSAFE', shown(address));
  const asked = URL.canParse(path, address) ? new URL(path, address) : null;
  if (asked === null || asked.origin !== new URL(address).origin)
    throw new HostedFault('MAILBOX_ANSWER_WRONG', `it leads to another host: ${shown(path)}`);
  return asked;
}

async function oneQuestion(
  service: HostedService,
  { mailbox, method, path, body, most = USUAL_ANSWER }: Question,
  address: URL,
  isFresh: boolean,
): Promise<AnswerBytes | Put> {
  const where = `${method} ${shown(path)}`;
  const token = await service.token(mailbox, isFresh);
  let answer: Response;
  let read: AnswerBytes;
  try {
    answer = await fetch(address, {
      method,
      redirect: 'error',
      headers: {
        ...service.headers,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(service.limits.answer),
    });
    read = await boundedAnswer(answer, answer.ok ? most : 65_536);
  } catch (cause) {
    return new Put(noAnswer(cause, where));
  }
  if (answer.ok) return read;
  return refusalOf(service, answer, read.bytes, where);
}

function refusalOf(service: HostedService, answer: Response, bytes: Buffer, where: string): Put {
  const { status } = answer;
  const { named, words } = saidIn(bytes);
  const detail = `${where}: ${status}${named === '' ? '' : ` ${named}`}${words === '' ? '' : `: ${words}`}`;
  const fault = (code: MailboxErrorCode): HostedFault => new HostedFault(code, detail, status, named);
  if (status === 401) return new Put(fault('MAILBOX_LOGIN_REFUSED'), 0, true);
  if (status === 429 || service.isBusy(status, named))
    return new Put(fault('MAILBOX_SERVER_SLOW'), afterOf(answer));
  if (status >= 500) return new Put(fault('MAILBOX_SERVER_STOPPED'), afterOf(answer));
  // What is refused for good is not asked again.
  if (status === 403 || service.noMailbox.includes(named)) throw fault('MAILBOX_LOGIN_REFUSED');
  if (status === 404 || status === 410) throw fault('MAILBOX_MESSAGE_GONE');
  throw fault('MAILBOX_REFUSED');
}

function noAnswer(cause: unknown, where: string): HostedFault {
  const { name, message, cause: behind } = cause as Error;
  if (name === 'TimeoutError') return new HostedFault('MAILBOX_SERVER_SLOW', `${where}: no answer in time`);
  const why = behind instanceof Error ? behind.message : message;
  return new HostedFault('MAILBOX_SERVER_UNREACHABLE', `${where}: ${why.slice(0, MOST_WORDS)}`);
}

/** When to ask again (RFC 9110, 10.2.3): seconds, or a date. */
function afterOf({ headers }: Response): number {
  const said = headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1_000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}

function saidIn(bytes: Buffer): { readonly named: string; readonly words: string } {
  const value = jsonOf(bytes);
  if (!Value.Check(Refusal, value)) return { named: '', words: '' };
  const { code, status, errors, message } = value.error;
  const named = errors?.[0]?.reason ?? (typeof code === 'string' ? code : (status ?? ''));
  return { named: plain(named), words: plain(message ?? '') };
}

/** The beginning of an answer, at most so many bytes. Leaving the loop closes the connection. */
export async function boundedAnswer({ body }: Response, most: number): Promise<AnswerBytes> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    pieces.push(piece);
    if (size > most) return { bytes: Buffer.concat(pieces).subarray(0, most), isCut: true };
  }
  return { bytes: Buffer.concat(pieces), isCut: false };
}

/** What the bytes say as JSON; undefined where they are none. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A path without its question: addresses of people and words that were searched stay out of logs. */
function shown(path: string): string {
  return plain(path.split('?')[0]!);
}

function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ').replaceAll(/ {2,}/g, ' ').trim().slice(0, MOST_WORDS);
}
