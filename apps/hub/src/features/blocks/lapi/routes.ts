/**
 * `/v1/`: the local API of CrowdSec, so that its bouncers (firewalls, nginx, Traefik, HAProxy and others) turn away what
 * Bellwether decided, and its agents report here. docs/how/bouncers.md says how each is set up.
 */
import type { Routes } from '../../../platform/http/app.ts';
import { addDecisionsRoutes, type DecisionsRoutesDependencies } from './routes-decisions.ts';
import { addMachinesRoutes, type MachinesRoutesDependencies } from './routes-machines.ts';

/** What they need. */
export type LapiDependencies = DecisionsRoutesDependencies & MachinesRoutesDependencies;

/** All of them. They are no part of /api/v1: they have a door of their own. */
export function lapiRoutes(dependencies: LapiDependencies): Routes {
  return (app) => {
    addDecisionsRoutes(app, dependencies);
    addMachinesRoutes(app, dependencies);
  };
}
