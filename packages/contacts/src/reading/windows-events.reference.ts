/** Plain reading of Windows events: what `windows-events.ts` must agree with. */
import { Kind, Outcome } from '../contact.ts';
import { parseObject, valueAt } from './json.reference.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import {
  plainAddress,
  plainEpoch,
  plainNumber,
  plainProtocol,
  plainTime,
  said,
  sameFamily,
} from './plain-fields.ts';
import { FIELD_NAMES, JSON_PATHS, PROPERTY_FIELDS } from './windows-fields.ts';

type Fields = Readonly<Record<string, string>>;

/** Reads one line that is a JSON object or an `<Event>`; undefined if it is neither. */
export function readWindowsEvent(line: string): PlainLine | undefined {
  const json = line.startsWith('{');
  const fields = json ? fromJson(line) : fromXml(line);
  if (fields === undefined) return { line: 'unreadable' };
  const at = (name: string) => fields[name] ?? '';
  const id = plainNumber(at('EventID'));
  if (id < 0) return { line: 'unreadable' };
  if (fields.Channel !== undefined && fields.Channel !== 'Security') return { line: 'ignored' };
  const common = { time: timeOf(at('Time')) };
  const account = at('TargetUserName');
  const login = said<PlainContact>({
    ...common,
    kind: Kind.login,
    outcome: Outcome.unknown,
    account: account === '' || account === '-' ? undefined : plainHash(account.slice(0, 1024)),
  });
  const status = statusOf(at('Status'));
  const invalid = (is: boolean) => (is ? { invalidAccount: true as const } : {});
  if (id === 4624 || id === 4625) {
    const type = plainNumber(at('LogonType'));
    if (type >= 0 && ![2, 3, 8, 10, 12].includes(type)) return { line: 'ignored' };
    const from = clientOf(fields);
    if (from === undefined) return { line: 'unreadable' };
    const rdp = type === 10 || type === 12;
    return {
      ...login,
      ...from,
      outcome: id === 4624 ? Outcome.succeeded : Outcome.failed,
      ...(rdp ? { destinationPort: 3389 } : {}),
      ...invalid(id === 4625 && [status, statusOf(at('SubStatus'))].includes(0xc0000064)),
    };
  }
  if (id === 4768 || id === 4771) {
    if (status === 0x19 || (id === 4768 && status <= 0)) return { line: 'ignored' };
    const from = clientOf(fields);
    if (from === undefined) return { line: 'unreadable' };
    return { ...login, ...from, outcome: Outcome.failed, destinationPort: 88, ...invalid(status === 6) };
  }
  if (id === 4776) {
    const outcome = status < 0 ? Outcome.unknown : status === 0 ? Outcome.succeeded : Outcome.failed;
    return { ...login, outcome, ...invalid(status === 0xc0000064) };
  }
  if (id === 4740) return { ...login, detail: true };
  if (id !== 5152 && id !== 5156 && id !== 5157) return { line: 'ignored' };
  const source = plainAddress(at('SourceAddress'));
  const destination = plainAddress(at('DestAddress'));
  if (source === undefined || destination === undefined) return { line: 'unreadable' };
  if (source === '' && destination === '') return { line: 'ignored' };
  const [sport, dport] = ['SourcePort', 'DestPort'].map((name) => Math.max(0, plainNumber(at(name)))) as [
    number,
    number,
  ];
  if (!sameFamily(source, destination) || sport > 65_535 || dport > 65_535) return { line: 'unreadable' };
  const protocol = plainProtocol(at('Protocol'));
  const icmp = protocol === 1 || protocol === 58;
  const type = sport < 256 && dport < 256 ? sport * 256 + dport : 0;
  const way = at('Direction').toLowerCase();
  return said<PlainContact>({
    ...common,
    kind: Kind.packet,
    outcome: id === 5156 ? Outcome.accepted : Outcome.denied,
    source: source || undefined,
    destination: destination || undefined,
    sourcePort: icmp ? undefined : sport || undefined,
    destinationPort: (icmp ? type : dport) || undefined,
    protocol: protocol || undefined,
    direction: { '%%14592': 1, inbound: 1, '%%14593': 2, outbound: 2 }[way],
    key: plainHash([at('SourceAddress'), at('SourcePort'), at('DestAddress'), at('DestPort')].join('/')),
  });
}

