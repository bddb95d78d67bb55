/** The state that every source of certificates keeps: what is served now, what went wrong last, and who wants to know. */
import type { CertificateSource, ServingCertificate } from './tls-types.ts';

/** Who is told of troubles, and that they are over (null). */
export type OnTrouble = (trouble: string | null) => void;

/** A source without its own way to get new certificates. */
export class Serving {
  current: ServingCertificate | null;
  trouble: string | null = null;
  readonly #listeners: ((certificate: ServingCertificate) => void)[] = [];
  readonly #onTrouble: OnTrouble;

  constructor(first: ServingCertificate | null, onTrouble: OnTrouble = () => {}) {
    this.current = first;
    this.#onTrouble = onTrouble;
  }

  /** Serves this one from now on; what was wrong is over. */
  serve(certificate: ServingCertificate): void {
    this.say(null);
    if (this.current?.cert === certificate.cert && this.current.key === certificate.key) return;
    this.current = certificate;
    for (const listener of this.#listeners) listener(certificate);
  }

  /** Something went wrong, or nothing any more. Told when it is not what was said last. */
  say(trouble: string | null): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.#onTrouble(trouble);
  }

  /** As others see it; `close` ends whatever brings new ones. */
  asSource(close: () => Promise<void>): CertificateSource {
    const serving = this;
    return {
      get current() {
        return serving.current;
      },
      get trouble() {
        return serving.trouble;
      },
      fingerprint: null,
      authority: null,
      onChange: (listener) => void this.#listeners.push(listener),
      close,
    };
  }
}
