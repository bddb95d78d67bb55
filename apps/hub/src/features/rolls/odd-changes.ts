/**
 * Why a clerk should look twice at a change, in words. None of it says that something is wrong: it decides what stands at the
 * top of the sheet, where people still look closely.
 */
import type { RollsPolicy } from '@bellwether/rolls';
import type { Change } from './rolls-files.ts';
import { handsBehind } from './usual-hands.ts';

/** New or moved registrations of one sheet at one address beyond which it is told: a family with grown children has fewer. */
const MANY_AT_ADDRESS = 6;

/** Changes of one account within an hour beyond which it is told: entering one takes a clerk a minute or two. */
const MANY_IN_AN_HOUR = 60;

/** Hours of the day, local time, in which no office is open. */
const NIGHT = { from: 21, to: 6 } as const;

const HOUR = 3_600_000;

/** What the hub knows beside the changes. */
export type OddContext = {
  readonly policy: Pick<RollsPolicy, 'quiet'>;
  readonly day: string;
  /** Time zone of the state, as IANA names it. */
  readonly zone: string;
  /** Devices and clerk accounts by office that worked before (usual-hands.ts); an office whose past is too short is not there. */
  readonly usual: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Reasons by record number, for those changes that have any. All changes of one office. */
export function oddReasons(
  changes: readonly Change[],
  context: OddContext,
): ReadonlyMap<string, readonly string[]> {
  const addresses = countBy(changes.filter(isArriving), addressOf);
  const hours = countBy(changes, hourOf);
  const people = countBy(changes.filter(isArriving), personOf);
  const reasons = new Map<string, readonly string[]>();
  for (const change of changes) {
    const found = [
      crowded(addresses.get(addressOf(change) ?? '') ?? 0, change),
      fast(hours.get(hourOf(change) ?? '') ?? 0),
      atNight(change, context.zone),
      newHand(change, context),
      quietRemoval(change, context),
      otherPerson(change),
      (people.get(personOf(change) ?? '') ?? 0) > 1
        ? 'Another change on this sheet has the same name and birth date. Is it one person?'
        : null,
    ].filter((reason) => reason !== null);
    if (found.length > 0) reasons.set(change.recordId, found);
  }
  return reasons;
}

function crowded(count: number, change: Change): string | null {
  return isArriving(change) && count > MANY_AT_ADDRESS
    ? `${count} people on this sheet are registered at this address.`
    : null;
}

function fast(count: number): string | null {
  return count > MANY_IN_AN_HOUR ? `The same account made ${count} changes within one hour.` : null;
}

function atNight({ transaction }: Change, zone: string): string | null {
  if (transaction === null) return null;
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
      Date.parse(transaction.at),
    ),
  );
  return hour >= NIGHT.from || hour < NIGHT.to ? 'It was entered at night.' : null;
}

function newHand(change: Change, { usual }: OddContext): string | null {
  const known = usual.get(change.office);
  if (known === undefined) return null;
  const stranger = handsBehind(change).find((hand) => !known.has(hand));
  return stranger === undefined ? null : `The ${stranger} has not worked for this office before.`;
}

function quietRemoval({ kind }: Change, { policy, day }: OddContext): string | null {
  const isQuiet = policy.quiet.some(({ from, to }) => day >= from && day <= to);
  return kind === 'removed' && isQuiet ? 'It is removed within the 90 days before a federal election.' : null;
}

function otherPerson({ fields }: Change): string | null {
  const born = fields.some((field) => field.endsWith('.born'));
  const named = fields.some((field) => field.includes('.name.'));
  return born && named && fields.length < 8 ? 'Both the name and the birth date were changed.' : null;
}

function isArriving({ kind, fields }: Change): boolean {
  return kind === 'new' || fields.some((field) => field.includes('.address.'));
}

function addressOf({ after }: Change): string | undefined {
  if (after === null) return undefined;
  const parts = Object.entries(after.public).filter(
    ([name]) => name.startsWith('address.') && name !== 'address.unit',
  );
  return parts.length === 0 ? undefined : parts.map(([, value]) => value).join('\n');
}

function personOf({ after }: Change): string | undefined {
  const born = after?.identity.born;
  return after === null || born === undefined || born === ''
    ? undefined
    : [after.public['name.last'], after.public['name.first'], born].join('\n');
}

function hourOf({ transaction }: Change): string | undefined {
  if (transaction?.clerk == null) return undefined;
  return `${transaction.clerk} ${Math.floor(Date.parse(transaction.at) / HOUR)}`;
}

function countBy(
  changes: readonly Change[],
  key: (change: Change) => string | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const at = key(change);
    if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}
