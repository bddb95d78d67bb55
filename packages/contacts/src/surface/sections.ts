/** The sections of a surface file, each key read into the types of `surface.ts`. */
import { Outcome } from '../contact.ts';
import { zoneNamed } from '../reading/clock.ts';
import { readFlag, readInteger, readNetworks, readPorts, readText, readWord, required } from './fields.ts';
import { KEYS } from './keys.ts';
import { PROTOCOLS, type ProtocolName } from './protocols.ts';
import {
  AUDIENCES,
  type Authorised,
  COMPLETENESS,
  type Completeness,
  type Engagement,
  type ForwardingProxy,
  PLACES,
  type Place,
  type PortRange,
  type Sensor,
  type Service,
  SIGHTS,
  TECHNIQUES,
  TRANSPORTS,
} from './surface.ts';
import { readValidity } from './validity.ts';
import { type Fields, shorten, type Value, type YamlFile } from './yaml.ts';

/** Services speak TCP unless stated: all that an election office offers to the public does. */
const DEFAULT_PROTOCOL = 'tcp';

/** Header that names the client: what proxies and CDNs write unless told otherwise. */
const DEFAULT_HEADER = 'x-forwarded-for';

/** One proxy of ours, unless stated: a CDN or a load balancer, not both. */
const DEFAULT_HOPS = 1;

/** Longest chain of proxies that is believed: beyond, it is a mistake. */
const MAX_HOPS = 10;

/** Sensors see the addresses of the surface unless stated, because that is how firewalls and taps are placed. */
const DEFAULT_PLACE: Place = 'before-nat';

/** All is recorded, unless stated: what samples says so in its configuration. */
const DEFAULT_SAMPLING = 1;

/** One in so many at most: above, nothing can be said of single contacts. */
const MAX_SAMPLING = 1_000_000;

/** Nobody's log is complete until somebody has said so: "every one accounted for" rests on it. */
const DEFAULT_COMPLETENESS: Completeness = 'best-effort';

/** Words for what the prefix of a log line means. */
const PREFIX_MEANINGS = {
  denied: Outcome.denied,
  blocked: Outcome.blocked,
  accepted: Outcome.accepted,
} as const;

/** An entry of `services`. */
export function readService(file: YamlFile, value: Value): Service | undefined {
  const fields = file.fields(value, KEYS.services, 'a service');
  if (!fields) return undefined;
  const name = readName(file, fields, 'name', 'a service');
  const what = name === undefined ? 'the service' : `the service "${name}"`;
  const addresses = optional(fields, 'address', [], (v) => readNetworks(file, v, 'address'));
  const sensor = optional(fields, 'sensor', null, (v) => readText(file, v, 'sensor'));
  if (!fields.byKey.has('address') && !fields.byKey.has('sensor')) {
    const help = 'Add "address:", or "sensor:" if only a sensor knows it.';
    file.problems.add(fields.at, 'SURFACE_KEY_MISSING', `${what} is nowhere`, help);
  }
  const protocol = readProtocols(file, fields);
  const ports = protocol && readPortsOf(file, fields, protocol.ports, what);
  const audienceValue = required(file, fields, 'audience', what);
  const audience = audienceValue && readWord(file, audienceValue, 'audience', AUDIENCES);
  const validity = readValidity(file, fields, what, false);
  if (name === undefined || !addresses || sensor === undefined || !ports || !audience || !validity)
    return undefined;
  return { name, addresses, sensor, ports, protocols: protocol.numbers, audience, ...validity };
}

function readProtocols(
  file: YamlFile,
  fields: Fields,
): { readonly numbers: readonly number[]; readonly ports: boolean } | undefined {
  const value = fields.byKey.get('protocol');
  if (!value) return PROTOCOLS[DEFAULT_PROTOCOL];
  const items = file.oneOrMore(value, '"protocol"');
  if (!items) return undefined;
  const words = Object.keys(PROTOCOLS) as ProtocolName[];
  const found = items.flatMap((item) => readWord(file, item, 'protocol', words) ?? []);
  if (items.length === 0) file.wrong(value, '"protocol" is empty', 'Name one, or take the key out for tcp.');
  if (found.length < items.length || found.length === 0) return undefined;
  const ports = found.map((word) => PROTOCOLS[word].ports);
  if (new Set(ports).size > 1) {
    file.wrong(value, 'some of these protocols have ports and others have none', 'Make it two services.');
    return undefined;
  }
  return { numbers: [...new Set(found.flatMap((word) => PROTOCOLS[word].numbers))], ports: ports[0]! };
}

