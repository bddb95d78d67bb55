/** What is filled in to invite somebody or to give a role, what is missing in it, and what is told to the hub. */
import type { GiveRole, InvitePerson, PeopleAnswer } from '@bellwether/api';
import { LONGEST_REASON, SHORTEST_REASON } from '../../ui/act-texts.ts';
import { dayIn, endOfDay } from './days.ts';

/** Days for which somebody from outside gets a role at the most: within the hub's three months, whatever the hour. */
export const LONGEST_DAYS = 91;

const DAY = 86_400_000;

/** The fields, as texts. `role` is empty until one is chosen, `until` is a day. */
export type Fields = {
  readonly name: string;
  readonly phone: string;
  readonly place: string;
  readonly role: string;
  readonly until: string;
  readonly why: string;
};

export type FieldName = keyof Fields;

/** One role that may be given. */
export type Offer = PeopleAnswer['mayGive'][number];

/** What is wrong with a field: nothing in it, a day that is over, or one that is too far away. */
export type Fault = 'missing' | 'past' | 'far' | 'short';

/** The roles that may be given at a place. */
export function offersAt(mayGive: readonly Offer[], place: string): readonly Offer[] {
  if (place === '') return [];
  const kind = place === 'state' ? 'state' : 'office';
  return mayGive.filter(({ at }) => at === kind);
}

/** The role that was chosen, if it may be given there. */
export function chosenOf(mayGive: readonly Offer[], { place, role }: Fields): Offer | undefined {
  return offersAt(mayGive, place).find((offer) => offer.role === role);
}

/** Whether each of these roles may be given where it is held. */
export function mayGiveAll(
  mayGive: readonly Offer[],
  grants: readonly { readonly role: string; readonly place: string }[],
): boolean {
  return grants.every(({ role, place }) => offersAt(mayGive, place).some((offer) => offer.role === role));
}

/** What is wrong, by field, in the order of the form. `invites`: a new person, of whom a name is needed; `now`: ms. */
export function wrongFields(
  fields: Fields,
  {
    mayGive,
    invites,
    zone,
    now,
  }: {
    readonly mayGive: readonly Offer[];
    readonly invites: boolean;
    readonly zone: string;
    readonly now: number;
  },
): ReadonlyMap<FieldName, Fault> {
  const wrong = new Map<FieldName, Fault>();
  if (invites && fields.name.trim() === '') wrong.set('name', 'missing');
  if (fields.place === '') wrong.set('place', 'missing');
  const offer = chosenOf(mayGive, fields);
  if (offer === undefined) wrong.set('role', 'missing');
  const until = faultOfUntil(fields.until, offer?.mustEnd === true, zone, now);
  if (until !== undefined) wrong.set('until', until);
  const why = fields.why.trim();
  const needsWhy = !invites || offer?.mustEnd === true;
  if (why === '' && needsWhy) wrong.set('why', 'missing');
  else if (why !== '' && why.length < SHORTEST_REASON) wrong.set('why', 'short');
  return wrong;
}

function faultOfUntil(until: string, mustEnd: boolean, zone: string, now: number): Fault | undefined {
  if (until === '') return mustEnd ? 'missing' : undefined;
  if (endOfDay(until, zone) === undefined) return 'missing';
  if (until < dayIn(now, zone)) return 'past';
  return mustEnd && until > lastDay(now, zone) ? 'far' : undefined;
}

/** The last day that somebody from outside can have, as a date field holds it. */
export function lastDay(now: number, zone: string): string {
  return dayIn(now + LONGEST_DAYS * DAY, zone);
}

/** The invitation that the fields say. */
export function invitationOf(fields: Fields, zone: string): InvitePerson {
  const phone = fields.phone.trim();
  const why = fields.why.trim();
  return {
    name: fields.name.trim(),
    ...(phone === '' ? {} : { phone }),
    ...placed(fields, zone),
    ...(why === '' ? {} : { why: why.slice(0, LONGEST_REASON) }),
  };
}

/** The role that the fields say. */
export function roleOf(fields: Fields, zone: string): GiveRole {
  return { ...placed(fields, zone), why: fields.why.trim().slice(0, LONGEST_REASON) };
}

function placed({ role, place, until }: Fields, zone: string) {
  const end = until === '' ? undefined : endOfDay(until, zone);
  return { role, place, ...(end === undefined ? {} : { until: end }) };
}
