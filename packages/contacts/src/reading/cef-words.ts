/**
 * The words of CEF events that matter here, and what they mean. Keys: ArcSight Common Event Format, "Extension
 * Dictionary"; those of Ubiquiti begin with UNIFI. Names and actions are the products' own, so they are looked up in
 * lists of the words that firewalls, intrusion prevention and directories use.
 */
import { Outcome } from '../contact.ts';
import { ascii, hash1, hashText } from './bytes.ts';
import { WordValues } from './words.ts';

/** Keys that matter. */
export const CEF_KEYS = [
  ...[
    'rt',
    'start',
    'end',
    'src',
    'dst',
    'spt',
    'dpt',
    'proto',
    'act',
    'outcome',
    'cnt',
    'suser',
    'duser',
    'in',
  ],
  ...['out', 'request', 'deviceDirection', 'cat', 'c6a2', 'c6a3', 'categoryBehavior', 'categoryOutcome'],
  ...['externalId', 'UNIFIsrcClientIp', 'UNIFIdstClientIp', 'UNIFIdstDeviceIp', 'UNIFIutcTime'],
  ...['UNIFIflowCount', 'UNIFIipsSignature', 'UNIFIdirection'],
] as const;

/** Index of each key. */
export const CefKey = Object.fromEntries(CEF_KEYS.map((name, index) => [name, index])) as {
  readonly [K in (typeof CEF_KEYS)[number]]: number;
};
/** Index of a key. */
export type CefKey = number;

/** What a device did: refused or let through. */
export const CefAction = { refused: 1, allowed: 2 } as const;

/** Values of `act`, lower case. */
export const CEF_ACTIONS: Readonly<Record<string, number>> = Object.fromEntries([
  ...['deny', 'denied', 'drop', 'dropped', 'block', 'blocked', 'reject', 'rejected', 'reset', 'reset-both']
    .concat([
      'reset-client',
      'reset-server',
      'reset_client',
      'reset_server',
      'prevent',
      'prevented',
      'discard',
    ])
    .concat(['discarded', 'refused', 'terminate', 'terminated', 'quarantine', 'quarantined', 'drop-icmp'])
    .map((word) => [word, CefAction.refused]),
  ...[
    'allow',
    'allowed',
    'accept',
    'accepted',
    'permit',
    'permitted',
    'pass',
    'passed',
    'alert',
    'alerted',
    'detect',
  ]
    .concat([
      'detected',
      'monitor',
      'monitored',
      'close',
      'timeout',
      'client-rst',
      'server-rst',
      'start',
      'end',
    ])
    .concat(['log', 'logged', 'continue'])
    .map((word) => [word, CefAction.allowed]),
]) as Record<string, number>;
/** The same, to be found by their bytes. */
export const ACTIONS = new WordValues(CEF_ACTIONS);

/** Values of `outcome` and `categoryOutcome` of logins, lower case. */
export const CEF_OUTCOMES: Readonly<Record<string, number>> = Object.fromEntries([
  ...[
    'success',
    'successful',
    'succeeded',
    'succeed',
    'ok',
    'pass',
    'passed',
    'allowed',
    'accepted',
    '/success',
  ]
    .concat(['true', 'authenticated'])
    .map((word) => [word, Outcome.succeeded]),
  ...[
    'failure',
    'failed',
    'fail',
    'denied',
    'deny',
    'error',
    'rejected',
    'blocked',
    'invalid',
    '/failure',
    'false',
  ]
    .concat(['unsuccessful'])
    .map((word) => [word, Outcome.failed]),
]) as Record<string, number>;
/** The same, to be found by their bytes. */
export const OUTCOMES = new WordValues(CEF_OUTCOMES);

/** Severities from Medium on, by word or number: below them products put what is only to be known. */
export const CEF_SEVERITIES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['4', '5', '6', '7', '8', '9', '10'].map((level) => [level, 1])),
  ...Object.fromEntries(['medium', 'high', 'very-high', 'very high', 'critical'].map((level) => [level, 1])),
};
/** The same, to be found by their bytes. */
export const SEVERITIES = new WordValues(CEF_SEVERITIES);

