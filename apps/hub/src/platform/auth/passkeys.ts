/**
 * Ceremonies of Web Authentication (W3C, level 3, section 7): a new passkey, signing in with one, and showing one again.
 * Passkeys are discoverable, so that nobody types a name, and the device checks each time that it is its owner (PIN,
 * finger, face). A site is a name: passkeys of `localhost` do not open the hub under its own name.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Kysely } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { CodePurpose, Origin, Passkeys, PersonActor, Sessions, Trail } from './auth-types.ts';
import { type AuthError, authError } from './errors.ts';
import { createdOf, isPlainSignature, shownOf } from './passkey-answers.ts';
import { keepPasskey, passkeysOf, removeOwnPasskey, useOfPasskey } from './passkey-records.ts';
import { TICKET_LIFE, Tickets } from './tickets.ts';

/** What passkeys need of the rest of the hub. */
export type PasskeyDependencies = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly sessions: Pick<Sessions, 'endAllOf'>;
  /** ms since 1970. */
  readonly now: () => number;
};

/** What a browser shows beside the passkey. */
const SITE_TITLE = 'Bellwether';

/** Kinds of keys (IANA COSE): EdDSA, ES256 as most devices have, RS256 as Windows Hello has on older machines. */
const ALGORITHMS = [-8, -7, -257];

/** Refused, whatever the reason: who guesses learns nothing from the answer. */
const REFUSED = authError('AUTH_PASSKEY_REFUSED', '');

const OVER = authError('AUTH_CEREMONY_OVER', '');

/** What a ticket of a ceremony stands for. */
type Question =
  | { readonly kind: 'sign-in'; readonly challenge: string }
  | { readonly kind: 'enrol' | 'step-up'; readonly challenge: string; readonly person: string };

/** Makes them. */
export function createPasskeys(dependencies: PasskeyDependencies): Passkeys {
  const { db, trail, now } = dependencies;
  const tickets = new Tickets<Question>(now);

  async function checkEnrol(
    ticket: string,
    credential: object,
    name: string,
    purpose: CodePurpose,
    origin: Origin,
  ): Promise<Result<{ person: string; passkey: string }, AuthError>> {
    const question = tickets.take(ticket, origin);
    if (question?.kind !== 'enrol') return err(OVER);
    const answer = createdOf(credential);
    if (answer === undefined) return err(REFUSED);
    const made = await verified(() =>
      verifyRegistrationResponse({
        response: answer,
        expectedChallenge: question.challenge,
        expectedOrigin: origin.origin,
        expectedRPID: origin.site,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (made?.registrationInfo === undefined || made.registrationInfo.credential.id !== answer.id) {
      return err(REFUSED);
    }
    const { credential: kept, credentialBackedUp } = made.registrationInfo;
    return await keepPasskey(dependencies, {
      person: question.person,
      purpose,
      site: origin.site,
      address: origin.address,
      id: kept.id,
      publicKey: Buffer.from(kept.publicKey),
      counter: kept.counter,
      transports: answer.response.transports ?? [],
      backedUp: credentialBackedUp,
      name,
    });
  }

  /** The passkey that answered the question. `person`: whose it must be; undefined: it says itself. */
  async function shown(
    { challenge }: Question,
    credential: object,
    origin: Origin,
    person: string | undefined,
  ): Promise<Result<{ person: string; passkey: string }, AuthError>> {
    const answer = shownOf(credential);
    if (answer === undefined) return err(REFUSED);
    const owner = answer.response.userHandle ?? person;
    if (owner === undefined || (person !== undefined && owner !== person)) return err(REFUSED);
    const kept = (await passkeysOf(db, owner)).find(
      ({ id, site }) => id === answer.id && site === origin.site,
    );
    if (kept === undefined) return err(REFUSED);
    const publicKey = new Uint8Array(kept.public_key);
    if (!isPlainSignature(answer.response.signature, publicKey)) return err(REFUSED);
    const checked = await verified(() =>
      verifyAuthenticationResponse({
        response: answer,
        expectedChallenge: challenge,
        expectedOrigin: origin.origin,
        expectedRPID: origin.site,
        requireUserVerification: true,
        // The counter is looked at once the signature is known to be right, and in the transaction that keeps it.
        credential: { id: kept.id, publicKey, counter: 0 },
      }),
    );
    if (checked?.verified !== true) return err(REFUSED);
    const { newCounter, credentialBackedUp } = checked.authenticationInfo;
    const used = { id: kept.id, counter: newCounter, backedUp: credentialBackedUp };
    if (!(await useOfPasskey(dependencies, used, origin.address))) return err(REFUSED);
    return ok({ person: owner, passkey: kept.id });
  }

  return {
    async signInOptions(origin) {
      const options = await generateAuthenticationOptions({
        rpID: origin.site,
        userVerification: 'required',
        timeout: TICKET_LIFE,
      });
      return { options, ticket: tickets.issue({ kind: 'sign-in', challenge: options.challenge }, origin) };
    },

    async checkSignIn(ticket, credential, origin) {
      const question = tickets.take(ticket, origin);
      if (question?.kind !== 'sign-in') return err(OVER);
      return await shown(question, credential, origin, undefined);
    },

    async enrolOptions(person, origin) {
      const { name } = await db
        .selectFrom('people')
        .select('name')
        .where('id', '=', person)
        .executeTakeFirstOrThrow();
      const kept = (await passkeysOf(db, person)).filter(({ site }) => site === origin.site);
      const options = await generateRegistrationOptions({
        rpName: SITE_TITLE,
        rpID: origin.site,
        userID: new Uint8Array(Buffer.from(person, 'base64url')),
        userName: name,
        userDisplayName: name,
        timeout: TICKET_LIFE,
        attestationType: 'none',
        excludeCredentials: kept.map(({ id, transports }) => ({ id, transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
      const question: Question = { kind: 'enrol', challenge: options.challenge, person };
      return { options, ticket: tickets.issue(question, origin) };
    },

    checkEnrol,

    async stepUpOptions(person, origin) {
      const kept = (await passkeysOf(db, person)).filter(({ site }) => site === origin.site);
      const options = await generateAuthenticationOptions({
        rpID: origin.site,
        userVerification: 'required',
        timeout: TICKET_LIFE,
        allowCredentials: kept.map(({ id, transports }) => ({ id, transports })),
      });
      const question: Question = { kind: 'step-up', challenge: options.challenge, person };
      return { options, ticket: tickets.issue(question, origin) };
    },

    async checkStepUp(person, ticket, credential, origin) {
      const question = tickets.take(ticket, origin);
      if (question?.kind !== 'step-up' || question.person !== person) return err(OVER);
      return (await shown(question, credential, origin, person)).map(() => undefined);
    },

    async listOf(person) {
      return (await passkeysOf(db, person)).map(({ id, name, site, backed_up, added_at, used_at }) => ({
        id,
        name,
        site,
        backedUp: backed_up,
        added: added_at.getTime(),
        used: used_at?.getTime() ?? null,
      }));
    },

    removePasskey: (by: PersonActor, id: string, origin: string) =>
      removeOwnPasskey({ db, trail, now }, by, id, origin),
  };
}

/** What the library found; undefined where it threw: all of its complaints are about what was sent. */
async function verified<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch {
    return undefined;
  }
}
