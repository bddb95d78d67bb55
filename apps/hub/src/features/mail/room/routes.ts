/** `/api/v1/mail`: all routes of the mail room. */
import type { Routes } from '../../../platform/http/app.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import { mailActingRoutes } from './routes-acting.ts';
import { mailHookRoutes } from './routes-hooks.ts';
import { mailReadingRoutes } from './routes-reading.ts';

/** Makes them. */
export function mailRoomRoutes(dependencies: MailRoomDependencies): Routes {
  const all = [mailReadingRoutes, mailActingRoutes, mailHookRoutes].map((make) => make(dependencies));
  return (app) => {
    for (const routes of all) routes(app);
  };
}
