/** Reads the line of an order, checks who signed it and for whom, and keeps the list that orders make. */
import { type Cidr, err, masked, ok, parseCidr, type Result } from '@bellwether/basics';
import type { Block } from './block.ts';
import type { BlocksError, BlocksErrorCode } from './errors.ts';
import type { Order, Spared } from './order.ts';

/** Longest line, in characters, all of which are ASCII: as many blocks as an office takes, escaped twice, and room. */
export const MOST_ORDER_LINE = 64 * 1024 * 1024;

/** Most blocks of one order that are looked at: five times what is taken, so that what is refused can be named. */
const MOST_BLOCKS = 1_000_000;

const ID = /^[A-Za-z0-9._-]{1,64}$/;
const REASON = /^[a-z0-9-]{1,64}$/;

/** Whose orders an office takes. */
export type OrdersOf = { readonly hub: string; readonly office: string };

/** Checks a signature over the text of an order, UTF-8, by the key that was pinned at enrolment. */
export type CheckOrder = (text: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** An order that was read. `unreadable`: what of it is no block; the others hold, and this is told. */
export type ReadOrder = { readonly order: Order; readonly unreadable: readonly string[] };

/** Reads a line. Nothing of it is believed before its signature holds. */
export async function readOrder(
  line: string,
  { hub, office }: OrdersOf,
  check: CheckOrder,
): Promise<Result<ReadOrder, BlocksError>> {
  if (line.length > MOST_ORDER_LINE)
    return refuseOrder('BLOCKS_ORDER_MALFORMED', `it has ${line.length} characters`);
  const outer = objectIn(line);
  const text = outer?.order;
  const signature = outer?.signature;
  if (typeof text !== 'string' || typeof signature !== 'string')
    return refuseOrder('BLOCKS_ORDER_MALFORMED', 'it is no order with a signature');
  const signed = bytesOfBase64(signature);
  if (signed === undefined || !(await check(new TextEncoder().encode(text), signed)))
    return refuseOrder('BLOCKS_ORDER_UNSIGNED', 'its signature is not that of the hub');
  const order = objectIn(text);
  if (order === undefined || order.schema !== 'bellwether/order@1')
    return refuseOrder('BLOCKS_ORDER_MALFORMED', 'it has another schema');
  if (order.hub !== hub || order.office !== office)
    return refuseOrder(
      'BLOCKS_ORDER_ELSEWHERE',
      `it is for ${String(order.office).slice(0, 40)}, by ${String(order.hub).slice(0, 16)}`,
    );
  const { sequence, at, isWhole, add, spare, lift } = order;
  if (!isCount(sequence) || !isTime(at) || typeof isWhole !== 'boolean')
    return refuseOrder('BLOCKS_ORDER_MALFORMED', 'its number or time is none');
  if (!isList(add) || !isList(spare) || !isList(lift))
    return refuseOrder('BLOCKS_ORDER_MALFORMED', `one of its lists is none, or has more than ${MOST_BLOCKS}`);
  // One bad value must not cost the others: that is how whole lists of blocks were lost elsewhere.
  const unreadable: string[] = [];
  const read = <T>(list: readonly unknown[], of: (value: unknown) => T | undefined): readonly T[] =>
    list.flatMap((each) => {
      const one = of(each);
      if (one !== undefined) return [one];
      unreadable.push(String(JSON.stringify(each)).slice(0, 120));
      return [];
    });
  return ok({
    order: {
      schema: 'bellwether/order@1',
      hub,
      office,
      sequence,
      at,
      isWhole,
      add: read(add, blockOf),
      spare: read(spare, sparedOf),
      lift: read(lift, (id) => (typeof id === 'string' && ID.test(id) ? id : undefined)),
    },
    unreadable,
  });
}

/** What became of an order in the list. */
export type Taken = 'taken' | 'known' | 'gap';

/** The list that orders make. */
export class OrderBook {
  #sequence = 0;
  #blocks = new Map<string, Block>();
  #spared = new Map<string, Spared>();

  /** Number of the last order that was taken; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Blocks by id, those that are over too. */
  get blocks(): ReadonlyMap<string, Block> {
    return this.#blocks;
  }

  get spared(): ReadonlyMap<string, Spared> {
    return this.#spared;
  }

  /** Takes an order. `known`: it was here before; `gap`: one before it is missing, and the whole list has to be asked for. */
  take(order: Order): Taken {
    if (order.isWhole) {
      // An older list is a replay: it would bring back what was lifted.
      if (order.sequence < this.#sequence) return 'known';
      this.#blocks = new Map(order.add.map((block) => [block.id, block]));
      this.#spared = new Map(order.spare.map((one) => [one.id, one]));
    } else {
      if (order.sequence <= this.#sequence) return 'known';
      if (order.sequence !== this.#sequence + 1) return 'gap';
      for (const block of order.add) this.#blocks.set(block.id, block);
      for (const one of order.spare) this.#spared.set(one.id, one);
      for (const id of order.lift) {
        this.#blocks.delete(id);
        this.#spared.delete(id);
      }
    }
    this.#sequence = order.sequence;
    return 'taken';
  }

  /** Forgets what is over. `now`: ms. */
  forgetOver(now: number): void {
    for (const [id, { until }] of this.#blocks) if (until <= now) this.#blocks.delete(id);
    for (const [id, { until }] of this.#spared) if (until <= now) this.#spared.delete(id);
  }
}

function blockOf(value: unknown): Block | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, network, covers, from, until, reason } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !ID.test(id)) return undefined;
  if (covers !== 'all' && covers !== 'private') return undefined;
  if (!isTime(from) || !isTime(until)) return undefined;
  if (typeof reason !== 'string' || !REASON.test(reason)) return undefined;
  const cidr = networkIn(network);
  return cidr === undefined ? undefined : { id, network: atLeast64(cidr), covers, from, until, reason };
}

/** The kernel is given whole /64s, so limits and vetoes have to be held against the /64 too, and not against the part that was named. */
function atLeast64(network: Cidr): Cidr {
  return network.family === 6 && network.bits > 64 ? masked({ ...network, bits: 64 }) : network;
}

function sparedOf(value: unknown): Spared | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, network, until } = value as Record<string, unknown>;
  const cidr = networkIn(network);
  if (typeof id !== 'string' || !ID.test(id) || cidr === undefined || !isTime(until)) return undefined;
  return { id, network: cidr, until };
}

function networkIn(value: unknown): Cidr | undefined {
  return typeof value === 'string' ? parseCidr(value).unwrapOr(undefined) : undefined;
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MOST_BLOCKS;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8.64e15;
}

function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length > 200 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = atob(text);
  // The last character has bits that say nothing: only one spelling of a signature is taken (RFC 4648, 3.5).
  if (btoa(bytes) !== text) return undefined;
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function refuseOrder(code: BlocksErrorCode, detail: string): Result<never, BlocksError> {
  return err({ code, detail });
}
