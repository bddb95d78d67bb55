import { describe, expect, it } from 'vitest';
import type { Account } from './account.ts';
import { accountText, type Telling } from './account-text.ts';
import type { FilePlan } from './plan.ts';
import { ProgressLine, progressText } from './progress.ts';
import { harmless, paragraph, WIDTH } from './text-layout.ts';

const ACCOUNT: Account = {
  schema: 'bellwether/account@1',
  from: '2026-10-07T00:00:00.000Z',
  to: '2026-10-07T23:59:59.000Z',
  lines: 1_000_000,
  repeated: 21,
  unreadable: 0,
  ignored: 600,
  detail: 100,
  contacts: 999_321,
  knocks: 999_321,
  dispositions: {
    refused: 999_000,
    blocked: 0,
    served: 309,
    authorised: 0,
    test: 0,
    reply: 0,
    through: 0,
    unsettled: 12,
  },
  balanced: true,
  lostAtSensor: 0,
  sources: 162_125,
  verdicts: { unknown: 162_000, scan: 120, attempt: 5, intrusion: 0 },
  campaigns: 3,
  surges: [],
  decisions: 40,
  wrongBlocks: { tested: 500, bound: 0.3, nominal: 0, model: {} },
  through: [],
  surface: 'ab'.repeat(32),
  files: [{ path: 'netfilter.log', format: 'netfilter', lines: 1_000_000, unreadable: 0 }],
  rules: { denied: 999_000, 'served-public': 309, 'not-told': 12 },
  outbound: 0,
  contradictions: 0,
  replayed: 0,
  limits: {},
  folded: 0,
  withheld: {},
  foreignHeaders: 0,
  throughUnlisted: 0,
};

const PLAN: FilePlan = {
  info: { path: 'netfilter.log', format: 'netfilter', sensor: 'fw1', sensorIndex: 0 },
  unwrap: true,
  window: { year: 2026, firstMonth: 10, lastMonth: 10 },
  yearGuessed: false,
  zone: 'UTC',
  zoneAssumed: false,
  notBefore: Number.NEGATIVE_INFINITY,
  header: '',
  columns: undefined,
};

function told(account: Partial<Account> = {}, telling: Partial<Telling> = {}): string {
  const all = { plans: [PLAN], complete: true, decisionsFile: 'd', ...telling };
  return accountText({ account: { ...ACCOUNT, ...account }, ...all });
}

