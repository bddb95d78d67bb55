/**
 * `bellwether surface suggest`: what was served, counted, for a draft of a surface that people then confirm line by
 * line. `served.ts` picks the rows of a log that show something served.
 */
import { formatIPv6 } from '@bellwether/basics';
import { TargetSets } from '../judge/targets.ts';
import { ascii, Family, mix32, readAddress, readEnd, words } from '../reading/bytes.ts';
import {
  DRAFT_CAPS,
  type Draft,
  type DraftCaps,
  MANY_CLIENTS,
  MAX_SITES,
  MAX_VISITED,
  nothingSeen,
  type Place,
  type Seen,
  type ServedContact,
  siteOf,
  type Visitor,
} from './draft.ts';
import { writeDraft } from './draft-yaml.ts';
import { hasPorts, protocolName } from './protocols.ts';

const HOUR = 3_600_000;

/** Longest name of a sensor in a draft, shorter than what a surface takes, so that a pattern can be made of it. */
const MAX_SENSOR_LENGTH = 60;

/** Collects what was served. */
export class SurfaceDraft {
  readonly #places = new Map<string, { readonly place: Place; readonly slot: number }>();
  /** Sources of each place, by its slot. */
  readonly #sources = new TargetSets(1_024);
  #slots = 1_024;
  readonly #visitors = new Map<number | string, Visitor>();
  readonly #contacts = nothingSeen();
  readonly #caps: DraftCaps;
  #placesLeftOut = 0;
  #visitorsLeftOut = 0;
  #unnamed = 0;

  constructor(caps: DraftCaps = DRAFT_CAPS) {
    this.#caps = caps;
  }

  /**
   * Takes note of one contact that was served; one whose addresses cannot be read is passed over. A time that is no
   * number is left out of first and last.
   */
  add(contact: ServedContact): void {
    const source = addressOf(contact.source);
    const destination = contact.destination === null ? null : addressOf(contact.destination);
    if (source === undefined || destination === undefined) return;
    note(this.#contacts, contact.time);
    if (protocolName(contact.protocol) === undefined) {
      this.#unnamed++;
      return;
    }
    const place = this.#visitPlace(contact, destination, source);
    const client = contact.client === null ? undefined : addressOf(contact.client);
    this.#noteVisitor(source, place, client, contact.time);
  }

  /** What has been collected so far. */
  collected(): Draft {
    const places = [...this.#places.values()].map(({ place, slot }) => ({
      ...place,
      sources: this.#sources.size(slot),
    }));
    return {
      places,
      visitors: [...this.#visitors.values()],
      contacts: { ...this.#contacts },
      caps: this.#caps,
      placesLeftOut: this.#placesLeftOut,
      visitorsLeftOut: this.#visitorsLeftOut,
      unnamed: this.#unnamed,
    };
  }

  /** The draft as YAML that `parseSurface` reads, each line of it to be confirmed. */
  toYaml(): string {
    return writeDraft(this.collected());
  }

  #visitPlace(
    contact: ServedContact,
    destination: number | string | null,
    source: number | string,
  ): Place | undefined {
    const found = this.#placeOf(contact, destination);
    if (!found) {
      this.#placesLeftOut++;
      return undefined;
    }
    const { place, slot } = found;
    note(place, contact.time);
    if (contact.seen === 'web') place.web = true;
    if (contact.seen === 'login') place.login = true;
    this.#sources.add(slot, hashOf(source));
    const site = siteOf(source);
    if (place.sites.size < MAX_SITES) place.sites.add(site);
    else if (!place.sites.has(site)) place.moreSites = true;
    return place;
  }

  #placeOf(contact: ServedContact, destination: number | string | null) {
    const { protocol } = contact;
    const port = hasPorts(protocol) ? contact.port : 0;
    // Where a line names its destination, which sensor told it makes no other place of it.
    const key = `${destination ?? `sensor ${contact.sensor}`} ${port} ${protocol}`;
    const known = this.#places.get(key);
    if (known || this.#places.size >= this.#caps.places) return known;
    const sensor = sensorName(contact.sensor);
    const flags = { web: false, login: false, sites: new Set<number | string>(), moreSites: false };
    const place: Place = { ...nothingSeen(), destination, sensor, port, protocol, ...flags };
    const found = { place, slot: this.#places.size };
    if (found.slot >= this.#slots) {
      this.#slots *= 2;
      this.#sources.grow(this.#slots);
    }
    this.#places.set(key, found);
    return found;
  }

  #noteVisitor(
    source: number | string,
    place: Place | undefined,
    client: number | string | undefined,
    time: number,
  ): void {
    let visitor = this.#visitors.get(source);
    if (!visitor) {
      if (this.#visitors.size >= this.#caps.visitors) {
        this.#visitorsLeftOut++;
        return;
      }
      const sets = { places: new Set<Place>(), clients: new Set<number | string>() };
      visitor = { ...nothingSeen(), source, hour: Number.NaN, hours: 0, ...sets };
      this.#visitors.set(source, visitor);
    }
    note(visitor, time);
    const hour = Math.floor(time / HOUR);
    if (hour !== visitor.hour && !Number.isNaN(hour)) {
      visitor.hour = hour;
      visitor.hours++;
    }
    if (place && visitor.places.size < MAX_VISITED) visitor.places.add(place);
    if (client !== undefined && visitor.clients.size < MANY_CLIENTS) visitor.clients.add(client);
  }
}

/** An IPv4 address as a number, an IPv6 address in its one spelling; undefined if it is neither. */
function addressOf(address: number | string): number | string | undefined {
  if (typeof address === 'number') return address;
  const bytes = ascii(address);
  const family = readAddress(bytes, 0, bytes.length);
  if (family === Family.none || readEnd !== bytes.length) return undefined;
  return family === Family.v4 ? words[3]! : formatIPv6(words);
}

/** A name that a surface takes, whatever a file is called. */
function sensorName(name: string): string {
  const printable = name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '?');
  return printable.trim().slice(0, MAX_SENSOR_LENGTH).trim() || 'sensor';
}

function note(seen: Seen, time: number): void {
  seen.count++;
  if (time < seen.first) seen.first = time;
  if (time > seen.last) seen.last = time;
}

function hashOf(address: number | string): number {
  if (typeof address === 'number') return mix32(address);
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return mix32(hash);
}
