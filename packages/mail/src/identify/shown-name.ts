/** Signals of the name that a message shows as its sender: mail programs show it alone, and anybody writes into it what they like. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { MailAddress, Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import type { ProtectedIndex } from './compile-list.ts';
import { isFreemail } from './freemail.ts';
import type { Claimed } from './identified.ts';
import { isMadeOfBeside } from './name-words.ts';
import { domainOf, isGovernmentName, organisationOf } from './organisation.ts';
import { hasTitle, nameWords, type PersonKey, personsInMailbox, personsShown } from './persons.ts';
import { phrasesShown, type ShownPhrase } from './phrases.ts';
import { type Pretence, told } from './pretence.ts';
import { isProven } from './proven.ts';

/** Of a shown name, characters. */
const MOST_SHOWN = 400;

/** Of the end of a text, characters: where people sign. */
const MOST_SIGNED = 2_000;

/** Letters of a name that is told in a mailbox: shorter ones are everybody's. */
const LEAST_IN_MAILBOX = 6;

/** Words of those who speak for an office. */
const ROLES: ReadonlySet<string> = new Set(
  `administrator assessor auditor board chief clerk collector commission commissioner county deputy desk director election elections
   executive gov government office official officials recorder registrar secretary sos state treasurer`.split(
    /\s+/,
  ),
);

/** What the shown name and the mailbox of a sender pretend; nothing for those who are who they say. */
export function shownPretences(
  sender: MailAddress,
  message: Message,
  auth: Authenticated,
  index: ProtectedIndex,
): Pretence[] {
  const address = sender.address.toLowerCase();
  const domain = domainOf(address);
  const isTheirs = isProven(domain, auth);
  const is = index.ownerOf(address);
  if (isTheirs && (is !== null || index.isCorrespondent(address))) return [];
  if (isTheirs && index.isKnownHost(domain) && !isFreemail(domain)) return [];
  const isMild = isTheirs && (isGovernmentName(domain) || isSentFor(sender, message, domain));
  const given = { address, domain, is, isMild };
  const persons = personPretences(sender, message, given, index);
  return [...persons, ...phrasePretences(sender, given, index), ...mailboxPretences(given, persons, index)];
}

