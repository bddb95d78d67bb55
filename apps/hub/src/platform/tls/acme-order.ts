/** How a certificate is had from an ACME directory, from the account to the chain: RFC 8555, 7.3 to 7.4.2, with http-01. */
import { setTimeout as pause } from 'node:timers/promises';
import { ok, type Result } from '@bellwether/basics';
import type { Static, TSchema } from 'typebox';
import type { ChallengeListener } from './acme-challenge.ts';
import { type AcmeClient, failureOf } from './acme-client.ts';
import { type AcmeFailure, acmeFailed, foreignText } from './acme-failure.ts';
import { AcmeAuthorization, AcmeOrder, acmeObject } from './acme-objects.ts';

/** What is ordered. */
export type Ordering = {
  /** DNS name. */
  readonly name: string;
  readonly contact: string | undefined;
  /** The request, PKCS #10 in DER, for a key that nobody else has. */
  readonly request: Uint8Array;
  /** Opens the listener that answers the directory's question; asked only if there is one. */
  readonly openChallenge: () => Promise<Result<ChallengeListener, AcmeFailure>>;
  /** Time between two looks, ms, where the directory names none. */
  readonly lookEvery: number;
};

/** Looks at one object: with a pause of a few seconds it is the time that a directory takes at most. */
const MOST_LOOKS = 60;

/** Longest pause between two looks that a directory may ask for, ms. */
const LONGEST_PAUSE = 30_000;

/** Gives the chain, PEM, as the directory sent it. */
export async function orderCertificate(
  client: AcmeClient,
  ordering: Ordering,
): Promise<Result<string, AcmeFailure>> {
  const signedIn = await client.signInWithKey(ordering.contact);
  if (signedIn.isErr()) return signedIn;
  const payload = { identifiers: [{ type: 'dns', value: ordering.name }] };
  const ordered = await client.askSigned(client.directory.newOrder, { payload });
  if (ordered.isErr()) return ordered;
  const { location, body } = ordered.value;
  if (location === undefined) return acmeFailed('the directory did not say where the order is');
  const order = acmeObject(AcmeOrder, body);
  if (order.isErr()) return order;
  for (const url of order.value.authorizations) {
    const proven = await proveName(client, url, ordering);
    if (proven.isErr()) return proven;
  }
  const ready = await lookUntil(client, location, AcmeOrder, ordering, ({ status }) => status !== 'pending');
  if (ready.isErr()) return ready;
  if (ready.value.status === 'ready') {
    const csr = Buffer.from(ordering.request).toString('base64url');
    const finalized = await client.askSigned(ready.value.finalize, { payload: { csr } });
    if (finalized.isErr()) return finalized;
  }
  const isOver = ({ status }: Static<typeof AcmeOrder>) => status === 'valid' || status === 'invalid';
  const over = await lookUntil(client, location, AcmeOrder, ordering, isOver);
  if (over.isErr()) return over;
  const { status, certificate, error } = over.value;
  if (status !== 'valid' || certificate === undefined) {
    const failure = failureOf(error ?? { detail: `the order is ${status}` });
    return acmeFailed(failure.detail, failure);
  }
  const chain = await client.askSigned(certificate, { accept: 'application/pem-certificate-chain' });
  return chain.map((answer) => answer.body);
}

/** Shows that the name leads here, unless the directory knows it from before. */
async function proveName(
  client: AcmeClient,
  url: string,
  ordering: Ordering,
): Promise<Result<void, AcmeFailure>> {
  const answer = await client.askSigned(url);
  if (answer.isErr()) return answer;
  const authorization = acmeObject(AcmeAuthorization, answer.value.body);
  if (authorization.isErr()) return authorization;
  if (authorization.value.status === 'valid') return ok();
  const challenge = authorization.value.challenges.find(({ type }) => type === 'http-01');
  if (challenge?.token === undefined)
    return acmeFailed('the directory offers no challenge of the kind http-01');
  const listener = await ordering.openChallenge();
  if (listener.isErr()) return listener;
  try {
    listener.value.answer(challenge.token, `${challenge.token}.${client.key.thumbprint}`);
    const told = await client.askSigned(challenge.url, { payload: {} });
    if (told.isErr()) return told;
    return await waitForProof(client, url, ordering);
  } finally {
    await listener.value.close();
  }
}

async function waitForProof(
  client: AcmeClient,
  url: string,
  ordering: Ordering,
): Promise<Result<void, AcmeFailure>> {
  const isOver = ({ status }: { status: string }) => status !== 'pending' && status !== 'processing';
  const looked = await lookUntil(client, url, AcmeAuthorization, ordering, isOver);
  if (looked.isErr()) return looked;
  const { status, challenges } = looked.value;
  if (status === 'valid') return ok();
  const problem = challenges.find(({ error }) => error !== undefined)?.error;
  const failure = failureOf(problem ?? { detail: `the proof of the name is ${foreignText(status)}` });
  return acmeFailed(failure.detail, failure);
}

/** Looks at an object until it is as it should be, as often as the directory wants, and not for ever. */
async function lookUntil<T extends TSchema>(
  client: AcmeClient,
  url: string,
  schema: T,
  { lookEvery }: Ordering,
  isDone: (object: Static<T>) => boolean,
): Promise<Result<Static<T>, AcmeFailure>> {
  for (let looks = 1; ; looks++) {
    const answer = await client.askSigned(url);
    if (answer.isErr()) return answer;
    const object = acmeObject(schema, answer.value.body);
    if (object.isErr() || isDone(object.value)) return object;
    if (looks === MOST_LOOKS) return acmeFailed('the directory did not decide in time');
    const wait = Math.min(Math.max(answer.value.retryAfter ?? 0, lookEvery), LONGEST_PAUSE);
    try {
      await pause(wait, undefined, { signal: client.line.signal });
    } catch {
      return acmeFailed('the directory did not decide in time');
    }
  }
}
