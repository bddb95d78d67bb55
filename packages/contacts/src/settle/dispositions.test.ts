import { describe, expect, it } from 'vitest';
import {
  fileOf,
  flow,
  judge,
  login,
  MINUTE,
  packet,
  type Row,
  type Setting,
  web,
} from '../judge/rows.fixture.ts';
import { DISPOSITIONS, dispositionsMarkdown, PRECEDENCE, R, RULES, type Rule } from './dispositions.ts';

const STRANGER = '203.0.113.5';
const TECHNICIAN = '203.0.113.17';
const TESTER = '203.0.113.200';
const PORTAL = '198.18.1.10';
const OFFICE_HOST = '198.18.2.4';
const NOTHING_THERE = '198.18.9.9';

/** What looks like answers, to so many ports. */
function answers(count: number, tcp: Row['tcp'] = ['ack']): Row[] {
  return Array.from({ length: count }, (_, k) => ({
    ...packet('denied', STRANGER, NOTHING_THERE, 40_000 + k),
    tcp: tcp!,
  }));
}

function fromMany(count: number, row: (from: string) => Row): Row[] {
  return Array.from({ length: count }, (_, k) => row(`203.0.${k}.99`));
}

const attack = (status: number, more: Partial<Row> = {}): Row => ({
  ...web(STRANGER, '/search', status),
  content: ['sqlInjection'],
  ...more,
});
const history = (more: Partial<Row> = {}): Row[] =>
  Array.from({ length: 20 }, () => ({ ...web('203.0.113.77', '/search', 200), ...more }));

const WWW: Setting = { files: [fileOf('www')] };
const DESK: Setting = { files: [fileOf('desk')] };
const SHELL: Setting = { files: [fileOf('shell')] };

/** For each rule, the least that leads to it. */
const EXAMPLES: Readonly<Record<string, readonly [rows: readonly Row[], setting?: Setting]>> = {
  'no-contact': [[flow('established', PORTAL, STRANGER, 53)]],
  engagement: [[packet('accepted', TESTER, OFFICE_HOST, 22)]],
  denied: [[packet('denied', STRANGER, NOTHING_THERE, 22)]],
  'denied-public': [[packet('denied', STRANGER, PORTAL, 443)]],
  blocked: [[packet('blocked', STRANGER, PORTAL, 443)]],
  'no-answer': [[flow('noAnswer', STRANGER, NOTHING_THERE, 22)]],
  'no-answer-public': [[flow('noAnswer', STRANGER, PORTAL, 443)]],
  'target-refused': [[flow('rejected', STRANGER, NOTHING_THERE, 22)]],
  'one-direction': [[flow('oneSided', STRANGER, NOTHING_THERE, 22)]],
  'not-told': [[flow('unknown', STRANGER, NOTHING_THERE, 22)]],
  'accepted-public': [[packet('accepted', STRANGER, PORTAL, 443)]],
  'accepted-authorised': [[packet('accepted', TECHNICIAN, OFFICE_HOST, 22)]],
  'accepted-stranger': [[packet('accepted', STRANGER, OFFICE_HOST, 22)]],
  'accepted-unlisted': [[packet('accepted', STRANGER, NOTHING_THERE, 22)]],
  'served-public': [[flow('established', STRANGER, PORTAL, 443)]],
  'served-authorised': [[flow('established', TECHNICIAN, OFFICE_HOST, 22)]],
  'served-stranger': [[flow('established', STRANGER, OFFICE_HOST, 22)]],
  'served-unlisted': [[flow('established', STRANGER, NOTHING_THERE, 22)]],
  'echo-answered': [[{ ...flow('established', STRANGER, NOTHING_THERE, 8 * 256), protocol: 'icmp' }]],
  reply: [answers(1)],
  'answer-unasked': [answers(4)],
  backscatter: [answers(4, ['syn', 'ack'])],
  'web-served': [[web(STRANGER, '/', 200)], WWW],
  'web-authorised': [[web(TECHNICIAN, '/', 200)], DESK],
  'web-stranger': [[web(STRANGER, '/', 200)], DESK],
  'web-refused': [[web(STRANGER, '/', 404)], WWW],
  'web-login-asked': [[web(STRANGER, '/', 401)], WWW],
  'web-our-error': [[web(STRANGER, '/', 503)], WWW],
  'attack-refused': [[attack(403)], WWW],
  'attack-answered': [[attack(200)], WWW],
  'attack-error': [[...history(), attack(500)], WWW],
  'attack-slow': [[...history({ millis: 50 }), attack(403, { millis: 6_000 })], WWW],
  'attack-open': [[attack(302)], WWW],
  'attack-blocked': [[attack(403, { outcome: 'blocked' })], WWW],
  'attack-seen': [
    [{ ...flow('unknown', STRANGER, PORTAL, 443), kind: 'alert', content: ['signature'] }],
    WWW,
  ],
  'secret-answered': [[{ ...web(STRANGER, '/.env', 200), content: ['secretPath', 'probePath'] }], WWW],
  'login-failed': [[login('failed', STRANGER, 'root')], SHELL],
  'login-none': [[{ kind: 'login', from: STRANGER, port: 22 }], SHELL],
  'login-ok': [[login('succeeded', STRANGER, 'clerk')], SHELL],
  'login-authorised': [[{ ...login('succeeded', TECHNICIAN, 'clerk'), to: OFFICE_HOST }]],
  'login-stranger': [[{ ...login('succeeded', STRANGER, 'clerk'), to: OFFICE_HOST }]],
  'login-after-guessing': [
    [
      ...Array.from({ length: 6 }, () => login('failed', STRANGER, 'clerk')),
      login('succeeded', STRANGER, 'clerk'),
    ],
    SHELL,
  ],
  'login-unsure': [
    [
      ...fromMany(12, (from) => login('failed', from, 'clerk')),
      { ...login('succeeded', STRANGER, 'clerk'), at: MINUTE },
    ],
    SHELL,
  ],
  'no-source': [[{ kind: 'login', outcome: 'failed', account: 'root' }], SHELL],
  'no-source-open': [[{ kind: 'login', outcome: 'succeeded', account: 'root' }], SHELL],
};

