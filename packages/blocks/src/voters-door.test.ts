import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnswered, isPass, passFor, questionFor } from './door-tokens.ts';
import { PASS_LIFE, QUESTION_WAIT, VotersDoor } from './voters-door.ts';

const SECOND = 1_000;
const mac = (text: string): string => createHmac('sha256', 'a key').update(text).digest('base64url');
const otherMac = (text: string): string => createHmac('sha256', 'another').update(text).digest('base64url');

/** Requests of one source, `every` ms apart; a person who is asked answers, `passes` times at most. */
function visit(requests: number, every: number, answers: number): Record<string, number> {
  const door = new VotersDoor();
  const seen: Record<string, number> = { open: 0, slow: 0, ask: 0, refuse: 0 };
  let now = 0;
  let passedAt = Number.NEGATIVE_INFINITY;
  let left = answers;
  for (let i = 0; i < requests; i++) {
    now += every;
    const { kind } = door.knock('s', now - passedAt <= PASS_LIFE, now);
    seen[kind] = seen[kind]! + 1;
    if (kind !== 'ask' || left === 0) continue;
    left--;
    now += QUESTION_WAIT * SECOND;
    if (door.pass('s', now)) passedAt = now;
  }
  return seen;
}

describe('the door of a voters’ service', () => {
  it('is never noticed by a person who reads what it opens, though something is held against the address', () => {
    expect(visit(200, 8 * SECOND, 0)).toEqual({ open: 200, slow: 0, ask: 0, refuse: 0 });
  });

  it('lets a whole page with its pictures through at once', () => {
    expect(visit(30, 1, 0)).toMatchObject({ open: 30 });
  });

  it('slows a program, asks it, and refuses it only after it used up its passes', () => {
    expect(visit(60, 100, 0)).toMatchObject({ refuse: 0 });
    const seen = visit(20_000, 100, 1_000);
    expect(seen.refuse).toBeGreaterThan(0);
    expect(seen.slow).toBeGreaterThan(0);
    // Of two thousand seconds, some six passes and their pace are all that it gets.
    expect(seen.open).toBeLessThan(6_000);
  });

  it('opens again by itself after an hour, and at once for who is forgotten', () => {
    const door = new VotersDoor();
    for (let i = 0; i < 6; i++) expect(door.pass('s', i)).toBe(true);
    expect(door.pass('s', 6)).toBe(false);
    expect(door.knock('s', false, 10)).toEqual({ kind: 'refuse', after: 3_600 });
    expect(door.knock('s', false, 3_700_000)).toEqual({ kind: 'open' });
    expect(door.knock('t', false, 10)).toEqual({ kind: 'open' });
    door.forget('s');
    expect(door.knock('s', false, 10)).toEqual({ kind: 'open' });
  });

  it('gives a stranger no more than its pace, whatever the order of requests and times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 300 }), (pauses) => {
        const door = new VotersDoor();
        let now = 1e6;
        let open = 0;
        for (const pause of pauses) {
          now += pause;
          if (door.knock('s', false, now).kind === 'open') open++;
        }
        const took = now - 1e6 - pauses[0]!;
        expect(open).toBeLessThanOrEqual(30 + Math.floor(took / 2_000) + 1);
      }),
    );
  });

  it('remembers a bounded number of sources', () => {
    const door = new VotersDoor();
    for (let i = 0; i < 70_000; i++) door.knock(String(i), false, 0);
    expect(door.size).toBe(65_536);
  });
});

describe('a token of the door', () => {
  it('is good for its source and time, and for nothing else', () => {
    const question = questionFor('s', 1e12, mac);
    expect(isAnswered(question, 's', 1e12 + 5_000, mac)).toBe(true);
    expect(isAnswered(question, 's', 1e12 + 1_000, mac)).toBe(false);
    expect(isAnswered(question, 's', 1e12 + 31 * 60_000, mac)).toBe(false);
    expect(isAnswered(question, 't', 1e12 + 5_000, mac)).toBe(false);
    expect(isAnswered(question, 's', 1e12 + 5_000, otherMac)).toBe(false);
    expect(isPass(question, 's', 1e12 + 5_000, mac)).toBe(false);
    const pass = passFor('s', 1e12, mac);
    expect(isPass(pass, 's', 1e12 + PASS_LIFE, mac)).toBe(true);
    expect(isPass(pass, 's', 1e12 + PASS_LIFE + 1, mac)).toBe(false);
    expect(isPass(pass, 's', 1e12 - 60_000, mac)).toBe(false);
  });

  it('does not survive a changed character', () => {
    const pass = passFor('s', 1e12, mac);
    fc.assert(
      fc.property(fc.nat(pass.length - 1), fc.constantFrom(...'az09._-AZ'), (at, character) => {
        fc.pre(pass[at] !== character);
        expect(isPass(pass.slice(0, at) + character + pass.slice(at + 1), 's', 1e12, mac)).toBe(false);
      }),
    );
    expect(isPass(fc.sample(fc.string({ maxLength: 200 }), 1)[0]!, 's', 1e12, mac)).toBe(false);
  });
});
