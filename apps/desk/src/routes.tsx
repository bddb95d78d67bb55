/** Which page stands at which address. The hub answers each of these addresses with the same file. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
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

/** What is opened now and then is fetched when it is. */
const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/people/page.tsx'), 'People'),
});

const peopleAt = createRoute({
  getParentRoute: () => root,
  path: '/people/$place',
  component: lazyRouteComponent(() => import('./pages/people/page.tsx'), 'People'),
});

const own = createRoute({
  getParentRoute: () => root,
  path: '/own',
  component: lazyRouteComponent(() => import('./pages/own/page.tsx'), 'Own'),
});

const visits = createRoute({
  getParentRoute: () => root,
  path: '/visits',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./pages/visits/page.tsx'), 'Visits'),
});

const trail = createRoute({
  getParentRoute: () => root,
  path: '/trail',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./pages/trail/page.tsx'), 'Trail'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys/$place',
  component: lazyRouteComponent(() => import('./pages/keys/page.tsx'), 'Keys'),
});

const blocks = createRoute({
  getParentRoute: () => root,
  path: '/blocks',
  component: lazyRouteComponent(() => import('./pages/blocks/page.tsx'), 'Blocks'),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: lazyRouteComponent(() => import('./pages/agents/page.tsx'), 'Agents'),
});

const appeals = createRoute({
  getParentRoute: () => root,
  path: '/appeals',
  component: lazyRouteComponent(() => import('./pages/appeals/page.tsx'), 'Appeals'),
});

const drills = createRoute({
  getParentRoute: () => root,
  path: '/drills',
  component: lazyRouteComponent(() => import('./pages/drills/page.tsx'), 'Drills'),
});

const mail = createRoute({
  getParentRoute: () => root,
  path: '/mail',
  component: lazyRouteComponent(() => import('./pages/mail/page.tsx'), 'Mail'),
});

const keptMail = createRoute({
  getParentRoute: () => root,
  path: '/mail/kept/$id',
  component: lazyRouteComponent(() => import('./pages/mail/look.tsx'), 'LookAt'),
});

const mailCampaign = createRoute({
  getParentRoute: () => root,
  path: '/mail/campaigns/$id',
  component: lazyRouteComponent(() => import('./pages/mail/campaign.tsx'), 'Campaign'),
});

const checkMail = createRoute({
  getParentRoute: () => root,
  path: '/mail/check',
  component: lazyRouteComponent(() => import('./pages/mail/check.tsx'), 'CheckMessage'),
});

const protectedList = createRoute({
  getParentRoute: () => root,
  path: '/mail/protected',
  component: lazyRouteComponent(() => import('./pages/mail/protected.tsx'), 'Protected'),
});

const rolls = createRoute({
  getParentRoute: () => root,
  path: '/rolls',
  component: lazyRouteComponent(() => import('./pages/rolls/page.tsx'), 'Rolls'),
});

const night = createRoute({
  getParentRoute: () => root,
  path: '/rolls/$epoch',
  component: lazyRouteComponent(() => import('./pages/rolls/night.tsx'), 'Night'),
});

const sheets = createRoute({
  getParentRoute: () => root,
  path: '/sheets',
  component: lazyRouteComponent(() => import('./pages/sheets/page.tsx'), 'Sheets'),
});

const sheet = createRoute({
  getParentRoute: () => root,
  path: '/sheets/$office/$day/$sequence',
  component: lazyRouteComponent(() => import('./pages/sheets/sheet.tsx'), 'Sheet'),
});

const witnesses = createRoute({
  getParentRoute: () => root,
  path: '/evidence',
  component: lazyRouteComponent(() => import('./pages/witnesses/page.tsx'), 'Witnesses'),
});

const log = createRoute({
  getParentRoute: () => root,
  path: '/evidence/log',
  component: lazyRouteComponent(() => import('./pages/log/page.tsx'), 'Log'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./pages/sign-in/page.tsx'), 'SignIn'),
});

const code = createRoute({
  getParentRoute: () => root,
  path: '/code',
  component: lazyRouteComponent(() => import('./pages/code/page.tsx'), 'Code'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./pages/set-up/page.tsx'), 'SetUp'),
});

/** Terms of an address that its page reads itself. */
function textsOf(given: Record<string, unknown>): Readonly<Partial<Record<string, string>>> {
  return Object.fromEntries(
    Object.entries(given).filter((term): term is [string, string] => typeof term[1] === 'string'),
  );
}

export const router = createRouter({
  routeTree: root.addChildren([
    ...[today, contacts, source, offices, office, surface, incidents],
    ...[blocks, agents, appeals, drills],
    ...[mail, keptMail, mailCampaign, checkMail, protectedList],
    ...[rolls, night, sheets, sheet, witnesses, log],
    ...[people, peopleAt, own, visits, trail, keys, signIn, code, setUp],
  ]),
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
