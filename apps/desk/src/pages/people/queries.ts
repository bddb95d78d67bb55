/** What the page *People* asks and tells. */
import type {
  CodeWish,
  GiveRole,
  InvitePerson,
  PeopleAnswer,
  PhoneCode,
  Reason,
  RecoveryDecision,
} from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** While a code is on screen, its use is looked for this often, ms: a person on the phone does not wait longer. */
export const LOOK_AGAIN = 4000;

/** Who has a role at a place; without a place, everybody whom the reader may see. */
export function peopleQuery(place: string | undefined) {
  return queryOptions({
    queryKey: ['people', place ?? ''],
    queryFn: ({ signal }) => ask<PeopleAnswer>('people', { place }, signal),
  });
}

const at = (person: string) => `people/${encodeURIComponent(person)}`;

export function invitePerson(wish: InvitePerson): Promise<PhoneCode> {
  return tell('POST', 'people', wish);
}

export function newCode(person: string, purpose: CodeWish['purpose']): Promise<PhoneCode> {
  return tell('POST', `${at(person)}/code`, { purpose } satisfies CodeWish);
}

export function withdrawCode(person: string): Promise<unknown> {
  return tell('POST', `${at(person)}/code/withdrawal`, {});
}

export function giveRole(person: string, wish: GiveRole): Promise<unknown> {
  return tell('POST', `${at(person)}/grants`, wish);
}

export function endRole(person: string, grant: number, why: string): Promise<unknown> {
  return tell('POST', `${at(person)}/grants/${grant}/end`, { why } satisfies Reason);
}

export function removePerson(person: string, why: string): Promise<unknown> {
  return tell('POST', `${at(person)}/removal`, { why } satisfies Reason);
}

/** Ends every sign-in of somebody, who may sign in again. */
export function signOutPerson(person: string, why: string): Promise<unknown> {
  return tell('POST', `${at(person)}/sign-out`, { why } satisfies Reason);
}

/** Agreed: the code to read to them. */
export function decideRecovery(id: number, approved: boolean): Promise<PhoneCode | null> {
  return tell('POST', `recoveries/${id}`, { approved } satisfies RecoveryDecision);
}
