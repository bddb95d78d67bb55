/**
 * How directories are asked: over HTTPS (or on this machine, for tests), with a limited answer in a limited time. What
 * keeps an answer from being read is a `DirectoryAway`; what an answer says is for others to judge.
 */
import type { CustomFetch } from 'openid-client';

/** Ten seconds: a directory that takes longer keeps a person waiting at a white page. Seconds. */
export const ANSWER_TIME = 10;

/** Metadata, keys and tokens are some KB; a token with hundreds of groups 50 KB. Bytes. */
const LONGEST_ANSWER = 512 * 1024;

/** The directory could not be reached, or gave no usable answer. */
export class DirectoryAway extends Error {
  override readonly name = 'DirectoryAway';
}

/** Whether a directory may be asked at this address: HTTPS, or this machine itself. */
export function isAskable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** `fetch`, bounded. */
export const askDirectory: CustomFetch = async (address, options) => {
  if (!isAskable(address)) throw new DirectoryAway('it leads to an address without HTTPS');
  const { body, ...rest } = options;
  try {
    const answer = await fetch(address, { ...rest, ...(body === undefined ? {} : { body: body as string }) });
    const bytes = await boundedBytes(answer);
    if (answer.status >= 500) throw new DirectoryAway(`it answers with ${answer.status}`);
    return new Response(bytes.length === 0 ? null : bytes, {
      status: answer.status,
      headers: answer.headers,
    });
  } catch (error) {
    if (error instanceof DirectoryAway) throw error;
    throw new DirectoryAway((error as Error).message, { cause: error });
  }
};

async function boundedBytes({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > LONGEST_ANSWER) throw new DirectoryAway(`its answer is longer than ${LONGEST_ANSWER} bytes`);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Whether something failed because the directory is away. */
export function isDirectoryAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof DirectoryAway || isDirectoryAway(error.cause);
}