function clientOf(fields: Fields): Partial<PlainContact> | undefined {
  const field = fields.IpAddress ?? '';
  const address = plainAddress(field) ?? (/[g-zG-Z]/.test(field) ? '' : undefined);
  if (address === undefined) return undefined;
  const port = plainNumber(fields.IpPort);
  return {
    protocol: 6,
    ...(address ? { source: address } : {}),
    ...(port > 0 && port <= 65_535 ? { sourcePort: port } : {}),
  };
}

function fromJson(line: string): Fields | undefined {
  const paths = JSON_PATHS.map(([, segments]) => segments.join('/'));
  const object = parseObject(withBytes(line), [...paths, 'Properties']);
  if (object === undefined) return undefined;
  const fields: Record<string, string> = {};
  const set = (name: string, value: unknown) => {
    if (typeof value === 'string' && !Object.hasOwn(fields, name)) fields[name] = value;
  };
  JSON_PATHS.forEach(([field], i) => {
    set(FIELD_NAMES[field]!, valueAt(object, paths[i]!));
  });
  const properties = object.Properties;
  if (!Array.isArray(properties)) return fields;
  for (const [property, field] of PROPERTY_FIELDS.get(plainNumber(fields.EventID)) ?? []) {
    const element: unknown = properties[property];
    if (typeof element === 'object' && element !== null && Object.hasOwn(element, 'Value'))
      set(FIELD_NAMES[field]!, (element as { Value: unknown }).Value);
  }
  return fields;
}

/** Spells what `\uXXXX` stands for as bytes of UTF-8, since the line's characters are bytes. */
export function withBytes(line: string): string {
  return line.replace(
    /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|.)/gs,
    (spelled: string, high?: string, low?: string, single?: string) => {
      const units = [high, low, single]
        .filter((unit) => unit !== undefined)
        .map((unit) => Number.parseInt(unit, 16));
      if (units.length === 0 || units[0]! < 0x80) return spelled;
      return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1');
    },
  );
}

function fromXml(line: string): Fields | undefined {
  const fields: Record<string, string> = {};
  const wanted = new Set<string>(FIELD_NAMES.slice(FIELD_NAMES.indexOf('TargetUserName')));
  const elements: Readonly<Record<string, string>> = {
    EventID: 'EventID',
    Channel: 'Channel',
    Computer: 'Host',
  };
  const set = (name: string, value: string) => {
    if (Object.hasOwn(fields, name)) return false;
    fields[name] = value.replace(/&(lt|gt|amp|quot|apos);/g, (_, entity: string) => ENTITIES[entity]!);
    return true;
  };
  for (const match of line.matchAll(/<([^>]*)(>?)([^<]*)/g)) {
    const [, tag = '', closed, text = ''] = match;
    if (closed === '') return undefined;
    const after = line.slice(match.index + match[0].length);
    if (tag.startsWith('Data Name=')) {
      const name = /^Data Name=(["'])(.*?)\1/s.exec(tag)?.[2];
      if (name === undefined) return undefined;
      if (tag.endsWith('/')) continue;
      if (!after.startsWith('</Data>')) return undefined;
      if (wanted.has(name) && !set(name, text)) return undefined;
      continue;
    }
    const name = /^[^ /]*/.exec(tag)![0];
    if (name === 'TimeCreated') {
      const time = tag.slice(name.length).split('SystemTime=').slice(1).join('SystemTime=');
      if (time === '') {
        if (tag.includes('SystemTime=')) return undefined;
        continue;
      }
      const end = time.indexOf(time[0]!, 1);
      if (end < 0 || !set('Time', time.slice(1, end))) return undefined;
    } else if (Object.hasOwn(elements, name) && (after === '' || !set(elements[name]!, text))) {
      return undefined;
    }
  }
  return fields;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function timeOf(field: string): number | undefined {
  const date = /\((\d*)/.exec(field);
  const time = date === null ? plainTime(field) : plainEpoch(date[1]!);
  return Number.isNaN(time) ? undefined : time;
}

function statusOf(field: string): number {
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(field)) return Number.parseInt(field, 16);
  const value = plainNumber(field.replace(/^-/, ''));
  if (value < 0 || value > 0xffff_ffff) return -1;
  return field.startsWith('-') ? 0x1_0000_0000 - value : value;
}
