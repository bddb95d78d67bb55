/**
 * The past in memory: for commands that read a folder, and for tests. Each message is first asked about, then noted. Every table has
 * a limit; the oldest row goes first, so that a sender cannot fill the memory, only shorten the past.
 */
import type { Relation, RelationQuestion, Relations } from './relations.ts';

/** What is remembered of a message. */
export type PastMessage = {
  readonly office: string;
  /** ms since 1970. */
  readonly at: number;
  readonly sender: string;
  readonly domain: string;
  /** Addresses it went to, and their organisational domains. */
  readonly recipients: readonly string[];
  readonly recipientDomains: readonly string[];
  readonly messageId: string | null;
  readonly prints: readonly string[];
  /** The office itself sent it, and it is proven that it did. */
  readonly isOwn: boolean;
};

/** The window in which one sender at several offices is remarkable, ms: the lures of 2021 came within hours, their copies within one. */
export const FAN_OUT_WINDOW = 3_600_000;

/** Rows of each table: a year of an office that gets a thousand messages a day. */
const MOST_ROWS = 400_000;

/** Visits that are kept of one sender or print: all offices there are, twice. */
const MOST_VISITS = 256;

type Visit = { readonly office: string; readonly at: number };
type Sent = { readonly isOwn: boolean; readonly domains: readonly string[] };

/** A past that grows message by message. */
export class Past implements Relations {
  readonly #since = new Map<string, number>();
  readonly #written = new Map<string, true>();
  readonly #ids = new Map<string, Sent>();
  readonly #visits = new Map<string, Visit[]>();
  readonly #campaigns = new Map<string, string>();
  readonly #mostRows: number;
  /** Whether what offices send comes by here at all: an answer to what was never seen tells nothing otherwise. */
  #seesSent = false;

  constructor(mostRows = MOST_ROWS) {
    this.#mostRows = mostRows;
  }

  relate(question: RelationQuestion): Promise<Relation> {
    const { office, sender, domain, answers, prints, at } = question;
    const known = answers.map((id) => this.#ids.get(`${office} ${id}`)).find((sent) => sent !== undefined);
    return Promise.resolve({
      addressSince: this.#since.get(`${office} ${sender}`) ?? null,
      domainSince: this.#since.get(`${office} @${domain}`) ?? null,
      isWrittenTo: this.#written.has(`${office} ${sender}`),
      answers:
        answers.length === 0
          ? 'nothing'
          : known === undefined
            ? this.#seesSent
              ? 'unknown'
              : 'untold'
            : known.isOwn
              ? 'sent'
              : 'received',
      answeredDomains: known?.domains ?? [],
      officesOfSender: this.#othersWithin([`from ${sender}`], office, at),
      officesOfPrints: this.#othersWithin(prints, office, at),
      campaign: prints.map((print) => this.#campaigns.get(print)).find((id) => id !== undefined) ?? null,
    });
  }

  /** Remembers a message, whatever was decided of it. */
  note(message: PastMessage): void {
    const { office, at, sender, domain, recipients, recipientDomains, messageId, prints, isOwn } = message;
    this.#seesSent ||= isOwn;
    if (isOwn) for (const recipient of recipients) this.#put(this.#written, `${office} ${recipient}`, true);
    else {
      this.#first(`${office} ${sender}`, at);
      this.#first(`${office} @${domain}`, at);
      for (const key of [`from ${sender}`, ...prints]) this.#visit(key, { office, at });
    }
    if (messageId === null) return;
    const domains = isOwn ? recipientDomains : [domain];
    // Whoever repeats an id of ours does not replace what we sent.
    const key = `${office} ${messageId}`;
    if (this.#ids.get(key)?.isOwn !== true || isOwn) this.#put(this.#ids, key, { isOwn, domains });
  }

  /** Whom an office writes with, known before anything was seen. */
  know(office: string, addresses: readonly string[]): void {
    for (const address of addresses) this.#put(this.#written, `${office} ${address}`, true);
  }

  /** Prints of a campaign that people know. */
  name(campaign: string, prints: readonly string[]): void {
    for (const print of prints) this.#put(this.#campaigns, print, campaign);
  }

  #first(key: string, at: number): void {
    const before = this.#since.get(key);
    if (before === undefined || at < before) this.#put(this.#since, key, at);
  }

  #visit(key: string, visit: Visit): void {
    const visits = (this.#visits.get(key) ?? []).filter(({ at }) => at > visit.at - FAN_OUT_WINDOW);
    visits.push(visit);
    this.#put(this.#visits, key, visits.slice(-MOST_VISITS));
  }

  #othersWithin(keys: readonly string[], office: string, at: number): number {
    let most = 0;
    for (const key of keys) {
      const offices = new Set<string>();
      for (const visit of this.#visits.get(key) ?? [])
        if (visit.office !== office && Math.abs(at - visit.at) <= FAN_OUT_WINDOW) offices.add(visit.office);
      most = Math.max(most, offices.size);
    }
    return most;
  }

  #put<T>(table: Map<string, T>, key: string, value: T): void {
    table.delete(key);
    table.set(key, value);
    if (table.size > this.#mostRows) table.delete(table.keys().next().value!);
  }
}
