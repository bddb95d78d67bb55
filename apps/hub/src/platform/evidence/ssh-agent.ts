/**
 * The signing key of the log in an ssh-agent, so that no file of the hub holds it: the agent of OpenSSH, or one in front of a
 * hardware token. draft-ietf-sshm-ssh-agent, sections 3.5 and 3.6: a message is its length (4 bytes), a number that says what
 * it is, and fields; a string is its length (4 bytes) and its bytes.
 *
 *     11 request identities      12 answer: count, then for each the key and a comment
 *     13 sign: key, data, flags  14 answer: the signature          5: failure
 *
 * Keys and signatures are strings of strings (RFC 8709): "ssh-ed25519" and 32 bytes; "ssh-ed25519" and 64 bytes.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { connect } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import { concat, encodeText, isSame, KeyKind, type NoteSigner, noteKey } from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import { bestHasher } from './hashing.ts';

const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;

const ED25519 = encodeText('ssh-ed25519');

/** Bytes of an answer: what OpenSSH's own agent sends at most. */
const MOST_BYTES = 256 * 1024;

/** Keys of an answer: an agent with more is none that a hub signs with. */
const MOST_KEYS = 2_048;

/** How long an agent may take, ms: a person may have to touch a token. */
const ANSWER_WITHIN = 10_000;

/** SPKI of an Ed25519 key, before its 32 bytes (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Said where the agent's words are not those of the standard. */
class AgentError extends Error {
  override readonly name = 'AgentError';
}

/** The signer of a log whose key is in an agent; `fingerprint` as `ssh-add -l` prints it: `SHA256:...`. */
export async function agentSigner(
  socket: string | undefined,
  fingerprint: string,
  name: string,
): Promise<Result<NoteSigner, LogError>> {
  if (socket === undefined || socket === '') return unusable(fingerprint, 'SSH_AUTH_SOCK names no agent');
  let keys: readonly Uint8Array[];
  try {
    keys = identitiesIn(await askAgent(socket, Uint8Array.of(REQUEST_IDENTITIES)));
  } catch (error) {
    return unusable(fingerprint, (error as Error).message);
  }
  const blob = keys.find((key) => fingerprintOf(key) === fingerprint);
  if (blob === undefined) return unusable(fingerprint, `the agent at ${socket} does not hold it`);
  const raw = ed25519In(blob, 32);
  if (raw === null) return unusable(fingerprint, 'it is no ssh-ed25519 key');
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
  return ok({
    key: noteKey(bestHasher(), name, KeyKind.note, raw),
    sign: async (message) => {
      const request = concat(
        Uint8Array.of(SIGN_REQUEST),
        stringOf(blob),
        stringOf(message),
        new Uint8Array(4),
      );
      const signature = signatureIn(await askAgent(socket, request));
      // Another program made it: what is published has to be right.
      if (!verify(null, message, key, signature)) throw new AgentError('the agent signed something else');
      return signature;
    },
  });
}

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** One question over a connection of its own; the answer without its length. */
function askAgent(socket: string, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    const pieces: Buffer[] = [];
    let bytes = 0;
    const end = (settle: () => void): void => {
      connection.destroy();
      settle();
    };
    connection.setTimeout(ANSWER_WITHIN, () =>
      end(() => reject(new AgentError(`the agent did not answer within ${ANSWER_WITHIN / 1_000} s`))),
    );
    connection.on('error', (error) => end(() => reject(error)));
    connection.on('close', () => reject(new AgentError('the agent ended the connection')));
    connection.on('data', (piece) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes < 4) return;
      const all = Buffer.concat(pieces);
      const length = all.readUInt32BE(0);
      if (length === 0 || length > MOST_BYTES || bytes > 4 + length) {
        end(() => reject(new AgentError(`the agent answered ${length} bytes`)));
      } else if (bytes === 4 + length) {
        end(() => resolve(new Uint8Array(all.subarray(4))));
      }
    });
    connection.write(stringOf(request));
  });
}

function identitiesIn(answer: Uint8Array): readonly Uint8Array[] {
  const fields = new Fields(answer, IDENTITIES);
  const count = fields.number();
  if (count > MOST_KEYS) throw new AgentError(`the agent holds ${count} keys`);
  const keys: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    keys.push(fields.string());
    fields.string();
  }
  fields.end();
  return keys;
}

function signatureIn(answer: Uint8Array): Uint8Array {
  const fields = new Fields(answer, SIGN_RESPONSE);
  const signature = ed25519In(fields.string(), 64);
  fields.end();
  if (signature === null) throw new AgentError('the agent gave another kind of signature');
  return signature;
}

/** What stands behind "ssh-ed25519"; null where it is something else. */
function ed25519In(blob: Uint8Array, size: number): Uint8Array | null {
  const head = stringOf(ED25519);
  const whole = head.length + 4 + size;
  if (blob.length !== whole || !isSame(blob.subarray(0, head.length), head)) return null;
  const rest = blob.slice(head.length);
  return new DataView(rest.buffer).getUint32(0) === size ? rest.slice(4) : null;
}

/** Fields of a message, read strictly. */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 1;

  constructor(bytes: Uint8Array, kind: number) {
    if (bytes[0] === FAILURE) throw new AgentError('the agent refused');
    if (bytes[0] !== kind) throw new AgentError(`the agent answered message ${bytes[0]}, not ${kind}`);
    this.#bytes = bytes;
  }

  number(): number {
    if (this.#at + 4 > this.#bytes.length) throw new AgentError('the answer of the agent is cut off');
    const { buffer, byteOffset } = this.#bytes;
    const value = new DataView(buffer, byteOffset).getUint32(this.#at);
    this.#at += 4;
    return value;
  }

  string(): Uint8Array {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new AgentError('the answer of the agent is cut off');
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length)
      throw new AgentError('the answer of the agent has more than it should');
  }
}

/** A string of the protocol: which is also what a whole message is. */
function stringOf(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concat(length, bytes);
}

function unusable(fingerprint: string, why: string): Result<never, LogError> {
  return err({ code: 'LOG_KEY_UNREADABLE', detail: `${fingerprint}: ${why}` });
}
