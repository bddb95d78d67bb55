import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arrival, MailReason } from '@bellwether/mail';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GateGround, mailGate, PUT_OFF_FOR } from './gate.ts';
import { GateJournal } from './journal.ts';

let folder: string;
let clock: number;
let counts: Record<string, number>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-'));
  clock = 1_700_000_000_000;
  counts = {};
});

afterEach(() => rmSync(folder, { recursive: true }));

const ARRIVAL: Arrival = {
  bytes: new TextEncoder().encode('Subject: hello\r\n\r\nHello.\r\n'),
  envelope: { client: null, helo: '', from: 'a@b.example', to: ['c@d.example'], account: null },
  hook: 'milter',
  office: 'state',
  at: 0,
};
const REASON = { text: 'This address is known to be bad.', points: 9 } as MailReason;

function gate(change: Partial<GateGround> = {}) {
  return mailGate({
    judge: async () => ({ decision: 'deliver', reasons: [] }),
    knownBad: async () => [],
    journal: new GateJournal(folder, clock),
    account: {
      count: (outcome) => {
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      },
    },
    now: () => clock,
    after: () => () => {},
    failed: () => {},
    ...change,
  });
}

const never = () => new Promise<never>(() => {});

test('what the judge decides is the verdict, and nothing stays in the journal', async () => {
  const verdict = await gate({ judge: async () => ({ decision: 'banner', reasons: [REASON] }) }).take(
    ARRIVAL,
  );
  expect(verdict).toMatchObject({ decision: 'banner', putOff: false, reasons: [REASON] });
  expect(counts).toEqual({ banner: 1 });
  expect(readdirSync(folder)).toEqual([]);
});

test('a message that is not judged in time was not checked', async () => {
  const verdict = await gate({
    judge: never,
    after: (_ms, then) => {
      then();
      return () => {};
    },
  }).take(ARRIVAL);
  expect(verdict).toMatchObject({ decision: 'unchecked', putOff: true });
});

test('mail is put off for two minutes, also over a new start, and then delivered as not checked', async () => {
  const judge = () => {
    throw new Error('down');
  };
  expect(await gate({ judge }).take(ARRIVAL)).toMatchObject({ decision: 'unchecked', putOff: true });
  clock += PUT_OFF_FOR - 1;
  expect(await gate({ judge }).take(ARRIVAL)).toMatchObject({ putOff: true });
  clock += 1;
  expect(await gate({ judge }).take(ARRIVAL)).toMatchObject({ decision: 'unchecked', putOff: false });
  expect(counts).toEqual({ 'put-off': 2, unchecked: 1 });
});

test('what is known to be bad is held while the judge is down', async () => {
  const verdict = await gate({ judge: async () => null, knownBad: async () => [REASON] }).take(ARRIVAL);
  expect(verdict).toMatchObject({ decision: 'hold', putOff: false, reasons: [REASON] });
});

test('a message that ended the program twice is held, and not judged again', async () => {
  for (let crash = 0; crash < 2; crash += 1) void gate({ judge: never }).take(ARRIVAL);
  let judged = 0;
  const verdict = await gate({
    judge: async () => {
      judged += 1;
      return { decision: 'deliver', reasons: [] };
    },
  }).take(ARRIVAL);
  expect(verdict.decision).toBe('hold');
  expect(judged).toBe(0);
});

test('one crash is forgiven, and forgotten when the message was judged', async () => {
  void gate({ judge: never }).take(ARRIVAL);
  expect((await gate().take(ARRIVAL)).decision).toBe('deliver');
  void gate({ judge: never }).take(ARRIVAL);
  expect((await gate().take(ARRIVAL)).decision).toBe('deliver');
});

test('the same message over many connections at once is no crash', async () => {
  const one = gate();
  const verdicts = await Promise.all([one.take(ARRIVAL), one.take(ARRIVAL), one.take(ARRIVAL)]);
  expect(verdicts.map(({ decision }) => decision)).toEqual(['deliver', 'deliver', 'deliver']);
});

test('an entry that was cut off while it was written counts as running', () => {
  writeFileSync(join(folder, 'a'.repeat(64)), '{"cra');
  expect(new GateJournal(folder, clock).crashesOf('a'.repeat(64))).toBe(1);
});

test('a journal that cannot be written stops no mail, and is told', async () => {
  const journal = new GateJournal(join(folder, 'gone'), clock);
  rmSync(join(folder, 'gone'), { recursive: true });
  const told: unknown[] = [];
  const verdict = await gate({ journal, failed: (cause) => told.push(cause) }).take(ARRIVAL);
  expect(verdict.decision).toBe('deliver');
  expect(told).toHaveLength(1);
});
