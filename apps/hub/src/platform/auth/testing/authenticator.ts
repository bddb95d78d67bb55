/**
 * An authenticator in software, for tests: passkeys on P-256 (ES256), their questions and answers in the JSON forms of
 * W3C Web Authentication level 3, sections 5.1.8 and 5.1.9; authenticator data as in 6.1, attestation `none`. What a real
 * one would never do can be set, since that is what tests are about.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { cborMap } from './cbor.ts';

/** A passkey that it holds. */
export type HeldPasskey = {
  readonly id: string;
  readonly site: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  counter: number;
};

/** What is done otherwise than a good authenticator and a good browser would. */
export type Misbehaviour = {
  /** Page that the browser says it is at. */
  readonly origin?: string;
  /** Site whose hash is signed. */
  readonly site?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** User present; user verified. */
  readonly up?: boolean;
  readonly uv?: boolean;
  /** Counter that is signed, where it does not go up by one. */
  readonly counter?: number;
  /** Who signs, in place of the passkey. */
  readonly signedBy?: KeyObject;
  /** What is told as the owner. */
  readonly userHandle?: string | null;
};

/** The answer to a question for a new passkey. */
export type CreatedJson = {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports: readonly string[];
  };
  readonly clientExtensionResults: object;
};

/** The answer to a question for a passkey that is there. */
export type ShownJson = {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string;
  };
  readonly clientExtensionResults: object;
};

const FLAGS = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 };

/** Names of the members of a COSE key (RFC 9052, RFC 9053): EC2, ES256, P-256. */
const COSE = { kty: 1, alg: 3, crv: -1, x: -2, y: -3 };

/** One device with a browser. */
export class Authenticator {
  readonly passkeys: HeldPasskey[] = [];
  readonly #origin: string;
  /** Some count, some always say 0. */
  readonly #counts: boolean;

  /** `origin`: the page that its browser is at. */
  constructor(origin: string, counts = true) {
    this.#origin = origin;
    this.#counts = counts;
  }

  /** Makes a passkey for what `navigator.credentials.create` would be given. */
  create(options: object, wrong: Misbehaviour = {}): CreatedJson {
    const { challenge, rp, user } = options as CreationOptions;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const jwk = publicKey.export({ format: 'jwk' });
    const coseKey = cborMap([
      [COSE.kty, 2],
      [COSE.alg, -7],
      [COSE.crv, 1],
      [COSE.x, Buffer.from(jwk.x as string, 'base64url')],
      [COSE.y, Buffer.from(jwk.y as string, 'base64url')],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey]);
    const counter = wrong.counter ?? (this.#counts ? 1 : 0);
    const held = { id: id.toString('base64url'), site: rp.id, userHandle: user.id, privateKey, counter };
    this.passkeys.push(held);
    return {
      id: held.id,
      rawId: held.id,
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge, wrong),
        attestationObject: cborMap([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', this.#data(rp.id, counter, wrong, attested)],
        ]).toString('base64url'),
        transports: ['internal', 'hybrid'],
      },
      clientExtensionResults: {},
    };
  }

  /** Shows a passkey for what `navigator.credentials.get` would be given: the newest of the site that is allowed. */
  show(options: object, wrong: Misbehaviour = {}, which?: HeldPasskey): ShownJson {
    const { challenge, rpId, allowCredentials = [] } = options as RequestOptions;
    const allowed = new Set(allowCredentials.map(({ id }) => id));
    const held =
      which ??
      this.passkeys.findLast(({ site, id }) => site === rpId && (allowed.size === 0 || allowed.has(id)));
    if (held === undefined) throw new Error(`no passkey for ${rpId}`);
    if (this.#counts) held.counter++;
    const clientDataJSON = this.#clientData('webauthn.get', challenge, wrong);
    const data = this.#data(rpId, wrong.counter ?? held.counter, wrong);
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([data, hash]), wrong.signedBy ?? held.privateKey);
    const userHandle = wrong.userHandle === undefined ? held.userHandle : wrong.userHandle;
    return {
      id: held.id,
      rawId: held.id,
      type: 'public-key',
      response: {
        clientDataJSON,
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle === null ? {} : { userHandle }),
      },
      clientExtensionResults: {},
    };
  }

  #clientData(type: string, challenge: string, wrong: Misbehaviour): string {
    const data = {
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.#origin,
      crossOrigin: wrong.crossOrigin ?? false,
    };
    return Buffer.from(JSON.stringify(data)).toString('base64url');
  }

  /** Authenticator data: hash of the site, flags, counter, and with a new passkey its id and key. */
  #data(site: string, counter: number, wrong: Misbehaviour, attested = Buffer.alloc(0)): Buffer {
    const { up = true, uv = true } = wrong;
    const head = Buffer.alloc(5);
    head[0] =
      (up ? FLAGS.userPresent : 0) |
      (uv ? FLAGS.userVerified : 0) |
      (attested.length > 0 ? FLAGS.attested : 0);
    head.writeUInt32BE(counter, 1);
    const hash = createHash('sha256')
      .update(wrong.site ?? site)
      .digest();
    return Buffer.concat([hash, head, attested]);
  }
}

type CreationOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
};

type RequestOptions = {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
};
