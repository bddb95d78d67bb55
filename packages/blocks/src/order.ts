/**
 * What a hub tells one office to block: a list of all that holds, then what changes, each signed for that office alone.
 * The signature is over the bytes of the line, so that nothing has to be spelled again to be checked:
 *
 *     {"order": "{\"schema\":\"bellwether/order@1\",...}", "signature": BASE64}
 *
 * Numbers rise by one. An office that sees a gap asks for the whole list; one that sees a number again does nothing.
 */
import type { Cidr } from '@bellwether/basics';
import type { Block } from './block.ts';

/**
 * Somebody who is spared at voters' services: no rate limit and no question there. Everything else that holds against them
 * holds on. An IPv4 address or an IPv6 /64, no wider.
 */
export type Spared = { readonly id: string; readonly network: Cidr; readonly until: number };

/** An order. */
export type Order = {
  readonly schema: 'bellwether/order@1';
  /** SHA-256 of the hub's order key (SPKI), hexadecimal: which hub this is. */
  readonly hub: string;
  /** The office (`lea_id`) that it is for. */
  readonly office: string;
  /** Rises by one; of a whole list, that of the last order which it holds. */
  readonly sequence: number;
  /** When it was written, ms since 1970. */
  readonly at: number;
  /** Whether it is all that holds, and what is not in it ends; else what changes. */
  readonly isWhole: boolean;
  readonly add: readonly Block[];
  /** Who is let in to voters' services again, whatever is held against them: what a voter asked for, or was wrongly kept from. */
  readonly spare: readonly Spared[];
  /** Ids of blocks, and of those who are spared, that end now. */
  readonly lift: readonly string[];
};
