/**
 * Bouncers that show a certificate instead of sending a key: one of the hub's own CA, whose subject the hub chose. It stands for
 * the key of its bouncer, so what the key takes and whether it was withdrawn is asked with each request, and there is one
 * place where a bouncer ends.
 */
import type { TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Auth, Trail } from '../../../platform/auth/auth-types.ts';
import type { Actor } from '../../../platform/auth/rights.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { type OwnCa, serialText } from '../../../platform/tls/own-ca.ts';
import { type BouncerDoor, isBouncer } from './bouncer-door.ts';
import { type BouncersError, bouncersError } from './errors.ts';

/** What they need. `now`: ms since 1970. */
export type BouncerCertificatesOptions = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly auth: Pick<Auth, 'keys' | 'limits'>;
  readonly ca: OwnCa;
  readonly now: () => number;
};

/** A certificate for a bouncer, and that of the CA: PEM. `until`: its end, ms. */
export type BouncerCertificate = {
  readonly certificate: string;
  readonly authority: string;
  readonly until: number;
};

/** Subject of a bouncer's certificate, as Node spells it. */
const SUBJECT = /^CN=bouncer:([1-9]\d{0,15})$/;

/** Issues them, and knows whoever shows one. */
export class BouncerCertificates {
  readonly #options: BouncerCertificatesOptions;

  constructor(options: BouncerCertificatesOptions) {
    this.#options = options;
  }

  /** The certificate of whoever has this key and made this request (PKCS #10, PEM). `by` is a bouncer where it renews its own. */
  async issueFor(
    by: Actor,
    key: string,
    request: string,
    origin: string,
  ): Promise<Result<BouncerCertificate, BouncersError>> {
    const { db, trail, auth, ca } = this.#options;
    const program = await auth.keys.standing(key);
    if (program?.kind !== 'bouncer') return err(bouncersError('BOUNCER_KEY_SENDS_LINES', `key ${key}`));
    const issued = await ca.issueClient(request, `bouncer:${key}`);
    if (issued.isErr()) return err(bouncersError('BOUNCER_REQUEST_REFUSED', issued.error.detail));
    const { certificate, serial, notAfter } = issued.value;
    await db.transaction().execute(async (tx) => {
      const after = { serial };
      const { place } = program;
      await trail.add(tx, { who: by, act: 'key.certificate', place, about: `key:${key}`, after, origin });
    });
    return ok({ certificate, authority: ca.certificate, until: notAfter });
  }

  /** The door for those who show one. TLS has judged the chain; whether it holds now says our own clock. */
  readonly door: BouncerDoor = async ({ socket, from }) => {
    const { auth, ca, now } = this.#options;
    const tls = socket as TLSSocket;
    const shown = tls.getPeerX509Certificate();
    const key = SUBJECT.exec(shown?.subject ?? '')?.[1];
    if (shown !== undefined && key !== undefined) {
      const isNow = now() >= Date.parse(shown.validFrom) && now() < Date.parse(shown.validTo);
      if (!isNow) return err('certificate-over');
      if (tls.authorized && !ca.isRevoked(serialText(shown.serialNumber))) {
        const actor = await auth.keys.standing(key);
        if (isBouncer(actor, now())) return ok(actor);
      }
    }
    return err(auth.limits.allow('key', from) ? 'no-bouncer' : 'too-often');
  };
}
