/** The list of those who are protected, made ready to be asked for each message. Built once, when the list changes. */
import { isFreemail } from './freemail.ts';
import type { Claimed } from './identified.ts';
import { type Lookalike, lookalikeAmong } from './lookalike.ts';
import { type Brand, brandOf, layOut, type Mark, markOf } from './marks.ts';
import { domainOf, isRegistry, organisationOf } from './organisation.ts';
import { type PersonKeys, personKeys } from './persons.ts';
import { type NamedClaim, type Phrases, phrasesOf } from './phrases.ts';
import type { ProtectedList, ProtectedOffice } from './protected.ts';

/** What is asked of a list. Every function can be handed on by itself. */
export type ProtectedIndex = {
  readonly list: ProtectedList;
  /** Whether strangers usually write to an address. */
  readonly isPublicMailbox: (address: string) => boolean;
  /** Whether a host belongs to the office whose mail is judged. */
  readonly isOwnHost: (host: string) => boolean;
  /** Whose address it is; null: nobody's on the list. Lower case. */
  readonly ownerOf: (address: string) => Claimed | null;
  /** Whether a host is of somebody on the list, or of somebody whom the office writes with. Freemail is of nobody. */
  readonly isKnownHost: (host: string) => boolean;
  /** Whether the office writes with an address, as it told us. */
  readonly isCorrespondent: (address: string) => boolean;
  /** Whom a host only looks like; null: nobody. What is known is never a lookalike. */
  readonly lookalikeOf: (host: string) => Lookalike | null;
  readonly persons: PersonKeys;
  readonly phrases: Phrases;
  readonly brands: readonly Brand[];
};

/** Answers about hosts that are kept: an office hears from some thousand hosts in a year. */
const MOST_KEPT = 20_000;

/** What lists have in common that name the same offices, people and organisations: most of the work, and of the memory. */
export type CommonIndex = Pick<
  ProtectedIndex,
  'isPublicMailbox' | 'ownerOf' | 'persons' | 'phrases' | 'brands'
> & {
  /** Whose host it is; null: nobody's on the list. */
  readonly ownerAt: (host: string) => Claimed | null;
  /** Organisational domains of those on the list. */
  readonly organisations: ReadonlySet<string>;
  /** Whom a host looks like, known or not. */
  readonly likeness: (host: string) => Lookalike | null;
};

/** Makes ready what lists of several offices have in common. */
export function compileCommon(
  list: Pick<ProtectedList, 'offices' | 'people' | 'organisations'>,
): CommonIndex {
  const owners = ownersOf(list);
  const addresses = addressesOf(list);
  const publicMailboxes = lower(list.offices.flatMap((office) => office.publicMailboxes));
  const marks = [...owners].map(([domain, claimed]) => markOf(domain, claimed));
  const brands = brandsOf(list, marks);
  const laidOut = layOut(marks, brands);
  return {
    isPublicMailbox: (address) => publicMailboxes.has(address.toLowerCase()),
    ownerOf: (address) => addresses.get(address) ?? ownerAt(owners, domainOf(address)),
    ownerAt: (host) => ownerAt(owners, host),
    organisations: organisationsOf(owners.keys()),
    likeness: kept((host) => lookalikeAmong(host, laidOut)),
    persons: personKeys(list),
    phrases: phrasesOf([
      ...list.organisations.flatMap(({ name, kind, words }) =>
        [name, ...words].map((text) => ({ text, claimed: { kind, name } })),
      ),
      ...list.offices.flatMap((office) => officeNames(office)),
    ]),
    brands,
  };
}

/** Makes a list ready. `common`: of the same offices, people and organisations, where another list has it already. */
export function compileList(list: ProtectedList, common: CommonIndex = compileCommon(list)): ProtectedIndex {
  const correspondents = lower(list.correspondents);
  const written = organisationsOf([...correspondents].map(domainOf));
  const isKnownHost = (host: string): boolean => {
    const organisation = organisationOf(host);
    return common.organisations.has(organisation) || written.has(organisation);
  };
  return {
    list,
    ...{ isPublicMailbox: common.isPublicMailbox, ownerOf: common.ownerOf },
    ...{ persons: common.persons, phrases: common.phrases, brands: common.brands },
    isOwnHost: (host) => isOffice(common.ownerAt(host.toLowerCase()), list.own),
    isKnownHost,
    isCorrespondent: (address) => correspondents.has(address),
    lookalikeOf: (host) => {
      const isKnown = common.ownerAt(host) !== null || (isKnownHost(host) && !host.includes('xn--'));
      return isKnown || isFreemail(host) ? null : common.likeness(host);
    },
  };
}

