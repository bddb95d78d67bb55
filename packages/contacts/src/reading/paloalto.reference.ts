/** Plain reading of PAN-OS lines: what `paloalto.ts` must agree with. */
import { Content, Kind, Outcome } from '../contact.ts';
import { PALOALTO_ACTIONS } from './paloalto-columns.ts';
import { SYSTEM_EVENTS } from './paloalto-system.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import {
  lookUp,
  plainAddress,
  plainIsoTime,
  plainNumber,
  plainPort,
  plainProtocol,
  plainSlashTime,
  said,
  sameFamily,
} from './plain-fields.ts';

/** Reads the CSV of one line, without its syslog header; `headerTime` comes from the header, NaN if there is none. */
export function readPaloalto(message: string, headerTime: number): PlainLine {
  const split = splitCsv(message);
  if (split === undefined || split.fields.length < 8) return { line: 'unreadable' };
  const { fields } = split;
  const [, , , type, subtype] = fields;
  if (type === 'TRAFFIC' || type === 'THREAT') return session(fields, type, headerTime);
  if (type === 'GLOBALPROTECT') return portal(split, headerTime);
  if (type === 'SYSTEM') return system(split, headerTime);
  return subtype === undefined ? { line: 'unreadable' } : { line: 'ignored' };
}

function session(fields: readonly string[], type: string, headerTime: number): PlainLine {
  if (fields.length < 32) return { line: 'unreadable' };
  const at = (i: number) => fields[i] ?? '';
  const whole = (i: number) => (i < fields.length - 1 ? plainNumber(at(i)) : -1);
  const source = plainAddress(at(7));
  const destination = plainAddress(at(8));
  const [sport, dport] = [plainPort(at(24)), plainPort(at(25))];
  if (source === undefined || destination === undefined || !sameFamily(source, destination))
    return { line: 'unreadable' };
  if (sport < 0 || dport < 0) return { line: 'unreadable' };
  const protocol = plainProtocol(at(29));
  const action = lookUp(PALOALTO_ACTIONS, at(30)) ?? -1;
  const precise = fields.slice(101, 111).find((field) => field.length >= 24);
  const ports = protocol === 6 || protocol === 17;
  const count = whole(23);
  const contact: PlainContact = said<PlainContact>({
    kind: type === 'TRAFFIC' ? Kind.flow : Kind.alert,
    outcome: Outcome.unknown,
    time: timeOf(precise, at(6), headerTime),
    source: source || undefined,
    destination: destination || undefined,
    sourcePort: (ports && sport) || undefined,
    destinationPort: (ports && dport) || undefined,
    protocol: protocol || undefined,
    key: whole(22) === 0 ? undefined : plainHash(`${at(2)}/${at(22)}/${at(24)}`),
    repeat: count > 1 ? Math.min(count - 1, 65_535) : undefined,
  });
  if (type === 'THREAT') {
    const blocked = action === 2;
    if (at(4) === 'url') {
      const outcome = blocked
        ? Outcome.blocked
        : action === 1 || action === 3
          ? Outcome.accepted
          : Outcome.unknown;
      return { ...contact, kind: Kind.web, outcome };
    }
    const attack =
      /^(vulnerability|spyware|virus|scan|packet|wildfire|wildfire-virus|ml-virus)$/i.test(at(4)) &&
      at(32) !== '' &&
      at(34) !== '' &&
      at(34) !== 'informational' &&
      at(35) !== 'server-to-client';
    const outcome = blocked ? Outcome.blocked : Outcome.unknown;
    return { ...contact, outcome, ...(attack ? { content: Content.signature } : {}) };
  }
  if (action !== 1) return { ...contact, outcome: action === 2 ? Outcome.denied : Outcome.unknown };
  if (at(4) === 'start') return { ...contact, outcome: Outcome.accepted };
  const received = whole(33);
  const elapsed = whole(36);
  let outcome: number = Outcome.accepted;
  if (at(46) === 'policy-deny') outcome = Outcome.denied;
  else if (received === 0) outcome = at(46) === 'threat' ? Outcome.blocked : Outcome.noAnswer;
  else if (received > 0 && (protocol !== 6 || at(14) !== 'incomplete')) outcome = Outcome.established;
  else if (received > 0 && at(46) === 'tcp-rst-from-server' && whole(45) === 1) outcome = Outcome.rejected;
  return {
    ...contact,
    outcome,
    ...(received >= 0 ? { size: Math.min(received, 0xffff_fffe) } : {}),
    ...(elapsed >= 0 ? { millis: Math.min(elapsed * 1000, 0xffff_fffe) } : {}),
  };
}

