/**
 * The hub's own small CA, for networks without a public one: it certifies the hub, and the offices' agents as clients, and
 * keeps a list of those that it revoked. RFC 5280 by packages/basics: P-256, serial numbers of 128 random bits.
 */
import { randomBytes } from 'node:crypto';
import {
  type CertificateContent,
  certificateOf,
  decodePem,
  err,
  isCommonName,
  isSignedBy,
  ok,
  parseCertificateRequest,
  pemOf,
  type Result,
  type RevocationContent,
  revocationListOf,
} from '@bellwether/basics';
import { type TlsError, tlsError } from './errors.ts';
import { checkSignature, newOwnKey, type OwnKey, sha256 } from './own-keys.ts';
import { keepRevoked, type NewOwn, type OwnRecords } from './own-store.ts';
import type { CheckedPair } from './pair.ts';

const DAY = 86_400_000;

/** A CA is trusted by hand, machine by machine: ten years outlive the machines. */
const CA_LIFE = 3_652 * DAY;

/** Of the hub and of clients: a key that was copied is of no use after a quarter of a year. */
export const LEAF_LIFE = 90 * DAY;

/** Certificates begin so much earlier: clocks in closed networks are wrong by minutes, and some by an hour. */
const CLOCK_SKEW = 3_600_000;

/** A list holds for so long: whoever keeps a copy may miss the hub for a week. */
const LIST_LIFE = 7 * DAY;

/** A list is made anew when it is so old, so that a copy of it always holds for six days. */
const LIST_FRESH = DAY;

/** Most entries of the list, so that it stays below what is read again: thirty for each office of a large state. */
const MOST_REVOKED = 4_000;

/** A certificate for a client. */
export type IssuedClient = {
  /** PEM. */
  readonly certificate: string;
  /** Hexadecimal, small letters: what `revokeClient` wants to know. */
  readonly serial: string;
  readonly notAfter: number;
};

/** A new CA, at `now` (ms), and its list with nobody on it. */
export async function newOwn(now: number): Promise<NewOwn> {
  const key = newOwnKey();
  const mark = Buffer.from(await sha256(key.publicKey)).toString('hex', 0, 4);
  // Two hubs of one state are two CAs: their names differ, or people could not tell which one they trust.
  const name = `Bellwether own CA ${mark}`;
  const begins = wholeSeconds(now) - CLOCK_SKEW;
  const content: CertificateContent = {
    serial: newSerial(),
    issuer: name,
    subject: name,
    notBefore: begins,
    notAfter: begins + CA_LIFE,
    publicKey: key.publicKey,
    authority: true,
    usages: [],
    names: [],
  };
  const pem = pemOf('CERTIFICATE', await certificateOf(content, key, sha256));
  return { key, pem, list: await listPem(listContent(name, 1, [], now), key) };
}

/** The CA of a folder. `openOwnCa` gives it. */
export class OwnCa {
  /** Its certificate, PEM: what people let their machines trust. */
  readonly certificate: string;
  /** SHA-256 of its certificate, as colon-separated hex: what people compare before they do. */
  readonly fingerprint: string;
  /** Its end, ms. */
  readonly notAfter: number;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #key: OwnKey;
  readonly #name: string;
  #revoked: RevocationContent;
  #list: string;
  #serials: ReadonlySet<string>;
  /** Changes of the list, one after the other. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(folder: string, records: OwnRecords, fingerprint: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
    this.certificate = records.pem;
    this.fingerprint = fingerprint;
    this.notAfter = records.certificate.content.notAfter;
    this.#name = records.certificate.content.subject;
    this.#key = records.key;
    this.#revoked = records.revoked;
    this.#list = records.list;
    this.#serials = serialsOf(records.revoked);
  }

  /** The folder `tls` that it is in. */
  get folder(): string {
    return this.#folder;
  }

