import { describe, expect, it } from 'vitest';
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import { readCsvLine, readNdjsonLine } from './columns.reference.ts';
import { CSV_HEADER, CSV_SAMPLES, NDJSON_SAMPLES } from './columns.samples.ts';
import { csv, readHeader } from './csv.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import { ndjson } from './ndjson.ts';
import { plainHash } from './plain.ts';

const TIME = Date.UTC(2026, 9, 9, 10);

const rowsOf = (text: string, options = {}) => readText(csv, text, { unwrap: false, ...options });
const readJson = (line: string, columns?: Record<string, string>) =>
  readEach(ndjson, [line], { unwrap: true, ...(columns === undefined ? {} : { columns }) })[0]!;
const row = (line: string, columns?: Record<string, string>) => readJson(line, columns).row;

describe('a CSV with a header', () => {
  it('is read by the usual names of its columns', () => {
    const { rows, ignored, unreadable } = rowsOf([CSV_HEADER, ...CSV_SAMPLES].join('\n'));
    expect([rows.length, ignored, unreadable]).toEqual([4, 1, 0]);
    expect(rows[0]).toMatchObject({
      kind: Kind.packet,
      outcome: Outcome.accepted,
      time: TIME + 250,
      source: '203.0.113.9',
      sourcePort: 50123,
      destination: '198.18.1.10',
      destinationPort: 443,
      protocol: 6,
    });
    expect(rows[1]).toMatchObject({ outcome: Outcome.denied, source: '2001:db8::9', time: TIME });
    expect(rows[2]).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      account: plainHash('o"brien, a'),
    });
    expect(rows[3]).toMatchObject({ protocol: 1, outcome: Outcome.blocked, time: TIME });
    expect(rows[3]?.source).toBeUndefined();
  });

  it('may be separated by semicolons, tabs or pipes, and name columns as people do', () => {
    for (const separator of [';', '\t', '|']) {
      const text = [
        '# Source IP,Dest Port,Destination Address,Event Time,Result',
        '203.0.113.9,22,198.18.1.10,1791540000,Failed',
      ]
        .join('\n')
        .replaceAll(',', separator);
      expect(rowsOf(text).rows[0]).toMatchObject({
        kind: Kind.login,
        source: '203.0.113.9',
        destination: '198.18.1.10',
        destinationPort: 22,
        outcome: Outcome.failed,
        time: TIME,
      });
    }
  });

  it('is read by a saved map, of names or, without a header, of numbers', () => {
    const columns = { source: 'who', destination: 'whom', time: 'when' };
    const named = rowsOf('when,whom,who,src\n1791540000,198.18.1.10,203.0.113.9,192.0.2.66', { columns });
    expect(named.rows[0]).toMatchObject({ source: '203.0.113.9', destination: '198.18.1.10', time: TIME });
    const numbers = { source: '3', destination: '2', time: '1' };
    const plain = rowsOf('1791540000;198.18.1.10;203.0.113.9;x', { columns: numbers });
    expect(plain.rows[0]).toMatchObject({ source: '203.0.113.9', destination: '198.18.1.10', time: TIME });
  });

  it('goes on in the middle of a file with the header that the block before it ended with', () => {
    const { rows } = rowsOf(CSV_SAMPLES[0]!, { header: CSV_HEADER });
    expect(rows[0]?.source).toBe('203.0.113.9');
    expect(
      rowsOf([CSV_HEADER, CSV_SAMPLES[0], CSV_HEADER, '# note', CSV_SAMPLES[1]].join('\n')),
    ).toMatchObject({
      ignored: 3,
      unreadable: 0,
    });
  });

  it('of which nothing is known is unreadable', () => {
    expect(rowsOf('a,b,c\n1,2,3')).toMatchObject({ rows: [], ignored: 0, unreadable: 2 });
    expect(readHeader('time,note')).toBeUndefined();
  });

  it('tells what kind of event a line is by the columns that are filled', () => {
    const header =
      'time,src,dst,dport,user,url,status,signature,bytes,duration,action,count,uid,x-forwarded-for,dir';
    const kinds = (line: string) => rowsOf(`${header}\n${line}`).rows[0];
    expect(kinds('1791540000,203.0.113.9,,,,/a?b=1,404,,12,0.25,,,,198.51.100.7,')).toMatchObject({
      kind: Kind.web,
      outcome: Outcome.answered,
      status: 404,
      size: 12,
      millis: 250,
      text: '/a?b=1',
      forwarded: '198.51.100.7',
    });
    expect(kinds('1791540000,203.0.113.9,198.18.1.10,80,,,,ET SCAN,,,allowed,3,,,')).toMatchObject({
      kind: Kind.alert,
      outcome: Outcome.unknown,
      content: Content.signature,
      repeat: 2,
    });
    expect(kinds('1791540000,203.0.113.9,198.18.1.10,80,staff,,,,900,3,close,,C1,,inbound')).toMatchObject({
      kind: Kind.flow,
      outcome: Outcome.established,
      direction: Direction.inbound,
      key: plainHash('C1'),
    });
    expect(kinds('1791540000,203.0.113.9,,,staff,,,,,,denied,,,,')).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
    });
  });

  it('is not believed where an unquoted comma in a name moves the columns', () => {
    const evil = '2026-10-09T10:00:00Z,203.0.113.9,50123,198.18.1.10,22,tcp,failed,x,192.0.2.66,note';
    expect(rowsOf(`${CSV_HEADER}\n${evil}`)).toMatchObject({ rows: [], unreadable: 1 });
    const quoted = '2026-10-09T10:00:00Z,203.0.113.9,1,198.18.1.10,22,tcp,failed,"x"",192.0.2.66,""",note';
    expect(rowsOf(`${CSV_HEADER}\n${quoted}`).rows[0]).toMatchObject({
      source: '203.0.113.9',
      account: plainHash('x",192.0.2.66,"'),
    });
  });
});

