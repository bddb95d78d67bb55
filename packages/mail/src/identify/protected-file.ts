/**
 * An office's file: who is protected and whom the office knows, as YAML. `own` and `offices` have to stand there; whatever else is missing
 * is empty. All mistakes are told at once, each with its line.
 */
import { err, ok, parseCidr, type Result } from '@bellwether/basics';
import type { MailError } from '../errors.ts';
import { ListYaml, type Place, shortened } from './list-yaml.ts';
import { isRegistry } from './organisation.ts';
import type { ProtectedList, ProtectedOffice, ProtectedOrganisation, ProtectedPerson } from './protected.ts';

/** Entries of one list: the state has 116 offices; a national vendor's office knows some thousand people. */
const MOST_ENTRIES = 10_000;

/** Domains, addresses and words of one entry. */
const MOST_OF_ONE = 200;

/** Longest name of somebody or something. */
const MOST_NAME = 200;

/** Longest address (RFC 5321, 4.5.3.1) and host name (RFC 1035). */
const MOST_ADDRESS = 254;
const MOST_DOMAIN = 253;

/** Who keeps the list for all offices need not be one of them. */
const STATE = 'state';

/** What a name of the mail system is made of; letters beyond ASCII are written as `xn--`. */
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,20}[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Reads a file; the failure tells every mistake with its line. */
export function readProtected(text: string): Result<ProtectedList, MailError> {
  const file = new ListYaml(text);
  const list = file.root === undefined ? undefined : listIn(file, file.root);
  const problems = file.problems();
  if (list === undefined || problems !== null)
    return err({ code: 'MAIL_OFFICE_UNREADABLE', detail: problems ?? 'there is nothing in it' });
  return ok(list);
}

const KEYS = ['own', 'offices', 'people', 'organisations', 'correspondents', 'sealers', 'relays'] as const;

function listIn(file: ListYaml, root: Place): ProtectedList {
  const keys = file.keys(root, 'the file', KEYS);
  const own = needed(file, root, keys, 'own', 'the file');
  const each = <T>(name: string, read: (file: ListYaml, place: Place) => T): T[] => {
    const place = keys.get(name);
    return place === undefined
      ? []
      : file.items(place, `"${name}"`, MOST_ENTRIES).map((item) => read(file, item));
  };
  if (!keys.has('offices')) file.note(root, 'the file has to have "offices"');
  const offices = each('offices', officeIn);
  const ids = new Set(offices.map(({ office }) => office));
  if (ids.size < offices.length) file.note(keys.get('offices')!, 'two offices have the same "office"');
  if (own !== '' && own !== STATE && keys.has('offices') && !ids.has(own))
    file.note(keys.get('own')!, `"own" is "${shortened(own)}", and no office has that name in "office"`);
  return {
    own,
    offices,
    people: each('people', personIn),
    organisations: each('organisations', organisationIn),
    correspondents: each('correspondents', (_, place) => addressIn(file, place)),
    sealers: each('sealers', (_, place) => domainIn(file, place)),
    relays: each('relays', networkIn),
  };
}

function officeIn(file: ListYaml, place: Place): ProtectedOffice {
  const keys = file.keys(place, 'an office', ['office', 'name', 'domains', 'publicMailboxes', 'addresses']);
  return {
    office: needed(file, place, keys, 'office', 'an office'),
    name: needed(file, place, keys, 'name', 'an office'),
    domains: several(file, keys, 'domains', domainIn),
    publicMailboxes: several(file, keys, 'publicMailboxes', addressIn),
    addresses: several(file, keys, 'addresses', addressIn),
  };
}

function personIn(file: ListYaml, place: Place): ProtectedPerson {
  const keys = file.keys(place, 'a person', ['name', 'title', 'addresses']);
  const title = keys.get('title');
  return {
    name: needed(file, place, keys, 'name', 'a person'),
    title: title === undefined ? '' : file.text(title, '"title"', MOST_NAME),
    addresses: several(file, keys, 'addresses', addressIn),
  };
}

function organisationIn(file: ListYaml, place: Place): ProtectedOrganisation {
  const keys = file.keys(place, 'an organisation', ['name', 'kind', 'domains', 'words']);
  const kind = needed(file, place, keys, 'kind', 'an organisation');
  if (kind !== '' && kind !== 'vendor' && kind !== 'agency')
    file.note(keys.get('kind')!, `"kind" is "vendor" or "agency", not "${shortened(kind)}"`);
  return {
    name: needed(file, place, keys, 'name', 'an organisation'),
    kind: kind === 'agency' ? 'agency' : 'vendor',
    domains: several(file, keys, 'domains', domainIn),
    words: several(file, keys, 'words', (_, item) => file.text(item, 'a word', MOST_NAME)),
  };
}

function needed(
  file: ListYaml,
  place: Place,
  keys: ReadonlyMap<string, Place>,
  name: string,
  what: string,
): string {
  const value = keys.get(name);
  if (value !== undefined) return file.text(value, `"${name}"`, MOST_NAME);
  file.note(place, `${what} has to have "${name}"`);
  return '';
}

function several(
  file: ListYaml,
  keys: ReadonlyMap<string, Place>,
  name: string,
  read: (file: ListYaml, place: Place) => string,
): string[] {
  const place = keys.get(name);
  return place === undefined
    ? []
    : file.items(place, `"${name}"`, MOST_OF_ONE).map((item) => read(file, item));
}

function domainIn(file: ListYaml, place: Place): string {
  const domain = file.text(place, 'a domain', MOST_DOMAIN).toLowerCase();
  if (domain === '') return domain;
  if (!DOMAIN.test(domain)) file.note(place, `"${shortened(domain)}" is no domain like "example.org"`);
  else if (isRegistry(domain))
    file.note(place, `anybody registers names below "${domain}", so that it is nobody's`);
  return domain;
}

function addressIn(file: ListYaml, place: Place): string {
  const address = file.text(place, 'an address', MOST_ADDRESS).toLowerCase();
  const at = address.lastIndexOf('@');
  const isAddress = at > 0 && DOMAIN.test(address.slice(at + 1)) && !/[\s<>,;"]/.test(address);
  if (address !== '' && !isAddress)
    file.note(place, `"${shortened(address)}" is no address like "name@example.org"`);
  return address;
}

function networkIn(file: ListYaml, place: Place): string {
  const network = file.text(place, 'a network', MOST_NAME);
  if (network !== '' && parseCidr(network).isErr())
    file.note(place, `"${shortened(network)}" is no network like "192.0.2.0/24"`);
  return network;
}
