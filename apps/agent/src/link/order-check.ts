/** Reads the lines of the stream as orders of the hub that this office enrolled at: packages/blocks with the key pinned then. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { err, type Result } from '@bellwether/basics';
import { type ReadOrder, readOrder } from '@bellwether/blocks';
import type { AgentError } from '../errors.ts';

/** Reads a line. What it gives was signed by the hub, for this office. */
export type OrderReader = (line: string) => Promise<Result<ReadOrder, AgentError>>;

/** The reader for an office. `orderKey`: SPKI, base64. Throws where it is no key. */
export function orderReader(orderKey: string, office: string): OrderReader {
  const spki = Buffer.from(orderKey, 'base64');
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const of = { hub: createHash('sha256').update(spki).digest('hex'), office };
  return async (line) => {
    const read = await readOrder(line, of, async (text, signature) => verify(null, text, key, signature));
    return read.isErr() ? err({ code: 'LINK_ORDER_FALSE', detail: read.error.detail }) : read;
  };
}
