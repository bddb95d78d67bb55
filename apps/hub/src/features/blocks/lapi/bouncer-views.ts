/** The view of each kind of bouncer, and how far each bouncer has been told. */
import type { FastifyRequest } from 'fastify';
import type { BlockBook } from './block-book.ts';
import { BlockView, type ViewTakes } from './block-view.ts';
import type { BouncerActor } from './bouncer-door.ts';
import { StampedDecisions } from './decision-text.ts';

/**
 * Kinds that are kept: two sorts of services, two of networks, and some sizes. Another one pushes out the one that was made first,
 * and its bouncers are told everything again.
 */
const MOST_VIEWS = 16;

/** Bouncers whose place is remembered: more than a state has; the one that asked longest ago is forgotten first. */
const MOST_CURSORS = 20_000;

/**
 * The one bouncer whose set takes single addresses only, and of a network would hold the first address: CrowdSec's for
 * firewalls, over nftables. Over iptables its sets take networks, and its key says so.
 */
const SINGLE_ADDRESSES = /^crowdsec-firewall-bouncer\//i;

/** A view that is up to date, with its whole answer. */
export type CurrentView = { readonly view: BlockView; readonly whole: StampedDecisions };

type Kept = { readonly view: BlockView; whole: StampedDecisions | undefined; sequence: number };

/** What a key takes, when it asks with this request. */
export function takesOf({ takes }: BouncerActor, agent: string): ViewTakes {
  const { guards, most, ranges, sees = 'packets' } = takes;
  if (ranges !== 'by-agent') return { guards, sees, most, ranges };
  return { guards, sees, most, ranges: SINGLE_ADDRESSES.test(agent) ? 'expanded' : 'as-they-are' };
}

/** They, over a book. */
export class BouncerViews {
  readonly #book: BlockBook;
  readonly #now: () => number;
  readonly #views = new Map<string, Kept>();
  readonly #cursors = new Map<string, number>();

  /** `now`: ms since 1970. */
  constructor(book: BlockBook, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  /** The view of a kind, as it is now. */
  async viewFor(takes: ViewTakes): Promise<CurrentView> {
    const inForce = await this.#book.inForce();
    const name = nameOf(takes);
    const kept = this.#views.get(name) ?? { view: new BlockView(takes), whole: undefined, sequence: -1 };
    this.#views.set(name, kept);
    if (this.#views.size > MOST_VIEWS) this.#forgetFirst();
    const { view } = kept;
    view.update(inForce, this.#now());
    if (kept.sequence !== view.sequence) kept.whole = undefined;
    kept.sequence = view.sequence;
    return {
      view,
      get whole() {
        kept.whole ??= new StampedDecisions(view.entries);
        return kept.whole;
      },
    };
  }

  /** How far this bouncer has been told of this view; undefined if that is not known. */
  cursorOf(bouncer: BouncerActor, request: FastifyRequest, { takes }: BlockView): number | undefined {
    return this.#cursors.get(cursorName(bouncer, request, takes));
  }

  /** It has been told up to this number. */
  moveCursor(bouncer: BouncerActor, request: FastifyRequest, { takes }: BlockView, sequence: number): void {
    const name = cursorName(bouncer, request, takes);
    this.#cursors.delete(name);
    this.#cursors.set(name, sequence);
    if (this.#cursors.size <= MOST_CURSORS) return;
    const { value } = this.#cursors.keys().next();
    this.#cursors.delete(value!);
  }

  #forgetFirst(): void {
    const { value } = this.#views.keys().next();
    this.#views.delete(value!);
    for (const name of this.#cursors.keys()) {
      if (name.endsWith(`|${value!}`)) this.#cursors.delete(name);
    }
  }
}

function nameOf({ guards, sees, ranges, most }: ViewTakes): string {
  return `${guards} ${sees} ${ranges} ${most}`;
}

/** Two machines with one key are told apart, or each would be told half. */
function cursorName({ key }: BouncerActor, { from }: FastifyRequest, takes: ViewTakes): string {
  return `${key}|${from.address}|${nameOf(takes)}`;
}
