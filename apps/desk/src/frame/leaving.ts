/** What happens at the desk when somebody is not signed in any more: nothing of what they saw stays, and they learn why. */
import type { MeAnswer } from '@bellwether/api';
import type { QueryClient } from '@tanstack/react-query';
import { HubProblem } from '../api/ask.ts';
import { NOBODY } from '../api/me.ts';
import { isStepUp } from '../api/step-up.ts';

/** Pages for people who are not signed in. */
const FOR_ANYBODY: ReadonlySet<string> = new Set(['/sign-in', '/code']);

/** Why somebody is at the page *Sign in* who did not ask for it: a code of the hub, or that they signed out themselves. */
export type Why = string;

/** Whether anybody may open the page at this path. */
export function isForAnybody(path: string): boolean {
  return FOR_ANYBODY.has(path);
}

/** The code of the hub's answer, if it says that nobody is signed in. */
export function whySignedOut(error: unknown): Why | undefined {
  if (!(error instanceof HubProblem) || error.status !== 401 || isStepUp(error)) return undefined;
  return error.problem.code;
}

/** Forgets who was here, and what they were shown: the next person at this computer is another one. */
export function forget(client: QueryClient): void {
  client.setQueryData<MeAnswer>(['me'], (me) => {
    if (me === undefined) return undefined;
    const { state, directories, needsSetUp } = me;
    return { ...NOBODY, state, directories, needsSetUp };
  });
  forgetAnswers(client);
}

/** Forgets all answers but who is signed in: they were for somebody else. */
export function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
}
