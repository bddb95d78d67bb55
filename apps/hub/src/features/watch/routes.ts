/** All routes of Watch but the intake (routes-intake.ts): what the desk asks. */
import type { Routes } from '../../platform/http/app.ts';
import type { WatchDependencies } from './dependencies.ts';
import { historyRoutes } from './routes-history.ts';
import { incidentRoutes } from './routes-incidents.ts';
import { liveRoute } from './routes-live.ts';
import { surfaceRoutes } from './routes-surface.ts';
import { todayRoutes } from './routes-today.ts';

/** Makes them; `createServer` puts them under /api/v1. */
export function watchRoutes(dependencies: WatchDependencies): Routes {
  return (app) => {
    todayRoutes(app, dependencies);
    incidentRoutes(app, dependencies);
    historyRoutes(app, dependencies);
    surfaceRoutes(app, dependencies);
    liveRoute(app, dependencies.live);
  };
}
