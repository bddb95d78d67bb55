/**
 * What the error codes of Entra ID sign-ins prove (learn.microsoft.com, "Microsoft Entra authentication and
 * authorization error codes"). Codes that are not listed interrupt a sign-in (consent, expired token, wrong tenant) or
 * tell of a wrong setting: they prove neither that it was refused nor that it was not, and count as unknown.
 */
import { Outcome } from '../contact.ts';

/** Wrong password, locked or disabled account, refused second factor: the sign-in was refused. */
const REFUSED = [
  50126, // invalid user name or password
  50053, // locked, or an address with malicious activity
  50034, // no such user
  50056, // no password, or a wrong one
  50057, // disabled
  50064, // credential validation failed
  50020, // user of another directory
  50089, // credential expired in the flow
  51004, // account not in the directory
  500121, // second factor refused or timed out
  50088, // second factor called too often
  80012, // outside the hours allowed
  120000, // wrong current password
  7000215, // wrong client secret
  700016, // no such application
];

/** The password was right, and a policy or the risk engine let nobody in. */
const BLOCKED = [53000, 53001, 53002, 53003, 53004, 53011, 50131, 530032, 530034];

/** The account in the line does not exist. */
const NO_SUCH_ACCOUNT = new Set([50034, 51004]);

/** Outcome of each listed code; 50074, 50076, 50079, 50055 and others, where the password was right, are unknown. */
export const ENTRA_OUTCOMES: ReadonlyMap<number, Outcome> = new Map<number, Outcome>([
  [0, Outcome.succeeded],
  ...REFUSED.map((code): [number, Outcome] => [code, Outcome.failed]),
  ...BLOCKED.map((code): [number, Outcome] => [code, Outcome.blocked]),
]);

/** Whether the code says that there is no such account. */
export function isUnknownAccount(code: number): boolean {
  return NO_SUCH_ACCOUNT.has(code);
}

/** Refused, but the password was right: only the second factor was not given. */
export const SECOND_FACTOR_REFUSED = 500121;
