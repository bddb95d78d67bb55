/**
 * What the door of a voters' service hands out: a question that was asked, and a pass for who answered it. Both name their source
 * and time and are signed with a key of the door, so that it has to remember neither:
 *
 *     KIND.TIME.MAC      KIND "q" or "p" ‖ time of issue, ms, base 36 ‖ HMAC-SHA-256(key, KIND.TIME.SOURCE), 22 characters of base64url
 */
import { PASS_LIFE, QUESTION_LIFE, QUESTION_WAIT } from './voters-door.ts';

/** HMAC-SHA-256 with the key of the door, base64url without padding. */
export type DoorMac = (text: string) => string;

/** Characters of the MAC that are kept: 132 bits. */
const MAC_LENGTH = 22;

/** Clocks of one machine do not run apart; one that is set back makes what was issued a little younger. ms. */
const SKEW = 2_000;

/** Longest token that is looked at. */
const MOST_TEXT = 64;

/** A question for a source. */
export function questionFor(source: string, now: number, mac: DoorMac): string {
  return issue('q', source, now, mac);
}

/** A pass for a source. */
export function passFor(source: string, now: number, mac: DoorMac): string {
  return issue('p', source, now, mac);
}

/** Whether a question is this source's, was asked long enough ago, and not too long. */
export function isAnswered(token: string, source: string, now: number, mac: DoorMac): boolean {
  const age = ageOf('q', token, source, now, mac);
  return age !== undefined && age >= QUESTION_WAIT * 1_000 - SKEW && age <= QUESTION_LIFE;
}

/** Whether a pass is this source's and still good. */
export function isPass(token: string, source: string, now: number, mac: DoorMac): boolean {
  const age = ageOf('p', token, source, now, mac);
  return age !== undefined && age <= PASS_LIFE;
}

function issue(kind: 'q' | 'p', source: string, now: number, mac: DoorMac): string {
  const head = `${kind}.${Math.floor(now).toString(36)}`;
  return `${head}.${mac(`${head}.${source}`).slice(0, MAC_LENGTH)}`;
}

/** Undefined: it is none of ours, or not this source's. */
function ageOf(
  kind: 'q' | 'p',
  token: string,
  source: string,
  now: number,
  mac: DoorMac,
): number | undefined {
  if (token.length > MOST_TEXT || !/^[qp]\.[0-9a-z]{1,11}\.[A-Za-z0-9_-]+$/.test(token)) return undefined;
  const issued = Number.parseInt(token.split('.')[1]!, 36);
  if (!isSameText(token, issue(kind, source, issued, mac))) return undefined;
  const age = now - issued;
  return age < -SKEW ? undefined : age;
}

/** Compares without telling by its time where two texts differ. */
function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let differs = 0;
  for (let i = 0; i < a.length; i++) differs |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return differs === 0;
}
