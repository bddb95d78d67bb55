/**
 * For tests: hops that seal a message (RFC 8617), made here with `node:crypto` alone, so that what verifies is not what signed. Each field
 * of a hop can be changed before it is signed, as a careless or hostile forwarder would.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Resolve } from './authenticate.ts';

/** One hop; what is not given is as RFC 8617 has it. */
export type Hop = {
  readonly instance: number;
  readonly domain: string;
  readonly cv: string;
  /** What it says it saw. */
  readonly seen?: string;
  /** Of its seal and its signature. */
  readonly algorithm?: string;
  /** Changes the tags of the seal before it is signed. */
  readonly sealTags?: (tags: string) => string;
  /** Changes the tags of the signature before it is signed. */
  readonly signatureTags?: (tags: string) => string;
  /** Sets of fields that the seal is worked out over; all of them where it is not given. */
  readonly sealsOnlyItself?: boolean;
};

/** A message in pieces: the sets of fields of its hops, first hop first, then the fields and the body. */
export type Sealed = {
  readonly hops: readonly ArcSet[];
  readonly fields: readonly string[];
  readonly body: string;
};

/** The three fields of one hop, unfolded. */
export type ArcSet = { readonly results: string; readonly signature: string; readonly seal: string };

/** Keys of sealers and the names that give them. */
export class SealersOfTest {
  readonly #keys = new Map<string, KeyObject>();
  readonly #records = new Map<string, string>();

  /** Adds a sealer; `bits` of 0: an Ed25519 key (RFC 8463). */
  add(domain: string, bits = 2048): this {
    const { privateKey, publicKey } =
      bits === 0 ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: bits });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    // RFC 8463 publishes the 32 bytes of the key alone, without the frame around them.
    const text = (bits === 0 ? spki.subarray(-32) : spki).toString('base64');
    this.#keys.set(domain, privateKey);
    this.#records.set(`s1._domainkey.${domain}`, `v=DKIM1; k=${bits === 0 ? 'ed25519' : 'rsa'}; p=${text}`);
    return this;
  }

  /** Another text where the key of a domain stands; null: no key. */
  publish(domain: string, text: string | null): this {
    if (text === null) this.#records.delete(`s1._domainkey.${domain}`);
    else this.#records.set(`s1._domainkey.${domain}`, text);
    return this;
  }

  /** The resolver. */
  get resolve(): Resolve {
    return async (name, type) => {
      const text = type === 'TXT' ? this.#records.get(name) : undefined;
      if (text === undefined) throw Object.assign(new Error(`no ${type}`), { code: 'ENOTFOUND' });
      return [[text]];
    };
  }

  /** The message with one more hop. */
  seal(message: Sealed, hop: Hop): Sealed {
    const { instance: i, domain, cv, seen = 'spf=none', algorithm = 'rsa-sha256' } = hop;
    const same = (tags: string): string => tags;
    const bodyHash = createHash('sha256').update(relaxedBody(message.body)).digest('base64');
    const results = `ARC-Authentication-Results: i=${i}; ${domain}; ${seen}`;
    const tags = `i=${i}; a=${algorithm}; c=relaxed/relaxed; d=${domain}; s=s1; h=from:to:subject; bh=${bodyHash}; b=`;
    const bare = `ARC-Message-Signature: ${(hop.signatureTags ?? same)(tags)}`;
    const signed = ['from', 'to', 'subject'].flatMap((name) => {
      const field = message.fields.findLast((one) => one.toLowerCase().startsWith(`${name}:`));
      return field === undefined ? [] : [`${relaxedField(field)}\r\n`];
    });
    const signature = bare + this.#sign(domain, signed.join('') + relaxedField(bare));
    const bareSeal = `ARC-Seal: ${(hop.sealTags ?? same)(`i=${i}; a=${algorithm}; cv=${cv}; d=${domain}; s=s1; b=`)}`;
    const before = hop.sealsOnlyItself === true ? [] : message.hops;
    const chain = before.flatMap((set) => [set.results, set.signature, set.seal]);
    const covered = [...chain, results, signature].map((field) => `${relaxedField(field)}\r\n`).join('');
    const seal = bareSeal + this.#sign(domain, covered + relaxedField(bareSeal));
    return { ...message, hops: [...message.hops, { results, signature, seal }] };
  }

  #sign(domain: string, text: string): string {
    const key = this.#keys.get(domain)!;
    const bytes = Buffer.from(text, 'latin1');
    if (key.asymmetricKeyType === 'rsa') return sign('sha256', bytes, key).toString('base64');
    return sign(null, createHash('sha256').update(bytes).digest(), key).toString('base64');
  }
}

/** Its bytes: the last hop on top, as forwarders add them. */
export function bytesOf({ hops, fields, body }: Sealed): Buffer {
  const sets = hops.toReversed().flatMap(({ results, signature, seal }) => [seal, signature, results]);
  return Buffer.from(`${[...sets, ...fields].join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

/** RFC 6376, 3.4.2; fields here are never folded. */
function relaxedField(field: string): string {
  const colon = field.indexOf(':');
  const value = field.slice(colon + 1).replaceAll(/[ \t]+/g, ' ');
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
}

/** RFC 6376, 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  return `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`;
}
