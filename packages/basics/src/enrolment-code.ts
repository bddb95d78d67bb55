/**
 * The second half of an agent's enrolment code, by which the agent knows the hub's CA. Both ends work it out with scrypt (RFC 7914),
 * which this file only describes: nothing in here computes.
 *
 * The first half, the secret, is the salt. Whoever stands in the line does not know it, so there is nothing to compute ahead: another
 * CA fits with a probability of 1 in 2^50, once for each try of the office. Whoever overheard the second half alone would look
 * for the secret through 2^50 scrypts, within the half hour for which it is good.
 */
import { crockfordText } from './crockford.ts';

/** Characters of each half of a code: 50 bits, which is what people read aloud without a slip. */
export const ENROLMENT_HALF = 10;

/** Bytes that hold the bits of a half. */
export const ENROLMENT_HALF_BYTES = 7;

/** Before the secret in the salt, so that these bits are good for nothing else. */
const PURPOSE = 'bellwether/enrolment-code@1';

/**
 * 64 MiB and two rounds, one of the settings that the OWASP Password Storage Cheat Sheet holds for equally strong: a third of a second
 * on a small computer of an office, which has 64 MiB to spare and not 128. `maxmem` is what Node has to be told to allow it.
 */
const COST = { N: 65_536, r: 8, p: 2, maxmem: 134_217_728 } as const;

/** What scrypt is asked. */
export type EnrolmentPrintTask = {
  readonly password: Uint8Array;
  readonly salt: string;
  /** Bytes that are wanted. */
  readonly length: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
};

/** What to ask of scrypt. `secret`: the first half as it is spelled. `authority`: the CA's certificate, DER. */
export function enrolmentPrintTask(secret: string, authority: Uint8Array): EnrolmentPrintTask {
  return {
    password: authority,
    salt: `${PURPOSE} ${secret}`,
    length: ENROLMENT_HALF_BYTES,
    cost: COST,
  };
}

/** The second half, of what scrypt gave. */
export function enrolmentPrint(bytes: Uint8Array): string {
  return crockfordText(bytes, ENROLMENT_HALF);
}
