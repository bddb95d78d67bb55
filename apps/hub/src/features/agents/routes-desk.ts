/** Agents, as people see them: who is enrolled and was heard when, a code for another one, and an end for one. */
import {
  type AgentRow,
  AgentsAnswer,
  AgentsQuery,
  MadeAgentCode,
  NewAgentCode,
  Reason,
} from '@bellwether/api';
import { Type } from 'typebox';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import type { Reach } from '../../platform/auth/rights.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { Enrolment } from './enrolment.ts';
import { AGENTS_ERRORS, agentsEntry, agentsError } from './errors.ts';

/** What they need. */
export type AgentsDeskDependencies = {
  /** Null where the configuration lets no agents in. */
  readonly agents: () => {
    readonly enrolment: Enrolment;
    /** `NAME:PORT`; null until it listens. */
    readonly hub: string | null;
    /** Ends whatever a revoked agent has open. */
    readonly endAllOf: (agent: number) => void;
  } | null;
  readonly list: (reach: Reach) => Promise<AgentRow[]>;
};

const COMMON = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_NOT_YOURS,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

const CHANGING = [...COMMON, HTTP_ERRORS.HTTP_CROSS_SITE, AUTH_ERRORS.AUTH_STEP_UP, AGENTS_ERRORS.AGENTS_OFF];

const AgentParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Makes them. */
export function agentsDeskRoutes({ agents, list }: AgentsDeskDependencies): Routes {
  return (app) => {
    app.get(
      '/agents',
      {
        config: {
          right: { verb: 'agents.read', of: 'reach', asked: ({ query }) => (query as AgentsQuery).place },
        },
        schema: {
          summary: 'Agents of offices, those that were revoked among them',
          tags: ['agents'],
          querystring: closed(AgentsQuery),
          response: { 200: AgentsAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach }) => ({ hub: agents()?.hub ?? null, agents: await list(reach) }),
    );

    app.post(
      '/agents/codes',
      {
        config: { right: { verb: 'agents.change', of: ({ body }) => (body as NewAgentCode).office } },
        schema: {
          summary: 'Make a code by which one agent of an office enrols within half an hour',
          description: 'The answer is the only time that the code is shown. It is read over the phone.',
          tags: ['agents'],
          body: closed(NewAgentCode),
          response: {
            200: MadeAgentCode,
            ...problems(...CHANGING, AGENTS_ERRORS.AGENT_NAME_TAKEN, AGENTS_ERRORS.AGENT_OFFICE_UNKNOWN),
          },
        },
      },
      async (request, reply) => {
        const { office, name } = request.body;
        const open = agents();
        if (open === null || open.hub === null) return sendProblem(reply, AGENTS_ERRORS.AGENTS_OFF);
        const made = await open.enrolment.makeAgentCode(request.actor!, office, name, request.from.address);
        if (made.isErr()) return sendProblem(reply, agentsEntry(made.error), made.error.detail);
        void reply.header('cache-control', 'no-store');
        const { code, until } = made.value;
        return { code, until: new Date(until).toISOString(), hub: open.hub };
      },
    );

    app.post(
      '/agents/:id/revoke',
      {
        config: { right: { verb: 'agents.change', of: 'reach' } },
        schema: {
          summary: 'Revoke an agent: whatever it has open ends at once, and nothing lets it in again',
          tags: ['agents'],
          params: AgentParams,
          body: closed(Reason),
          response: {
            200: AgentsAnswer,
            ...problems(...CHANGING, AUTH_ERRORS.AUTH_TEXT_INVALID, AGENTS_ERRORS.AGENT_UNKNOWN),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const why = plainText('why', request.body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const open = agents();
        if (open === null) return sendProblem(reply, AGENTS_ERRORS.AGENTS_OFF);
        const seen = (await list(request.reach)).some((agent) => agent.id === id);
        const unknown = agentsError('AGENT_UNKNOWN', `agent ${id}`);
        if (!seen) return sendProblem(reply, agentsEntry(unknown), unknown.detail);
        const from = request.from.address;
        const revoked = await open.enrolment.revokeAgent(request.actor!, id, why.value, from);
        if (revoked.isErr()) return sendProblem(reply, agentsEntry(revoked.error), revoked.error.detail);
        open.endAllOf(id);
        return { hub: open.hub, agents: await list(request.reach) };
      },
    );
  };
}