function organisationsOf(hosts: Iterable<string>): ReadonlySet<string> {
  return new Set([...hosts].filter((host) => !isFreemail(host)).map(organisationOf));
}

function lower(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.toLowerCase()));
}

function claimedOf({ office, name }: ProtectedOffice): Claimed {
  return { kind: 'office', office, name };
}

/** The name of an office, and of its place: `Boone County` of "Boone County Clerk". */
function officeNames(office: ProtectedOffice): NamedClaim[] {
  const claimed = claimedOf(office);
  const place = /^.{2,60}? (?:County|City)\b/.exec(office.name)?.[0];
  const whole = { text: office.name, claimed };
  return place === undefined || place === office.name
    ? [whole]
    : [whole, { text: place, claimed, isPlace: true }];
}

/** Domains and whose they are; a domain of a mail provider, or below which anybody registers, is nobody's. The first who names one has it. */
function ownersOf({
  offices,
  organisations,
}: Pick<ProtectedList, 'offices' | 'organisations'>): ReadonlyMap<string, Claimed> {
  const owners = new Map<string, Claimed>();
  const own = (domains: readonly string[], claimed: Claimed): void => {
    for (const domain of domains.map((name) => name.toLowerCase()))
      if (!isRegistry(domain) && !isFreemail(domain) && !owners.has(domain)) owners.set(domain, claimed);
  };
  for (const office of offices) own(office.domains, claimedOf(office));
  for (const { name, kind, domains } of organisations) own(domains, { kind, name });
  return owners;
}

/** Single addresses and whose they are. */
function addressesOf({
  offices,
  people,
}: Pick<ProtectedList, 'offices' | 'people'>): ReadonlyMap<string, Claimed> {
  const addresses = new Map<string, Claimed>();
  for (const office of offices)
    for (const address of lower([...office.addresses, ...office.publicMailboxes]))
      addresses.set(address, claimedOf(office));
  for (const { name, addresses: theirs } of people)
    for (const address of lower(theirs)) addresses.set(address, { kind: 'person', name });
  return addresses;
}

/** Who owns a host or one above it. */
function ownerAt(owners: ReadonlyMap<string, Claimed>, host: string): Claimed | null {
  for (let name = host; name !== ''; ) {
    const owner = owners.get(name);
    if (owner !== undefined) return owner;
    const dot = name.indexOf('.');
    if (dot === -1) return null;
    name = name.slice(dot + 1);
  }
  return null;
}

function isOffice(claimed: Claimed | null, office: string): boolean {
  return claimed?.kind === 'office' && claimed.office === office;
}

/** Letters that stand for those on the list: labels of their domains, and their names and products. Each once. */
function brandsOf(
  { offices, organisations }: Pick<ProtectedList, 'offices' | 'organisations'>,
  marks: readonly Mark[],
): Brand[] {
  const found = new Map<string, Brand>();
  const take = (brands: readonly Brand[]): void => {
    for (const brand of brands) if (!found.has(brand.text)) found.set(brand.text, brand);
  };
  for (const { parts, special, domain, claimed } of marks) {
    take(brandOf(parts.label, domain, claimed));
    if (claimed.kind === 'office')
      for (const kind of OFFICE_KINDS) take(brandOf(`${special}${kind}`, domain, claimed));
  }
  for (const { name, kind, domains, words } of organisations)
    for (const text of [name, ...words]) take(brandOf(text, domains[0] ?? 'not on the list', { kind, name }));
  for (const office of offices)
    take(
      brandOf(office.name, office.domains[0] ?? office.addresses[0] ?? 'not on the list', claimedOf(office)),
    );
  // Long names first: what they hold is not told as somebody else's.
  return [...found.values()].toSorted((a, b) => b.text.length - a.text.length);
}

/** What stands behind the name of a place. */
const OFFICE_KINDS = ['county', 'clerk', 'elections'] as const;

function kept<T>(ask: (key: string) => T): (key: string) => T {
  const answers = new Map<string, T>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    if (answers.size >= MOST_KEPT) answers.clear();
    answers.set(key, answer);
    return answer;
  };
}
