/**
 * Orders: what stands in the database, told to every office as it changes. Each change has one number, the same for all offices, which
 * goes on over restarts; each line is signed for one office. An agent that has the order before gets the change, any other one
 * the whole list.
 */
import { parseCidr } from '@bellwether/basics';
import type { Block, Spared } from '@bellwether/blocks';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { BlockBook } from './lapi/block-book.ts';
import type { OrderKey } from './order-key.ts';
import { type OrderContent, orderLineFor, type WrittenOrder, writeOrder } from './order-line.ts';

/** So often what stands is compared with what was told, ms, though nobody said that it changed: a look costs one small question. */
const LOOK_EVERY = 5_000;

/** A number that an agent names may be so far ahead of ours, as after a restore of an old backup; further is believed of nobody. */
const FURTHEST_AHEAD = 1_000_000;

/** Lifts so long ago are of blocks that are over, ms: none lasts longer than thirty days. */
const LIFTED_WITHIN = 31 * 86_400_000;

/** Somebody spared, and where: null for everywhere. */
type SparedAt = Spared & { readonly office: string | null };

/** Who gets orders. */
export type OrderTaker = {
  readonly office: string;
  readonly take: (line: string) => void;
};

/** What they need. */
export type OrdersOptions = {
  readonly db: Kysely<Tables>;
  readonly blocks: Pick<BlockBook, 'inForce'>;
  readonly key: OrderKey;
  /** ms since 1970. */
  readonly now: () => number;
  readonly onTrouble: (what: string) => void;
};

