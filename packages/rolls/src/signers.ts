/**
 * Who may sign, and since when. A signer of the genesis counts from the beginning, one that is added later when the policy's
 * delay is over: by the times that the log itself tells, and for a witness also by its own clock since it saw the entry.
 */
import type { KeyEntry } from './entries.ts';
import { type SignerKey, STATE } from './rolls-types.ts';

/** The place of the key with which the reader of the live database signs what it found. */
export const READER = 'reader';

/** Milliseconds of an hour. */
const HOUR = 3_600_000;

/** What a witness knows beyond the log. */
export type WitnessClock = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When this witness first saw an entry; null: it was there before the witness was. */
  readonly seenAt: (index: bigint) => number | null;
};

/** A signer, as the fold knows it. */
export type KnownSigner = {
  readonly key: SignerKey;
  /** Entry that brought it. */
  readonly index: bigint;
  /** Milliseconds since 1970 from which it counts. */
  readonly from: number;
  /** Hours that it had to be public before. */
  readonly delayHours: number;
  readonly isRevoked: boolean;
};

/** Whether a place is a local authority: neither the state, nor a feed, nor the reader. */
export function isLocalOffice(place: string): boolean {
  return place !== STATE && place !== READER && !place.startsWith('feed:');
}

/** All signers that ever were. A key that was revoked never comes back. */
export class Signers {
  readonly #known = new Map<string, KnownSigner>();

  /** Signers from the beginning. Their ids are checked by the caller. */
  constructor(genesis: readonly SignerKey[], index: bigint) {
    for (const key of genesis) {
      this.#known.set(key.id, {
        key,
        index,
        from: Number.NEGATIVE_INFINITY,
        delayHours: 0,
        isRevoked: false,
      });
    }
  }

  /** By id; undefined for one that never was. */
  get(id: string): KnownSigner | undefined {
    return this.#known.get(id);
  }

  /** All of them, revoked ones too. */
  all(): readonly KnownSigner[] {
    return [...this.#known.values()];
  }

  /** Takes a key entry that the rules allow. `at`: its time, milliseconds since 1970. */
  enroll({ act, key }: KeyEntry, index: bigint, at: number, delayHours: number): void {
    const known = this.#known.get(key.id);
    if (act === 'revoke' && known !== undefined) this.#known.set(key.id, { ...known, isRevoked: true });
    if (act === 'add' && known === undefined) {
      this.#known.set(key.id, { key, index, from: at + delayHours * HOUR, delayHours, isRevoked: false });
    }
  }

  /**
   * Why a key does not count at an entry; null if it does. `time`: the latest that the log has told so far, milliseconds
   * since 1970.
   */
  fault(id: string, at: bigint, time: number, clock: WitnessClock | undefined): string | null {
    const known = this.#known.get(id);
    if (known === undefined) return `the key ${id} is not known`;
    if (known.isRevoked) return `the key ${id} was revoked`;
    if (time < known.from)
      return `the key ${id} does not count before its ${known.delayHours} hours are over`;
    if (clock === undefined || known.delayHours === 0) return null;
    const seen = clock.seenAt(known.index);
    const used = clock.seenAt(at) ?? clock.now;
    return seen !== null && used - seen < known.delayHours * HOUR
      ? `the key ${id} was seen here less than ${known.delayHours} hours before it was used`
      : null;
  }

  /** Whether these keys, which all count, may let a signer come or go. */
  mayChange(key: SignerKey, by: readonly string[]): boolean {
    const subject = this.#known.get(key.id);
    const signers = by.map((id) => this.#known.get(id)).filter((known) => known !== undefined);
    // A key may give itself up; one that came later may not put out an older one of its place.
    const older = signers.some(
      ({ key: { id, place }, index }) =>
        place === key.place && (subject === undefined || id === key.id || index < subject.index),
    );
    const others = new Set(signers.map(({ key: { place } }) => place).filter(isLocalOffice));
    others.delete(key.place);
    return older || others.size >= 2;
  }
}
