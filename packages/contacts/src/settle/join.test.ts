import { describe, expect, it } from 'vitest';
import { Kind } from '../contact.ts';
import { fileOf, flow, judge, type Row, web } from '../judge/rows.fixture.ts';
import { Disposition, PRECEDENCE, R, RULES, type Rule } from './dispositions.ts';
import { join, levelOf } from './join.ts';

const TRANSPORT = 0;
const ALERT = 1;
const APPLICATION = 2;

/** Every rule with the level of the lines that lead to it. */
const told = RULES.map((rule: Rule, number) => ({
  number,
  rule,
  level: /^(web|login|secret|attack-(?!seen))/.test(rule.code)
    ? APPLICATION
    : rule.code === 'attack-seen'
      ? ALERT
      : TRANSPORT,
}));

function joined(...lines: ReadonlyArray<readonly [code: keyof typeof R, level: number]>): string {
  let [had, level] = [R[lines[0]![0]], lines[0]![1]];
  for (const [code, next] of lines.slice(1)) {
    had = join(had, level, R[code], next);
    level = Math.max(level, next);
  }
  return RULES[had]!.code;
}

describe('two lines about one contact', () => {
  it('end in the same disposition, whichever comes first', () => {
    for (const a of told) {
      for (const b of told) {
        const there = RULES[join(a.number, a.level, b.number, b.level)]!;
        const back = RULES[join(b.number, b.level, a.number, a.level)]!;

        expect(`${a.rule.code}, ${b.rule.code}: ${there.disposition}`).toBe(
          `${a.rule.code}, ${b.rule.code}: ${back.disposition}`,
        );
      }
    }
  });

  it('of one level end in what stands first in the precedence, unless one of them is an open question', () => {
    for (const a of told) {
      for (const b of told) {
        if (a.level !== b.level || a.level === ALERT || a.rule.open || b.rule.open) continue;
        const first = PRECEDENCE.find((d) => d === a.rule.disposition || d === b.rule.disposition);

        expect(RULES[join(a.number, a.level, b.number, b.level)]!.disposition).toBe(first);
      }
    }
  });

  it('never lose what came through to a line that knows no more', () => {
    for (const a of told.filter(({ rule }) => rule.disposition === Disposition.through)) {
      for (const b of told.filter(({ level }) => level <= a.level)) {
        expect(RULES[join(a.number, a.level, b.number, b.level)]!.disposition).toBe(Disposition.through);
      }
    }
  });

  it('settle an open question by any answer', () => {
    expect(joined(['one-direction', TRANSPORT], ['denied', TRANSPORT])).toBe('denied');
    expect(joined(['denied', TRANSPORT], ['one-direction', TRANSPORT])).toBe('denied');
    expect(joined(['login-none', APPLICATION], ['login-failed', APPLICATION])).toBe('login-failed');
  });

  it('believe the server about what a stranger got, over the filter that let it in', () => {
    expect(joined(['accepted-stranger', TRANSPORT], ['login-failed', APPLICATION])).toBe('login-failed');
  });

  it('take an alert and an answer with success for an attack that came through', () => {
    expect(joined(['attack-seen', ALERT], ['web-served', APPLICATION])).toBe('attack-answered');
    expect(joined(['web-served', APPLICATION], ['attack-seen', ALERT])).toBe('attack-answered');
  });

  it('take an alert and a refusal for an attack that was refused, by filter or server', () => {
    expect(joined(['attack-seen', ALERT], ['denied', TRANSPORT])).toBe('attack-refused');
    expect(joined(['attack-seen', ALERT], ['web-refused', APPLICATION])).toBe('attack-refused');
    expect(joined(['attack-seen', ALERT], ['blocked', TRANSPORT])).toBe('attack-blocked');
  });

  it('leave an alert open when all that is known is that the connection stood', () => {
    expect(joined(['attack-seen', ALERT], ['served-public', TRANSPORT])).toBe('attack-seen');
  });

  it('leave open whether an attack made the server fail', () => {
    expect(joined(['attack-seen', ALERT], ['web-our-error', APPLICATION])).toBe('attack-open');
  });
});

describe('a further line', () => {
  const key = 'flow 7';
  const seen: Row = {
    ...flow('unknown', '203.0.113.5', '198.18.1.10', 443),
    kind: 'alert',
    content: ['signature'],
    key,
  };
  const answered: Row = { ...web('203.0.113.5', '/search', 200), to: '198.18.1.10', key };

  it('is detail of the contact with its key, and settles it anew', () => {
    const { account } = judge([seen, answered]);

    expect(account).toMatchObject({ contacts: 1, detail: 1, rules: { 'attack-answered': 1 } });
    expect(account.through).toMatchObject([{ reason: 'attack-answered', line: 2 }]);
  });

  it('is a contact of its own from somebody else, or an hour later', () => {
    const other = judge([seen, { ...answered, from: '203.0.113.6' }]).account;
    const later = judge([seen, { ...answered, at: 2 * 3_600_000 }]).account;

    expect(other).toMatchObject({ contacts: 2, detail: 0 });
    expect(later).toMatchObject({ contacts: 2, detail: 0 });
  });

  it('is detail even if nothing is known of its contact, where it says so', () => {
    const { account } = judge([{ ...answered, flags: ['detail'] }]);

    expect(account).toMatchObject({ contacts: 0, detail: 1 });
  });

  it('is judged as what it is: the application knows more than alerts, alerts more than filters', () => {
    expect([Kind.packet, Kind.flow, Kind.alert, Kind.web, Kind.login].map(levelOf)).toEqual([0, 0, 1, 2, 2]);
  });
});

describe('what two sensors told of one attempt', () => {
  const packet: Row = { ...flow('established', '203.0.113.5', '198.18.1.10', 443), file: 0 };
  const files = [fileOf('a'), fileOf('b')];

  it('is two contacts and one knock', () => {
    expect(judge([packet, { ...packet, file: 1, at: 1_500 }], { files }).account).toMatchObject({
      contacts: 2,
      knocks: 1,
      contradictions: 0,
    });
  });

  it('is counted as a contradiction where they disagree', () => {
    const denied: Row = { ...packet, outcome: 'denied', file: 1, at: 1_500 };

    expect(judge([packet, denied], { files }).account).toMatchObject({ knocks: 1, contradictions: 1 });
  });

  it('is two knocks if it is from one sensor, later than two seconds, or by another port', () => {
    const knocks = (other: Partial<Row>, ofSensors = files) =>
      judge([packet, { ...packet, file: 1, at: 1_500, ...other }], { files: ofSensors }).account.knocks;

    expect(knocks({}, [fileOf('a', undefined, 'a.1'), fileOf('a', undefined, 'a.2')])).toBe(2);
    expect(knocks({ at: 2_001 })).toBe(2);
    expect(knocks({ sport: 40_001 })).toBe(2);
  });
});
