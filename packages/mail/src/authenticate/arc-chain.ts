/**
 * What a chain of seals is worth (RFC 8617, 5.2). The signatures are verified by `mailauth`; here it is made sure that all that the message
 * carries was verified, and that it says what the standard lets it say.
 */
import type { ARCChainEntry } from 'mailauth';
import type { Message } from '../message.ts';
import type { ArcResult } from './authenticated.ts';

const FIELDS = ['arc-seal', 'arc-message-signature', 'arc-authentication-results'] as const;

/**
 * The result of a message, where its signatures came to `verified`. A field that is in no set of the chain, since its number is none or
 * is read as none, breaks the chain: whoever reads the message later might take it for part of it.
 */
export function arcOf(verified: string, chain: readonly ARCChainEntry[], { headers }: Message): ArcResult {
  const isAllInSets = FIELDS.every(
    (field) => headers.filter(({ name }) => name === field).length === chain.length,
  );
  if (!isAllInSets) return 'fail';
  if (chain.length === 0) return 'none';
  // Only a chain that held at every hop does: the first has nothing before it.
  const isHeld = chain.every((set, at) => tagOf(set['arc-seal'], 'cv') === (at === 0 ? 'none' : 'pass'));
  return verified === 'pass' && isHeld ? 'pass' : 'fail';
}

/** One tag of a field, as it was read when the field was verified. */
export function tagOf(field: ARCChainEntry['arc-seal'], tag: string): string | undefined {
  const value: unknown = field?.parsed?.[tag]?.value;
  return typeof value === 'string' ? value : undefined;
}
