/** What a scenario is given for one variant, and the ways of planning its messages. */
import type { Draw } from '../draw.ts';
import { LETTER_STYLES } from '../letter/render.ts';
import type { Mailer, MailPlan, Party, Route } from '../plan.ts';
import { newMessageId } from '../post/identifiers.ts';
import type { DmarcPolicy, Hosting, MailDomain } from '../world/domains.ts';
import { FREEMAIL, type MailOrganisation } from '../world/organisations.ts';
import { givenName } from '../world/people.ts';
import type { MailOffice, MailPerson, MailWorld } from '../world/world.ts';

/** One variant's state, office and moment. */
export type Cast = {
  readonly world: MailWorld;
  readonly draw: Draw;
  readonly office: MailOffice;
  /** When its first message arrives. */
  readonly at: number;
  readonly variant: number;
};

/** A scenario: the attack, and the benign twin that looks like it. Both give messages in the order of time. */
export type MailScenario = {
  readonly id: string;
  readonly attack: (cast: Cast) => readonly MailPlan[];
  readonly twin: (cast: Cast) => readonly MailPlan[];
};

/** What a scenario says of a message; the rest is chosen. */
export type Sketch = Partial<MailPlan> &
  Pick<MailPlan, 'role' | 'why' | 'route' | 'from' | 'subject' | 'body'>;

/** A message with all that was left open. */
export function planned(cast: Cast, sketch: Sketch): MailPlan {
  const { draw, office } = cast;
  const { mailer } = sketch.route;
  const styles = { m365: 'outlook', gmail: 'gmail', apple: 'phone' } as const;
  const style = mailer in styles ? styles[mailer as keyof typeof styles] : draw.any(LETTER_STYLES);
  return {
    office,
    at: cast.at,
    to: [draw.any([office.clerk, ...office.staff])].map(partyOf),
    style,
    has: draw.any(['both', 'both', 'both', 'plain', 'html']),
    messageId: newMessageId(draw, mailer, sketch.route.domain.name),
    ...sketch,
  };
}

/** Name and address of a person. */
export function partyOf({ name, address }: Party | MailPerson): Party {
  return { name, address };
}

/** The usual way out of a domain. */
export function routeOf(domain: MailDomain, mailer?: Mailer): Route {
  const usual = { m365: 'm365', google: 'gmail', own: 'thunderbird', bulk: 'bulk' } as const;
  return { domain, mailer: mailer ?? usual[domain.hosting], signs: true };
}

/** A freemail account's way. */
export function freemailRoute({ world, draw }: Cast, provider: string = draw.any(FREEMAIL)): Route {
  return routeOf(world.domains.domain(provider));
}

/** The person of an organisation whom the office knows, and how their mail comes. */
export function contactOf(
  { world, office }: Cast,
  organisation: MailOrganisation,
): { readonly person: MailPerson; readonly route: Route } {
  return { person: world.contactOf(organisation, office), route: routeOf(world.domainOf(organisation)) };
}

/** A colleague in another office, and how their mail comes. */
export function colleagueOf({ world, draw, office }: Cast): {
  readonly office: MailOffice;
  readonly person: MailPerson;
  readonly route: Route;
} {
  const others = world.offices.filter((one) => one !== office && one.addresses.length === 0);
  const other = draw.any(others);
  return { office: other, person: draw.any([other.clerk, ...other.staff]), route: routeOf(other.domain) };
}

/** Words of names that attackers register, each for one half. */
const FRONT = [
  'secure',
  'docs',
  'portal',
  'online',
  'account',
  'my',
  'cloud',
  'share',
  'e',
  'service',
  'file',
  'verify',
  'mail',
  'office',
];
const MIDDLE = [
  'harbor',
  'linden',
  'quartz',
  'summit',
  'cobalt',
  'juniper',
  'delta',
  'maple',
  'orchid',
  'falcon',
  'cedar',
  'willow',
];
const BACK = ['view', 'desk', 'link', 'center', 'hub', 'review', 'box', 'access'];
const ENDS = ['com', 'net', 'online', 'site', 'info', 'co', 'xyz', 'org', 'top', 'live'];

/** A domain that an attacker registered, with all that mail needs: a record fails nobody who owns the domain. */
export function attackerDomain(
  cast: Cast,
  name = attackerName(cast),
  hosting: Hosting = 'own',
  dmarc: DmarcPolicy = 'none',
): MailDomain {
  return cast.world.domains.domain(name, hosting, dmarc);
}

/** A name that nobody knows, different for every variant. */
export function attackerName({ draw }: Cast): string {
  const end = draw.own(ENDS);
  const tail = draw.random.integer(1, 999);
  const shape = draw.any([0, 1, 2]);
  if (shape === 0) return `${draw.own(FRONT)}-${draw.own(MIDDLE)}${tail}.${end}`;
  if (shape === 1) return `${draw.own(MIDDLE)}${draw.own(BACK)}${tail}.${end}`;
  return `${draw.own(MIDDLE)}-${draw.own(FRONT)}-${draw.own(BACK)}.${end}`;
}

/** What a letter is made of. */
export type Letter = {
  readonly subjects: readonly string[];
  readonly templates: readonly string[];
  readonly slots?: Readonly<Record<string, string | number>>;
  /** Below the text: a signature, in the markup. */
  readonly signed?: string;
  /** A person of the office when nobody is named. */
  readonly to?: MailPerson;
};

/** Addressee, subject and text, drawn from wordings of this half; `given`, `place`, `office`, `domain` and `address` are filled in. */
export function letterTo(cast: Cast, letter: Letter): Pick<MailPlan, 'to' | 'subject' | 'body'> {
  const { draw, office } = cast;
  const to = letter.to ?? draw.any([office.clerk, ...office.staff]);
  const slots = {
    given: givenName(to.name),
    place: office.place,
    office: office.name,
    domain: office.domain.name,
    address: to.address,
    ...letter.slots,
  };
  const signed = letter.signed === undefined ? '' : `\n\n${letter.signed}`;
  return {
    to: [partyOf(to)],
    subject: draw.say(letter.subjects, slots),
    body: `${draw.say(letter.templates, slots)}${signed}`,
  };
}
