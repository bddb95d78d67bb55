/**
 * HTTPS, by which people elsewhere reach the hub. It opens when everything is there that it needs: a configuration, a
 * certificate and, where other machines could ask, a first administrator. Until then it is tried again, and what it waits
 * for is said: lines go on being taken in meanwhile.
 */
import type { SetUpAnswer } from '@bellwether/api';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { USUAL_HTTPS_PORT } from '../platform/config-https.ts';
import type { Listening } from '../platform/http/binding.ts';
import { HTTP_ERRORS } from '../platform/http/errors.ts';
import { openHttps } from '../platform/http/listening-https.ts';
import { openCertificates } from '../platform/tls/certificates.ts';
import { TLS_ERRORS } from '../platform/tls/errors.ts';
import type { CertificateSource, HttpsConfig } from '../platform/tls/tls-types.ts';

/** How often it is tried, ms: who has just set up an administrator should not wait. */
const TRY_EVERY = 1_000;

/** What it is made from. */
export type OutsideOptions = {
  readonly config: HttpsConfig | undefined;
  /** Where keys of the hub itself lie. */
  readonly folder: string;
  readonly app: FastifyInstance;
  readonly log: Logger;
  readonly now: () => number;
  readonly isAlone: () => boolean;
};

/** The way to the outside. */
export class Outside {
  readonly #options: OutsideOptions;
  #certificates: CertificateSource | undefined;
  #listening: Listening | undefined;
  #waiting: string | null = null;
  #trying: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: OutsideOptions) {
    this.#options = options;
  }

  /** Opens it, or begins to wait. */
  async start(): Promise<void> {
    if (this.#options.config === undefined) return;
    await this.#try();
    this.#timer = setInterval(() => {
      this.#trying ??= this.#try().finally(() => {
        this.#trying = undefined;
      });
    }, TRY_EVERY).unref();
  }

  /** How the hub is reached, as people are told. */
  get state(): SetUpAnswer['https'] {
    const { config } = this.#options;
    if (config === undefined)
      return { how: 'off', name: null, address: null, waiting: null, fingerprint: null };
    const port = this.#listening?.port;
    return {
      how: config.own === true ? 'own' : config.acme === undefined ? 'given' : 'acme',
      name: config.name,
      address: port === undefined ? null : `https://${config.name}${port === 443 ? '' : `:${port}`}`,
      waiting: this.#waiting ?? this.#certificates?.trouble ?? null,
      fingerprint: this.#certificates?.fingerprint ?? null,
    };
  }

  /** Certificate of the hub's own CA, PEM; null where it has none. */
  get authority(): string | null {
    return this.#certificates?.authority ?? null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#trying;
    await this.#listening?.close();
    await this.#certificates?.close();
  }

  async #try(): Promise<void> {
    const { config, folder, app, log, now, isAlone } = this.#options;
    if (this.#listening !== undefined || config === undefined || this.#isClosed) return;
    if (this.#certificates === undefined) {
      const opened = await openCertificates(config, folder, now, {
        hasAdministrator: () => !isAlone(),
        onTrouble: (trouble) => {
          if (trouble !== null) log.warn({ reason: trouble }, 'the certificate of the hub');
        },
      });
      if (opened.isErr()) return this.#waitFor(TLS_ERRORS[opened.error.code].message, opened.error.detail);
      this.#certificates = opened.value;
    }
    const address = {
      host: config.host,
      port: config.port ?? USUAL_HTTPS_PORT,
      hasAdministrator: !isAlone(),
    };
    const listening = await openHttps(app, address, this.#certificates, log);
    if (listening.isErr()) {
      return this.#waitFor(HTTP_ERRORS[listening.error.code].message, listening.error.detail);
    }
    this.#listening = listening.value;
    this.#waiting = null;
    log.info(
      { name: config.name, port: listening.value.port, addresses: listening.value.addresses },
      'HTTPS is open',
    );
  }

  #waitFor(message: string, detail: string): void {
    const waiting = `${message} (${detail})`;
    if (waiting !== this.#waiting) this.#options.log.warn({ reason: waiting }, 'HTTPS is not open yet');
    this.#waiting = waiting;
  }
}