  /**
   * A certificate for the hub under this DNS name, with a new key. The CA's own is in its chain, though nobody needs it
   * there: so people see in a browser which CA it is before they trust it.
   */
  async issueServer(name: string): Promise<Result<CheckedPair, TlsError>> {
    const key = newOwnKey();
    // A common name has 64 characters at most; the DNS name below it is the one that counts.
    const subject = isCommonName(name) ? name : '';
    const issued = await this.#issueLeaf({
      subject,
      publicKey: key.publicKey,
      usages: ['server'],
      names: [{ dns: name }],
    });
    return issued.map(({ notBefore, notAfter, pem }) => ({
      cert: pem + this.certificate,
      key: key.pem,
      notBefore,
      notAfter,
    }));
  }

  /**
   * A certificate for whoever has the key of a request (PKCS #10, PEM). Who that is, `subject` says, a common name that the
   * hub chose; of the request only its key is taken, and only if it signed the request.
   */
  async issueClient(request: string, subject: string): Promise<Result<IssuedClient, TlsError>> {
    if (!isCommonName(subject)) return refused('the name for it is empty, too long, or not to be seen');
    const blocks = decodePem(request, 'CERTIFICATE REQUEST');
    if (blocks.isErr()) return refused(blocks.error.detail);
    if (blocks.value.length !== 1) return refused('there is more than one request in the text');
    const parsed = parseCertificateRequest(blocks.value[0]!);
    if (parsed.isErr()) return refused(parsed.error.detail);
    const { publicKey } = parsed.value.content;
    if (!(await isSignedBy(parsed.value, publicKey, checkSignature))) {
      return refused('it was not signed with the key that it is for');
    }
    const issued = await this.#issueLeaf({ subject, publicKey, usages: ['client'], names: [] });
    return issued.map(({ pem, serial, notAfter }) => ({
      certificate: pem,
      serial: Buffer.from(serial).toString('hex'),
      notAfter,
    }));
  }

  /** Whether a client's certificate (its serial, hexadecimal) was revoked. */
  isRevoked(serial: string): boolean {
    return this.#serials.has(serial);
  }

  /** Revokes a client's certificate for good; once is as good as twice. When it gives ok, the list is on the disk. */
  revokeClient(serial: string): Promise<Result<void, TlsError>> {
    const bytes = serialOf(serial);
    return this.#change(async () => {
      if (this.isRevoked(serial)) return ok();
      const entries = [...this.#unforgotten(), { serial: bytes, at: wholeSeconds(this.#now()) }];
      if (entries.length > MOST_REVOKED) {
        return err(
          tlsError('TLS_FILE_UNWRITABLE', `the list has ${MOST_REVOKED} entries, which are the most`),
        );
      }
      return this.#keepList(entries);
    });
  }

  /** The list, PEM: at most a day old. One that could not be renewed is given as it is. */
  async revocationList(): Promise<string> {
    await this.#change(async () => {
      const age = this.#now() - this.#revoked.thisUpdate;
      return age >= 0 && age < LIST_FRESH ? ok() : this.#keepList(this.#unforgotten());
    });
    return this.#list;
  }

  /** What has to stay on the list: a certificate that ended is refused anyway (RFC 5280, 3.3, one list longer). */
  #unforgotten(): RevocationContent['revoked'] {
    const oldest = this.#now() - LEAF_LIFE - LIST_LIFE - CLOCK_SKEW;
    return this.#revoked.revoked.filter(({ at }) => at > oldest);
  }

  async #keepList(entries: RevocationContent['revoked']): Promise<Result<void, TlsError>> {
    const revoked = listContent(this.#name, this.#revoked.number + 1, entries, this.#now());
    const list = await listPem(revoked, this.#key);
    try {
      await keepRevoked(this.#folder, list);
    } catch (cause) {
      return err(unwritable(cause));
    }
    this.#revoked = revoked;
    this.#list = list;
    this.#serials = serialsOf(revoked);
    return ok();
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => {});
    return done;
  }

  async #issueLeaf(
    leaf: Pick<CertificateContent, 'subject' | 'publicKey' | 'usages' | 'names'>,
  ): Promise<Result<CertificateContent & { readonly pem: string }, TlsError>> {
    const now = wholeSeconds(this.#now());
    if (now >= this.notAfter) return err(tlsError('TLS_OWN_CA_OVER', `it ended on ${dayOf(this.notAfter)}`));
    const content: CertificateContent = {
      ...leaf,
      serial: newSerial(),
      issuer: this.#name,
      notBefore: now - CLOCK_SKEW,
      notAfter: Math.min(now + LEAF_LIFE, this.notAfter),
      authority: false,
    };
    return ok({ ...content, pem: pemOf('CERTIFICATE', await certificateOf(content, this.#key, sha256)) });
  }
}

function serialsOf({ revoked }: RevocationContent): ReadonlySet<string> {
  return new Set(revoked.map(({ serial }) => Buffer.from(serial).toString('hex')));
}

/** What went wrong while a file was written. */
export function unwritable(cause: unknown): TlsError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return tlsError('TLS_FILE_UNWRITABLE', code ?? message);
}

/** A day, as people and logs write it alike. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function listContent(
  issuer: string,
  number: number,
  revoked: RevocationContent['revoked'],
  now: number,
): RevocationContent {
  const thisUpdate = wholeSeconds(now) - CLOCK_SKEW;
  return { issuer, number, thisUpdate, nextUpdate: thisUpdate + CLOCK_SKEW + LIST_LIFE, revoked };
}

async function listPem(content: RevocationContent, key: OwnKey): Promise<string> {
  return pemOf('X509 CRL', await revocationListOf(content, key, sha256));
}

/** 128 random bits. Not with a zero byte first, so that it has one spelling. */
function newSerial(): Uint8Array {
  for (;;) {
    const serial = new Uint8Array(randomBytes(16));
    if (serial[0] !== 0) return serial;
  }
}

/** A serial number as the hub writes it, whoever wrote it: Node writes capitals, and zeros before it. */
export function serialText(serial: string): string {
  const hex = serial.toLowerCase().replace(/^(?:00)+/, '');
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

/** Throws on what `issueClient` cannot have given. */
function serialOf(hex: string): Uint8Array {
  if (!/^(?!00)(?:[0-9a-f]{2}){1,20}$/.test(hex))
    throw new RangeError(`${hex.slice(0, 50)} is no serial number`);
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function wholeSeconds(time: number): number {
  return Math.floor(time / 1_000) * 1_000;
}

function refused(detail: string): Result<never, TlsError> {
  return err(tlsError('TLS_REQUEST_REFUSED', detail));
}