function portal({ fields, quoted }: CsvFields, headerTime: number): PlainLine {
  if (fields.length < 30) return { line: 'unreadable' };
  const at = (i: number) => fields[i] ?? '';
  if (!at(8).endsWith('auth')) return { line: 'ignored' };
  const first = plainAddress(at(15));
  const source = first === '' ? plainAddress(at(16)) : first;
  if (source === undefined) return { line: 'unreadable' };
  const count = plainNumber(at(24));
  return said<PlainContact>({
    kind: Kind.login,
    outcome: { success: Outcome.succeeded, failure: Outcome.failed }[at(28)] ?? Outcome.unknown,
    time: timeOf(fields[36], at(6), headerTime),
    source: source || undefined,
    destinationPort: 443,
    protocol: 6,
    account: at(12) === '' ? undefined : plainHash(unquoted(at(12), quoted[12])),
    repeat: count > 1 ? Math.min(count - 1, 65_535) : undefined,
  });
}

function system({ fields, quoted: inQuotes }: CsvFields, headerTime: number): PlainLine {
  if (fields.length < 16) return { line: 'unreadable' };
  const event = (fields[8] ?? '').toLowerCase();
  const text = fields[14] ?? '';
  if (!Object.hasOwn(SYSTEM_EVENTS, event)) return { line: 'ignored' };
  const gateway = event.startsWith('globalprotect') && (fields[8] ?? '').startsWith('globalprotect');
  const labelled = gateway ? /Login from: (([^,]*).*)$/s.exec(text) : null;
  let address: string;
  let user: string;
  if (labelled !== null) {
    address = (labelled[2] ?? '').replace(/\.$/, '');
    const rest = labelled[1] ?? '';
    const name = rest.indexOf('User name: ');
    user = name < 0 ? '' : rest.slice(name + 11);
    const ends = [', Client OS version: ', ', Auth type: ', ', Reason: ', ', Client region: ']
      .map((label) => user.lastIndexOf(label))
      .filter((end) => end >= 0);
    user = user.slice(0, Math.min(...ends, user.endsWith('.') ? user.length - 1 : user.length));
  } else {
    const fromAt = text.lastIndexOf(' From: ');
    address = fromAt < 0 ? '' : text.slice(fromAt + 7).replace(/\.$/, '');
    const sentence = fromAt < 0 ? text : text.slice(0, fromAt);
    const quoted = sentence.indexOf(" for user '");
    const bare = quoted < 0 ? sentence.indexOf(' for user ') : -1;
    const name = quoted >= 0 ? text.slice(quoted + 11) : bare >= 0 ? text.slice(bare + 10) : '';
    const limit = (fromAt < 0 ? text.length : fromAt + 1) - (text.length - name.length);
    user = '';
    for (const suffix of quoted >= 0 ? ["'. Reason: ", "'."] : ['. Reason: ', '. ']) {
      const end = name.slice(0, Math.max(0, limit)).lastIndexOf(suffix);
      if (end < 0) continue;
      user = name.slice(0, end);
      break;
    }
  }
  return said<PlainContact>({
    kind: Kind.login,
    outcome: SYSTEM_EVENTS[event]!,
    time: timeOf(fields[25], fields[6] ?? '', headerTime),
    source: plainAddress(address) || undefined,
    destinationPort: gateway ? 443 : undefined,
    protocol: 6,
    account: user === '' ? undefined : plainHash(unquoted(user, inQuotes[14])),
  });
}

function timeOf(precise: string | undefined, generated: string, headerTime: number): number | undefined {
  const exact = plainIsoTime(precise ?? '');
  const own = plainSlashTime(generated);
  const time = Number.isNaN(exact) ? (Number.isNaN(own) ? headerTime : own) : exact;
  return Number.isNaN(time) ? undefined : time;
}

/** Fields of one line, and which of them stood in quotes. */
export type CsvFields = { readonly fields: readonly string[]; readonly quoted: readonly boolean[] };

/** RFC 4180 with quotes left doubled; undefined if a closing quote is followed by a letter. */
export function splitCsv(line: string, separator = ','): CsvFields | undefined {
  const fields: string[] = [];
  const quoted: boolean[] = [];
  let rest = line;
  for (;;) {
    const match = /^"((?:[^"]|"")*)("?)/s.exec(rest);
    quoted.push(match !== null);
    if (match !== null) {
      fields.push(match[1]!);
      rest = rest.slice(match[0].length);
      if (rest === '') return { fields, quoted };
      if (!rest.startsWith(separator)) return undefined;
    } else {
      const end = rest.indexOf(separator);
      fields.push(end < 0 ? rest : rest.slice(0, end));
      if (end < 0) return { fields, quoted };
      rest = rest.slice(end);
    }
    rest = rest.slice(1);
    if (fields.length >= 256) return { fields, quoted };
  }
}

/** What an account's text stands for. */
function unquoted(text: string, quoted: boolean | undefined): string {
  return quoted ? text.replaceAll('""', '"') : text;
}
