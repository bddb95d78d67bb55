import { describe, expect, test } from 'vitest';
import { Content, Kind, Outcome } from '../contact.ts';
import { readAccess } from './access.reference.ts';
import { ACCESS_SAMPLES, ERROR_SAMPLES } from './access.samples.ts';
import { apache } from './apache.ts';
import { Clock, UTC, zoneNamed } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import { nginx } from './nginx.ts';
import { type PlainLine, plainHash } from './plain.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });
const SAMPLES = [...ACCESS_SAMPLES, ...ERROR_SAMPLES];

function reference(line: string): PlainLine {
  if (line === '') return { line: 'ignored' };
  const header = readPlainEnvelope(line, CLOCK);
  if (header.repeatsLast) return { line: 'ignored' };
  const said = readAccess(header.message, header, CLOCK);
  if ('line' in said || header.repeated < 2) return said;
  return { ...said, repeat: Math.min(65_535, header.repeated - 1) };
}

function agrees(line: string, read: OneLine): void {
  const said = reference(line);
  if ('line' in said) expect(read.said, line).toBe(said.line);
  else expect(read.row, line).toEqual(said);
}

function one(line: string): OneLine {
  return readEach(nginx, [line], { unwrap: true })[0]!;
}

describe('a line of an access or error log', () => {
  test('is read as the reference reads it', () => {
    readEach(nginx, SAMPLES, { unwrap: true }).forEach((read, i) => {
      agrees(SAMPLES[i]!, read);
    });
  });

  test('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(11);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(SAMPLES));
    readEach(nginx, lines, { unwrap: true }).forEach((read, i) => {
      agrees(lines[i]!, read);
    });
  });

  test('names client, time in its zone, status, size and what was asked for', () => {
    const { row, text } = one(ACCESS_SAMPLES[0]!);
    expect(row).toEqual({
      kind: Kind.web,
      outcome: Outcome.answered,
      time: Date.UTC(2026, 9, 10, 3, 33, 20),
      source: '203.0.113.9',
      protocol: 6,
      status: 200,
      size: 5120,
    });
    expect(text).toBe('/results/2024');
  });

  test('with a user is a login only where 401 proves that it failed', () => {
    const [failed, other] = readEach(nginx, ACCESS_SAMPLES.slice(2, 4));
    expect(failed!.row).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      account: plainHash('frank'),
    });
    expect(failed!.text).toBe('frank');
    expect(other!.row).toMatchObject({
      kind: Kind.web,
      outcome: Outcome.answered,
      account: plainHash('frank'),
    });
    expect(one(ACCESS_SAMPLES[11]!).row).toMatchObject({ kind: Kind.web, status: 401 });
  });

  test('behind a virtual host has the client second and the port of the host', () => {
    expect(one(ACCESS_SAMPLES[4]!).row).toMatchObject({ source: '203.0.113.9', destinationPort: 443 });
    expect(one(ACCESS_SAMPLES[5]!).row).toMatchObject({
      source: '203.0.113.9',
      content: Content.probePath | Content.secretPath,
    });
    expect(one(ACCESS_SAMPLES[10]!).row).toMatchObject({ source: '203.0.113.9' });
  });

  test('with a name for a client has no source', () => {
    expect(one(ACCESS_SAMPLES[9]!).row).not.toHaveProperty('source');
  });

  test('that is no HTTP is malformed, and counted all the same', () => {
    for (const line of ACCESS_SAMPLES.slice(12, 16)) {
      expect(one(line).row!.content! & Content.malformed, line).toBe(Content.malformed);
    }
  });

  test('behind a proxy points at the forwarding header', () => {
    expect(one(ACCESS_SAMPLES[21]!).row).toMatchObject({ forwarded: '203.0.113.9, 198.51.100.4' });
    expect(one(ACCESS_SAMPLES[22]!).row).toMatchObject({ forwarded: '2001:db8::9', millis: 1204 });
    expect(one(ACCESS_SAMPLES[23]!).row).toMatchObject({ millis: 3 });
    expect(one(ACCESS_SAMPLES[24]!).row).toMatchObject({ millis: 17 });
  });

  test('of an error log is dated by the clock of the sensor', () => {
    const zone = zoneNamed('America/Chicago')!;
    const read = readText(nginx, ERROR_SAMPLES[2]!, { zone, unwrap: true });
    expect(read.rows[0]).toMatchObject({
      time: Date.UTC(2026, 9, 10, 3, 33, 20),
      outcome: Outcome.denied,
      content: Content.probePath | Content.secretPath,
      text: '/.env',
    });
  });

  test('of an error log that refuses a login names account and whether it exists', () => {
    expect(one(ERROR_SAMPLES[0]!).row).toMatchObject({ account: plainHash('frank'), invalidAccount: true });
    expect(one(ERROR_SAMPLES[1]!).row).not.toHaveProperty('invalidAccount');
    expect(one(ERROR_SAMPLES[8]!).row).toMatchObject({ sourcePort: 50229, invalidAccount: true });
    expect(one(ERROR_SAMPLES[9]!).row).toMatchObject({
      account: plainHash('frank'),
      outcome: Outcome.failed,
    });
    expect(one(ERROR_SAMPLES[11]!).row).toMatchObject({ outcome: Outcome.denied });
  });
});

