/**
 * Words in the columns of `csv` and `ndjson` that say what became of an event, of what kind it is, and which way it went.
 */
import { Kind, Outcome } from '../contact.ts';
import { WordValues } from './words.ts';

/** Words of actions, results and outcomes, lower case. */
export const ACTION_WORDS: Readonly<Record<string, number>> = Object.fromEntries([
  ...['allow', 'allowed', 'accept', 'accepted', 'permit', 'permitted', 'pass', 'passed', 'start', 'open'].map(
    (word) => [word, Outcome.accepted],
  ),
  ...[
    'deny',
    'denied',
    'drop',
    'dropped',
    'reject',
    'rejected',
    'refuse',
    'refused',
    'discard',
    'discarded',
    'reset',
  ]
    .concat(['reset-both', 'reset-client', 'reset-server', 'unreachable'])
    .map((word) => [word, Outcome.denied]),
  ...['block', 'blocked', 'ban', 'banned', 'prevent', 'prevented', 'blacklisted', 'quarantined'].map(
    (word) => [word, Outcome.blocked],
  ),
  ...[
    'fail',
    'failed',
    'failure',
    'invalid',
    'unsuccessful',
    'login failed',
    'login_failed',
    'false',
    'wrong password',
  ]
    .concat(['authentication failed', 'auth_failed', 'failed login'])
    .map((word) => [word, Outcome.failed]),
  ...['success', 'succeeded', 'successful', 'login', 'logged in', 'login_success', 'true', 'authenticated']
    .concat(['authentication succeeded', 'login success'])
    .map((word) => [word, Outcome.succeeded]),
  ...['established', 'connected', 'completed', 'closed', 'close', 'served'].map((word) => [
    word,
    Outcome.established,
  ]),
  ...['timeout', 'timed out', 'no answer', 'no_answer', 'unanswered', 'aged-out'].map((word) => [
    word,
    Outcome.noAnswer,
  ]),
]) as Record<string, number>;
/** The same, to be found by their bytes. */
export const ACTIONS = new WordValues(ACTION_WORDS);

/** Words of kinds. */
export const KIND_WORDS: Readonly<Record<string, number>> = Kind;
/** The same, to be found by their bytes. */
export const KINDS = new WordValues(KIND_WORDS);

/** Words of directions. */
export const DIRECTION_WORDS: Readonly<Record<string, number>> = {
  inbound: 1,
  incoming: 1,
  in: 1,
  ingress: 1,
  outbound: 2,
  outgoing: 2,
  out: 2,
  egress: 2,
  internal: 3,
};
/** The same, to be found by their bytes. */
export const DIRECTIONS = new WordValues(DIRECTION_WORDS);
