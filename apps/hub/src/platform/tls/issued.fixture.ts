/** Certificates for tests, issued by openssl: a root, an authority below it, and leaves of that. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something that openssl issued: paths, and what is in them. */
export type Issued = {
  readonly certificate: string;
  readonly key: string;
  readonly cert: string;
  readonly secret: string;
};

/** What a leaf may differ in. */
export type LeafOptions = {
  readonly usage?: string;
  readonly newKey?: readonly string[];
  readonly days?: number;
};

const P256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

/** A folder that ends with `remove`, and an authority in it. */
export class Issuer {
  readonly folder = mkdtempSync(join(tmpdir(), 'bw-tls-'));
  readonly root: Issued;
  readonly middle: Issued;
  #count = 0;

  constructor() {
    this.root = this.issue('Root', AUTHORITY);
    this.middle = this.issue('Middle', AUTHORITY, this.root);
  }

  /** A leaf for a name, and the chain that a server shows: leaf and middle. */
  leaf(name: string, { usage = 'serverAuth', newKey, days }: LeafOptions = {}): Issued & { chain: string } {
    const extensions = [
      `subjectAltName=DNS:${name}`,
      `extendedKeyUsage=${usage}`,
      'basicConstraints=CA:FALSE',
    ];
    const issued = this.issue(name, extensions, this.middle, newKey, days);
    return { ...issued, chain: issued.cert + this.middle.cert };
  }

  /** Issues a certificate with a new key, by itself where nobody else is named. */
  issue(
    subject: string,
    extensions: readonly string[],
    by?: Issued,
    newKey: readonly string[] = P256,
    days = 90,
  ): Issued {
    const place = join(this.folder, `${this.#count++}`);
    const [certificate, key] = [`${place}.crt`, `${place}.key`];
    const issuer = by === undefined ? [] : ['-CA', by.certificate, '-CAkey', by.key];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-nodes', '-sha256', '-days', String(days), '-subj', `/CN=${subject}`],
        ...['-newkey', ...newKey, '-keyout', key, '-out', certificate, ...issuer],
        ...extensions.flatMap((extension) => ['-addext', extension]),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    chmodSync(key, 0o600);
    return { certificate, key, cert: readFileSync(certificate, 'utf8'), secret: readFileSync(key, 'utf8') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
