import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfMapping, mappedRoles } from './oidc-roles.ts';
import { ROLES } from './rights.ts';

const MAP = {
  roles: [
    { value: 'bw-clerks', role: 'clerk', place: '29001' },
    { value: 'bw-staff', role: 'deputy', place: '29001' },
    { value: 'bw-all', role: 'clerk', place: '29001' },
    { value: 'bw-watch', role: 'analyst', place: 'state' },
  ],
} as const;

describe('the roles that a claim gives', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a text', 'bw-staff', ['deputy 29001']],
    ['a list', ['bw-clerks', 'other', 'bw-watch'], ['clerk 29001', 'analyst state']],
    ['two values for one role', ['bw-clerks', 'bw-all'], ['clerk 29001']],
    ['no value of the map', ['Bw-Clerks', ' bw-clerks', 'bw-clerks '], []],
    ['nothing', undefined, []],
    ['a number', 7, []],
    ['an object', { 'bw-clerks': true }, []],
    ['a list in a list', [['bw-clerks']], []],
    ['several in one text', 'bw-clerks,bw-staff', []],
  ])('are right for %s', (_, claim, roles) => {
    expect(mappedRoles(MAP, claim).map(({ role, place }) => `${role} ${place}`)).toEqual(roles);
  });

  it('never make an administrator, nor anybody at a place where the role is not held, whatever the map and the claim say', () => {
    const entry = fc.record({
      value: fc.constantFrom('a', 'b'),
      role: fc.constantFrom(...ROLES),
      place: fc.constantFrom('state', '29001'),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.anything(), (roles, claim) => {
        for (const given of [mappedRoles({ roles }, claim), mappedRoles({ roles }, ['a', 'b'])]) {
          expect(given.map(faultOfMapping)).toEqual(given.map(() => undefined));
          expect(given.filter(({ role }) => role === 'administrator')).toEqual([]);
        }
      }),
    );
  });

  it('are told wrong where the map is made', () => {
    expect(faultOfMapping({ role: 'administrator', place: 'state' })).toBe('administrator');
    expect(faultOfMapping({ role: 'clerk', place: 'state' })).toBe('place');
    expect(faultOfMapping({ role: 'analyst', place: '29001' })).toBe('place');
    expect(faultOfMapping({ role: 'navigator', place: '29001' })).toBeUndefined();
  });
});
