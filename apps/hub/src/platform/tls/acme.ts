/**
 * Certificates from a directory that speaks ACME (RFC 8555): had in the background, kept in the folder, renewed when two
 * thirds of their life are over. A directory that is away stops nothing: what is there is served on, and it is asked again.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { certificateRequestOf, ok, type Result } from '@bellwether/basics';
import { mayBind } from '../http/addresses.ts';
import { CHALLENGE_PORT, listenForChallenge } from './acme-challenge.ts';
import { meetDirectory } from './acme-client.ts';
import { directoryAgent } from './acme-exchange.ts';
import { type AcmeFailure, acmeFailed } from './acme-failure.ts';
import type { AccountKey } from './acme-jws.ts';
import { orderCertificate } from './acme-order.ts';
import { pauseAfter, renewalOf } from './acme-schedule.ts';
import { accountKeyIn, keepCertificate, keptCertificate, newPrivateKey } from './acme-store.ts';
import { type TlsError, tlsError } from './errors.ts';
import { troubleOf } from './given.ts';
import { type CheckedPair, checkPair } from './pair.ts';
import { readPem } from './private-file.ts';
import { type OnTrouble, Serving } from './serving.ts';
import type { CertificateSource, HttpsConfig } from './tls-types.ts';

/** Where the directory is, and what it is asked for. */
export type AcmeConfig = Pick<HttpsConfig, 'name' | 'host'> & Required<Pick<HttpsConfig, 'acme'>>;

/** What a test may choose, and who is told. Times in ms. */
export type AcmeOptions = {
  readonly onTrouble?: OnTrouble;
  /** Whether there is an administrator: before, nothing listens where other machines reach it, for this question neither. */
  readonly hasAdministrator?: () => boolean;
  readonly lookEvery?: number;
  readonly wakeEvery?: number;
  /** A number in [0,1). */
  readonly chance?: () => number;
};

/** Where nothing is said, a proxy of this machine is what leads the question here. */
const LOOPBACK = '127.0.0.1';

/** Directories decide within seconds; more often they need not be asked. ms. */
const LOOK_EVERY = 2_000;

/** How often is looked whether something is due, ms: a clock that was set, a machine that slept or an administrator who is new cannot make us miss it by more. */
const WAKE_EVERY = 5_000;

/** One attempt from end to end, ms: longer than any directory takes, and then the next attempt is as good. */
const ATTEMPT_TIME = 10 * 60_000;

/** Opens it. `current` is null until there is a first certificate; fails only where the files of our own cannot be used. */
export async function openAcme(
  config: AcmeConfig,
  folder: string,
  now: () => number,
  options: AcmeOptions = {},
): Promise<Result<CertificateSource, TlsError>> {
  const key = await accountKeyIn(folder);
  if (key.isErr()) return key;
  const kept = await keptCertificate(folder, config.acme.directory, config.name, now());
  const serving = new Serving(kept.isOk() ? kept.value : null, options.onTrouble);
  const stopping = new AbortController();
  const renewing = new Renewing(config, folder, key.value, now, options, serving, stopping.signal);
  const ended = renewing.run(kept.isOk() ? kept.value : undefined);
  const close = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return ok(serving.asSource(close));
}

/** Has certificates, one after the other, until it is stopped. */
class Renewing {
  readonly #config: AcmeConfig;
  readonly #folder: string;
  readonly #key: AccountKey;
  readonly #now: () => number;
  readonly #options: AcmeOptions;
  readonly #serving: Serving;
  readonly #stopping: AbortSignal;

  constructor(
    config: AcmeConfig,
    folder: string,
    key: AccountKey,
    now: () => number,
    options: AcmeOptions,
    serving: Serving,
    stopping: AbortSignal,
  ) {
    this.#config = config;
    this.#folder = folder;
    this.#key = key;
    this.#now = now;
    this.#options = options;
    this.#serving = serving;
    this.#stopping = stopping;
  }

  async run(kept: CheckedPair | undefined): Promise<void> {
    const { chance = Math.random } = this.#options;
    let due = kept === undefined ? this.#now() : renewalOf(kept, chance());
    let failures = 0;
    while (await this.#isDue(due)) {
      const issued = await this.#attempt();
      if (this.#stopping.aborted) return;
      if (issued.isOk()) {
        failures = 0;
        due = renewalOf(issued.value, chance());
        await this.#keep(issued.value);
      } else {
        failures++;
        const { detail, retryAfter } = issued.error;
        due = this.#now() + pauseAfter(failures, retryAfter, chance());
        this.#serving.say(troubleOf(tlsError('TLS_ACME_FAILED', detail)));
      }
    }
  }

  /** Resolves when it is time, by the clock, and the question may be answered; false when it was stopped. */
  async #isDue(due: number): Promise<boolean> {
    const { wakeEvery = WAKE_EVERY } = this.#options;
    while (!this.#stopping.aborted && (this.#now() < due || this.#mustWait())) {
      await pause(wakeEvery, undefined, { signal: this.#stopping, ref: false }).catch(() => {});
    }
    return !this.#stopping.aborted;
  }

  /** Nothing is ordered whose question could not be answered. */
  #mustWait(): boolean {
    const refused = mayBind(this.#config.host, this.#options.hasAdministrator?.() ?? false);
    if (refused !== undefined) this.#serving.say(`No certificate is asked for yet: ${refused.detail}.`);
    return refused !== undefined;
  }

  /** Serves it, and keeps it; what cannot be kept is served all the same, and would be asked for again at the next start. */
  async #keep(issued: CheckedPair): Promise<void> {
    this.#serving.serve(issued);
    try {
      await keepCertificate(this.#folder, this.#config.acme.directory, issued);
    } catch (error) {
      this.#serving.say(`The new certificate cannot be kept in ${this.#folder}: ${(error as Error).message}`);
    }
  }

  /** One attempt, from the directory to a pair that can be served. */
  async #attempt(): Promise<Result<CheckedPair, AcmeFailure>> {
    const { name, host = LOOPBACK, acme } = this.#config;
    const ca = acme.ca === undefined ? ok(undefined) : await readPem(acme.ca);
    if (ca.isErr()) return acmeFailed(ca.error.detail);
    const agent = directoryAgent(ca.value?.text);
    const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(ATTEMPT_TIME)]);
    try {
      const client = await meetDirectory({ agent, now: this.#now, signal }, acme.directory, this.#key);
      if (client.isErr()) return client;
      const key = newPrivateKey();
      const chain = await orderCertificate(client.value, {
        name,
        contact: acme.contact,
        request: await requestFor(name, key),
        openChallenge: () => listenForChallenge(host, acme.port ?? CHALLENGE_PORT),
        lookEvery: this.#options.lookEvery ?? LOOK_EVERY,
      });
      if (chain.isErr()) return chain;
      const checked = checkPair(chain.value, key, name, this.#now());
      return checked.mapErr(({ detail }) => ({
        detail: `what the directory issued cannot be served: ${detail}`,
      }));
    } finally {
      agent.destroy();
    }
  }
}

/** A request for the name alone: what else stands in a certificate, the directory decides. */
function requestFor(name: string, pem: string): Promise<Uint8Array> {
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const signer = {
    publicKey: new Uint8Array(publicKey),
    sign: async (bytes: Uint8Array) =>
      new Uint8Array(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })),
  };
  return certificateRequestOf({ subject: '', names: [{ dns: name }] }, signer);
}
