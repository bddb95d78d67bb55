/** For tests: names that DNS answers, and signatures of domains in it, made by another hand (`mailauth`). */
import { generateKeyPairSync } from 'node:crypto';
import { dkimSign, sealMessage } from 'mailauth';
import type { Resolve } from './authenticate.ts';

/** When messages of tests are signed. */
const SIGNED = new Date('2026-11-03T14:00:00Z');

/** A zone, with a key for each domain that signs. */
export class ZoneOfTest {
  readonly #records = new Map<string, unknown>();
  readonly #keys = new Map<string, string>();
  asked = 0;

  /** Adds a domain: its key, SPF for 192.0.2.0/28, and a DMARC policy. */
  add(domain: string, policy: 'none' | 'quarantine' | 'reject' | null = 'reject'): this {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    this.#keys.set(domain, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    this.#records.set(`TXT s1._domainkey.${domain}`, [[`v=DKIM1; k=rsa; p=${spki}`]]);
    this.#records.set(`TXT ${domain}`, [['v=spf1 ip4:192.0.2.0/28 -all']]);
    if (policy !== null) this.#records.set(`TXT _dmarc.${domain}`, [[`v=DMARC1; p=${policy}`]]);
    return this;
  }

  /** The resolver. */
  get resolve(): Resolve {
    return async (name, type) => {
      this.asked++;
      const found = this.#records.get(`${type} ${name}`);
      if (found === undefined)
        throw Object.assign(new Error(`no ${type} for ${name}`), { code: 'ENOTFOUND' });
      return found;
    };
  }

  /** The message with a signature of a domain on top. */
  async signed(
    message: string,
    domain: string,
    more: { readonly maxBodyLength?: number } = {},
  ): Promise<Buffer> {
    const privateKey = this.#keys.get(domain)!;
    const key = { signingDomain: domain, selector: 's1', privateKey };
    // Without a time the library takes the clock's twice, and a second that ends between breaks the signature.
    const options = {
      ...{ ...key, canonicalization: 'relaxed/relaxed', signTime: SIGNED },
      signatureData: [{ ...key, ...more }],
    };
    const { signatures, errors } = await dkimSign(message, options);
    if (errors.length > 0) throw new Error(`no signature of ${domain}`);
    return Buffer.from(signatures + message);
  }

  /** The message with a seal of a domain on top, which tells what it had seen. */
  async sealed(message: Buffer, domain: string, seen: string): Promise<Buffer> {
    const privateKey = this.#keys.get(domain)!;
    const key = { signingDomain: domain, selector: 's1', privateKey };
    const seal = { ...key, authResults: `${domain}; ${seen}`, cv: 'none', algorithm: 'rsa-sha256' };
    const head = await sealMessage(message, seal);
    return Buffer.concat([head, message]);
  }
}
