/** Who is signed in, and what they may do. The hub decides; the desk only leaves out what would be refused. */
import type { MeAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from './queries.ts';

/** Everywhere, or at these places: `state`, or the number of an office. */
export type Reach = 'all' | readonly string[];

/** Nobody, before the hub has said who it is. */
export const NOBODY: MeAnswer = {
  who: 'nobody',
  person: null,
  rights: {},
  steppedUpUntil: null,
  until: null,
  needsSetUp: false,
  state: null,
  address: null,
  offices: [],
  directories: [],
  recoveriesWaiting: 0,
};

/** Where somebody may do it. Verbs are those of docs/reference/rights.md. */
export function reachOf({ rights }: Pick<MeAnswer, 'rights'>, verb: string): Reach {
  return Object.hasOwn(rights, verb) ? (rights[verb] as Reach) : [];
}

/** Whether somebody may do it at a place; without a place: anywhere. */
export function may(me: Pick<MeAnswer, 'rights'>, verb: string, place?: string): boolean {
  const reach = reachOf(me, verb);
  if (reach === 'all') return true;
  return place === undefined ? reach.length > 0 : reach.includes(place);
}

/** Who is signed in. Below the frame it is always known. */
export function useMe(): MeAnswer {
  return useQuery(meQuery).data ?? NOBODY;
}

/** Whether who is signed in may do it at a place; without a place: anywhere. */
export function useMay(verb: string, place?: string): boolean {
  return may(useMe(), verb, place);
}

/** Where who is signed in may do it. */
export function useReach(verb: string): Reach {
  return reachOf(useMe(), verb);
}
