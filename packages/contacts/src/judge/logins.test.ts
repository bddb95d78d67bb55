import { describe, expect, it } from 'vitest';
import {
  DAY,
  fileOf,
  HOUR,
  judge,
  login,
  MINUTE,
  OFFICE,
  packet,
  type Row,
  SECOND,
  times,
  web,
} from './rows.fixture.ts';

const shell = { files: [fileOf('shell')] };
const GUESSER = '203.0.113.5';

/** Likelihood that the source's verdict states. */
function likelihoodOf(rows: readonly Row[], source = GUESSER): number | undefined {
  return judge(rows, shell).verdicts.find((verdict) => verdict.source === source)?.likelihood;
}

/** As sshd tells one wrong password of a name that does not exist: three lines with one key. */
function threeLines(from: string, account: string, key: string): Row[] {
  const about: Row = { kind: 'login', from, account, key, port: 22 };
  return [
    { ...about, outcome: 'failed', flags: ['invalidAccount', 'hint'] },
    { ...about, outcome: 'failed', flags: ['invalidAccount'] },
    { ...about, outcome: 'failed', flags: ['hint'] },
  ];
}

describe('an attempt to sign in', () => {
  it('is one contact and one piece of evidence, by however many lines it is told', () => {
    const told = times(7, (k) => threeLines(GUESSER, `user${k}`, `pid ${k}`));
    const inThree = judge(told.flat(), shell);

    expect(inThree.account).toMatchObject({ contacts: 7, detail: 14, rules: { 'login-failed': 7 } });
    expect(inThree.verdicts[0]!.likelihood).toBe(
      likelihoodOf(times(7, (k) => login('failed', GUESSER, `user${k}`))),
    );
  });

  it('counts if only a hint tells it', () => {
    const hints = times(7, (k): Row => threeLines(GUESSER, `user${k}`, `pid ${k}`)[0]!);

    expect(likelihoodOf(hints)).toBe(likelihoodOf(times(7, (k) => login('failed', GUESSER, `user${k}`))));
  });

  it('counts each password, where one connection tries several', () => {
    const lines = times(7, (): Row => ({ ...login('failed', GUESSER, 'root'), key: 'pid 1' }));

    expect(judge(lines, shell).account).toMatchObject({ contacts: 1, detail: 6 });
    expect(likelihoodOf(lines)).toBe(likelihoodOf(times(7, () => login('failed', GUESSER, 'root'))));
  });

  it('counts each repetition that a line tells', () => {
    const repeated: Row = { ...login('failed', GUESSER, 'root'), repeat: 6 };

    expect(judge([repeated], shell).account).toMatchObject({ contacts: 7, rules: { 'login-failed': 7 } });
    expect(likelihoodOf([repeated])).toBe(likelihoodOf(times(7, () => login('failed', GUESSER, 'root'))));
  });

  it('with a key that is not accepted is no guess: agents offer all that they have', () => {
    const offers = times(
      30,
      (k): Row => ({
        ...login('failed', GUESSER, 'clerk'),
        key: `pid ${k}`,
        flags: ['keyLogin', 'hint'],
      }),
    );

    expect(judge(offers, shell).verdicts).toEqual([]);
  });

  it('that is broken off before any name is one contact with the service', () => {
    const scans = times(30, (): Row => ({ kind: 'login', from: GUESSER, port: 22 }));

    expect(judge(scans, shell).account.rules).toEqual({ 'login-none': 30 });
    expect(judge(scans, shell).verdicts).toEqual([]);
  });
});

describe('one source that guesses', () => {
  it.each([5, 10, 15])('is blocked though it tries once in %d minutes', (minutes) => {
    const rows = times(48, (k): Row => ({ ...login('failed', GUESSER, 'root'), at: k * minutes * MINUTE }));

    const { decisions, verdicts } = judge(rows, shell);

    expect(verdicts).toMatchObject([{ source: GUESSER, verdict: 'attempt' }]);
    expect(decisions.at(-1)).toMatchObject({ reason: 'login-guessing', forgeable: false, covers: 'all' });
  });

  it('is blocked though it tries one password at each of many names', () => {
    const rows = times(30, (k) => login('failed', GUESSER, `user${k}`));

    expect(judge(rows, shell).decisions[0]).toMatchObject({
      value: `${GUESSER}/32`,
      reason: 'login-guessing',
    });
  });

  it('is not an office that mistypes now and then', () => {
    const rows = times(400, (k) => login(k % 6 === 0 ? 'failed' : 'succeeded', GUESSER, `clerk${k % 9}`));

    const { decisions, verdicts } = judge(rows, shell);

    expect(decisions).toEqual([]);
    expect(verdicts).toEqual([]);
  });
});

