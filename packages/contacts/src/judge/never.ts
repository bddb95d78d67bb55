/**
 * Who is never blocked, whatever speaks against them: `never_block` wins over everything, inside prefixes too.
 */
import { type CompiledSurface, Standing } from '../surface/compile.ts';

/** Why a source is never blocked at that time; undefined if it may be. `key0`, `key1` as in `Sources`. */
export function whyNeverBlocked(
  surface: CompiledSurface,
  key0: number,
  key1: number,
  v6: boolean,
  time: number,
): string | undefined {
  if (!surface.stated) return undefined;
  if (!v6) {
    if (surface.neverBlock(key0)) return 'never_block';
    if (surface.ours(key0)) return 'our own address';
    if (surface.friend(key0, time)) return 'authorised: labelled, a person decides';
    if (surface.proxy(key0) >= 0) return 'a proxy of ours';
    return surface.shared(key0) ? 'shared by many people: rate limits only' : undefined;
  }
  const network = { family: 6 as const, words: [key0, key1, 0, 0] as const, bits: 64 };
  const standing = surface.standing(network);
  if (standing & ~Standing.shared) return 'its /64 holds somebody who is never blocked';
  return standing ? 'shared by many people: rate limits only' : undefined;
}
