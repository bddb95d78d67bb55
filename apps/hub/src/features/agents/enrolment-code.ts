/**
 * The code by which an agent enrols: 20 characters in groups of five, read over the phone.
 *
 *     7K2M0-VQX9D-TE4HB-AR6ZP
 *     the secret: 50 bits   50 bits of scrypt of the hub's CA certificate (DER), salted with the secret
 *
 * The second half lets the agent know the hub before it sends the first. Two characters of the secret find the code, so that wrong
 * tries count against that one alone, and nobody ends the codes of others by guessing; with the other eight five tries hit with
 * a probability of 5 in 2^40.
 */
import { scrypt, X509Certificate } from 'node:crypto';
import {
  crockfordText,
  ENROLMENT_HALF,
  ENROLMENT_HALF_BYTES,
  enrolmentPrint,
  enrolmentPrintTask,
} from '@bellwether/basics';
import type { RandomBytes } from '../../platform/auth/secrets.ts';

/** Half an hour, ms: a call, and somebody who walks to the computer meanwhile. */
export const CODE_LIFE = 1_800_000;

/** Five slips of the tongue; then another code is made. */
export const MOST_TRIES = 5;

/** Characters by which a code is found. */
const FINDER = 2;

/** A new secret. */
export function newAgentSecret(random: RandomBytes): string {
  return crockfordText(random(ENROLMENT_HALF_BYTES), ENROLMENT_HALF);
}

/** What finds the code in the records. */
export function finderOf(secret: string): string {
  return secret.slice(0, FINDER);
}

/** The code as it is read aloud. `authority`: the CA's certificate, PEM. Takes a third of a second, in a thread of its own. */
export async function spokenCode(secret: string, authority: string): Promise<string> {
  const task = enrolmentPrintTask(secret, new X509Certificate(authority).raw);
  const print = await new Promise<Buffer>((resolve, reject) => {
    scrypt(task.password, task.salt, task.length, task.cost, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    );
  });
  return `${secret}${enrolmentPrint(print)}`.match(/.{5}/g)!.join('-');
}