function readPortsOf(
  file: YamlFile,
  fields: Fields,
  hasPorts: boolean,
  what: string,
): readonly PortRange[] | undefined {
  if (hasPorts) {
    const value = required(file, fields, 'port', what);
    return value && readPorts(file, value);
  }
  const value = fields.byKey.get('port');
  if (!value) return [{ low: 0, high: 65_535 }];
  file.wrong(value, `${what} has a port, and its protocol has none`, 'Take "port" out.');
  return undefined;
}

/** An entry of `authorised`. */
export function readAuthorised(file: YamlFile, value: Value): Authorised | undefined {
  const fields = file.fields(value, KEYS.authorised, 'an entry of "authorised"');
  if (!fields) return undefined;
  const who = readName(file, fields, 'who', 'an entry of "authorised"');
  const what = who === undefined ? 'the entry' : `the entry for "${who}"`;
  const sourceValue = required(file, fields, 'source', what);
  const sources = sourceValue && readNetworks(file, sourceValue, 'source');
  const services = optional(fields, 'services', null, (v) => readTexts(file, v, 'services'));
  const validity = readValidity(file, fields, what, false);
  if (who === undefined || !sources || services === undefined || !validity) return undefined;
  return { who, sources, services, ...validity };
}

/** An entry of `proxies`. */
export function readProxy(file: YamlFile, value: Value): ForwardingProxy | undefined {
  const fields = file.fields(value, KEYS.proxies, 'an entry of "proxies"');
  if (!fields) return undefined;
  const networksValue = required(file, fields, 'networks', 'an entry of "proxies"');
  const networks = networksValue && readNetworks(file, networksValue, 'networks');
  const header = optional(fields, 'header', DEFAULT_HEADER, (v) => readHeader(file, v));
  const hops = optional(fields, 'hops', DEFAULT_HOPS, (v) => readInteger(file, v, 'hops', 1, MAX_HOPS));
  if (!networks || header === undefined || hops === undefined) return undefined;
  return { networks, header, hops };
}

/** The name of an HTTP header (RFC 9110), in lower case. */
function readHeader(file: YamlFile, value: Value): string | undefined {
  const text = readText(file, value, 'header');
  if (text === undefined || /^[A-Za-z0-9-]+$/.test(text)) return text?.toLowerCase();
  file.wrong(value, `"${shorten(text)}" is no name of a header`, 'Write it like x-forwarded-for.');
  return undefined;
}

/** An entry of `sensors`. */
export function readSensor(file: YamlFile, value: Value): Sensor | undefined {
  const fields = file.fields(value, KEYS.sensors, 'a sensor');
  if (!fields) return undefined;
  const id = readName(file, fields, 'id', 'a sensor');
  // A sensor that names no files writes those whose names begin with its id.
  const files = optional(fields, 'files', [`${id}*`], (v) => readPatterns(file, v));
  const place = optional(fields, 'place', DEFAULT_PLACE, (v) => readWord(file, v, 'place', PLACES));
  const timezone = optional(fields, 'timezone', null, (v) => readZone(file, v));
  const year = optional(fields, 'year', null, (v) => readInteger(file, v, 'year', 1970, 9999));
  const sampling = optional(fields, 'sampling', DEFAULT_SAMPLING, (v) =>
    readInteger(file, v, 'sampling', 1, MAX_SAMPLING),
  );
  const unstated = sampling !== undefined && sampling > 1 ? 'sampled' : DEFAULT_COMPLETENESS;
  const completeness = optional(fields, 'completeness', unstated, (v) =>
    readWord(file, v, 'completeness', COMPLETENESS),
  );
  if (sampling !== undefined && sampling > 1 && completeness !== undefined && completeness !== 'sampled') {
    const reason = `one in ${sampling} is recorded, so the sensor is not "${completeness}"`;
    file.problems.add(fields.byKey.get('completeness')!.at, 'SURFACE_CONTRADICTION', reason);
  }
  const sees = optional(fields, 'sees', null, (v) => readWord(file, v, 'sees', SIGHTS));
  const service = optional(fields, 'service', null, (v) => readText(file, v, 'service'));
  const prefixes = optional(fields, 'prefixes', [], (v) => readPrefixes(file, v));
  const transport = optional(fields, 'transport', null, (v) => readWord(file, v, 'transport', TRANSPORTS));
  const denialsOnly = optional(fields, 'denials_only', null, (v) => readFlag(file, v, 'denials_only'));
  if (id === undefined || !files || place === undefined || timezone === undefined) return undefined;
  if (year === undefined || sampling === undefined || completeness === undefined) return undefined;
  if (sees === undefined || service === undefined || !prefixes) return undefined;
  if (transport === undefined || denialsOnly === undefined) return undefined;
  const seen = { id, files, place, timezone, year, sampling, completeness, sees };
  return { ...seen, service, prefixes, transport, denialsOnly };
}

