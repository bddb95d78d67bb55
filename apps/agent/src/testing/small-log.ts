/** A small log with its key, and forks of it, served over HTTP as a hub serves its own: what a witness is tested with. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  consistencyProof,
  encodeBase64,
  encodeText,
  formatCheckpoint,
  formatEntries,
  formatNote,
  formatNoteKey,
  GrowingTree,
  type Hasher,
  KeyKind,
  leafHash,
  type NoteSigner,
  noteKey,
  parseNote,
  type SignedNote,
  signText,
  TILE_WIDTH,
  tilePath,
  wasmSha256Hasher,
} from '@bellwether/evidence';

export const hasher: Hasher = wasmSha256Hasher()!;
export const ORIGIN = 'example.gov/log';

/** RFC 8410. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer whose key is made of one byte. */
export function signerOfByte(name: string, kind: KeyKind, byte: number): NoteSigner {
  const der = Buffer.concat([PKCS8, Buffer.alloc(32, byte)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
  return {
    key: noteKey(hasher, name, kind, Uint8Array.from(publicKey)),
    sign: async (message) => Uint8Array.from(sign(null, message, key)),
  };
}

export const logSigner = signerOfByte(ORIGIN, KeyKind.note, 1);
export const logKey = formatNoteKey(logSigner.key);

/** Entries of a log; from `forkAt` on, a fork has other ones. */
export function someEntries(size: number, fork = '', forkAt: number = size - 1): string[] {
  return Array.from({ length: size }, (_, at) => `entry ${at}${at >= forkAt ? fork : ''}`);
}

/** A log at one size, with its files as C2SP tlog-tiles names them. */
export class SmallLog {
  readonly files = new Map<string, Buffer>();
  readonly size: number;
  readonly root: Uint8Array;

  /** Of these entries, or of so many as `someEntries` makes. */
  constructor(what: number | readonly (string | Uint8Array)[], fork?: string, forkAt?: number) {
    const entries = (typeof what === 'number' ? someEntries(what, fork, forkAt) : what).map((entry) =>
      typeof entry === 'string' ? encodeText(entry) : entry,
    );
    this.size = entries.length;
    const tree = new GrowingTree(hasher, (tile, hashes) =>
      this.files.set(tilePath(tile), Buffer.from(hashes)),
    );
    for (const entry of entries) tree.append(leafHash(hasher, entry));
    tree.flush();
    for (let at = 0; at < this.size; at += TILE_WIDTH) {
      const some = entries.slice(at, at + TILE_WIDTH);
      const path = tilePath({ level: 'entries', index: BigInt(at / TILE_WIDTH), width: some.length });
      this.files.set(path, Buffer.from(formatEntries(some)));
    }
    this.root = tree.root();
  }

  /** The checkpoint, signed by the log or by whoever is named. */
  async note(signers: readonly NoteSigner[] = [logSigner], time = 0n): Promise<string> {
    const text = formatCheckpoint({ origin: ORIGIN, size: BigInt(this.size), root: this.root });
    const signatures = await Promise.all(signers.map((signer) => signText(text, time, signer)));
    return formatNote({ text, signatures });
  }

  /** What a log sends to a witness. */
  async request(old: number, note?: string): Promise<Uint8Array> {
    let lines = '';
    if (old > 0 && old < this.size) {
      const proof = await consistencyProof(
        hasher,
        0n,
        BigInt(old),
        BigInt(this.size),
        async (tile) => this.files.get(tilePath(tile)) ?? null,
      );
      lines = proof
        .okOrThrow()
        .map((hash) => `${encodeBase64(hash)}\n`)
        .join('');
    }
    return encodeText(`old ${old}\n${lines}\n${note ?? (await this.note())}`);
  }
}

/** What a hub shows, to be changed by a test. */
export type Shown = {
  log: SmallLog;
  checkpoint: string | null;
  pending: string | null;
  /** How a posted cosignature is answered. */
  answer: number;
};

/** A hub with nothing but `/log/`. */
export class SmallHub {
  readonly shown: Shown = { log: new SmallLog(0), checkpoint: null, pending: null, answer: 204 };
  readonly posted: SignedNote[] = [];
  readonly statements: string[] = [];
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/log\//, '');
      this.asked.push(`${request.method} ${path}`);
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { status, body } = this.#answer(request.method ?? '', path, Buffer.concat(pieces));
        response.writeHead(status).end(body);
      });
    });
  }

  #answer(method: string, path: string, body: Buffer): { status: number; body?: string | Buffer } {
    if (method === 'POST' && path === 'cosignatures') {
      if (this.shown.answer === 204) this.posted.push(parseNote(Uint8Array.from(body)).okOrThrow());
      return { status: this.shown.answer };
    }
    if (method === 'POST' && path === 'statements') {
      this.statements.push(body.toString());
      return { status: 204 };
    }
    const found =
      path === 'checkpoint' || path === 'pending' ? this.shown[path] : this.shown.log.files.get(path);
    return found === null || found === undefined ? { status: 404 } : { status: 200, body: found };
  }

  /** Shows a log, as it is gathered for. */
  async show(log: SmallLog, signer: NoteSigner = logSigner): Promise<void> {
    this.shown.log = log;
    this.shown.pending = await log.note([signer]);
  }

  /** Its address. */
  async listen(): Promise<string> {
    await new Promise<void>((opened) => this.#server.listen(0, '127.0.0.1', opened));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** How a log is called in addresses. */
export function hexOfOrigin(): string {
  return createHash('sha256').update(ORIGIN).digest('hex');
}
