import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind, Outcome } from '../contact.ts';
import { damaged, readOne } from './differential.ts';
import { readEntraSignin } from './entra-signin.reference.ts';
import { entraSignin } from './entra-signin.ts';
import { plainHash } from './plain.ts';

type Change = { code?: number; user?: string; address?: string; correlation?: string; category?: string };

function monitor({ code = 50126, user, address, correlation, category }: Change = {}): string {
  return JSON.stringify({
    time: '2026-10-09T10:00:01.1Z',
    category: category ?? 'SignInLogs',
    resultType: String(code),
    callerIpAddress: address ?? '203.0.113.9',
    correlationId: correlation ?? '5d1de060-aaaa',
    properties: {
      createdDateTime: '2026-10-09T10:00:00.250Z',
      userDisplayName: 'A Clerk',
      userPrincipalName: user ?? 'clerk@vote.example.gov',
      ipAddress: address ?? '203.0.113.9',
      status: { errorCode: code, failureReason: 'Invalid username or password.' },
      deviceDetail: { browser: 'Chrome 141.0.0' },
    },
  });
}

function graph({ code = 50126, user, address, correlation }: Change = {}): string {
  return JSON.stringify({
    id: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
    createdDateTime: '2026-10-09T10:00:00.250Z',
    userPrincipalName: user ?? 'clerk@vote.example.gov',
    ipAddress: address ?? '203.0.113.9',
    correlationId: correlation ?? '5d1de060-aaaa',
    isInteractive: true,
    status: { errorCode: code, additionalDetails: null },
  });
}

const ANALYTICS = JSON.stringify({
  TimeGenerated: '2026-10-09T10:00:00.250Z',
  Category: 'SignInLogs',
  IPAddress: '203.0.113.9',
  UserPrincipalName: 'clerk@vote.example.gov',
  ResultType: '50126',
  CorrelationId: '5d1de060-aaaa',
});

const SAMPLES = [
  monitor(),
  monitor({ code: 0, user: 'o\\u2019brien@vote.example.gov', address: '2001:db8::9' }).replace(
    '\\\\u',
    '\\u',
  ),
  monitor({ category: 'AuditLogs' }),
  graph({ code: 50076 }),
  graph({ code: 50034 }),
  ANALYTICS,
];
const FAILED = {
  kind: Kind.login,
  outcome: Outcome.failed,
  time: Date.UTC(2026, 9, 9, 10, 0, 0, 250),
  source: '203.0.113.9',
  destinationPort: 443,
  protocol: 6,
  account: plainHash('clerk@vote.example.gov'),
};

const row = (line: string) => readOne(entraSignin, line).row;

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
    expect(readOne(entraSignin, monitor({ category: 'AuditLogs' })).said).toBe('ignored');
    expect(readOne(entraSignin, monitor({ category: 'NonInteractiveUserSignInLogs' })).said).toBe('row');
    expect(readOne(entraSignin, '{"a":1}').said).toBe('unreadable');
    expect(readOne(entraSignin, monitor().slice(0, 90)).said).toBe('unreadable');
    expect(readOne(entraSignin, ']').said).toBe('ignored');
  });
});

describe('what an attacker writes into an Entra ID sign-in names nobody else', () => {
  it('as user name', () => {
    const user = '","ipAddress":"192.0.2.66","status":{"errorCode":0},"x":"';
    for (const line of [monitor({ user }), graph({ user })])
      expect(row(line)).toMatchObject({ ...FAILED, account: plainHash(user) });
  });

  it('and a line that gives an address twice in one place is not believed', () => {
    expect(readOne(entraSignin, graph().replace('{', '{"ipAddress":"192.0.2.66",')).said).toBe('unreadable');
  });
});

describe('the byte reader of Entra ID sign-ins agrees with the plain one', () => {
  const check = (line: string) => {
    const plain = readEntraSignin(line);
    const { said, row } = readOne(entraSignin, line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else expect(row).toEqual(plain);
  };

  it.each(SAMPLES)('on %s', check);

  it('on damaged and hostile lines', () => {
    fc.assert(
      fc.property(damaged(SAMPLES), (line) => {
        if (line.startsWith('{')) check(line.replace(/[\s,\]]+$/, ''));
        readOne(entraSignin, line);
      }),
      { numRuns: 1500 },
    );
  });
});
