import { mix32 } from '../reading/bytes.ts';

/** Hash of a source's key, for the bounded tables that cross shards. */
export function hashSource(key0: number, key1: number, v6: number): number {
  return mix32(key0 ^ Math.imul(key1 + v6, 0x9e3779b1));
}
