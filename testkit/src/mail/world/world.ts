/** The made-up state that mail is written in: the 116 offices by their real names, with people, domains and mailboxes of nobody. */
import { hashText, Random } from '../../random.ts';
import { AUTHORITIES } from '../../sample/authorities.ts';
import { type DmarcPolicy, Domains, type Hosting, type MailDomain } from './domains.ts';
import { FREEMAIL, type MailOrganisation, ORGANISATIONS } from './organisations.ts';
import { mailboxOf, personName } from './people.ts';

/** Somebody with an address. */
export type MailPerson = { readonly name: string; readonly title: string; readonly address: string };

/** An office. */
export type MailOffice = {
  readonly leaId: string;
  readonly name: string;
  /** `Boone County`. */
  readonly place: string;
  readonly domain: MailDomain;
  readonly clerk: MailPerson;
  readonly staff: readonly MailPerson[];
  readonly publicMailboxes: readonly string[];
  /** On freemail, though it is the office's. */
  readonly addresses: readonly string[];
  /** Its mail comes through the state's gateway. */
  readonly isBehindGateway: boolean;
  /** Whom it writes with. */
  readonly vendors: readonly MailOrganisation[];
  readonly correspondents: readonly string[];
};

/** All of it. */
export type MailWorld = {
  readonly domains: Domains;
  readonly offices: readonly MailOffice[];
  readonly officials: readonly (MailPerson & { readonly privateAddress: string })[];
  /** The person of an organisation whom an office knows. */
  readonly contactOf: (organisation: MailOrganisation, office: MailOffice) => MailPerson;
  readonly domainOf: (organisation: MailOrganisation, place?: number) => MailDomain;
};

/** Servers of the state's gateway, which some offices' mail comes through. */
export const GATEWAY = {
  network: '198.51.100.0/28',
  client: '198.51.100.5',
  name: 'gw1.mail.oa.mo.gov',
} as const;

/** Whose ARC seals the offices believe: the state's lists and its gateway. */
export const TRUSTED_SEALERS = ['lists.sos.mo.gov', 'amea-mo.org', 'oa.mo.gov'] as const;

/** Builds the state; the same seed gives the same one. */
export function mailWorld(seed: number): MailWorld {
  const domains = new Domains(seed);
  for (const name of FREEMAIL) {
    domains.domain(name, name === 'gmail.com' ? 'google' : name === 'outlook.com' ? 'm365' : 'own', 'none');
  }
  const contactOf = (organisation: MailOrganisation, office: MailOffice | string): MailPerson => {
    const place = typeof office === 'string' ? office : office.leaId;
    const random = new Random(hashText(`${seed} ${organisation.name} ${hashText(place) % 4}`));
    const name = personName(random);
    const title = random.pick([
      'Account Manager',
      'Customer Care',
      'Field Services',
      'Billing',
      'Program Lead',
    ]);
    return { name, title, address: `${mailboxOf(name, 0)}@${organisation.domains[0]}` };
  };
  const domainOf = (organisation: MailOrganisation, place = 0): MailDomain =>
    domains.domain(organisation.domains[place] as string, organisation.hosting, organisation.dmarc);
  for (const organisation of ORGANISATIONS)
    for (const place of organisation.domains.keys()) domainOf(organisation, place);
  const officials = officialsOf(seed);
  const vendors = ORGANISATIONS.filter(({ kind }) => kind !== 'agency');
  const agencies = ORGANISATIONS.filter(({ kind }) => kind === 'agency');
  const offices = AUTHORITIES.map(({ leaId, name }, place): MailOffice => {
    const random = new Random(hashText(`${seed} office ${leaId}`));
    const form = random.below(3);
    const domainName = officeDomain(name, place);
    const hosting: Hosting = place % 5 === 4 ? 'own' : place % 3 === 0 ? 'google' : 'm365';
    const policy: DmarcPolicy = place % 4 === 0 ? null : place % 4 === 1 ? 'none' : 'quarantine';
    const person = (title: string): MailPerson => {
      const of = personName(random);
      return { name: of, title, address: `${mailboxOf(of, form)}@${domainName}` };
    };
    const mine = random.shuffle([...vendors]).slice(0, 4);
    const liaison = officials[2 + (place % 3)] as MailPerson;
    return {
      leaId,
      name: name.endsWith('County') ? `${name} Clerk` : `${name} Election Board`,
      place: name.replace(/ \(.*/, ''),
      domain: domains.domain(domainName, hosting, policy),
      clerk: person(name.endsWith('County') ? 'County Clerk' : 'Director of Elections'),
      staff: [person('Deputy Clerk'), person('Election Specialist'), person('Bookkeeper')],
      publicMailboxes: [
        `elections@${domainName}`,
        `${place % 2 === 0 ? 'absentee' : 'ballots'}@${domainName}`,
      ],
      addresses: place % 12 === 7 ? [`${slugOf(name)}clerk@${FREEMAIL[place % 3]}`] : [],
      isBehindGateway: place % 9 === 2,
      vendors: mine,
      correspondents: [
        ...mine.map((vendor) => contactOf(vendor, leaId).address),
        ...agencies.slice(0, 1).map((agency) => contactOf(agency, leaId).address),
        liaison.address,
      ],
    };
  });
  return { domains, offices, officials, contactOf, domainOf };
}

function officialsOf(seed: number): MailWorld['officials'] {
  const random = new Random(hashText(`${seed} officials`));
  const titles = [
    'Secretary of State',
    'Director of Elections',
    'Deputy Director of Elections',
    'Elections Liaison',
    'HAVA Grants Manager',
  ];
  return titles.map((title) => {
    const name = personName(random);
    return {
      name,
      title,
      address: `${mailboxOf(name, 0)}@sos.mo.gov`,
      privateAddress: `${mailboxOf(name, 0).replace('.', '')}${random.integer(50, 99)}@${random.pick(FREEMAIL)}`,
    };
  });
}

/** A name without all that a domain cannot have. */
export function slugOf(name: string): string {
  return name
    .replace(/ \(.*/, '')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

function officeDomain(name: string, place: number): string {
  const slug = slugOf(name);
  if (!slug.endsWith('county')) return `${slug}elections.org`;
  if (place % 10 === 3 || place % 10 === 6) return `co.${slug.replace(/county$/, '')}.mo.us`;
  return place % 10 === 9 ? `${slug}clerk.org` : `${slug}mo.gov`;
}
