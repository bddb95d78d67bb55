/**
 * Every folder of crowdsecurity/hub whose lines are of a format that is read here: each line is read, and what that
 * product expects of it (parser.assert, scenario.assert) agrees in source, destination, user and outcome, or stands in
 * the list below with the reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Kind, Outcome } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { FORMATS } from './formats.ts';
import { type OneLine, readEach } from './harness.ts';
import { HUB_COLUMNS, HUB_DIFFERENCES, HUB_OTHER_PRODUCTS, type HubColumn } from './hub-differences.ts';
import { type PlainContact, plainHash } from './plain.ts';
import type { Format } from './reader.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const hub = join(corpora ?? '', 'contacts/crowdsec-hub');
const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

/** What one event is expected to be. */
type Expected = {
  /** Events of one parser, or of one alert: each is another line. */
  readonly group: string;
  readonly fields: Readonly<Record<string, string>>;
};

const PARSED = /^results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.(?:Meta|Parsed)\["([^"]+)"\] == (".*")$/;
const COUNTED = /^results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([^"]+)"\) == (".*")$/;

function expectations(folder: string): Expected[] {
  const events = new Map<string, { group: string; fields: Record<string, string> }>();
  for (const file of ['parser.assert', 'scenario.assert']) {
    const path = join(hub, folder, file);
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, 'latin1').split('\n')) {
      const match = PARSED.exec(line) ?? COUNTED.exec(line);
      if (match === null) continue;
      const [, group = '', index = '', name = '', value = ''] = match;
      const key = `${file} ${group} ${index}`;
      const event = events.get(key) ?? { group: `${file} ${group}`, fields: {} };
      event.fields[name] = JSON.parse(value) as string;
      events.set(key, event);
    }
  }
  return [...events.values()].filter(({ fields }) => fields.source_ip !== undefined);
}

/** The format that an event's line is of; undefined if we do not read it. */
function formatOf({ group, fields }: Expected): string | undefined {
  const parser = group.replace(/^\S+ /, '');
  if (/fastlogs/.test(parser)) return undefined;
  const known = [
    [/sshd-logs$/, 'sshd'],
    [/iptables-logs$/, 'netfilter'],
    [/fortinet-logs$/, 'fortinet'],
    [/palo-alto-threat-log$/, 'paloalto'],
    [/suricata-evelogs$/, 'eve'],
    [/crowdsecurity\/nginx-logs$/, 'nginx'],
    [/apache2-logs$/, 'apache'],
  ] as const;
  const named = known.find(([pattern]) => pattern.test(parser))?.[1];
  if (named !== undefined || /\//.test(parser)) return named;
  const { log_type: type = '', service = '' } = fields;
  if (service === 'ssh') return 'sshd';
  if (service === 'fortinet') return 'fortinet';
  if (service === 'http' && /^http_(access|error)-log$/.test(type)) return 'nginx';
  const types: Readonly<Record<string, string>> = {
    iptables_drop: 'netfilter',
    pf_drop: 'filterlog',
    palo_alto: 'paloalto',
    suricata_alert: 'eve',
    windows_failed_auth: 'windows-events',
  };
  return types[type];
}

/** Which columns of a row agree with what is expected; a column that is not expected agrees. */
function agreement({ fields }: Expected, { row }: OneLine): Record<HubColumn, boolean> {
  const user = fields.target_user ?? fields.username ?? fields.user;
  const destination = fields.dst_ip ?? fields.dest_ip;
  const port = fields.dst_port ?? fields.dest_port;
  return {
    source: row?.source === fields.source_ip,
    destination:
      (destination === undefined || row?.destination === destination) &&
      (port === undefined || row?.destinationPort === Number(port) || row?.protocol === 1),
    user: user === undefined || user === '-' || row?.account === plainHash(user),
    outcome: row !== undefined && outcomeAgrees(fields, row),
  };
}

function outcomeAgrees(fields: Readonly<Record<string, string>>, row: PlainContact): boolean {
  const { log_type: type = '', service, action, http_status: status } = fields;
  if (/failed[-_]auth/.test(type) || service === 'fortinet') return row.outcome === Outcome.failed;
  if (type === 'auth_success') return row.outcome === Outcome.succeeded;
  if (type.startsWith('ssh_')) return row.outcome !== Outcome.succeeded && row.outcome !== Outcome.failed;
  if (/^(iptables|pf)_drop$/.test(type))
    return row.outcome === Outcome.denied || row.outcome === Outcome.blocked;
  if (type === 'palo_alto' || type === 'suricata_alert') {
    const blocked = /^(reset|drop|block)/.test(action ?? '');
    return row.kind === Kind.alert && (action === undefined || (row.outcome === Outcome.blocked) === blocked);
  }
  if (type === 'http_error-log') return row.outcome !== Outcome.succeeded;
  // A refused user is a login here.
  if (status === '401' && row.kind === Kind.login) return row.outcome === Outcome.failed;
  return status === undefined || row.status === Number(status);
}

/** One line of the table: of so many events of a folder, how many agree in each column. */
type Agreement = {
  readonly folder: string;
  readonly format: string;
  readonly lines: number;
  readonly unreadable: readonly string[];
  readonly events: number;
  readonly agreeing: Readonly<Record<HubColumn, number>>;
};

function compare(folder: string, format: Format, expected: readonly Expected[]): Agreement {
  const lines = readdirSync(join(hub, folder))
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(hub, folder, name), 'latin1').split('\n'))
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
  const read = readEach(format, lines, { unwrap: true });
  // Other products' lines in the same file are no concern of the format.
  const unreadable = lines.filter((line, i) => {
    const { message } = readPlainEnvelope(line, CLOCK);
    return read[i]!.said === 'unreadable' && format.sniff(message, '') > 0;
  });
  const agreeing = { source: 0, destination: 0, user: 0, outcome: 0 };
  const used = new Map<string, Set<OneLine>>();
  for (const event of expected) {
    const taken = used.get(event.group) ?? new Set();
    used.set(event.group, taken);
    const candidates = read
      .filter((line) => line.row !== undefined && !taken.has(line))
      .map((line) => ({ line, agreed: agreement(event, line) }))
      .sort((a, b) => weight(b.agreed, event, b.line) - weight(a.agreed, event, a.line));
    const [best] = candidates;
    if (best === undefined) continue;
    taken.add(best.line);
    for (const column of HUB_COLUMNS) if (best.agreed[column]) agreeing[column]++;
  }
  return { folder, format: format.name, lines: lines.length, unreadable, events: expected.length, agreeing };
}

