import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editsBetween } from './edits.ts';
import { isFreemail } from './freemail.ts';
import { distinctPart, isMadeOfBeside } from './name-words.ts';
import { isGovernmentName, organisationOf } from './organisation.ts';
import { readableHost } from './punycode.ts';
import { latinOf, skeletonOf } from './skeleton.ts';

describe('letters behind punycode', () => {
  test.each(['bücher.example', 'sоs.mo.gov', '例え.テスト', 'prairierоll.com', 'ελληνικά.gr', '😀.example'])(
    '%s is read back',
    (host) => {
      expect(readableHost(domainToASCII(host))).toBe(host);
    },
  );

  test.each(['xn--', 'xn--99999999', 'xn--é', `xn--${'z'.repeat(70)}`, 'xn--a-ecp.ru'])(
    '%s breaks nothing',
    (host) => {
      expect(typeof readableHost(host)).toBe('string');
    },
  );

  test('whatever stands there, it is read or left as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{0,70}$/), (label) => readableHost(`xn--${label}`) !== ''),
    );
  });
});

describe('what looks the same', () => {
  test.each([
    ['missouri', 'rnissouri'],
    ['sos', 'sоs'],
    ['systems', 'systerns'],
    ['ballotline', 'bal1otline'],
    ['clinton', 'ciinton'],
    ['google', 'g00gle'],
    ['google', 'G00GLE'],
    ['ashcroft', 'ÁSHCRÓFT'],
    ['wayne', 'vvayne'],
    ['cole', 'ⅽole'],
    ['boone', 'ｂｏｏｎｅ'],
    ['dade', 'clade'],
    ['missouri', 'mіssоurі'],
    ['boone', 'boo\u200bne'],
  ])('%s and %s have one skeleton', (name, other) => {
    expect(skeletonOf(other)).toBe(skeletonOf(name));
  });

  test.each([
    ['boone', 'stone'],
    ['clay', 'ray'],
    ['perry', 'berry'],
  ])('%s and %s have not', (name, other) => {
    expect(skeletonOf(other)).not.toBe(skeletonOf(name));
  });

  test('names of people lose their marks and keep their letters', () => {
    expect(latinOf('José Ñáñez')).toBe('jose nanez');
    expect(latinOf('Jоhn')).toBe('john');
  });
});

describe('edits between names', () => {
  test.each([
    ['boone', 'boone', 0],
    ['boone', 'bonoe', 1],
    ['boone', 'bone', 1],
    ['boone', 'booone', 1],
    ['boone', 'bpone', 1],
    ['boone', 'stone', 2],
    ['ballotline', 'ablltoline', 2],
    ['', 'ab', 2],
  ])('%s and %s are %i apart', (one, other, edits) => {
    expect(editsBetween(one, other, 2)).toBe(edits);
    expect(editsBetween(other, one, 2)).toBe(edits);
  });

  test('beyond the cut-off it tells one more, and never fewer than there are', () => {
    expect(editsBetween('abcdef', 'uvwxyz', 2)).toBe(3);
    const letters = fc.stringMatching(/^[abc]{0,8}$/);
    fc.assert(
      fc.property(letters, letters, fc.integer({ min: 0, max: 3 }), (one, other, most) => {
        expect(editsBetween(one, other, most)).toBe(Math.min(byTable(one, other), most + 1));
      }),
    );
  });
});

/** The whole table, without any short cut. */
function byTable(one: string, other: string): number {
  const table = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, at) => (row === 0 ? at : at === 0 ? row : 0)),
  );
  for (let row = 1; row <= one.length; row++) {
    for (let at = 1; at <= other.length; at++) {
      const changed = table[row - 1]![at - 1]! + (one[row - 1] === other[at - 1] ? 0 : 1);
      let least = Math.min(table[row - 1]![at]! + 1, table[row]![at - 1]! + 1, changed);
      if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1])
        least = Math.min(least, table[row - 2]![at - 2]! + 1);
      table[row]![at] = least;
    }
  }
  return table[one.length]![other.length]!;
}

describe('words of names', () => {
  test.each([
    ['boonecountymo', 'boone'],
    ['ballotlinesystems', 'ballotline'],
    ['colecountymo', 'cole'],
    ['keypoll', 'keypoll'],
  ])('what is special in %s is %s', (name, special) => {
    expect(distinctPart(name)).toBe(special);
  });

  test.each([
    ['support', true],
    ['securelogin2026', true],
    ['', true],
    ['comus', true],
    ['fair', false],
    ['supportx', false],
  ])('%s is made of words that attackers put beside a name: %s', (letters, isMade) => {
    expect(isMadeOfBeside(letters)).toBe(isMade);
  });
});

test('localities of one name are two organisations, and governments’ names are told from sold ones', () => {
  expect(organisationOf('clerk.co.boone.mo.us')).toBe('co.boone.mo.us');
  expect(organisationOf('ci.boone.mo.us')).toBe('ci.boone.mo.us');
  expect(['boonecountymo.gov', 'co.boone.mo.us', 'navy.mil'].map(isGovernmentName)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['gov.example', 'co-boone-mo.us', 'xn--ss-fmc.mo.gov'].map(isGovernmentName)).toEqual([
    false,
    false,
    false,
  ]);
});

test('free mail is told by its provider, whatever stands before it', () => {
  expect(['gmail.com', 'privaterelay.appleid.com', 'x.outlook.com'].map(isFreemail)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['notgmail.com', 'boonecountymo.gov', ''].map(isFreemail)).toEqual([false, false, false]);
});