describe('a login that succeeds', () => {
  const guesses = (count: number, from = GUESSER) => times(count, () => login('failed', from, 'clerk'));
  const rulesOf = (rows: readonly Row[], setting = shell) => judge(rows, setting).account.rules;

  it('after guesses of its own that have been judged, came through', () => {
    const { account, verdicts } = judge([...guesses(6), login('succeeded', GUESSER, 'clerk')], shell);

    expect(account.rules).toEqual({ 'login-failed': 6, 'login-after-guessing': 1 });
    expect(account.through).toMatchObject([{ source: GUESSER, reason: 'login-after-guessing', line: 7 }]);
    expect(verdicts).toMatchObject([{ source: GUESSER, verdict: 'intrusion' }]);
  });

  it('as another user than those who were guessed came through too', () => {
    expect(rulesOf([...guesses(6), login('succeeded', GUESSER, 'vera')])).toMatchObject({
      'login-after-guessing': 1,
    });
  });

  it('after a few mistakes is a login', () => {
    expect(rulesOf([...guesses(3), login('succeeded', GUESSER, 'clerk')])).toEqual({
      'login-failed': 3,
      'login-ok': 1,
    });
  });

  it('by an authorised source came through only after more guesses than anybody forgets a password', () => {
    const to = '198.18.2.4';
    const technician = '203.0.113.17';
    const after = (count: number) =>
      rulesOf(
        [...guesses(count, technician), login('succeeded', technician, 'clerk')].map((row) => ({
          ...row,
          to,
        })),
      );

    expect(after(6)).toMatchObject({ 'login-authorised': 1 });
    expect(after(9)).toMatchObject({ 'login-after-guessing': 1 });
  });

  it('after scanning alone is a login: a scan is no guess', () => {
    const scan = times(30, (k) => packet('denied', GUESSER, '198.18.9.9', 1_000 + k));

    expect(rulesOf([...scan, login('succeeded', GUESSER, 'clerk')])).toMatchObject({ 'login-ok': 1 });
  });

  it('is told on a further line of the connection that guessed', () => {
    const key = 'pid 7';
    const rows = [...guesses(6), login('succeeded', GUESSER, 'clerk')].map((row) => ({ ...row, key }));

    expect(judge(rows, shell).account).toMatchObject({
      contacts: 1,
      detail: 6,
      rules: { 'login-after-guessing': 1 },
      through: [{ line: 7 }],
    });
  });
});

