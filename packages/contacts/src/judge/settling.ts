/**
 * What one shard remembers of the lines so far, to settle further lines about the same contacts: connections, requests of
 * ours, contacts that another sensor may tell again, and lines that may be delivered again.
 */
import { Recent } from './keyed.ts';
import { Replays } from './replays.ts';
import type { StateIo } from './state.ts';

/** Connections remembered by one shard for their further lines: sixteen shards remember a quarter of a million. */
const KEYS = 16_384;
/** A key that was silent this long is another connection (sshd pids come again). */
export const KEY_LIFE = 3_600_000;
/** Requests of ours remembered by one shard. */
const REQUESTS = 8_192;
/** An answer comes within two minutes of its request, or it is none. */
export const ANSWER_TIME = 120_000;
/** Two sensors tell of the same packet within this time. */
export const JOIN_TIME = 2_000;
/** Five-tuples remembered by one shard for other sensors. */
const TUPLES = 16_384;
/** The memory. `tuples` is null where one sensor tells all. */
export class Settling {
  readonly keys = new Recent(KEYS, KEY_LIFE);
  readonly requests = new Recent(REQUESTS, ANSWER_TIME);
  readonly tuples: Recent | null;
  readonly replays = new Replays();
  /** A request of ours has been seen: the sensors here see both directions. */
  seesRequests = false;

  constructor(join: boolean) {
    this.tuples = join ? new Recent(TUPLES, JOIN_TIME) : null;
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    io.within('keys', () => this.keys.state(io));
    io.within('requests', () => this.requests.state(io));
    io.within('tuples', () => this.tuples?.state(io));
    io.within('replays', () => this.replays.state(io));
    this.seesRequests = io.flag('seesRequests', this.seesRequests);
  }
}
