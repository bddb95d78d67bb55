/**
 * HTTPS with the hub's own small CA, for closed networks: the CA is made once, and certifies the hub again whenever two
 * thirds of a certificate's life are over. People trust the CA by hand, after they compared its fingerprint.
 */
import { X509Certificate } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { err, isDnsName, ok, type Result } from '@bellwether/basics';
import { type TlsError, tlsError } from './errors.ts';
import { troubleOf } from './given.ts';
import { dayOf, newOwn, OwnCa, unwritable } from './own-ca.ts';
import { hasOwn, keepOwn, keepServer, readOwn, readServer } from './own-store.ts';
import type { CheckedPair } from './pair.ts';
import { type OnTrouble, Serving } from './serving.ts';
import type { CertificateSource } from './tls-types.ts';

/** What a test may choose, and who is told. */
export type OwnOptions = { readonly every?: number; readonly onTrouble?: OnTrouble };

/** Whether something is due is looked at so often, ms: a clock that was set, or a machine that slept, delays it by no more. */
const LOOK_EVERY = 60_000;

/** Two thirds: thirty days are left of ninety, for whatever goes wrong. */
const LIFE_BEFORE_RENEWAL = 2 / 3;

/** The end of the CA is told half a year before, ms: another one has to be trusted on each machine by then. */
const WARNING = 182 * 86_400_000;

/** The CA in the folder `tls`; made if there was none. Fails where it cannot be read or kept, or where its life is over. */
export async function openOwnCa(folder: string, now: () => number): Promise<Result<OwnCa, TlsError>> {
  try {
    if (!(await hasOwn(folder))) await keepOwn(folder, await newOwn(now()));
  } catch (cause) {
    return err(unwritable(cause));
  }
  const records = await readOwn(folder);
  if (records.isErr()) return records;
  const { fingerprint256 } = new X509Certificate(records.value.pem);
  const ca = new OwnCa(folder, records.value, fingerprint256, now);
  if (now() < ca.notAfter) return ok(ca);
  return err(tlsError('TLS_OWN_CA_OVER', `it ended on ${dayOf(ca.notAfter)}`));
}

/** Certificates of the hub under this DNS name: the one that was kept, else a new one. */
export async function ownCertificates(
  ca: OwnCa,
  name: string,
  now: () => number,
  { every = LOOK_EVERY, onTrouble }: OwnOptions = {},
): Promise<Result<CertificateSource, TlsError>> {
  if (!isDnsName(name))
    return err(tlsError('TLS_CERTIFICATE_INVALID', `${name.slice(0, 100)} is no DNS name`));
  const kept = await readServer(ca.folder, name, ca.certificate, now());
  const renewing = new Renewing(ca, name, now, new Serving(kept.unwrapOr(null), onTrouble));
  // A certificate that was kept serves on where a new one cannot be had.
  const first = await renewing.renewIfDue(kept.unwrapOr(undefined));
  if (first.isErr()) return first;
  const stopping = new AbortController();
  const ended = renewing.run(first.value, every, stopping.signal);
  const close = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return ok(renewing.asSource(close));
}

/** Has certificates, one after the other, until it is stopped. */
class Renewing {
  readonly #ca: OwnCa;
  readonly #name: string;
  readonly #now: () => number;
  readonly #serving: Serving;
  /** Served, and not on the disk. */
  #unkept: CheckedPair | undefined;

  constructor(ca: OwnCa, name: string, now: () => number, serving: Serving) {
    this.#ca = ca;
    this.#name = name;
    this.#now = now;
    this.#serving = serving;
  }

  async run(first: CheckedPair, every: number, stopping: AbortSignal): Promise<void> {
    let served = first;
    for (;;) {
      await pause(every, undefined, { signal: stopping, ref: false }).catch(() => {});
      if (stopping.aborted) return;
      served = (await this.renewIfDue(served)).unwrapOr(served);
    }
  }

  /** Serves this one, or a new one if that is due. Fails where there is none at all. */
  async renewIfDue(served: CheckedPair | undefined): Promise<Result<CheckedPair, TlsError>> {
    if (served !== undefined && !this.#isDue(served)) {
      this.#serving.say((await this.#keep()) ?? this.#warning());
      return ok(served);
    }
    const issued = await this.#ca.issueServer(this.#name);
    if (issued.isErr()) {
      this.#serving.say(troubleOf(issued.error));
      return served === undefined ? issued : ok(served);
    }
    this.#serving.serve(issued.value);
    this.#unkept = issued.value;
    this.#serving.say((await this.#keep()) ?? this.#warning());
    return issued;
  }

  asSource(close: () => Promise<void>): CertificateSource {
    const source = this.#serving.asSource(close);
    const { fingerprint, certificate: authority } = this.#ca;
    return {
      get current() {
        return source.current;
      },
      get trouble() {
        return source.trouble;
      },
      fingerprint,
      authority,
      onChange: source.onChange,
      close,
    };
  }

  /** Two thirds over; or the clock was set to before it began. One that ends with its CA is the last. */
  #isDue({ notBefore, notAfter }: CheckedPair): boolean {
    const now = this.#now();
    if (now < notBefore) return true;
    return notAfter < this.#ca.notAfter && now >= notBefore + (notAfter - notBefore) * LIFE_BEFORE_RENEWAL;
  }

  /** What cannot be kept is served all the same, and tried again; at the next start there would be another. */
  async #keep(): Promise<string | undefined> {
    if (this.#unkept === undefined) return undefined;
    try {
      await keepServer(this.#ca.folder, this.#unkept);
      this.#unkept = undefined;
      return undefined;
    } catch (cause) {
      return troubleOf(unwritable(cause));
    }
  }

  #warning(): string | null {
    const { notAfter } = this.#ca;
    if (this.#now() < notAfter - WARNING) return null;
    return `The own CA of the hub ends on ${dayOf(notAfter)}. Plan another one: each machine has to trust it by then.`;
  }
}
