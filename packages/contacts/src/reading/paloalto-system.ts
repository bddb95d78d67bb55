/**
 * The sentences in which PAN-OS's SYSTEM log tells of a sign-in:
 *
 *     failed authentication for user 'admin'. Reason: Invalid username/password. From: 192.0.2.7.
 *     authenticated for user 'clerk'.   auth profile 'GP', vsys 'vsys1', ..., From: 192.0.2.7.
 *     GlobalProtect portal user authentication failed. Login from: 192.0.2.7, User name: clerk, Reason: ...
 *
 * Whoever signs in writes the name. In the first two it stands before the address, so the last ` From: ` is the
 * sensor's; in the third it stands behind, so the first `Login from: ` is.
 */
import { Outcome } from '../contact.ts';
import { ascii, find, findByte, findLast, startsWith } from './bytes.ts';
import { WordValues } from './words.ts';

/** Event ids of sign-ins, and what they say. */
export const SYSTEM_EVENTS: Readonly<Record<string, number>> = {
  'auth-fail': Outcome.failed,
  'auth-success': Outcome.succeeded,
  'globalprotectportal-auth-fail': Outcome.failed,
  'globalprotectportal-auth-succ': Outcome.succeeded,
  'globalprotectgateway-auth-fail': Outcome.failed,
  'globalprotectgateway-auth-succ': Outcome.succeeded,
};
const EVENTS = new WordValues(SYSTEM_EVENTS);

const FROM = ascii(' From: ');
const LOGIN_FROM = ascii('Login from: ');
const USER_QUOTED = ascii(" for user '");
const USER_BARE = ascii(' for user ');
const USER_NAME = ascii('User name: ');
const QUOTED_ENDS = [ascii("'. Reason: "), ascii("'.")];
const BARE_ENDS = [ascii('. Reason: '), ascii('. ')];
const LABELS = [', Client OS version: ', ', Auth type: ', ', Reason: ', ', Client region: '].map(ascii);
const GLOBAL_PROTECT = ascii('globalprotect');

/** What the last sentence said: where address and user stand (empty if it names none). */
export const systemLogin = { addressAt: 0, addressEnd: 0, userAt: 0, userEnd: 0, portal: false };

/**
 * Reads the sentence in [from, to) of the event named in [eventAt, eventEnd) into `systemLogin`. Returns
 * `Outcome.unknown` if it tells of no sign-in.
 */
export function readSystemLogin(
  bytes: Uint8Array,
  eventAt: number,
  eventEnd: number,
  from: number,
  to: number,
): Outcome {
  const outcome = EVENTS.find(bytes, eventAt, eventEnd);
  if (outcome < 0) return Outcome.unknown;
  const login = systemLogin;
  login.addressAt = login.addressEnd = login.userAt = login.userEnd = to;
  login.portal = startsWith(bytes, eventAt, eventEnd, GLOBAL_PROTECT);
  const labelled = find(bytes, LOGIN_FROM, from, to);
  if (login.portal && labelled >= 0) readLabelled(bytes, labelled + LOGIN_FROM.length, to);
  else readSentence(bytes, from, to);
  return outcome as Outcome;
}

/** `192.0.2.7, Source region: US, User name: clerk, Reason: ...` */
function readLabelled(bytes: Uint8Array, from: number, to: number): void {
  const login = systemLogin;
  const comma = findByte(bytes, 44, from, to);
  login.addressAt = from;
  login.addressEnd = trimDot(bytes, from, comma < 0 ? to : comma);
  const user = find(bytes, USER_NAME, from, to);
  if (user < 0) return;
  login.userAt = user + USER_NAME.length;
  // A name may hold a label; the sensor's own stand behind it, so each label counts where it comes last.
  let end = trimDot(bytes, login.userAt, to);
  for (const label of LABELS) {
    const at = findLast(bytes, label, login.userAt, to);
    if (at >= 0 && at < end) end = at;
  }
  login.userEnd = end;
}

function readSentence(bytes: Uint8Array, from: number, to: number): void {
  const login = systemLogin;
  const fromAt = findLast(bytes, FROM, from, to);
  const sentenceEnd = fromAt < 0 ? to : fromAt;
  if (fromAt >= 0) {
    login.addressAt = fromAt + FROM.length;
    login.addressEnd = trimDot(bytes, login.addressAt, to);
  }
  const quoted = find(bytes, USER_QUOTED, from, sentenceEnd);
  const bare = quoted < 0 ? find(bytes, USER_BARE, from, sentenceEnd) : -1;
  if (quoted < 0 && bare < 0) return;
  login.userAt = quoted >= 0 ? quoted + USER_QUOTED.length : bare + USER_BARE.length;
  login.userEnd = login.userAt;
  for (const suffix of quoted >= 0 ? QUOTED_ENDS : BARE_ENDS) {
    const at = findLast(bytes, suffix, login.userAt, sentenceEnd + 1);
    if (at < 0) continue;
    login.userEnd = at;
    return;
  }
}

function trimDot(bytes: Uint8Array, from: number, to: number): number {
  return to > from && bytes[to - 1] === 46 ? to - 1 : to;
}