describe('an NDJSON line', () => {
  it('is read by the usual names, nested or not', () => {
    expect(row(NDJSON_SAMPLES[0]!)).toMatchObject({
      kind: Kind.packet,
      outcome: Outcome.accepted,
      time: TIME,
    });
    expect(row(NDJSON_SAMPLES[1]!)).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      source: '2001:db8::9',
      destinationPort: 22,
      account: plainHash('clerk'),
      time: TIME + 250,
    });
    expect(row(NDJSON_SAMPLES[2]!)).toMatchObject({
      kind: Kind.web,
      status: 200,
      millis: 1500,
      source: '203.0.113.9',
    });
    expect(row(NDJSON_SAMPLES[3]!)).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.succeeded,
      repeat: 1,
    });
  });

  it('is read by a saved map', () => {
    const columns = { source: 'peer.addr', account: 'who', time: 'at' };
    const line =
      '{"at":"2026-10-09T10:00:00Z","peer":{"addr":"203.0.113.9"},"who":"o\\u2019brien","src":"192.0.2.66"}';
    expect(row(line, columns)).toMatchObject({
      source: '203.0.113.9',
      time: TIME,
      account: plainHash('o\u00e2\u0080\u0099brien'),
    });
  });

  it('tells of nobody or is no object', () => {
    expect(readJson('{"a":1}').said).toBe('ignored');
    expect(readJson('{"source":"203.0.113.').said).toBe('unreadable');
    expect(readJson('[').said).toBe('ignored');
    expect(readJson('{"source":"203.0.113.9","source":"192.0.2.66"}').said).toBe('unreadable');
  });

  it('holds no field that a name inside it writes', () => {
    const line = JSON.stringify({ source: '203.0.113.9', user: '","source":"192.0.2.66', action: 'failed' });
    expect(row(line)).toMatchObject({ source: '203.0.113.9', account: plainHash('","source":"192.0.2.66') });
  });
});

describe('the byte readers of columns agree with the plain ones', () => {
  const csvOf = (lines: readonly string[]) => readEach(csv, lines, { header: CSV_HEADER, unwrap: false });
  const checkCsv = (line: string, { said, row }: OneLine = csvOf([line])[0]!) => {
    const plain = readCsvLine(CSV_HEADER, line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.web) expect(row.source).toEqual(plain.source);
    else expect(row).toEqual(plain);
  };
  const checkJson = (line: string, { said, row }: OneLine = readJson(line)) => {
    const plain = readNdjsonLine(line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.web)
      expect({ ...row, content: undefined }).toEqual({ ...plain, content: undefined });
    else expect(row).toEqual(plain);
  };

  it.each(CSV_SAMPLES)('on %s', (line) => checkCsv(line));
  it.each(NDJSON_SAMPLES)('on %s', (line) => checkJson(line));

  it('on damaged and hostile lines of CSV', () => {
    const mutator = new Mutator(16);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(CSV_SAMPLES) || '-');
    csvOf(lines).forEach((read, i) => {
      checkCsv(lines[i]!, read);
    });
  });

  it('on damaged and hostile JSON', () => {
    const mutator = new Mutator(17);
    const lines = Array.from({ length: 5_000 }, () => mutator.line(NDJSON_SAMPLES).replace(/[\s,\]]+$/, ''));
    readEach(ndjson, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      // Escapes are undone in accounts only, so lines that have them are counted, not compared.
      if (line.startsWith('{') && !line.includes('\\')) checkJson(line, read);
    });
  });
});