/** The orders of a hub. */
export class Orders {
  readonly #options: OrdersOptions;
  readonly #takers = new Set<OrderTaker>();
  #number = 0;
  /** What the order of this number left standing. */
  #blocks: ReadonlyMap<string, Block> = new Map();
  #spared: ReadonlyMap<string, SparedAt> = new Map();
  #last: { readonly written: WrittenOrder; readonly spare: readonly SparedAt[] } | undefined;
  #whole: WrittenOrder | undefined;
  /** Lines of the last order and of the whole list, by office: several agents of one office get the same. */
  readonly #lines = new Map<string, Promise<string>>();
  #turns: Promise<void> = Promise.resolve();
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** Takes up the number where it was, and what stands now as a new one: what changed while nobody ran is in the whole list. */
  async start(): Promise<void> {
    const { db } = this.#options;
    const row = await db.selectFrom('order_numbers').select('number').executeTakeFirst();
    await this.#keepNumber((row?.number ?? 0) + 1);
    [this.#blocks, this.#spared] = await this.#standing();
    this.#timer = setInterval(() => void this.changed(), LOOK_EVERY).unref();
  }

  /** Number of the last order. */
  get number(): number {
    return this.#number;
  }

  /** Offices that listen now. */
  get listening(): ReadonlySet<string> {
    return new Set([...this.#takers].map(({ office }) => office));
  }

  /** Something may stand that did not, or not stand any more: who listens is told. Resolves when they were. */
  changed(): Promise<void> {
    if (this.#isDue) return this.#turns;
    this.#isDue = true;
    return this.#inTurn(async () => {
      this.#isDue = false;
      await this.#tellChange();
    }).catch(() => {});
  }

  /**
   * Tells this taker all that it has not, by the number of its last order, and from now on each change. Throws where the
   * database is away: the taker has to come again.
   */
  async follow(taker: OrderTaker, after: number): Promise<void> {
    await this.#inTurn(async () => {
      if (after > this.#number && after - this.#number <= FURTHEST_AHEAD) await this.#jumpTo(after + 1);
      if (after !== this.#number) taker.take(await this.#missedBy(taker.office, after));
      this.#takers.add(taker);
    });
  }

  /** The whole list, for a taker that could not be told every change. */
  async catchUp(taker: OrderTaker): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#takers.has(taker)) taker.take(await this.#lineOf(taker.office, true));
    });
  }

  /** Tells this taker nothing more. */
  leave(taker: OrderTaker): void {
    this.#takers.delete(taker);
  }

  /** Ends after what is being told. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#takers.clear();
    await this.#turns;
  }

  async #missedBy(office: string, after: number): Promise<string> {
    const hasOneBefore = this.#last !== undefined && after === this.#number - 1;
    return await this.#lineOf(office, !hasOneBefore);
  }

  #lineOf(office: string, isWhole: boolean): Promise<string> {
    const name = `${isWhole ? 'whole' : 'change'} ${office}`;
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const { key } = this.#options;
    const written = isWhole ? this.#wholeList() : this.#last!.written;
    const spare = isWhole ? [...this.#spared.values()] : this.#last!.spare;
    const line = orderLineFor(written, office, spareAt(spare, office), key);
    this.#lines.set(name, line);
    return line;
  }

  #wholeList(): WrittenOrder {
    const now = this.#options.now();
    this.#whole ??= writeOrder({
      sequence: this.#number,
      at: now,
      isWhole: true,
      add: [...this.#blocks.values()].filter(({ until }) => until > now),
      lift: [],
    });
    return this.#whole;
  }

  async #tellChange(): Promise<void> {
    const { now } = this.#options;
    const [blocks, spared] = await this.#standing();
    const add = [...blocks.values()].filter((block) => !isSame(this.#blocks.get(block.id), block));
    const spare = [...spared.values()].filter((one) => this.#spared.get(one.id)?.until !== one.until);
    const at = now();
    // What ended by its own time ends by itself wherever it was told.
    const lift = [...this.#blocks.values(), ...this.#spared.values()]
      .filter(({ id, until }) => until > at && !blocks.has(id) && !spared.has(id))
      .map(({ id }) => id);
    if (add.length === 0 && spare.length === 0 && lift.length === 0) {
      this.#blocks = blocks;
      this.#spared = spared;
      return;
    }
    await this.#keepNumber(this.#number + 1);
    this.#blocks = blocks;
    this.#spared = spared;
    const content: OrderContent = { sequence: this.#number, at, isWhole: false, add, lift };
    this.#last = { written: writeOrder(content), spare };
    for (const taker of this.#takers) taker.take(await this.#lineOf(taker.office, false));
  }

  /** A number that no agent has seen: whoever listens gets the whole list under it. */
  async #jumpTo(number: number): Promise<void> {
    await this.#keepNumber(number);
    for (const taker of this.#takers) taker.take(await this.#lineOf(taker.office, true));
  }

  /** On disk before anybody hears it: a number never tells two things. */
  async #keepNumber(number: number): Promise<void> {
    await this.#options.db
      .insertInto('order_numbers')
      .values({ number })
      .onConflict((conflict) => conflict.column('one').doUpdateSet({ number }))
      .execute();
    this.#number = number;
    this.#last = undefined;
    this.#whole = undefined;
    this.#lines.clear();
  }

  async #standing(): Promise<readonly [ReadonlyMap<string, Block>, ReadonlyMap<string, SparedAt>]> {
    const { db, blocks, now } = this.#options;
    const inForce = (await blocks.inForce()).blocks;
    const moment = new Date(now());
    // The book counts anew only now and then; who was let in again should not wait for that.
    const lifted = await db
      .selectFrom('lifted_decisions')
      .select('decision')
      .where('lifted_at', '>', new Date(now() - LIFTED_WITHIN))
      .execute();
    const gone = new Set(lifted.map(({ decision }) => String(decision)));
    const rows = await db
      .selectFrom('spared')
      .select(['id', 'network', 'until_at', 'office'])
      .where('from_at', '<=', moment)
      .where('until_at', '>', moment)
      .where('ended_at', 'is', null)
      .execute();
    const spared = new Map<string, SparedAt>();
    for (const { id: row, network, until_at, office } of rows) {
      const parsed = parseCidr(network);
      if (parsed.isErr()) continue;
      const id = `spared-${row}`;
      spared.set(id, { id, network: parsed.value, until: until_at.getTime(), office });
    }
    // An agent stops packets: it is not told of those whose packets are a proxy's.
    const standing = [...inForce.values()].filter(({ id, seen }) => seen === 'packets' && !gone.has(id));
    return [new Map(standing.map((block) => [block.id, block])), spared];
  }

  /** One after the other. What fails is told, and tried again with the next look. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turns.then(work);
    this.#turns = done.catch((error: Error) => this.#options.onTrouble(error.message));
    return done;
  }
}

function isSame(one: Block | undefined, other: Block): boolean {
  return one !== undefined && one.until === other.until && one.covers === other.covers;
}

function spareAt(spare: readonly SparedAt[], office: string): readonly Spared[] {
  return spare.filter((one) => one.office === null || one.office === office);
}
