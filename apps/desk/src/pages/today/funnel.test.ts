import { expect, test } from 'vitest';
import { CALM_DAY, DAY } from '../../testing/day.ts';
import { funnelOf } from './funnel.ts';

test('the parts of both sums fill them without a gap', () => {
  const { lines, contacts, right } = funnelOf(DAY.account);
  expect(right).toBe(true);
  for (const { total, parts } of [lines, contacts]) {
    expect(parts.reduce((sum, { value }) => sum + value, 0)).toBe(total);
    const last = parts.at(-1);
    expect((last?.from ?? 0) + (last?.share ?? 0)).toBeCloseTo(1);
  }
});

test('a contact that is missing is seen, with how many', () => {
  const { contacts, right } = funnelOf({ ...CALM_DAY.account, contacts: CALM_DAY.account.contacts + 7 });
  expect(right).toBe(false);
  expect(contacts.difference).toBe(7);
});

test('an account that the hub itself calls wrong is not called right', () => {
  expect(funnelOf({ ...CALM_DAY.account, balanced: false }).right).toBe(false);
});

test('an empty account has parts without size', () => {
  const { lines } = funnelOf({
    ...CALM_DAY.account,
    lines: 0,
    repeated: 0,
    ignored: 0,
    detail: 0,
    contacts: 0,
  });
  expect(lines.parts.every(({ share, from }) => share === 0 && from === 0)).toBe(true);
});