function readPatterns(file: YamlFile, value: Value): readonly string[] | undefined {
  const texts = readTexts(file, value, 'files');
  if (!texts?.some((text) => text.includes('/') || text.includes('\\'))) return texts;
  file.wrong(
    value,
    '"files" is matched against names of files without their folders',
    'Leave the folder out.',
  );
  return undefined;
}

function readZone(file: YamlFile, value: Value): string | undefined {
  const name = readText(file, value, 'timezone');
  if (name === undefined || zoneNamed(name)) return name;
  file.wrong(
    value,
    `"${shorten(name)}" is no time zone`,
    'Write its IANA name, like America/Chicago or UTC.',
  );
  return undefined;
}

function readPrefixes(file: YamlFile, value: Value): Sensor['prefixes'] | undefined {
  const fields = file.mapping(value, '"prefixes"');
  if (!fields) return undefined;
  const meanings = Object.keys(PREFIX_MEANINGS) as (keyof typeof PREFIX_MEANINGS)[];
  const prefixes = [...fields.byKey].flatMap(([text, meaning]) => {
    if (text.trim() === '') file.wrong(meaning, 'an empty prefix stands in every line', 'Take it out.');
    const word = readWord(file, meaning, shorten(text), meanings);
    return word === undefined || text.trim() === '' ? [] : [{ text, outcome: PREFIX_MEANINGS[word] }];
  });
  return prefixes.length === fields.byKey.size ? prefixes : undefined;
}

/** An entry of `engagements`. Its window has to be stated: a test without an end would excuse attacks for ever. */
export function readEngagement(file: YamlFile, value: Value): Engagement | undefined {
  const fields = file.fields(value, KEYS.engagements, 'an engagement');
  if (!fields) return undefined;
  const name = readName(file, fields, 'name', 'an engagement');
  const what = name === undefined ? 'the engagement' : `the engagement "${name}"`;
  const sourceValue = required(file, fields, 'source', what);
  const sources = sourceValue && readNetworks(file, sourceValue, 'source');
  const targetValue = required(file, fields, 'target', what);
  const targets = targetValue && readNetworks(file, targetValue, 'target');
  const techniqueValue = required(file, fields, 'technique', what);
  const technique = techniqueValue && readWord(file, techniqueValue, 'technique', TECHNIQUES);
  const validity = readValidity(file, fields, what, true);
  if (name === undefined || !sources || !targets || !technique || !validity) return undefined;
  return { name, sources, targets, technique, ...validity };
}

function readName(file: YamlFile, fields: Fields, key: string, what: string): string | undefined {
  const value = required(file, fields, key, what);
  return value && readText(file, value, key);
}

function readTexts(file: YamlFile, value: Value, key: string): readonly string[] | undefined {
  const items = file.oneOrMore(value, `"${key}"`);
  if (!items) return undefined;
  const texts = items.flatMap((item) => readText(file, item, key) ?? []);
  if (items.length === 0) file.wrong(value, `"${key}" is empty`, 'Name one, or take the key out.');
  return texts.length === items.length && texts.length > 0 ? texts : undefined;
}

/** What `read` gives, or `absent` where the key is not there; undefined is what could not be read. */
function optional<T, A>(
  fields: Fields,
  key: string,
  absent: A,
  read: (value: Value) => T | undefined,
): T | A | undefined {
  const value = fields.byKey.get(key);
  return value ? read(value) : absent;
}