describe('nothing that a client sends names another client', () => {
  const LURE = '192.0.2.66';
  const lures = [
    `x [09/Oct/2026:22:33:20 +0000] \\x22GET / HTTP/1.1\\x22 200 1`,
    `- ${LURE} - - [09/Oct/2026:22:33:20 +0000] \\"GET / HTTP/1.1\\" 200 1`,
    `${LURE} - - [09/Oct/2026:22:33:20 +0000]`,
    `\\\\\\" ${LURE} - -`,
    `, client: ${LURE}, server: _, request: \\"GET / HTTP/1.1\\"`,
  ];

  test.each(lures)('user, target, referer, agent and what is behind, holding %s', (lure) => {
    const lines = [
      `203.0.113.9 - ${lure} [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 401 1 "-" "-"`,
      `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /${lure} HTTP/1.1" 200 1 "-" "-"`,
      `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "${lure}" 400 1 "-" "-"`,
      `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 1 "${lure}" "-"`,
      `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 1 "-" "${lure}"`,
      `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 1 "-" "-" "${lure}"`,
      `vote.example.gov:443 203.0.113.9 - ${lure} [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 401 1 "-" "-"`,
    ];
    for (const read of readEach(nginx, lines)) {
      expect(read.row?.source).toBe('203.0.113.9');
      expect(read.row?.time).toBe(Date.UTC(2026, 9, 9, 22, 33, 20));
    }
  });

  test('a quote in a user, escaped, hides no line', () => {
    const line = '203.0.113.9 - a\\"b [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 401 1 "-" "-"';
    expect(one(line).row).toMatchObject({ kind: Kind.login, account: plainHash('a\\"b') });
  });

  test('an error line in which somebody wrote another client is not read', () => {
    const victim = `client: ${LURE}, server: _, request: "GET / HTTP/1.1", host: "x"`;
    const lines = [
      `2026/10/09 22:33:20 [error] 1#1: *7 user "x" was not found in "/x", ${victim}" was not found in "/etc/x", client: 203.0.113.9, server: _, request: "GET / HTTP/1.1", host: "x"`,
      `2026/10/09 22:33:20 [error] 1#1: *7 access forbidden by rule, client: 203.0.113.9, server: _, request: "GET / HTTP/1.1", host: "x", referrer: "x, ${victim}"`,
    ];
    for (const read of readEach(nginx, lines)) expect(read.said).toBe('ignored');
    const apacheLine = `[Fri Oct 09 22:33:20.880562 2026] [auth_basic:error] [pid 10:tid 14] [client 203.0.113.9:50229] AH01618: user x not found: / [client ${LURE}:1] user y not found: /`;
    expect(readEach(apache, [apacheLine])[0]!.row?.source).toBe('203.0.113.9');
  });
});

describe('the formats', () => {
  test('know their lines', () => {
    expect(nginx.sniff(ACCESS_SAMPLES[0]!, '')).toBe(2);
    expect(apache.sniff(ACCESS_SAMPLES[0]!, '')).toBe(1);
    expect(apache.sniff(ACCESS_SAMPLES[4]!, '')).toBe(2);
    for (const line of ERROR_SAMPLES.slice(0, 8))
      expect([nginx.sniff(line, ''), apache.sniff(line, '')]).toEqual([2, 0]);
    for (const line of ERROR_SAMPLES.slice(8))
      expect([nginx.sniff(line, ''), apache.sniff(line, '')]).toEqual([0, 2]);
    expect(nginx.sniff('Oct  9 22:33:20 fw1 kernel: IN=eth0 OUT= SRC=192.0.2.1', '')).toBe(0);
  });
});