describe('the table of dispositions', () => {
  it('has an example of every rule here', () => {
    expect(Object.keys(EXAMPLES)).toEqual(RULES.map(({ code }) => code));
  });

  it.each(RULES.map((rule: Rule) => rule))('settles a contact by $code', ({ code, disposition }) => {
    const [rows, setting] = EXAMPLES[code]!;

    const { account } = judge(rows, setting);

    if (code === 'no-contact') {
      expect(account).toMatchObject({ outbound: 1, contacts: 0 });
      return;
    }
    expect(account.rules[code]).toBeGreaterThan(0);
    expect(account.dispositions[DISPOSITIONS[disposition]!]).toBeGreaterThan(0);
    expect(account.contacts).toBe(rows.length);
  });

  it('never calls what cannot be forged forgeable: requests, logins, and connections that were completed', () => {
    const firm = RULES.filter(({ code }) => /^(web|login|served|attack-(?!seen)|secret)/.test(code));

    expect(firm.length).toBeGreaterThan(20);
    expect(firm.filter(({ forgeable }) => forgeable)).toEqual([]);
  });

  it('calls every single packet forgeable', () => {
    const packets = RULES.filter(({ code }) =>
      /^(denied|blocked|accepted|no-answer|answer|back|reply|echo)/.test(code),
    );

    expect(packets.length).toBeGreaterThan(10);
    expect(packets.filter(({ forgeable }) => !forgeable)).toEqual([]);
  });

  it('ranks every disposition once', () => {
    expect([...PRECEDENCE].sort()).toEqual(DISPOSITIONS.map((_, i) => i));
  });

  it('names its rows by code', () => {
    for (const [code, row] of Object.entries(R)) expect(RULES[row]!.code).toBe(code);
  });

  it('shows each rule once in the reference', () => {
    const text = dispositionsMarkdown();

    for (const { code, when } of RULES) {
      expect(text.split(`\n| \`${code}\` |`)).toHaveLength(2);
      expect(text).toContain(when);
    }
  });
});

describe('the numbers of the rules', () => {
  it('are those of the table', () => {
    expect(Object.entries(R)).toEqual(RULES.map(({ code }, i) => [code, i]));
  });
});