/** How well a row fits an event: the columns, the source twice, and the path of a request. */
function weight(agreed: Record<HubColumn, boolean>, { fields }: Expected, { text }: OneLine): number {
  const columns = HUB_COLUMNS.filter((column) => agreed[column]).length;
  return columns + (agreed.source ? 4 : 0) + (text === fields.http_path ? 2 : 0);
}

describe.runIf(corpora !== undefined)('crowdsecurity/hub', () => {
  const table: Agreement[] = [];
  const folders = corpora === undefined ? [] : readdirSync(hub).filter((name) => !name.includes('.'));
  for (const folder of folders) {
    if (Object.hasOwn(HUB_OTHER_PRODUCTS, folder)) continue;
    const all = expectations(folder);
    for (const format of FORMATS) {
      const expected = all.filter((event) => formatOf(event) === format.name);
      if (expected.length > 0) table.push(compare(folder, format, expected));
    }
  }

  it('shows the agreement', () => {
    const text = table.map(({ folder, format, lines, events, agreeing }) =>
      [folder, format, `${lines} lines`, ...HUB_COLUMNS.map((c) => `${c} ${agreeing[c]}/${events}`)].join(
        ', ',
      ),
    );
    console.log(text.join('\n'));
    expect(table.length).toBeGreaterThan(40);
  });

  it('has no line of our formats that is unreadable', () => {
    expect(table.flatMap(({ folder, unreadable }) => unreadable.map((line) => [folder, line]))).toEqual([]);
  });

  it('has nothing to say of the lines of other products', () => {
    for (const [folder, product] of Object.entries(HUB_OTHER_PRODUCTS)) {
      const events = expectations(folder).filter((event) => formatOf(event) === 'nginx');
      const nginx = FORMATS.find(({ name }) => name === 'nginx')!;
      expect([product, compare(folder, nginx, events).agreeing.source]).toEqual([product, 0]);
    }
  });

  it('agrees, or the list says why not', () => {
    const found = table.flatMap(({ folder, events, agreeing }) =>
      HUB_COLUMNS.filter((column) => agreeing[column] < events).map((column) => ({
        folder,
        column,
        events: events - agreeing[column],
      })),
    );
    const listed = HUB_DIFFERENCES.flatMap(({ folder, columns, events }) =>
      columns.map((column) => ({ folder, column, events })),
    );
    expect(found).toEqual(listed);
  });
});
