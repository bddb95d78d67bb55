/** What agents ask of the hub about themselves: a certificate, the next one, and what they report. */
import {
  AgentEnrolled,
  AgentEnrolment,
  AgentRenewal,
  AgentRenewed,
  AgentReport,
  AgentReportTaken,
} from '@bellwether/api';
import type { Limits } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { closed, type HttpApp, problems } from '../../platform/http/app.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import { shownSerialOf } from './agent-door.ts';
import type { Enrolment } from './enrolment.ts';
import { AGENTS_ERRORS, agentsEntry } from './errors.ts';
import type { Reports } from './reports.ts';

/** What they need. */
export type AgentRoutesDependencies = {
  readonly enrolment: Enrolment;
  readonly reports: Reports;
  readonly limits: Limits;
};

/** The one route that is asked without a certificate. */
export function enrolRoute(app: HttpApp, { enrolment, limits }: AgentRoutesDependencies): void {
  app.post(
    '/enrol',
    {
      schema: {
        body: closed(AgentEnrolment),
        response: {
          200: AgentEnrolled,
          ...problems(AGENTS_ERRORS.AGENT_CODE_WRONG, AUTH_ERRORS.AUTH_TOO_OFTEN),
        },
      },
    },
    async (request, reply) => {
      if (!limits.allow('code', request.from)) return sendAuthError(reply, authError('AUTH_TOO_OFTEN', ''));
      const enrolled = await enrolment.enrolAgent(request.body, request.from.address);
      void reply.header('cache-control', 'no-store');
      if (enrolled.isErr()) return sendProblem(reply, agentsEntry(enrolled.error), enrolled.error.detail);
      limits.forgive('code', request.from);
      return enrolled.value;
    },
  );
}

/** Those behind the door. */
export function ownAgentRoutes(app: HttpApp, { enrolment, reports }: AgentRoutesDependencies): void {
  app.post(
    '/renew',
    { schema: { body: closed(AgentRenewal), response: { 200: AgentRenewed } } },
    async (request, reply) => {
      const renewed = await enrolment.renewAgent(
        request.agent!,
        shownSerialOf(request),
        request.body.request,
      );
      if (renewed.isErr()) return sendProblem(reply, agentsEntry(renewed.error), renewed.error.detail);
      return renewed.value;
    },
  );

  app.post(
    '/outcomes',
    { schema: { body: AgentReport, response: { 200: AgentReportTaken } } },
    async (request) => ({ clock: await reports.take(request.agent!, request.body) }),
  );
}