/** Another address inside of the shown name. */
export function addressShown(
  { name, address }: MailAddress,
  index: ProtectedIndex,
): Signal | Pretence | null {
  const shown = /[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/i
    .exec(name.slice(0, MOST_SHOWN))?.[0]
    ?.toLowerCase();
  const real = address.toLowerCase();
  if (shown === undefined || shown === real || /\bvia\b/i.test(name)) return null;
  if (organisationOf(domainOf(shown)) === organisationOf(domainOf(real)) && !isFreemail(domainOf(real)))
    return null;
  const values = { shown: told(shown), address: told(real) };
  const claimed = index.ownerOf(shown);
  const is = index.ownerOf(real);
  if (claimed === null || (is !== null && is.name === claimed.name))
    return { code: 'address-in-name', values };
  return { signal: { code: 'protected-in-name', values: { ...values, name: told(claimed.name) } }, claimed };
}

type Given = {
  readonly address: string;
  readonly domain: string;
  readonly is: Claimed | null;
  /** Somebody else's name is usual there: another government, a service or a list that sends for others. */
  readonly isMild: boolean;
};

function personPretences(
  sender: MailAddress,
  message: Message,
  given: Given,
  index: ProtectedIndex,
): Pretence[] {
  const { address, is, isMild } = given;
  const isPublic = [...message.to, ...message.cc].some((one) => index.isPublicMailbox(one.address));
  // Two people of one name are one signal: the one whose title is shown, if any.
  const persons = personsShown(sender.name, index.persons).filter(({ claimed }) => is?.name !== claimed.name);
  const roles = persons.map((person) => roleOf(person, sender, message));
  const place = Math.max(
    0,
    roles.findIndex((role) => role !== null),
  );
  const [person, role] = [persons[place], roles[place] ?? null];
  if (person === undefined) return [];
  const { claimed } = person;
  const values = { name: told(claimed.name), address: told(address) };
  if (isMild || (isPublic && role === null)) return [{ signal: { code: 'namesake', values }, claimed }];
  const shown: Pretence = { signal: { code: 'person-elsewhere', values }, claimed };
  if (role === null) return [shown];
  return [shown, { signal: { code: 'person-with-role', values: { ...values, role: told(role) } }, claimed }];
}

/** What says that a person speaks for their office: their title, or a word of offices beside the name. */
function roleOf(person: PersonKey, { name, address }: MailAddress, message: Message): string | null {
  if (hasTitle(person, name) || signedLines(message).some((line) => hasTitle(person, line)))
    return person.titles[0] ?? null;
  const mailbox = address.slice(0, address.lastIndexOf('@'));
  return [...nameWords(name), ...nameWords(mailbox)].find((word) => ROLES.has(word)) ?? null;
}

/** Lines at the end of a message, the last ones: where people sign. */
function signedLines({ text, html }: Message): string[] {
  const end = text === '' ? html.slice(-MOST_SIGNED * 10).replaceAll(/<[^<>]*>/g, '\n') : text;
  return end.slice(-MOST_SIGNED).split('\n');
}

function phrasePretences(
  { name }: MailAddress,
  { domain, is, isMild }: Given,
  index: ProtectedIndex,
): Pretence[] {
  const host = hostShown(name, index);
  const shown = [...host, ...phrasesShown(name, index.phrases)].find(
    ({ claimed }) => is?.name !== claimed.name,
  );
  if (shown === undefined) return [];
  const { claimed, isWhole } = shown;
  const code = isWhole && !isMild ? 'organisation-elsewhere' : 'organisation-word-elsewhere';
  return [{ signal: { code, values: { name: told(claimed.name), domain: told(domain) } }, claimed }];
}

/** Domains in the shown name that are somebody's on the list: "Mail service boonecountymo.gov". */
function hostShown(name: string, index: ProtectedIndex): ShownPhrase[] {
  const hosts =
    name
      .slice(0, MOST_SHOWN)
      .toLowerCase()
      .match(/(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/g) ?? [];
  return hosts.flatMap((host) => {
    const claimed = index.ownerOf(`@${host}`);
    return claimed === null ? [] : [{ claimed, isWhole: true }];
  });
}

/** Somebody of the list in the mailbox of an address that anybody can make: `ballotline.support`, `carver.brenda.clerk`. */
function mailboxPretences(
  { address, domain, is }: Given,
  persons: readonly Pretence[],
  index: ProtectedIndex,
): Pretence[] {
  if (is !== null || !isFreemail(domain) || index.isCorrespondent(address)) return [];
  const mailbox = address.slice(0, address.lastIndexOf('@'));
  const letters = mailbox.replaceAll(/[^a-z0-9]/g, '');
  const brand = index.brands.find(
    ({ text }) => text.length >= LEAST_IN_MAILBOX && isNamedAfter(letters, text),
  );
  const person = persons.length > 0 ? undefined : personInRole(mailbox, index);
  const claimed = brand?.claimed ?? person?.claimed;
  if (claimed === undefined) return [];
  return [
    {
      signal: { code: 'mailbox-named-after', values: { address: told(address), name: told(claimed.name) } },
      claimed,
    },
  ];
}

function personInRole(mailbox: string, index: ProtectedIndex): PersonKey | undefined {
  if (!nameWords(mailbox).some((word) => ROLES.has(word))) return undefined;
  return personsInMailbox(mailbox, index.persons)[0];
}

function isNamedAfter(letters: string, name: string): boolean {
  const at = letters.indexOf(name);
  return at !== -1 && isMadeOfBeside(letters.slice(0, at)) && isMadeOfBeside(letters.slice(at + name.length));
}

/** Sent by a service or a list for somebody else, which says so: "Kim Weber via DocuSign" from docusign.net, or a list by its own name. */
function isSentFor({ name }: MailAddress, { listId }: Message, domain: string): boolean {
  const organisation = organisationOf(domain);
  if (listId !== null && organisationOf(listId.toLowerCase()) === organisation) return true;
  const via = /\bvia\s+([a-z0-9]{3,})/i.exec(name.slice(0, MOST_SHOWN))?.[1]?.toLowerCase();
  return via !== undefined && organisation.startsWith(via);
}
