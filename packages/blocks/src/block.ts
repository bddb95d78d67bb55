/**
 * A block, as it is ordered: which addresses, for what, until when. The hub decides it, an office enforces it, and both read
 * and write it here. It always ends: whoever forgets it lets the address in again.
 */
import type { Cidr } from '@bellwether/basics';

/**
 * What a block keeps away. `all`: every service but those for voters, which no judgement closes to anybody. `private`:
 * services for staff and whatever is offered to nobody; what the public uses stays open. Evidence that can be forged, and
 * networks of many people, are never covered by more.
 */
export type Covers = 'all' | 'private';

/** One block. Times are ms since 1970. */
export type Block = {
  /** The hub's name for it, the same wherever it is enforced: 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly id: string;
  readonly network: Cidr;
  readonly covers: Covers;
  readonly from: number;
  readonly until: number;
  /** Code of the reason, as in docs/reference/decisions.md. */
  readonly reason: string;
};

/** Why an office does not enforce a block that it was told of. */
export type Refusal =
  /** A person of the office said no. */
  | 'veto'
  /** It touches an address that is never blocked here: the office's own, its gateway, its resolvers, the hub. */
  | 'never'
  /** It is wider than an office takes from anybody. */
  | 'too-wide'
  /** It ends later than an office takes. */
  | 'too-long'
  /** It is over, or was before it came. */
  | 'over'
  /** It begins later than the office's clock allows for. */
  | 'not-yet'
  /** The office holds as many as it takes. */
  | 'too-many'
  /** More came within an hour than an office takes. */
  | 'too-fast'
  /** The kernel, or the tool that speaks to it, refused. */
  | 'kernel';

/** What became of one block at one office. */
export type Outcome =
  | { readonly id: string; readonly state: 'enforced'; readonly until: number }
  | { readonly id: string; readonly state: 'refused'; readonly why: Refusal; readonly detail: string }
  /** Ordered, and not in the kernel: written and not read back, or read back with another end or for fewer addresses. */
  | { readonly id: string; readonly state: 'missing'; readonly detail: string };
