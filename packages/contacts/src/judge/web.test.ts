import { describe, expect, it } from 'vitest';
import { DAY, fileOf, HOUR, judge, MINUTE, type Row, SECOND, times, web } from './rows.fixture.ts';

const www = { files: [fileOf('www')] };
const PROBER = '203.0.113.5';

/** Ordinary visits to a search form: many voters, a few pages each. */
function voters(count: number, at = 0, step = 2 * SECOND): Row[] {
  return times(
    count,
    (k): Row => ({
      ...web(`10.${(k % 900) >> 8}.${(k % 900) & 255}.7`, k % 3 === 0 ? '/' : '/search', 200),
      millis: 40 + (k % 90),
      at: at + k * step,
    }),
  );
}

function byTime(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a.at! - b.at!);
}

const injection = (status: number, at: number, more: Partial<Row> = {}): Row => ({
  ...web(PROBER, '/search', status),
  content: ['sqlInjection'],
  millis: 60,
  at,
  ...more,
});

/** The rules of attacks on a search form with a history, and how they end. */
function attacked(...attacks: readonly Row[]) {
  return judge([...voters(1_600), ...attacks], www).account;
}

describe('Illinois 2016, day one', () => {
  // Five slow injections into a public form, all answered with success, in the middle of honest traffic.
  const attacks = times(5, (k) => injection(200, HOUR + k * 40 * MINUTE));
  const day = judge(byTime([...voters(9_000, 0, 2 * SECOND), ...attacks]), www);

  it('does not read as if nothing had come through', () => {
    expect(day.account.dispositions.through).toBe(5);
    expect(day.account.through).toHaveLength(5);
    for (const item of day.account.through) {
      expect(item).toMatchObject({ source: PROBER, reason: 'attack-answered', port: 443, sensor: 'www' });
    }
  });

  it('names the source as an intrusion, with lines', () => {
    expect(day.verdicts).toMatchObject([{ source: PROBER, verdict: 'intrusion', contacts: 5 }]);
    expect(day.verdicts[0]!.lines.length).toBeGreaterThan(0);
  });

  it('has every voter served, and none judged', () => {
    expect(day.account.rules['web-served']).toBe(9_000);
    expect(day.decisions.filter(({ value }) => value !== `${PROBER}/32`)).toEqual([]);
  });

  it('blocks the source on what nobody can forge', () => {
    expect(day.decisions[0]).toMatchObject({
      value: `${PROBER}/32`,
      reason: 'web-probing',
      forgeable: false,
      evidence: { contacts: 4, targets: 1 },
    });
  });

  it('is the same by a client behind our proxy, whom only the proxy can turn away', () => {
    const behind = attacks.map(
      (row): Row => ({ ...row, from: '198.51.100.3', forwarded: `1.2.3.4, ${PROBER}` }),
    );
    const { account, decisions } = judge([...voters(300), ...behind], www);

    expect(account.through).toMatchObject(times(5, () => ({ source: PROBER })));
    expect(decisions).toEqual([]);
  });
});

describe('attack content', () => {
  it('that is refused is refused', () => {
    for (const status of [400, 403, 404, 405, 422, 429, 301, 308]) {
      expect(attacked(injection(status, HOUR)).rules['attack-refused']).toBe(1);
    }
  });

  it('that is answered with a redirect is unsettled: it proves nothing either way', () => {
    for (const status of [302, 303, 307]) {
      expect(attacked(injection(status, HOUR))).toMatchObject({
        rules: { 'attack-open': 1 },
        dispositions: { unsettled: 1, through: 0 },
      });
    }
  });

  it('that makes the server fail came through, where the route had never failed', () => {
    expect(attacked(injection(500, HOUR)).rules['attack-error']).toBe(1);
  });

  it('that makes the server fail is unsettled without a history, and where the route fails anyway', () => {
    const unknown = injection(500, HOUR, { route: '/never-asked-for' });
    const failing = voters(1_600).map((row): Row => ({ ...row, status: 503 }));

    expect(attacked(unknown).rules['attack-open']).toBe(1);
    expect(judge([...failing, injection(500, HOUR)], www).account.rules['attack-open']).toBe(1);
  });

  it('that makes the server wait came through: it sleeps five seconds, and four times longer than ever', () => {
    const slow = (millis: number) => attacked(injection(404, HOUR, { millis })).rules;

    expect(slow(5_000)).toMatchObject({ 'attack-slow': 1 });
    expect(slow(4_999)).toMatchObject({ 'attack-refused': 1 });
  });

  it('that waits on a route that is always slow proves nothing', () => {
    const slowRoute = voters(1_600).map((row): Row => ({ ...row, millis: 4_000 }));

    expect(judge([...slowRoute, injection(404, HOUR, { millis: 9_000 })], www).account.rules).toMatchObject({
      'attack-refused': 1,
    });
  });

  it('teaches the route nothing: attacks that fail do not make failing usual', () => {
    const many = times(30, (k) => injection(500, HOUR + k * SECOND));

    expect(attacked(...many).rules['attack-error']).toBe(30);
  });

  it('one time in a thousand requests is a name with an apostrophe', () => {
    const rows = times(
      3_000,
      (k): Row => ({
        ...web(PROBER, `/voter/${k % 7}`, 200),
        ...(k % 1_000 === 999 ? { content: ['sqlInjection'] as const, status: 400 } : {}),
      }),
    );

    expect(judge(rows, www)).toMatchObject({ decisions: [], verdicts: [] });
  });

  it('hidden among ordinary requests, one in ten, one request in a quarter of an hour, is decided', () => {
    const rows = times(
      300,
      (k): Row => ({
        ...web(PROBER, '/', 200),
        at: k * 15 * MINUTE,
        ...(k % 10 === 9 ? { route: '/search', content: ['traversal'] as const, status: 403 } : {}),
      }),
    );

    expect(judge(rows, www).decisions.length).toBeGreaterThan(0);
  });
});

