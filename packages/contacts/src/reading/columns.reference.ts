/** Plain reading of `csv` and `ndjson` lines: what they must agree with. */
import { Content, Kind, Outcome } from '../contact.ts';
import { outcomeFor } from './column-row.ts';
import { ACTION_WORDS, DIRECTION_WORDS, KIND_WORDS } from './column-words.ts';
import { COLUMN_NAMES } from './columns.ts';
import { readHeader } from './csv.ts';
import { parseObject, valueAt } from './json.reference.ts';
import { columnPaths } from './ndjson.ts';
import { splitCsv } from './paloalto.reference.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import {
  lookUp,
  plainAddress,
  plainNumber,
  plainProtocol,
  plainTime,
  said,
  sameFamily,
} from './plain-fields.ts';

type Values = ReadonlyMap<string, string>;

/** Reads one line of a CSV with that header, by the usual names. */
export function readCsvLine(header: string, line: string): PlainLine {
  const layout = readHeader(header);
  if (layout === undefined) return { line: 'unreadable' };
  if (line.startsWith('#') || line === header) return { line: 'ignored' };
  const split = splitCsv(line, layout.separator);
  const account = layout.columns.indexOf(COLUMN_NAMES.indexOf('account'));
  if (split === undefined || split.fields.length !== layout.columns.length || isCut(line, layout.separator))
    return { line: 'unreadable' };
  const values = new Map<string, string>();
  layout.columns.forEach((column, i) => {
    if (column >= 0) values.set(COLUMN_NAMES[column]!, split.fields[i]!);
  });
  return fromColumns(values, (text) => (split.quoted[account] ? text.replaceAll('""', '"') : text));
}

/** Whether the last field's quotes are not closed. */
function isCut(line: string, separator: string): boolean {
  let rest = line;
  for (;;) {
    if (rest.startsWith('"')) {
      const closed = /^"(?:[^"]|"")*"(?!")/s.exec(rest);
      if (closed === null) return true;
      rest = rest.slice(closed[0].length);
    }
    const next = rest.indexOf(separator);
    if (next < 0) return false;
    rest = rest.slice(next + 1);
  }
}

/** Reads one JSON object, by a column map or the usual names. */
export function readNdjsonLine(line: string, saved?: Readonly<Record<string, string>>): PlainLine {
  const paths = columnPaths(saved);
  const object = parseObject(
    line,
    paths.map(({ segments }) => segments.join('/')),
  );
  if (object === undefined) return { line: 'unreadable' };
  const values = new Map<string, string>();
  for (const { column, segments } of paths) {
    const value = valueAt(object, segments.join('/'));
    const name = COLUMN_NAMES[column]!;
    if (values.has(name) || value === undefined || value === null || typeof value === 'object') continue;
    values.set(name, String(value));
  }
  return fromColumns(values, (account) => account);
}

function fromColumns(values: Values, decoded: (account: string) => string): PlainLine {
  const at = (name: string) => values.get(name) ?? '';
  const has = (name: string) => at(name) !== '' && at(name) !== '-';
  const source = addressOf(at('source'));
  const destination = addressOf(at('destination'));
  if (source === undefined || destination === undefined) return { line: 'unreadable' };
  if (source === '' && destination === '' && !has('account')) return { line: 'ignored' };
  const ports = ['sourcePort', 'destinationPort'].map((name) => (has(name) ? plainNumber(at(name)) : 0));
  if (!sameFamily(source, destination) || ports.some((port) => port < 0 || port > 65_535))
    return { line: 'unreadable' };
  const protocol = plainProtocol(at('protocol'));
  const icmp = protocol === 1 || protocol === 58;
  const status = plainNumber(at('status'));
  const answered = status >= 100 && status <= 599;
  const outcome =
    lookUp(ACTION_WORDS, at('action')) ??
    (answered ? undefined : lookUp(ACTION_WORDS, at('status'))) ??
    Outcome.unknown;
  const signIn =
    outcome === Outcome.failed ||
    outcome === Outcome.succeeded ||
    (has('account') && !has('destinationPort'));
  const measured = has('bytes') || has('seconds') || has('milliseconds');
  const kind =
    lookUp(KIND_WORDS, at('kind')) ??
    (answered || has('request')
      ? Kind.web
      : has('signature')
        ? Kind.alert
        : signIn
          ? Kind.login
          : measured
            ? Kind.flow
            : Kind.packet);
  const web = kind === Kind.web && answered;
  const [size, millis, count, time] = [
    plainNumber(at('bytes')),
    millisOf(at('milliseconds'), at('seconds')),
    plainNumber(at('count')),
    plainTime(at('time')),
  ];
  return said<PlainContact>({
    kind,
    outcome: web ? Outcome.answered : outcomeFor(kind, outcome as Outcome),
    time: Number.isNaN(time) ? undefined : time,
    source: source || undefined,
    destination: destination || undefined,
    sourcePort: icmp ? undefined : ports[0] || undefined,
    destinationPort: icmp ? undefined : ports[1] || undefined,
    protocol: protocol || undefined,
    direction: lookUp(DIRECTION_WORDS, at('direction')),
    status: web ? status : undefined,
    size: size >= 0 ? Math.min(size, 0xffff_fffe) : undefined,
    millis: millis >= 0 ? Math.min(millis, 0xffff_fffe) : undefined,
    account: has('account') ? plainHash(decoded(at('account')).slice(0, 1024)) : undefined,
    key: has('key') ? plainHash(at('key').slice(0, 256)) : undefined,
    repeat: count > 1 ? Math.min(count - 1, 65_535) : undefined,
    content: kind === Kind.alert && has('signature') ? Content.signature : undefined,
    forwarded: has('forwarded') ? at('forwarded') : undefined,
  });
}

function addressOf(field: string): string | undefined {
  return plainAddress(field) ?? (/[g-zG-Z]/.test(field) ? '' : undefined);
}

function millisOf(milliseconds: string, seconds: string): number {
  if (plainNumber(milliseconds) >= 0) return plainNumber(milliseconds);
  const match = /^(\d{1,15})(?:\.(\d*))?$/.exec(seconds);
  return match === null ? -1 : Number(match[1]) * 1000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'));
}