/** The text as one line: where it is wrapped does not matter. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

const through = (n: number): Account['through'] =>
  Array.from({ length: n }, (_, i) => ({
    time: '2026-10-07T12:00:00.000Z',
    source: `203.0.113.${i}`,
    destination: '198.18.0.9',
    port: 22,
    reason: 'login-stranger',
    sensor: 'fw1',
    file: 'auth.log',
    line: i + 1,
  }));

describe('the account in words', () => {
  it('says in its first sentence that every contact is accounted for, where the sensors are complete', () => {
    expect(flat(told())).toMatch(
      /^1,000,000 lines, 999,321 contacts from 162,125 sources on 1 sensor; every one is accounted for\. None detected getting through; 12 still being looked at\./,
    );
  });

  it.each([
    ['a sensor is not stated to be complete', {}, { complete: false }],
    ['a sensor has lost something', { lostAtSensor: 5 as const }, {}],
    ['nobody knows what a sensor has lost', { lostAtSensor: 'unknown' as const }, {}],
    ['a line could not be read', { unreadable: 1, ignored: 599 }, {}],
    ['a file ended early', { files: [{ ...ACCOUNT.files[0]!, stopped: 'WATCH_ARCHIVE_DAMAGED' }] }, {}],
  ])('speaks of lines only, where %s', (_, account, telling) => {
    expect(flat(told(account, telling))).toContain('; every line is accounted for.');
    expect(flat(told(account, telling))).not.toContain('every one is accounted for');
  });

  it('never says that nothing got through without saying that what is missed has not been measured', () => {
    expect(flat(told())).toContain(
      'None detected getting through; 12 still being looked at. No drill has measured yet',
    );
  });

  it('does not speak of what got through where nothing was seen', () => {
    const none = {
      refused: 0,
      blocked: 0,
      served: 0,
      authorised: 0,
      test: 0,
      reply: 0,
      through: 0,
      unsettled: 0,
    };

    expect(told({ contacts: 0, dispositions: none })).toContain('No line told of a contact.');
    expect(told({ contacts: 0, dispositions: none })).not.toContain('getting through');
  });

  it('shouts where the account does not balance', () => {
    expect(told({ balanced: false })).toContain('THE ACCOUNT DOES NOT BALANCE');
  });

  it('writes the balance out, so that a person can add it up', () => {
    expect(flat(told())).toContain(
      '1,000,000 lines + 21 further contacts that single lines tell ("message repeated 5 times") = 0 unreadable + 600 ignored: understood, and no contact + 100 detail: more about a contact already counted + 999,321 contacts 999,321 contacts = 999,000 + 309 + 12',
    );
  });

  it('lists what came through, twenty at most, with file and line', () => {
    const dispositions = { ...ACCOUNT.dispositions, served: 284, through: 25 };
    const text = flat(told({ through: through(25), dispositions }));

    expect(text).toContain('25 were detected getting through');
    expect(text).toContain('203.0.113.0 -> 198.18.0.9 port 22: login-stranger, auth.log line 1 ');
    expect(text).toContain('line 20 and 5 more');
    expect(text).not.toContain('line 21');
  });

  it('names no error rate for evidence that has none', () => {
    const text = flat(told({ wrongBlocks: { tested: 500, bound: null, nominal: 0.01, model: {} } }));

    expect(text).toContain('has no error rate');
    expect(text).not.toContain('At most');
  });

  it('says what to do next: a surface, a zone, a year, the file that could not be read, saving the decisions', () => {
    const plans = [{ ...PLAN, zoneAssumed: true, yearGuessed: true }];
    const files = [{ ...ACCOUNT.files[0]!, unreadable: 900_000 }];
    const text = flat(told({ surface: null, files }, { plans, decisionsFile: undefined }));

    for (const hint of [
      'bellwether surface suggest netfilter.log',
      '--tz',
      '--year',
      '--format',
      '--decisions',
    ]) {
      expect(text).toContain(hint);
    }
    expect(told()).not.toContain('What to do next');
  });

  it('fits 80 columns, whatever the figures', () => {
    const surges = [{ service: 'voter-portal', from: ACCOUNT.from, until: ACCOUNT.to, sources: 123_456 }];
    const dispositions = { ...ACCOUNT.dispositions, served: 284, through: 25 };
    const withheld = { 'forgeable evidence against a recent visitor': 12_345 };
    const files = Array.from({ length: 30 }, (_, i) => ({
      ...ACCOUNT.files[0]!,
      path: `/var/log/${'deep/'.repeat(20)}fw${i}.log`,
    }));
    const text = told(
      { through: through(25), dispositions, surges, withheld, files, folded: 7, knocks: 9 },
      { complete: false },
    );

    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(WIDTH);
  });

  it('shows nothing from a log that would steer a terminal', () => {
    const evil = [{ ...through(1)[0]!, source: '1.2.3.4\u001b[2J', destination: 'a\u202eb' }];
    const dispositions = { ...ACCOUNT.dispositions, served: 308, through: 1 };
    const text = told({ through: evil, dispositions });

    expect(text).toContain('1.2.3.4?[2J -> a?b');
    expect(harmless('\u0007\u009b31m\r\n')).toBe('??31m??');
  });
});

describe('a paragraph', () => {
  it('breaks between words, and leaves a longer word whole', () => {
    const long = 'x'.repeat(100);

    expect(paragraph(`a ${long} b`, 2)).toEqual(['  a', `  ${long}`, '  b']);
  });
});

describe('the line of progress', () => {
  it('tells how much is done, how fast, and how long it takes', () => {
    expect(progressText({ bytes: 500e6, lines: 2_000_000 }, 2e9, 4)).toBe(
      '25 %  500 MB of 2.0 GB  2,000,000 lines  500,000 lines/s  12 s left',
    );
    expect(progressText({ bytes: 500e6, lines: 2_000_000 }, 0, 4)).toBe(
      '500 MB  2,000,000 lines  500,000 lines/s',
    );
    expect(progressText({ bytes: 1e6, lines: 10 }, 1e9, 10)).toContain('2 h 46 min left');
  });

  it('is written on a terminal five times a second at most, and taken away at the end', () => {
    const written: string[] = [];
    let now = 0;
    const line = new ProgressLine(
      { isTTY: true, columns: 40, write: (text) => written.push(text) },
      100,
      () => now,
    );
    for (; now < 1400; now += 10) line.show({ bytes: 10, lines: 1 });
    line.clear();

    expect(written.length).toBe(6);
    expect(written[0]!.length).toBeLessThanOrEqual(4 + 39);
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('is not written where there is no terminal, nor for what is done at once', () => {
    const written: string[] = [];
    let now = 0;
    const none = new ProgressLine({ write: (text) => written.push(text) }, 100, () => now);
    const quick = new ProgressLine({ isTTY: true, write: (text) => written.push(text) }, 100, () => now);
    for (; now < 350; now += 10) for (const line of [none, quick]) line.show({ bytes: 10, lines: 1 });
    none.clear();
    quick.clear();

    expect(written).toEqual([]);
  });
});