describe('paths that must never be served', () => {
  const secret = (status: number, size: number): Row => ({
    ...web(PROBER, '/.env', status),
    size,
    content: ['secretPath', 'probePath'],
  });
  const rulesOf = (row: Row) => judge([row], www).account.rules;

  it('are an open question when they are answered with content', () => {
    expect(rulesOf(secret(200, 812))).toEqual({ 'secret-answered': 1 });
    expect(judge([secret(200, 812)], www).account.dispositions.unsettled).toBe(1);
  });

  it('are none when there was nothing in the answer, or no such path', () => {
    expect(rulesOf(secret(200, 0))).toEqual({ 'web-served': 1 });
    expect(rulesOf(secret(404, 150))).toEqual({ 'web-refused': 1 });
  });

  it('asked for a few at a time speak loud', () => {
    const rows = times(8, (k) => ({ ...secret(404, 150), route: `/.env${k}` }));

    expect(judge(rows, www).decisions[0]).toMatchObject({ reason: 'web-probing', forgeable: false });
  });
});

describe('visitors of a web server', () => {
  it('are not judged for our own outage, nor for leaving early', () => {
    for (const status of [500, 502, 503, 504, 499, 408]) {
      expect(
        judge(
          times(200, (k) => web(PROBER, `/${k}`, status)),
          www,
        ),
      ).toMatchObject({
        decisions: [],
        verdicts: [],
        account: { rules: { 'web-our-error': 200 } },
      });
    }
  });

  it('are not judged for asking the same missing thing again and again', () => {
    expect(
      judge(
        times(500, () => web(PROBER, '/old-icon.png', 404)),
        www,
      ).verdicts,
    ).toEqual([]);
  });

  it('are judged for asking for what is not there, one thing after another, however slowly', () => {
    const rows = times(20, (k) => ({ ...web(PROBER, `/${k}`, 404), at: k * 15 * MINUTE }));

    expect(judge(rows, www).decisions).toMatchObject([
      { value: `${PROBER}/32`, reason: 'web-probing', covers: 'all', forgeable: false },
      { value: `${PROBER}/32` },
    ]);
  });

  it('are not judged for a login that is asked for, but for one that fails', () => {
    const asked = times(50, () => web(PROBER, '/private', 401));
    const failed = asked.map((row): Row => ({ ...row, flags: ['post'] }));

    expect(judge(asked, www).verdicts).toEqual([]);
    expect(judge(failed, www).decisions[0]).toMatchObject({ reason: 'login-guessing' });
  });

  it('who guess at a form and are led on by it came through', () => {
    const guesses = times(8, (): Row => ({ ...web(PROBER, '/login', 401), flags: ['post'] }));
    const led: Row = { ...web(PROBER, '/login', 302), flags: ['post'] };

    expect(judge([...guesses, led], www).account).toMatchObject({
      rules: { 'login-failed': 8, 'login-after-guessing': 1 },
      through: [{ source: PROBER, line: 9 }],
    });
  });
});

describe('a surge', () => {
  const ordinary = times(
    3 * 24 * 6,
    (k): Row => ({ ...web(`10.1.${k % 250}.${k >> 8}`, '/', 200), at: k * 10 * MINUTE }),
  );
  const deadline = times(
    1_500,
    (k): Row => ({
      ...web(`10.9.${k >> 8}.${k & 255}`, '/', 200),
      at: 3 * DAY + k * SECOND,
    }),
  );

  it('is told of the service, with its time and its visitors, and of no source', () => {
    const { account, verdicts, decisions } = judge([...ordinary, ...deadline], www);

    expect(account.surges).toMatchObject([{ service: 'site', from: '2026-11-06T12:00:00.000Z' }]);
    expect(account.surges[0]!.sources).toBeGreaterThan(1_000);
    expect({ verdicts, decisions }).toEqual({ verdicts: [], decisions: [] });
  });

  it('hides neither an injection nor guessing', () => {
    const attack = injection(200, 3 * DAY + 10 * MINUTE);
    const guesses = times(
      12,
      (k): Row => ({
        ...web('203.0.113.99', '/login', 401),
        flags: ['post'],
        at: 3 * DAY + k * MINUTE,
      }),
    );

    const { account, decisions } = judge(byTime([...ordinary, ...deadline, attack, ...guesses]), www);

    expect(account.through).toMatchObject([{ source: PROBER }]);
    expect(decisions.map(({ value }) => value)).toContain('203.0.113.99/32');
  });

  it('is none on an ordinary day', () => {
    expect(judge(ordinary, www).account.surges).toEqual([]);
  });
});