describe('an account at which many guess', () => {
  /** Two tries from each of many sources. */
  const botnet = (members: number, step: number, account = () => 'clerk'): Row[] =>
    times(members * 2, (k) => ({
      ...login('failed', `10.${(k % members) >> 8}.${(k % members) & 255}.9`, account()),
      at: k * step,
    }));
  const last = 600 * 20 * SECOND;

  it('makes its guessers members of one campaign, and blocks them', () => {
    const { decisions, verdicts } = judge(botnet(300, 20 * SECOND), shell);
    const labelled = verdicts.filter(({ campaign }) => campaign?.startsWith('account-'));
    const blocked = new Set(decisions.map(({ value }) => value));

    expect(labelled.length).toBeGreaterThanOrEqual(0.95 * 300);
    expect(blocked.size).toBeGreaterThanOrEqual(0.95 * 300);
    for (const { reason, forgeable } of decisions) {
      expect(reason).toBe('account-campaign');
      expect(forgeable).toBe(false);
    }
  });

  it('is seen though there is one try in five minutes', () => {
    const { decisions, verdicts } = judge(botnet(300, 5 * MINUTE), shell);

    expect(verdicts.length).toBeGreaterThanOrEqual(0.9 * 300);
    expect(new Set(decisions.map(({ value }) => value)).size).toBeGreaterThanOrEqual(0.9 * 300);
  });

  it('is seen though it does not exist', () => {
    let k = 0;
    const invented = botnet(300, 20 * SECOND, () => `invented${k++}`).map(
      (row): Row => ({ ...row, flags: ['invalidAccount'] }),
    );

    const { verdicts } = judge(invented, shell);

    expect(
      verdicts.filter(({ campaign }) => campaign?.startsWith('accounts-unknown-')).length,
    ).toBeGreaterThan(280);
  });

  it('never has its owner for a member, who mistypes twice and gets in', () => {
    const owner = times(
      3,
      (k): Row => ({
        ...login(k < 2 ? 'failed' : 'succeeded', GUESSER, 'clerk'),
        at: last + k * SECOND,
      }),
    );
    const { decisions, verdicts } = judge([...botnet(300, 20 * SECOND), ...owner], shell);

    expect(decisions.filter(({ value }) => value === `${GUESSER}/32`)).toEqual([]);
    expect(verdicts.filter(({ source }) => source === GUESSER)).toMatchObject([]);
  });

  it('leaves in peace who has signed in before', () => {
    const before = { ...login('succeeded', GUESSER, 'clerk'), at: -DAY };
    const mistakes = times(2, (k): Row => ({ ...login('failed', GUESSER, 'clerk'), at: last + k * SECOND }));

    const { decisions, verdicts } = judge([before, ...botnet(300, 20 * SECOND), ...mistakes], shell);

    expect(verdicts.filter(({ source }) => source === GUESSER)).toEqual([]);
    expect(decisions.filter(({ value }) => value === `${GUESSER}/32`)).toEqual([]);
  });

  it('never has anybody blocked who is never blocked', () => {
    const spared = times(
      2,
      (k): Row => ({ ...login('failed', '192.0.2.53', 'clerk'), at: last + k * SECOND }),
    );

    const { decisions, account } = judge([...botnet(300, 20 * SECOND), ...spared], shell);

    expect(decisions.filter(({ value }) => value.startsWith('192.0.2.53'))).toEqual([]);
    expect(account.withheld).toEqual({ 'a campaign member who is never blocked': 1 });
  });

  it('is entered by a new source that failed just before: it came through', () => {
    const entry = [
      { ...login('failed', GUESSER, 'clerk'), at: last },
      { ...login('succeeded', GUESSER, 'clerk'), at: last + SECOND },
    ];
    const { account } = judge([...botnet(300, 20 * SECOND), ...entry], shell);

    expect(account.through).toMatchObject([{ source: GUESSER, reason: 'login-after-guessing', line: 602 }]);
    expect(account.dispositions.through).toBe(1);
  });

  it('is entered by a new source that did not guess: a person has to ask', () => {
    const { account } = judge(
      [...botnet(300, 20 * SECOND), { ...login('succeeded', GUESSER, 'clerk'), at: last }],
      shell,
    );

    expect(account.through).toEqual([]);
    expect(account.rules).toMatchObject({ 'login-unsure': 1 });
  });

  it('is entered by its owner with a key, or from where he has signed in before: a login', () => {
    const attack = botnet(300, 20 * SECOND);
    const byKey: Row = { ...login('succeeded', GUESSER, 'clerk'), at: last, flags: ['keyLogin'] };
    const before = { ...login('succeeded', '203.0.113.6', 'clerk'), at: -DAY };
    const again = { ...login('succeeded', '203.0.113.6', 'clerk'), at: last };

    expect(judge([...attack, byKey], shell).account.rules).toEqual({ 'login-failed': 600, 'login-ok': 1 });
    expect(judge([before, ...attack, again], shell).account.rules).toEqual({
      'login-failed': 600,
      'login-ok': 2,
    });
  });

  it('is not one that a few people of one office mistype', () => {
    const rows = times(
      60,
      (k): Row => ({
        ...login(k % 5 === 0 ? 'failed' : 'succeeded', `203.0.${k % 12}.9`, 'front-desk'),
        at: k * HOUR,
      }),
    );

    expect(judge(rows, shell)).toMatchObject({ decisions: [], verdicts: [] });
  });
});

describe('spraying', () => {
  it('of one password over many accounts from many sources is seen by the accounts that do not exist', () => {
    const rows = times(
      800,
      (k): Row => ({
        ...login('failed', `10.0.${k % 200}.9`, `user${k % 400}`),
        flags: k % 400 < 100 ? [] : ['invalidAccount'],
        at: k * 10 * SECOND,
      }),
    );

    const { verdicts } = judge(rows, shell);

    expect(verdicts.filter(({ campaign }) => campaign !== null).length).toBeGreaterThanOrEqual(0.9 * 200);
  });

  it('at a form is seen by the form', () => {
    const rows = times(
      600,
      (k): Row => ({
        ...web(`10.${(k % 300) >> 8}.${(k % 300) & 255}.9`, '/login', 401),
        flags: ['post'],
        at: k * 10 * SECOND,
      }),
    );

    const { verdicts, decisions } = judge(rows, { files: [fileOf('www')], surface: OFFICE });

    expect(verdicts.filter(({ campaign }) => campaign?.startsWith('form-')).length).toBeGreaterThanOrEqual(
      0.9 * 300,
    );
    // Who has forgotten a password looks like a member.
    expect(decisions).toEqual([]);
  });
});
