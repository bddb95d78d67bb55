import { describe, expect, it } from 'vitest';
import { BrokenExpectation, err, ok, type Result } from './result.ts';

function half(n: number): Result<number, 'ODD'> {
  return n % 2 === 0 ? ok(n / 2) : err('ODD');
}

describe('a result', () => {
  it('is a success with a value, or a failure with an error, and never both', () => {
    const success = half(4);
    const failure = half(3);

    expect([success.isOk(), success.isErr()]).toEqual([true, false]);
    expect([failure.isOk(), failure.isErr()]).toEqual([false, true]);
    expect(success).toMatchObject({ value: 2 });
    expect(failure).toMatchObject({ error: 'ODD' });
  });

  it('narrows its type, so that the value is there after isOk and the error after isErr', () => {
    const result = half(8);
    const value: number | undefined = result.isOk() ? result.value : undefined;
    const error: 'ODD' | undefined = result.isErr() ? result.error : undefined;

    expect([value, error]).toEqual([4, undefined]);
  });

  it('changes only the side that is there', () => {
    expect(half(4).map((n) => n * 10)).toEqual(ok(20));
    expect(half(3).map((n) => n * 10)).toEqual(err('ODD'));
    expect(half(3).mapErr((code) => `${code}!`)).toEqual(err('ODD!'));
    expect(half(4).mapErr((code) => `${code}!`)).toEqual(ok(2));
  });

  it('falls back only when it failed', () => {
    expect([half(4).unwrapOr(9), half(3).unwrapOr(9)]).toEqual([2, 9]);
  });

  it('throws with its cause where a failure was said to be impossible', () => {
    expect(half(4).okOrThrow()).toBe(2);
    expect(() => half(3).okOrThrow()).toThrow(BrokenExpectation);
    expect(() => err({ code: 'LOST' }).okOrThrow()).toThrow('{"code":"LOST"}');
  });
});
