import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileReading } from '../../wasm/compile.mjs';
import { BATCH_ROWS, Batch } from '../contact.ts';
import { addLosses, noLosses } from '../losses.ts';
import { Clock, UTC } from './clock.ts';
import { eve } from './eve.ts';
import { Mutator } from './mutations.ts';
import { plainRow } from './plain.ts';
import { type Format, LineLoop, MAX_LINE } from './reader.ts';
import { READING_WASM } from './wasm-binary.ts';
import { readingMemory } from './wasm-memory.ts';
import { zeek } from './zeek.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const clock = new Clock(UTC, { year: 2026, firstMonth: 0, lastMonth: 0 });
const batch = new Batch();

/** Everything that reading `text` tells, row by row and in sums. */
function reading(format: Format, text: string, way: 'fast' | 'plain', rowsInBatch = 0): unknown {
  const loop = new LineLoop(format.reader({ clock }), clock, false);
  const bytes = Buffer.from(text, 'latin1');
  const rows: unknown[] = [];
  const sums = { lines: 0, ignored: 0, unreadable: 0, ...noLosses() };
  let at = 0;
  while (at < bytes.length) {
    batch.clear();
    batch.count = rowsInBatch;
    at =
      way === 'fast'
        ? loop.read(bytes, at, bytes.length, sums.lines, batch)
        : loop.readLines(bytes, at, bytes.length, sums.lines, batch, BATCH_ROWS);
    for (let i = rowsInBatch; i < batch.count; i++) {
      const text = bytes.toString('latin1', batch.textAt[i]!, batch.textAt[i]! + batch.textLength[i]!);
      const more = {
        host: batch.host[i],
        route: batch.route[i],
        statusOf: batch.status[i],
        flags: batch.flags[i],
      };
      rows.push({
        ...plainRow(batch, i, bytes),
        line: batch.line[i],
        ...more,
        text: batch.textLength[i] ? text : '',
      });
    }
    sums.lines += batch.lines;
    sums.ignored += batch.ignored;
    sums.unreadable += batch.unreadable;
    addLosses(sums, batch);
  }
  return { rows, ...sums };
}

function same(format: Format, lines: readonly string[], rowsInBatch = 0): void {
  const text = lines.map((line) => `${line}\n`).join('');
  expect(reading(format, text, 'fast', rowsInBatch)).toEqual(reading(format, text, 'plain', rowsInBatch));
}

