import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Brand, brand } from './brand.ts';

type OfficeId = Brand<string, 'OfficeId'>;
type SensorId = Brand<string, 'SensorId'>;

describe('a brand', () => {
  it('leaves the value as it is', () => {
    expect(brand<OfficeId>('boone')).toBe('boone');
  });

  it('keeps two kinds of id apart, and both usable as strings', () => {
    expectTypeOf<OfficeId>().not.toExtend<SensorId>();
    expectTypeOf<string>().not.toExtend<OfficeId>();
    expectTypeOf<OfficeId>().toExtend<string>();
  });
});
