/** All routes of people: signing in and out, one's own devices, who may do what, and what was done. */
import type { Routes } from '../../platform/http/app.ts';
import type { PeopleDependencies } from './dependencies.ts';
import { Enrolments } from './enrolments.ts';
import { codeRoutes } from './routes-code.ts';
import { directoryRoutes } from './routes-directory.ts';
import { keysRoutes } from './routes-keys.ts';
import { meRoutes } from './routes-me.ts';
import { ownRoutes } from './routes-own.ts';
import { peopleListRoutes } from './routes-people.ts';
import { personRoutes } from './routes-person.ts';
import { recoveryRoutes } from './routes-recoveries.ts';
import { signInRoutes } from './routes-sign-in.ts';
import { signOutRoutes } from './routes-sign-outs.ts';
import { trailRoutes } from './routes-trail.ts';
import { visitsRoutes } from './routes-visits.ts';
import { officesOf } from './store-names.ts';

/** Makes them; `createServer` puts them under /api/v1. */
export function peopleRoutes(dependencies: PeopleDependencies): Routes {
  const { db, auth, watch, now } = dependencies;
  const enrolments = new Enrolments(now);
  const all: readonly Routes[] = [
    meRoutes({ ...dependencies, offices: () => officesOf(db) }),
    signInRoutes(dependencies),
    codeRoutes(dependencies, enrolments),
    directoryRoutes(dependencies),
    ownRoutes(dependencies, enrolments),
    peopleListRoutes(dependencies),
    personRoutes(dependencies),
    signOutRoutes(dependencies),
    recoveryRoutes(dependencies),
    keysRoutes({ keys: auth.keys }),
    trailRoutes({ db, watch, now }),
    visitsRoutes({ db, visits: auth.visits, now }),
  ];
  return (app) => {
    for (const add of all) add(app);
  };
}