const CONN_HEAD = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents',
];
/** Mostly what a sensor writes, seldom something else: a line with one odd value is a matter of the plain reader. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 40): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });
}
const digits = (max: number) => fc.nat(max).map(String);
const count = mostly(
  fc.oneof(
    fc.constantFrom('-', '0', '1', '2'),
    digits(9),
    digits(999),
    digits(2_000_000_000),
    digits(10 ** 9),
  ),
  fc.constantFrom(
    '',
    '00',
    '4294967294',
    '4294967295',
    '99999999999',
    '123456789012345',
    '1234567890123456',
    '1x',
  ),
);
const port = mostly(digits(65_535), fc.constantFrom('-', '', '65536', '070', '99999', '8O'));
const octet = fc.oneof(fc.nat(255), fc.nat(255), fc.nat(255), fc.constantFrom('256', '01', '', '1a', '1000'));
const host = mostly(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.')),
  fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')),
    fc.constantFrom('2001:db8::7', '::ffff:192.0.2.1', '1.2.3', '1.2.3.4.5', '-'),
  ),
);
const letters = fc.oneof(
  fc.constantFrom(
    '-',
    'S',
    'Sr',
    'ShR',
    'Sh',
    'ShADadFf',
    'F',
    'Fr',
    'A',
    'Ar',
    'r',
    'R',
    'H',
    '^h',
    'D',
    'Dd',
    '^d',
    'SF',
    'SR',
  ),
  fc
    .array(fc.constantFrom(...'SHADFRCGTWIQXshadfrcgtwiqx^'), { maxLength: 20 })
    .map((all) => all.join('') || '-'),
);
const conn = fc
  .tuple(
    mostly(
      fc.constantFrom('1531687187.123456', '1731687187.999', '1531687187.1234567', '1531687187.123456789'),
      fc.constantFrom(
        '1531687187',
        '1531687187.5',
        '153168718x.123456',
        '1531687187.12345x',
        '1531687187.1234567890',
      ),
    ),
    mostly(
      fc.constantFrom('CQcDwa4Gg1sLMIs3Ri', 'CHhAvVGS1DHFjwGM9', 'C1', '-', 'C1234567', 'C12345678'),
      fc.constantFrom('', 'CtPZjS20MLrsMUOJi2aaaaaaaaaaaaaaa'),
    ),
    host,
    port,
    host,
    port,
    mostly(fc.constantFrom('tcp', 'tcp', 'udp'), fc.constantFrom('icmp', 'tcpx', 'unknown_transport', 'tcq')),
    mostly(
      fc.constantFrom(
        '-',
        '0.000001',
        '12.345678',
        '12.3',
        '12',
        '9',
        '123456789',
        '1234567.000001',
        '12345678.5',
      ),
      fc.constantFrom('12.', '.5', '123456789.5', '1.2.3', '1e-5', '3.14159265358979', '1x3', '1.2x'),
    ),
    count,
    mostly(
      fc.constantFrom(...'S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH'.split(' ')),
      fc.constantFrom('-', 'S4', 'SFX', ''),
    ),
    mostly(fc.constantFrom('T', 'F', '-'), fc.constant('')),
    mostly(fc.constantFrom('T', 'F', '-'), fc.constant('')),
    mostly(fc.constant('0'), fc.constantFrom('1460', '-')),
    letters,
    count,
    count,
  )
  .map(
    ([ts, uid, from, sport, to, dport, proto, lasted, bytes, state, lo, lr, missed, history, sent, back]) =>
      [
        ts,
        uid,
        from,
        sport,
        to,
        dport,
        proto,
        '-',
        lasted,
        '-',
        bytes,
        state,
        lo,
        lr,
        missed,
        history,
        sent,
        0,
        back,
        0,
        '-',
      ].join('\t'),
  );

function event(type: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    timestamp: '2026-10-09T22:33:20.520012+0000',
    flow_id: 1398609176796675,
    in_iface: 'eth0',
    event_type: type,
    src_ip: '203.0.113.7',
    src_port: 33270,
    dest_ip: '198.18.0.9',
    dest_port: 443,
    proto: 'TCP',
    ...more,
  };
}

const word = fc.constantFrom(
  ...[
    '',
    'x',
    'zz',
    '2',
    'café',
    'a"b',
    'a\\b',
    'tab\t',
    'x'.repeat(40),
    null,
    true,
    7,
    -1,
    1.5,
    1e21,
    65_536,
    {},
    [],
    ['x'],
  ],
);
const stamp = mostly(
  fc.constantFrom(
    ...[
      '2026-10-09T22:33:20.520012+0000',
      '2026-02-28T23:59:59.999999-0500',
      '2024-02-29T00:00:00.000000+0530',
    ],
    ...[
      '2000-01-01T00:00:00.000001+0000',
      '2026-03-01T12:00:00.100000-0330',
      '2026-12-31T23:59:59.999999+0000',
    ],
  ),
  fc.constantFrom(
    ...['2026-02-29T00:00:00.000000+0000', '2026-10-09T22:33:20Z', '2026-10-09T24:33:20.520012+0000', 'x'],
    ...[
      '2026-10-09T22:33:60.520012+0000',
      '2026-10-09T22:33:20.520012+9900',
      '1969-12-31T23:59:59.520012+0000',
    ],
    ...[
      '2026-13-09T22:33:20.520012+0000',
      '2026-10-09 22:33:20.520012+0000',
      '2026-10-09T22:33:20,520012+0000',
    ],
  ),
);
const hex = fc.oneof(
  fc.constantFrom('02', '00', '1b', '12', '14', '06', '10', '01', '18', '1B', '0g', 'G0'),
  fc.nat(255).map((n) => n.toString(16).padStart(2, '0')),
);
const packets = fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(), fc.constantFrom(2 ** 40));
/** Flows as Suricata writes them, with values left out. */
const usualFlow = fc
  .record({
    id: fc.oneof(
      fc.nat(),
      fc.bigInt({ min: 0n, max: 2n ** 63n }).map((id) => `#${id}`),
    ),
    src: host,
    dst: host,
    sport: fc.nat(65_535),
    proto: fc.constantFrom('TCP', 'TCP', 'UDP'),
    host: fc.constantFrom(undefined, 'sensor-1', 'sensor-1', 'sensor-2', 'x'.repeat(70), ''),
    flow: fc.record(
      {
        pkts_toserver: packets,
        pkts_toclient: packets,
        bytes_toclient: packets,
        start: stamp,
        age: packets,
        state: fc.constantFrom('new', 'established', 'closed', 'bypassed', 'odd'),
        alerted: fc.boolean(),
        action: fc.constantFrom('pass', 'drop'),
        list: fc.array(fc.nat(9), { maxLength: 2 }),
      },
      { requiredKeys: ['start'] },
    ),
    tcp: fc.option(
      fc.record(
        {
          tcp_flags_ts: hex,
          tcp_flags_tc: hex,
          syn: fc.constantFrom(true, false, null),
          state: fc.constantFrom('syn_sent', 'syn_recv', 'closed', 'none', 'established', 'time_wait'),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
  })
  .map(({ id, src, dst, sport, proto, host: sensor, flow, tcp }) =>
    event('flow', {
      flow_id: id,
      src_ip: src,
      src_port: sport,
      dest_ip: dst,
      proto,
      host: sensor,
      flow,
      tcp,
    }),
  );
const PLACES = [
  ...[
    'flow_id',
    'event_type',
    'src_ip',
    'src_port',
    'dest_ip',
    'dest_port',
    'proto',
    'host',
    'timestamp',
    'in_iface',
  ],
  ...[
    'flow',
    'tcp',
    'flow.start',
    'flow.age',
    'flow.state',
    'flow.pkts_toserver',
    'flow.pkts_toclient',
    'flow.action',
  ],
  ...['tcp.tcp_flags_ts', 'tcp.tcp_flags_tc', 'tcp.state', 'x', 'flow.start.x', 'flow\\u002estart'],
];
const flowEvent = fc
  .record({
    usual: usualFlow,
    odd: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.tuple(
            fc.constantFrom(...PLACES) as fc.Arbitrary<string>,
            fc.oneof(
              word,
              fc.constantFrom(
                'alert',
                'http',
                'dns',
                'stats',
                'netflow',
                'drop',
                'ICMP',
                'IPv6-ICMP',
                'GRE',
                '047',
              ),
            ),
          ),
          { maxLength: 2 },
        ),
      },
    ),
    spaced: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ usual, odd, spaced }) => {
    const object = structuredClone(usual);
    for (const [place, value] of odd) {
      const names = place.split('.');
      const last = names.pop()!;
      let inside: Record<string, unknown> = object;
      for (const name of names) inside = (inside[name] ?? {}) as Record<string, unknown>;
      if (typeof inside === 'object') inside[last] = value;
    }
    // Numbers above 2^53 are written as they are; Python puts a space behind colons and commas.
    const text =
      spaced > 0 ? JSON.stringify(object) : JSON.stringify(object, null, 1).replaceAll(/\n */g, ' ');
    return text.replace(/"#(\d+)"/, '$1');
  });

