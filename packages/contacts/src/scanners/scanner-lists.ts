/**
 * Who says that they scan the Internet for research: lists of networks in the form of MISP's warning lists, CC0
 * (github.com/MISP/misp-warninglists): `{ "name", "version", "type": "cidr", "list": [networks] }`.
 *
 * A label explains, it never excuses: a scanner of a list is judged, counted and blocked like any other source. Whoever wants to
 * be let in asks for a permitted test (`engagements` of the surface).
 */
import { type Cidr, err, ok, overlaps, parseCidr, type Result } from '@bellwether/basics';
import type { ContactsErrorCode } from '../errors.ts';

/** Longest text of a list: the largest that is known has 50 KB. */
const MOST_TEXT = 4 * 1024 * 1024;

/** Most networks of a list. */
const MOST_NETWORKS = 200_000;

/** Why a text is no list. */
export type ScannerListError = { readonly code: ContactsErrorCode; readonly detail: string };

/** A list of one scanner. */
export type ScannerList = {
  /** Who it is, as people know them: `Censys`. */
  readonly name: string;
  readonly version: number;
  readonly networks: readonly Cidr[];
};

/** Reads a list. Networks that are none are left out and told: one bad line must not cost the others. */
export function readScannerList(
  text: string,
): Result<{ readonly list: ScannerList; readonly unreadable: readonly string[] }, ScannerListError> {
  if (text.length > MOST_TEXT) return malformed(`it is longer than ${MOST_TEXT} characters`);
  let read: { name?: unknown; version?: unknown; type?: unknown; list?: unknown } | null;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return malformed((error as Error).message);
  }
  const { name, version, type, list } = read ?? {};
  if (typeof name !== 'string' || name === '' || name.length > 200) return malformed('it has no name');
  if (type !== 'cidr') return malformed('its type is not "cidr"');
  if (!Number.isSafeInteger(version)) return malformed('its version is no whole number');
  if (!Array.isArray(list) || list.length > MOST_NETWORKS)
    return malformed(`its list is none, or has more than ${MOST_NETWORKS} networks`);
  const networks: Cidr[] = [];
  const unreadable: string[] = [];
  for (const each of list) {
    const network = typeof each === 'string' ? parseCidr(each) : undefined;
    if (network?.isOk() === true) networks.push(network.value);
    else unreadable.push(String(each).slice(0, 60));
  }
  return ok({ list: { name: scannerName(name), version: version as number, networks }, unreadable });
}

/** Whose scanner a source is: an address, or its /64; null if nobody of the lists says that it is theirs. */
export function scannerOf(lists: readonly ScannerList[], source: Cidr): ScannerList | null {
  // A page asks about one source at a time: some thousand comparisons are nothing to it.
  return lists.find(({ networks }) => networks.some((network) => overlaps(network, source))) ?? null;
}

/** The lists that come with the program, as `known-scanners.ts` has them. */
export function knownScannerLists(known: readonly KnownScanner[]): readonly ScannerList[] {
  return known.map(({ name, version, networks }) => ({
    name,
    version,
    networks: networks.split(' ').map((network) => parseCidr(network).okOrThrow()),
  }));
}

/** A list as a program carries it. */
export type KnownScanner = { readonly name: string; readonly version: number; readonly networks: string };

/** MISP names what a list is; people want to know who. */
function scannerName(name: string): string {
  return name
    .replace(/^List of published IP address ranges for /, '')
    .replace(/ (?:IP[ -]Ranges|IP address).*$/i, '')
    .replace(/,? pot\. used.*$/, '')
    .trim();
}

function malformed(detail: string): Result<never, ScannerListError> {
  return err({ code: 'SCANNERS_MALFORMED', detail });
}
