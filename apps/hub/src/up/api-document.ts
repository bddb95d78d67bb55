/**
 * The OpenAPI document of the hub without a hub: its routes are added to a server that is never opened, and whose world
 * is not there. For docs/reference/api.md and for tests.
 */
import { pino } from 'pino';
import { type AgentsDeskDependencies, agentsDeskRoutes } from '../features/agents/routes-desk.ts';
import {
  type CertificatesDependencies,
  certificatesRoutes,
} from '../features/blocks/lapi/routes-certificates.ts';
import { type BlocksRoutesDependencies, blocksRoutes } from '../features/blocks/routes-blocks.ts';
import type { DrillsDependencies } from '../features/drills/dependencies.ts';
import { drillsRoutes } from '../features/drills/routes.ts';
import type { EvidenceDependencies } from '../features/evidence/dependencies.ts';
import { evidenceRoutes } from '../features/evidence/routes.ts';
import type { MailRoomDependencies } from '../features/mail/room/dependencies.ts';
import { mailRoomRoutes } from '../features/mail/room/routes.ts';
import type { PeopleDependencies } from '../features/people/dependencies.ts';
import { peopleRoutes } from '../features/people/routes.ts';
import type { SetUpDependencies } from '../features/set-up/dependencies.ts';
import { setUpRoutes } from '../features/set-up/routes.ts';
import type { WatchDependencies } from '../features/watch/dependencies.ts';
import { watchRoutes } from '../features/watch/routes.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import type { Auth } from '../platform/auth/auth-types.ts';
import { type ApiDocument, apiMarkdownOf } from '../platform/http/api-markdown.ts';
import type { Routes } from '../platform/http/app.ts';
import { createServer } from '../platform/http/server.ts';
import { LiveHub } from '../platform/http/sse.ts';

/** Routes of all rooms, over a world that is not there: nothing may be asked of them. */
export function allRoutes(): readonly Routes[] {
  const nothing = { live: new LiveHub() } as Partial<WatchDependencies> as WatchDependencies;
  const nobody = { auth: {} } as PeopleDependencies;
  return [
    intakeRoutes(nothing.intake),
    watchRoutes(nothing),
    peopleRoutes(nobody),
    agentsDeskRoutes({} as AgentsDeskDependencies),
    blocksRoutes({} as BlocksRoutesDependencies),
    certificatesRoutes({} as CertificatesDependencies),
    drillsRoutes({} as DrillsDependencies),
    mailRoomRoutes({} as MailRoomDependencies),
    evidenceRoutes({} as EvidenceDependencies),
    setUpRoutes({ config: {} } as SetUpDependencies),
  ];
}

/** The document. */
export async function apiDocument(): Promise<ApiDocument> {
  const app = createServer({
    token: '',
    auth: {} as Auth,
    https: null,
    log: pino({ level: 'silent' }),
    desk: '/nonexistent',
    version: '1',
    now: () => 0,
    routes: allRoutes(),
    checks: async () => [],
    metrics: async () => '',
    onFatal: () => {},
  });
  await app.ready();
  const document = app.swagger() as unknown as ApiDocument;
  await app.close();
  return document;
}

/** docs/reference/api.md. */
export async function apiMarkdown(): Promise<string> {
  return apiMarkdownOf(await apiDocument());
}
