/** Messages that were delivered unchecked, and the judge that comes back. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToldRecheck } from '@bellwether/api';
import type { Arrival, Judged, MailDecision } from '@bellwether/mail';
import { beforeEach, expect, it } from 'vitest';
import { Unchecked } from './unchecked.ts';

let folder: string;
let told: { readonly id: string; readonly telling: Omit<ToldRecheck, 'id'> }[];
let troubles: string[];
let judge: (arrival: Arrival) => Promise<Judged | null>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unchecked-'));
  told = [];
  troubles = [];
  return () => rmSync(folder, { recursive: true });
});

const arrival = (text: string): Arrival => ({
  ...{ bytes: Buffer.from(text), hook: 'milter', office: '29001', at: 1 },
  envelope: {
    client: '192.0.2.1',
    helo: 'a.example',
    from: 'a@b.example',
    to: ['clerk@adair.example'],
    account: null,
  },
});

const judged = (decision: MailDecision): Judged => {
  const reasons = [{ code: 'x', text: 'It asks for a password.', points: 3 }];
  const auth = { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' } as const;
  const judgement = { decision, score: 1, reasons, campaign: null, prints: ['link:a'], auth };
  return { judgement } as unknown as Judged;
};

function open(): Unchecked {
  return new Unchecked({
    ...{ folder, every: 5, judge: (one: Arrival) => judge(one), told: (what) => troubles.push(what) },
    tell: (telling, id) => told.push({ id, telling }),
  });
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
}

it('are judged as they came when that is possible again, over an end of the program, and told once', async () => {
  judge = async () => null;
  const before = open();
  for (const text of ['good', 'lure']) before.keep(arrival(text));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await before.close();
  expect([told, readdirSync(folder).length]).toEqual([[], 2]);
  const seen: Arrival[] = [];
  judge = async (one) => {
    seen.push(one);
    return judged(Buffer.from(one.bytes).toString() === 'lure' ? 'hold' : 'deliver');
  };
  const after = open();
  await until(() => told.length === 2);
  await after.close();
  expect(seen.map((one) => ({ ...one, bytes: Buffer.from(one.bytes) }))).toEqual(
    expect.arrayContaining(['good', 'lure'].map((text) => expect.objectContaining(arrival(text)))),
  );
  const byOutcome = Object.fromEntries(told.map(({ telling }) => [telling.outcome, telling]));
  expect(byOutcome.hold).toMatchObject({ office: '29001', hook: 'milter', prints: ['link:a'] });
  expect(Buffer.from(byOutcome.hold!.message!, 'base64').toString()).toBe('lure');
  expect(byOutcome.deliver!.message).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

it('wait however long nothing can be judged; one that fails while others do not should not lie in a mailbox', async () => {
  let isUp = false;
  let asked = 0;
  judge = async ({ bytes }) => {
    asked++;
    return isUp && Buffer.from(bytes).toString() !== 'bad' ? judged('deliver') : null;
  };
  const unchecked = open();
  unchecked.keep(arrival('bad'));
  await until(() => asked > 10);
  expect(told).toEqual([]);
  isUp = true;
  const timer = setInterval(() => unchecked.worked(), 1);
  await until(() => told.length === 1);
  clearInterval(timer);
  await unchecked.close();
  expect(told[0]!.telling).toMatchObject({ outcome: 'hold', reasons: [{ code: 'unread' }] });
});

it('are counted as tried before they are judged, so that one that ends the program is not judged for ever', async () => {
  for (let times = 0; times < 3; times++) {
    let began = (): void => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    // Never comes back: as when the program is killed meanwhile.
    judge = () => {
      began();
      return new Promise(() => {});
    };
    const unchecked = open();
    if (times === 0) unchecked.keep(arrival('killer'));
    await begun;
  }
  judge = async () => judged('deliver');
  const last = open();
  await until(() => told.length === 1);
  await last.close();
  expect(told[0]!.telling).toMatchObject({ outcome: 'hold' });
});

it('are told of where they are too large, or the folder is gone', async () => {
  judge = async () => null;
  const unchecked = open();
  unchecked.keep({ ...arrival(''), bytes: new Uint8Array(10_485_761) });
  rmSync(folder, { recursive: true });
  unchecked.keep(arrival('x'));
  await unchecked.close();
  expect(troubles).toHaveLength(2);
  folder = mkdtempSync(join(tmpdir(), 'unchecked-'));
});
