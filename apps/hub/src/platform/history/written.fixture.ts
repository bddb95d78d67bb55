/** A small history for tests, and what a search of it should find by a plain reading of what went in. */
import type { ContactRow, ContactsQuery } from '@bellwether/api';
import { DISPOSITIONS, RULES } from '@bellwether/contacts';
import { batchOf, type Entry, ruleOf } from './entries.fixture.ts';
import type { HistoryFile } from './history-types.ts';
import { openHistoryWriter } from './writer.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 9, 7);

/** A row of the model: what the search should know. */
export type Known = {
  readonly row: ContactRow;
  readonly ms: number | null;
  readonly order: readonly number[];
};

const SOURCES = ['203.0.113.7', '203.0.113.8', '198.51.99.1', '2001:db8:0:7:0:0:0:1', '2001:db8:0:7:0:0:0:2'];
const SPELLED = ['203.0.113.7', '203.0.113.8', '198.51.99.1', '2001:db8:0:7::1', '2001:db8:0:7::2'];
const STREAMS = [
  { authority: '29095', sensor: 'fw' },
  { authority: '29380', sensor: '=cmd|"x"' },
];

/** Three days of entries in five files, late ones and resettled ones and some without a time among them. */
export async function writeHistory(folder: string): Promise<{ files: HistoryFile[]; known: Known[] }> {
  const writer = await openHistoryWriter(folder);
  STREAMS.forEach(({ authority, sensor }, stream) => {
    writer.name(stream, authority, sensor);
  });
  const files: HistoryFile[] = [];
  const known: Known[] = [];
  let line = 0;
  for (let step = 1; step <= 5; step++) {
    for (let stream = 0; stream < STREAMS.length; stream++) {
      const entries: Entry[] = [];
      for (let i = 0; i < 40; i++, line++) {
        const late = line % 13 === 0;
        const time = line % 31 === 0 ? Number.NaN : START + step * (DAY / 2) + i * 60_000 - (late ? DAY : 0);
        const rule = ['denied', 'blocked', 'accepted-public', 'reply'][line % 4]!;
        const source = SOURCES[line % SOURCES.length]!;
        const destination = source.includes(':') ? '2001:db8:1:0:0:0:0:10' : '198.51.100.10';
        entries.push({
          time,
          line,
          source,
          destination,
          port: [22, 443][line % 2]!,
          rule,
          late,
          repeat: line % 3,
        });
      }
      const batch = batchOf(entries);
      writer.take(stream, batch, 0, batch.count, 1);
      entries.forEach((entry) => {
        known.push(knownRow(entry, stream, entry.rule!, entry.repeat! + 1, 0));
      });
      // The fifth proves to be something else.
      writer.resettle(stream, batch, 5, 1, ruleOf(entries[5]!.rule!), ruleOf('engagement'));
      known.push(knownRow(entries[5]!, stream, entries[5]!.rule!, -1, known.length));
      known.push(knownRow(entries[5]!, stream, 'engagement', 1, known.length));
    }
    files.push((await writer.flush(step, step))!);
  }
  writer.close();
  return { files, known };
}

function knownRow(entry: Entry, stream: number, rule: string, units: number, nth: number): Known {
  const ms = Number.isNaN(entry.time) ? null : entry.time;
  const row: ContactRow = {
    time: ms === null ? null : new Date(ms).toISOString(),
    ...STREAMS[stream]!,
    line: entry.line + 1,
    source: SPELLED[SOURCES.indexOf(entry.source!)]!,
    sourcePort: 40_000,
    destination: entry.source!.includes(':') ? '2001:db8:1::10' : '198.51.100.10',
    port: entry.port!,
    protocol: 6,
    kind: 'packet',
    outcome: 'denied',
    disposition: DISPOSITIONS[RULES[ruleOf(rule)]!.disposition]!,
    rule,
    status: 0,
    units,
    late: entry.late!,
    stake: 0,
  };
  return { row, ms, order: [ms ?? Number.NEGATIVE_INFINITY, stream, entry.line, nth] };
}

/** What a plain reading of the question finds, newest first. */
export function expected(
  known: readonly Known[],
  query: ContactsQuery,
  inSource: (source: string) => boolean,
) {
  const from = query.from === undefined ? undefined : Date.parse(query.from);
  const to = query.to === undefined ? undefined : Date.parse(query.to);
  return known
    .filter(({ row, ms }) => {
      if (!inSource(row.source!)) return false;
      if (query.authority !== undefined && row.authority !== query.authority) return false;
      if (query.port !== undefined && row.port !== query.port) return false;
      if (query.disposition !== undefined && row.disposition !== query.disposition) return false;
      if (query.rule !== undefined && row.rule !== query.rule) return false;
      if (from !== undefined && !(ms !== null && ms >= from)) return false;
      return to === undefined || (ms !== null && ms < to);
    })
    .sort((a, b) => {
      const i = a.order.findIndex((value, at) => value !== b.order[at]);
      return i < 0 ? 0 : b.order[i]! - a.order[i]!;
    })
    .map(({ row }) => row);
}

/** Sources to ask for, and which ones they cover. */
export const PREFIXES: readonly { text: string; covers: (source: string) => boolean }[] = [
  { text: '203.0.113.7', covers: (source) => source === '203.0.113.7' },
  { text: '203.0.113.0/24', covers: (source) => source.startsWith('203.0.113.') },
  { text: '198.51.0.0/16', covers: (source) => source.startsWith('198.51.') },
  { text: '0.0.0.0/0', covers: (source) => !source.includes(':') },
  { text: '2001:DB8:0:7::1', covers: (source) => source === '2001:db8:0:7::1' },
  { text: '2001:db8:0:7::/64', covers: (source) => source.includes(':') },
  { text: '2001:db8:0:7::/127', covers: (source) => source === '2001:db8:0:7::1' },
  { text: '::/0', covers: (source) => source.includes(':') },
  { text: '192.0.2.1', covers: () => false },
];
