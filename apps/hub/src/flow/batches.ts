/**
 * Batches that were acknowledged, so that sending one again adds nothing. The newest of each client are here; older ones
 * are asked for in the database, and forgotten there after some weeks.
 */

/** Batches remembered here for each client: far more than are ever on their way at once. */
const MOST_REMEMBERED = 256;

/** Clients remembered; each office has a few. The one that was silent longest is looked up in the database again. */
const MOST_CLIENTS = 5_000;

/** What is known of a batch. `unknown`: ask the database. */
export type Known = 'new' | 'same' | 'changed' | 'unknown';

type Client = { highest: number; readonly digests: Map<number, string> };

/** The batches of all clients. */
export class Batches {
  readonly #clients = new Map<string, Client>();

  /** Remembers a batch that is on disk. */
  add(client: string, sequence: number, digest: string): void {
    let known = this.#clients.get(client);
    if (known === undefined) known = { highest: -1, digests: new Map() };
    else this.#clients.delete(client);
    this.#clients.set(client, known);
    if (this.#clients.size > MOST_CLIENTS) this.#clients.delete(this.#clients.keys().next().value!);
    known.highest = Math.max(known.highest, sequence);
    known.digests.set(sequence, digest);
    if (known.digests.size > MOST_REMEMBERED) known.digests.delete(known.digests.keys().next().value!);
  }

  /** What is known of it here. */
  look(client: string, sequence: number, digest: string): Known {
    const known = this.#clients.get(client);
    if (known === undefined) return 'unknown';
    const had = known.digests.get(sequence);
    if (had !== undefined) return had === digest ? 'same' : 'changed';
    return sequence > known.highest ? 'new' : 'unknown';
  }
}
