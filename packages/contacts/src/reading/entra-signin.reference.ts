/** Plain reading of Entra ID sign-ins: what `entra-signin.ts` must agree with. */
import { Kind, Outcome } from '../contact.ts';
import { ENTRA_OUTCOMES, isUnknownAccount, SECOND_FACTOR_REFUSED } from './entra-codes.ts';
import { ENTRA_PATHS, SIGN_IN_CATEGORIES } from './entra-signin.ts';
import { parseObject, valueAt } from './json.reference.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import { plainAddress, plainNumber, plainTime, said } from './plain-fields.ts';
import { withBytes } from './windows-events.reference.ts';

/** Reads one JSON object. */
export function readEntraSignin(line: string): PlainLine {
  const paths = Object.values(ENTRA_PATHS)
    .flat()
    .map((path) => path.replaceAll('.', '/'));
  const object = parseObject(withBytes(line), paths);
  if (object === undefined) return { line: 'unreadable' };
  const first = (names: readonly string[]): string | undefined =>
    names
      .map((path) => valueAt(object, path.replaceAll('.', '/')))
      .find((value): value is string => typeof value === 'string' && value !== '');
  const category = first(ENTRA_PATHS.category);
  if (category !== undefined && !SIGN_IN_CATEGORIES.includes(category)) return { line: 'ignored' };
  const code = plainNumber(first(ENTRA_PATHS.code));
  const field = first(ENTRA_PATHS.address);
  const source = plainAddress(field ?? '');
  if (code < 0 || field === undefined || source === undefined) return { line: 'unreadable' };
  const outcome = ENTRA_OUTCOMES.get(code) ?? Outcome.unknown;
  const user = (first(ENTRA_PATHS.user) ?? '').slice(0, 1024);
  const correlation = first(ENTRA_PATHS.correlation);
  const time = plainTime(first(ENTRA_PATHS.time) ?? '');
  const keyed = correlation !== undefined && (outcome !== Outcome.failed || code === SECOND_FACTOR_REFUSED);
  return said<PlainContact>({
    kind: Kind.login,
    outcome,
    time: Number.isNaN(time) ? undefined : time,
    source: source || undefined,
    destinationPort: 443,
    protocol: 6,
    account: user === '' ? undefined : plainHash(user),
    key: keyed ? plainHash(`${correlation}/${field}/${user}`.slice(0, 256)) : undefined,
    invalidAccount: isUnknownAccount(code) ? true : undefined,
  });
}