/** Values of `deviceDirection` and `UNIFIdirection`. */
export const CEF_DIRECTIONS: Readonly<Record<string, number>> = {
  '0': 1,
  '1': 2,
  inbound: 1,
  outbound: 2,
  incoming: 1,
  outgoing: 2,
};
/** The same, to be found by their bytes. */
export const DIRECTIONS = new WordValues(CEF_DIRECTIONS);

/** Parts of an event's class id, name or category that make it a sign-in. */
export const LOGIN_WORDS = [
  'login',
  'logon',
  'log on',
  'logged on',
  'logged in',
  'sign-in',
  'sign in',
  'signin',
  'authentic',
];
/** ... unless one of these is there too. */
export const LOGOUT_WORDS = [
  'logout',
  'logoff',
  'log off',
  'log out',
  'logged off',
  'logged out',
  'sign-out',
  'deauth',
];
/** Parts of a name that say that a sign-in was refused, or went well. The first list is asked first. */
export const FAILED_WORDS = [
  'fail',
  'unsuccess',
  'denied',
  'invalid',
  'incorrect',
  'reject',
  'wrong',
  'locked',
];
/** Parts of a name that say that a sign-in went well, asked after those that say it did not. */
export const SUCCEEDED_WORDS = [
  'success',
  'succeed',
  'accepted',
  'logged in',
  'logged on',
  'passed',
  'authenticated',
];
/** Parts of a class id, name or category that make an event an alert. */
export const ALERT_WORDS = [
  ...[
    'threat',
    'intrusion',
    'attack',
    'exploit',
    'malware',
    'virus',
    'spyware',
    'injection',
    'vulnerab',
    'signature',
  ],
  ...[
    'anomaly',
    'port scan',
    'portscan',
    'brute',
    'utm:ips',
    'utm:waf',
    'traversal',
    'botnet',
    'xss',
    'scanner',
  ],
];

/** What the class id and name of an event say of it: bits of `Title`. */
export const Title = { login: 1, logout: 2, failed: 4, succeeded: 8, alert: 16 } as const;

const LISTS: ReadonlyArray<readonly [number, readonly Uint8Array[]]> = [
  [Title.login, LOGIN_WORDS.map(ascii)],
  [Title.logout, LOGOUT_WORDS.map(ascii)],
  [Title.failed, FAILED_WORDS.map(ascii)],
  [Title.succeeded, SUCCEEDED_WORDS.map(ascii)],
  [Title.alert, ALERT_WORDS.map(ascii)],
];

/** Titles remembered: products write a few dozen, and the words need not be looked for in each line again. */
const REMEMBERED = 256;

/** Finds which lists' words stand in a text. One per reader: it remembers the texts of earlier lines by their hashes. */
export class Titles {
  readonly #first = new Uint32Array(REMEMBERED);
  readonly #second = new Uint32Array(REMEMBERED);
  readonly #bits = new Uint8Array(REMEMBERED);

  /** Bits of `Title` of the text in [from, to). */
  of(bytes: Uint8Array, from: number, to: number): number {
    if (to <= from) return 0;
    const first = hashText(bytes, from, to);
    const second = hash1;
    const slot = first & (REMEMBERED - 1);
    if (this.#first[slot] === first && this.#second[slot] === second) return this.#bits[slot]!;
    let bits = 0;
    for (const [bit, words] of LISTS) if (holdsAny(bytes, from, to, words)) bits |= bit;
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#bits[slot] = bits;
    return bits;
  }
}

/** Whether one of `words` (lower case) stands anywhere in [from, to), in any case. */
function holdsAny(bytes: Uint8Array, from: number, to: number, words: readonly Uint8Array[]): boolean {
  for (let at = from; at < to; at++) {
    for (const word of words) {
      if (to - at < word.length) continue;
      let i = 0;
      while (i < word.length && lower(bytes[at + i]!) === word[i]) i++;
      if (i === word.length) return true;
    }
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte | 32 : byte;
}
