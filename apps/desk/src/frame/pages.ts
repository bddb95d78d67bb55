/** Which pages stand in the navigation: those whose data one may see somewhere. */
import type { MeAnswer } from '@bellwether/api';
import { may, type Reach, reachOf } from '../api/me.ts';
import { FRAME } from './texts.ts';

const { nav } = FRAME;

/** A page in the navigation. */
export type NavPage = { readonly to: string; readonly name: string };

/** Pages in their order, each with the verb that it reads with. */
const PAGES = [
  { to: '/', name: nav.today, verb: 'account.read' },
  { to: '/incidents', name: nav.incidents, verb: 'incidents.read' },
  { to: '/contacts', name: nav.contacts, verb: 'contacts.read' },
  { to: '/offices', name: nav.offices, verb: 'account.read' },
  { to: '/blocks', name: nav.blocks, verb: 'decisions.read' },
  { to: '/agents', name: nav.agents, verb: 'agents.read' },
  { to: '/appeals', name: nav.appeals, verb: 'appeals.read' },
  { to: '/drills', name: nav.drills, verb: 'drills.read' },
  { to: '/mail', name: nav.mail, verb: 'mail.read' },
  { to: '/surface', name: nav.surface, verb: 'surface.read' },
  { to: '/rolls', name: nav.rolls, verb: 'rolls.read' },
  { to: '/sheets', name: nav.sheets, verb: 'rolls.sign' },
  { to: '/evidence', name: nav.evidence, verb: 'evidence.read' },
  { to: '/people', name: nav.people, verb: 'people.read' },
  { to: '/visits', name: nav.visits, verb: 'visits.read' },
  { to: '/trail', name: nav.trail, verb: 'trail.read' },
] as const;

/** The pages for who is signed in. Who has one office goes straight to it. */
export function pagesFor(me: Pick<MeAnswer, 'rights'>): readonly NavPage[] {
  const offices = officesOf(me);
  return PAGES.filter(({ verb }) => may(me, verb)).map(({ to, name }) => {
    if (to !== '/offices' || offices === 'all') return { to, name };
    const [only, ...others] = offices;
    if (only === undefined || others.length > 0) return { to, name: nav.myOffices };
    return { to: `/offices/${only}`, name: nav.myOffice };
  });
}

/** Offices whose account one may see; the state itself is none. */
export function officesOf(me: Pick<MeAnswer, 'rights'>): Reach {
  const reach = reachOf(me, 'account.read');
  return reach === 'all' ? reach : reach.filter((place) => place !== 'state');
}

/** Whether somebody is in: signed in, or alone with the machine before there is an administrator. */
export function isIn({ who, needsSetUp }: Pick<MeAnswer, 'who' | 'needsSetUp'>): boolean {
  return who === 'person' || (who === 'machine' && needsSetUp);
}
