/**
 * Who asks for openings: a witness of the policy, by a note under its second key (`NAME/checks`). A note is good for ten
 * minutes and once. The hub remembers in memory which it has answered, so notes from before it started are not taken.
 */
import { createHash } from 'node:crypto';
import { ok, type Result } from '@bellwether/basics';
import { checkSignatures, type NoteKey, parseNote } from '@bellwether/evidence';
import {
  CHECKS_SUFFIX,
  isRequestFresh,
  type OpeningsHead,
  parseOpeningsRequest,
  REQUEST_FRESH_FOR,
} from '@bellwether/rolls';
import { nodeVerifier } from '../../platform/evidence/verifying.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { SecondHands } from './second-hand.ts';

/** Bytes of a request: two names and a signature. */
export const MOST_REQUEST = 4_096;

const MINUTE = 60_000;

/** A request that may be answered. */
export type AskedOpenings = {
  readonly witness: string;
  readonly whose: OpeningsHead['whose'];
  readonly origin: string;
  readonly seal: bigint;
};

/** Checks requests. */
export class OpeningsDoor {
  readonly #keys: readonly NoteKey[];
  readonly #hands: SecondHands;
  readonly #now: () => number;
  readonly #begun: number;
  /** SHA-256 of what was asked, and until when it is remembered, ms. */
  readonly #answered = new Map<string, number>();

  /** `keys`: second keys of the witnesses of the policy. `now`: ms since 1970. */
  constructor(keys: readonly NoteKey[], hands: SecondHands, now: () => number) {
    this.#keys = keys.filter(({ name }) => name.endsWith(CHECKS_SUFFIX));
    this.#hands = hands;
    this.#now = now;
    this.#begun = Math.floor(now() / MINUTE) * MINUTE;
  }

  /** Takes one. After that the same is refused, whatever becomes of it. */
  async admitRequest(body: Uint8Array): Promise<Result<AskedOpenings, RollError>> {
    const note = parseNote(body);
    const asked = note.isErr() ? note : parseOpeningsRequest(note.value.text);
    if (note.isErr() || asked.isErr()) return rollRefused('ROLL_OPENINGS_MALFORMED', 'this is no request');
    const { witness, origin, seal, time } = asked.value;
    const signed = await checkSignatures(note.value, this.#keys, nodeVerifier());
    const isOwn = signed.isOk() && signed.value.some(({ name }) => name === `${witness}${CHECKS_SUFFIX}`);
    if (!isOwn) return rollRefused('ROLL_OPENINGS_STRANGER', `${witness} has not signed it`);
    const whose = this.#whoseOf(witness);
    if (whose === null) return rollRefused('ROLL_OPENINGS_STRANGER', `${witness} stands for nobody here`);
    const now = this.#now();
    if (!isRequestFresh(asked.value, now))
      return rollRefused('ROLL_OPENINGS_CLOCK', `it was made at ${time}`);
    if (Date.parse(time) <= this.#begun)
      return rollRefused('ROLL_OPENINGS_AGAIN', 'it was made before the hub started: ask again in a minute');
    for (const [old, until] of this.#answered) if (until < now) this.#answered.delete(old);
    const name = createHash('sha256').update(note.value.text).digest('hex');
    if (this.#answered.has(name)) return rollRefused('ROLL_OPENINGS_AGAIN', 'ask again in a minute');
    this.#answered.set(name, now + 2 * REQUEST_FRESH_FOR + MINUTE);
    return ok({ witness, whose, origin, seal });
  }

  #whoseOf(witness: string): OpeningsHead['whose'] | null {
    const { offices, auditors } = this.#hands;
    if (Object.hasOwn(offices, witness)) return { office: offices[witness]! };
    return auditors.includes(witness) ? 'auditors' : null;
  }
}
