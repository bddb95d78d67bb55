/** Which page stands at which address. The hub answers each of these addresses with the same file. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { Missing } from './frame/missing.tsx';
import { Trouble } from './frame/trouble.tsx';
import { Contacts } from './pages/contacts/page.tsx';
import { searchOf } from './pages/contacts/search.ts';
import { filterOf } from './pages/incidents/filter.ts';
import { Incidents } from './pages/incidents/page.tsx';
import { Office } from './pages/offices/office.tsx';
import { Offices } from './pages/offices/page.tsx';
import { stateOf } from './pages/offices/state.ts';
import { Source } from './pages/source/page.tsx';
import { Surface } from './pages/surface/page.tsx';
import { Today } from './pages/today/page.tsx';

const root = createRootRoute({ component: Frame, notFoundComponent: Missing });

const today = createRoute({ getParentRoute: () => root, path: '/', component: Today });

const contacts = createRoute({
  getParentRoute: () => root,
  path: '/contacts',
  validateSearch: searchOf,
  component: Contacts,
});

const source = createRoute({ getParentRoute: () => root, path: '/sources/$address', component: Source });

const offices = createRoute({
  getParentRoute: () => root,
  path: '/offices',
  validateSearch: stateOf,
  component: Offices,
});

const office = createRoute({ getParentRoute: () => root, path: '/offices/$leaId', component: Office });

const surface = createRoute({ getParentRoute: () => root, path: '/surface', component: Surface });

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  validateSearch: filterOf,
  component: Incidents,
});

export const router = createRouter({
  routeTree: root.addChildren([today, contacts, source, offices, office, surface, incidents]),
  defaultErrorComponent: ({ error, reset }) => <Trouble error={error} again={reset} />,
  defaultStructuralSharing: true,
  scrollRestoration: true,
  // Terms stand in the address as a person would write them, all of them texts: no quotes around a port.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) {
      if (value !== undefined && value !== '') query.set(name, String(value));
    }
    const text = query.toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
