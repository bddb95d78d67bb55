import { describe, expect, it } from 'vitest';
import { Kind, Outcome } from '../contact.ts';
import { readEntraSignin } from './entra-signin.reference.ts';
import { ANALYTICS, ENTRA_SAMPLES, graph, monitor } from './entra-signin.samples.ts';
import { entraSignin } from './entra-signin.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { plainHash } from './plain.ts';

const FAILED = {
  kind: Kind.login,
  outcome: Outcome.failed,
  time: Date.UTC(2026, 9, 9, 10, 0, 0, 250),
  source: '203.0.113.9',
  destinationPort: 443,
  protocol: 6,
  account: plainHash('clerk@vote.example.gov'),
};

const readOne = (line: string): OneLine => readEach(entraSignin, [line], { unwrap: true })[0]!;
const row = (line: string) => readOne(line).row;

describe('an Entra ID sign-in', () => {
  it('is read alike from Azure Monitor, Graph and Log Analytics', () => {
    for (const line of [monitor(), graph(), ANALYTICS, `[${graph()},`])
      expect(row(line), line).toEqual(FAILED);
    expect(row(monitor({ address: '2001:db8::9' }))?.source).toBe('2001:db8::9');
  });

  it('says what its error code proves, and no more', () => {
    const outcome = (code: number) => row(graph({ code }))?.outcome;
    expect(outcome(0)).toBe(Outcome.succeeded);
    for (const code of [50126, 50053, 50034, 50057, 500121])
      expect(outcome(code), String(code)).toBe(Outcome.failed);
    for (const code of [50074, 50076, 50079, 50055, 65001, 700082])
      expect(outcome(code)).toBe(Outcome.unknown);
    expect(outcome(53003)).toBe(Outcome.blocked);
    expect(row(graph({ code: 50034 }))?.invalidAccount).toBe(true);
  });

  it('shares a key with the next steps after a right password only', () => {
    const keys = [50076, 500121, 0].map((code) => row(monitor({ code }))?.key);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBeDefined();
    expect(row(monitor({ code: 50126 }))?.key).toBeUndefined();
    expect(row(monitor({ code: 0, user: 'other@vote.example.gov' }))?.key).not.toBe(keys[0]);
    expect(row(monitor({ code: 0, address: '203.0.113.10' }))?.key).not.toBe(keys[0]);
  });

  it('is told from the other categories of a tenant', () => {
    expect(readOne(monitor({ category: 'AuditLogs' })).said).toBe('ignored');
    expect(readOne(monitor({ category: 'NonInteractiveUserSignInLogs' })).said).toBe('row');
    expect(readOne('{"a":1}').said).toBe('unreadable');
    expect(readOne(monitor().slice(0, 90)).said).toBe('unreadable');
    expect(readOne(']').said).toBe('ignored');
  });
});

describe('what an attacker writes into an Entra ID sign-in names nobody else', () => {
  it('as user name', () => {
    const user = '","ipAddress":"192.0.2.66","status":{"errorCode":0},"x":"';
    for (const line of [monitor({ user }), graph({ user })])
      expect(row(line)).toMatchObject({ ...FAILED, account: plainHash(user) });
  });

  it('and a line that gives an address twice in one place is not believed', () => {
    expect(readOne(graph().replace('{', '{"ipAddress":"192.0.2.66",')).said).toBe('unreadable');
  });
});

describe('the byte reader of Entra ID sign-ins agrees with the plain one', () => {
  const check = (line: string, { said, row }: OneLine = readOne(line)) => {
    const plain = readEntraSignin(line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else expect(row).toEqual(plain);
  };

  it.each(ENTRA_SAMPLES)('on %s', (line) => check(line));

  it('on damaged and hostile lines', () => {
    const mutator = new Mutator(15);
    const lines = Array.from({ length: 10_000 }, () => mutator.line(ENTRA_SAMPLES).replace(/[\s,\]]+$/, ''));
    readEach(entraSignin, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      // Escapes are undone in accounts only, so lines that have them elsewhere are counted, not compared.
      if (line.startsWith('{') && !line.replace('\\u2019', '').includes('\\')) check(line, read);
    });
  });
});