describe('the WebAssembly readers and the plain ones', () => {
  test('are both here', () => {
    expect(readingMemory()).toBeDefined();
  });

  test('agree on conn.log of any content', () => {
    fc.assert(
      fc.property(fc.array(conn, { maxLength: 300 }), (lines) => same(zeek, [...CONN_HEAD, ...lines])),
      { numRuns: 60 },
    );
  });

  test('agree on damaged conn.log, with headers and carriage returns between', () => {
    const [sample] = fc.sample(fc.array(conn, { minLength: 30, maxLength: 30 }), {
      numRuns: 1,
      seed: 7,
    }) as string[][];
    const good = fc.constantFrom(
      ...sample!,
      '1531687187.123456\tC1\t1.2.3.4\t5\t6.7.8.9\t10\ttcp\t-\t-\t-\t-\tS0\tF\tT\t0\tS\t1\t60\t0\t0\t-',
    );
    const mutator = new Mutator(20_261_009);
    const other = fc.oneof(
      fc.constantFrom(...Array.from({ length: 2000 }, () => mutator.line(sample!))),
      fc.constantFrom(
        ...CONN_HEAD,
        '',
        '#close',
        '\r',
        '#fields\tts\tid.orig_h',
        '#path\thttp',
        '#separator \\x2c',
      ),
      good.map((line) => `${line}\r`),
      good.map((line) => `${line}\tx`),
      fc.constant('x'.repeat(MAX_LINE + 1)),
    );
    const line = fc.oneof({ weight: 8, arbitrary: good }, { weight: 2, arbitrary: other });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), (lines) => same(zeek, [...CONN_HEAD, ...lines])),
      { numRuns: 60 },
    );
  });

  test('agree on conn.log with its columns in another order', () => {
    // The responder's packets last: what ends the line ends a number that counts.
    const turned = (line: string) => {
      const cells = line.split('\t').reverse();
      return [...cells.slice(0, 2), ...cells.slice(3), cells[2]].join('\t');
    };
    const head = CONN_HEAD.map((line) =>
      line.startsWith('#fields') ? `#fields\t${turned(line.slice('#fields\t'.length))}` : line,
    );
    const line = fc.tuple(conn, fc.constantFrom('', '', '', '\r')).map(([text, end]) => turned(text) + end);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), (lines) => same(zeek, [...head, ...lines])),
      { numRuns: 20 },
    );
  });

  test('agree on EVE events of any shape, as often as they come', () => {
    fc.assert(
      fc.property(fc.array(flowEvent, { maxLength: 60 }), (lines) => same(eve, [...lines, ...lines])),
      { numRuns: 60 },
    );
  });

  test('agree on damaged EVE events', () => {
    const lines = fc.sample(flowEvent, { numRuns: 60, seed: 3 });
    same(eve, [...lines, ...lines]);
    const mutator = new Mutator(20_261_009);
    for (let round = 0; round < 20; round++) {
      const texts = Array.from({ length: 200 }, () => mutator.line(lines));
      same(eve, [...lines, ...texts, ...lines]);
    }
  });

  test.skipIf(corpora === undefined)('agree on real events', () => {
    const lines = ['suricata-logs-evelog', 'suricata-eve-detect'].flatMap((name) =>
      readFileSync(join(corpora ?? '', 'contacts/crowdsec-hub', name, `${name}.log`), 'latin1')
        .trim()
        .split('\n'),
    );
    same(eve, [...lines, ...lines, ...lines]);
  });

  test('agree where blocks are larger than a window and a batch, and a batch has rows already', () => {
    const flow = JSON.stringify(event('flow', { flow: { pkts_toserver: 1, pkts_toclient: 0 } }));
    const stats = '{"timestamp":"2026-10-09T22:33:20.520012+0000","event_type":"stats","stats":{}}';
    const events = Array.from({ length: 20_000 }, (_, i) =>
      i % 7 === 3 ? stats : flow.replace('33270', String(i)),
    );
    same(eve, events);
    same(eve, events.slice(0, 3000), BATCH_ROWS - 900);
    const lines = fc.sample(conn, { numRuns: 2000, seed: 5 });
    same(zeek, [...CONN_HEAD, ...Array.from({ length: 12 }, () => lines).flat()], BATCH_ROWS - 5000);
  });

  test('agree on one format behind another, which has filled the same rows', () => {
    const alert = JSON.stringify(
      event('alert', { host: 'sensor-9', http: { url: '/a', status: 404 }, alert: {} }),
    );
    const flow = JSON.stringify(event('flow', { src_ip: '2001:db8::7', dest_ip: '2001:db8:4f::1', tcp: {} }));
    const lines = fc.sample(conn, { numRuns: 300, seed: 11 });
    for (let round = 0; round < 2; round++) {
      same(
        eve,
        Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? alert : flow)),
      );
      same(zeek, [...CONN_HEAD, ...lines]);
      same(
        eve,
        fc.sample(usualFlow, { numRuns: 300, seed: 11 }).map((object) => JSON.stringify(object)),
      );
    }
  });

  test('take a line that is longer than a window, and bytes without an end of line', () => {
    const flow = JSON.stringify(event('flow', {}));
    same(eve, [flow, `{"x":"${'y'.repeat(300_000)}"}`, flow]);
    same(eve, [flow, flow.replace('eth0', 'y'.repeat(MAX_LINE)), flow]);
    same(eve, [
      flow,
      flow.replace('eth0', 'y'.repeat(MAX_LINE - flow.length + 4)),
      flow,
      `${flow}\r`,
      `${flow} `,
      `${flow}x`,
    ]);
    const text = `${flow}\n${flow}`;
    expect(reading(eve, text, 'fast')).toEqual(reading(eve, text, 'plain'));
  });
});

test('the module that is checked in is what its source compiles to', async () => {
  const compiled = Buffer.from(await compileReading()).toString('base64');
  expect(compiled === READING_WASM, 'run node packages/contacts/wasm/build.mjs').toBe(true);
}, 60_000);
