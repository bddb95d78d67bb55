/** Attacks with valid transactions, which only watching sees, and the rules that may find them. */
import type { FindingKind } from '@bellwether/rolls';

export const FINDS = {
  'stolen-clerk': ['many-changes', 'fast-hand', 'quiet-removals'],
  skew: ['slow-skew', 'uneven-share'],
  twin: ['near-duplicate'],
} as const satisfies Readonly<Record<string, readonly FindingKind[]>>;

export type AttackName = keyof typeof FINDS;
