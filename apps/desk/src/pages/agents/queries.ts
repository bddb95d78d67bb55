/** What the page *Agents* asks and tells. */
import type { AgentsAnswer, MadeAgentCode, NewAgentCode, Reason } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** How often it looks again, ms. Agents report each minute; while a code is on screen, a person on the phone waits. */
export const LOOK_AGAIN = { usually: 10_000, withCode: 4_000 } as const;

/** Agents that the reader may see, the revoked among them. */
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => ask<AgentsAnswer>('agents', {}, signal),
});

/** A code with which one computer enrols: told this once. */
export function makeAgentCode(wish: NewAgentCode): Promise<MadeAgentCode> {
  return tell('POST', 'agents/codes', wish);
}

export function revokeAgent(id: number, why: string): Promise<AgentsAnswer> {
  return tell('POST', `agents/${id}/revoke`, { why } satisfies Reason);
}
