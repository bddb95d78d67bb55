import { expect, test } from 'vitest';
import { oddReasons } from './odd-changes.ts';
import type { SheetChange } from './rolls-files.ts';
import { LEAST_DAYS_OF_HANDS, usualHands } from './usual-hands.ts';

const TODAY = '2026-11-20';

function change(recordId: string, clerk: string): SheetChange {
  const at = '2026-11-20T16:00:00Z';
  return {
    ...{
      recordId,
      office: '29001',
      kind: 'changed',
      class: 'name-updated',
      handle: '00',
      fields: ['public.city'],
    },
    ...{ before: null, after: null, isProtected: false, fault: null, version: 2, oldLeaf: '', newLeaf: '' },
    odd: [],
    transaction: {
      ...{ id: recordId, at, office: '29001', source: 'office', clerk, device: null, address: null },
      class: 'name-updated',
    },
  };
}

/** One signed sheet on each of some days before today. */
function signedDays(days: number, more: { readonly refused?: readonly string[] } = {}) {
  return Array.from({ length: days }, (_, at) => ({
    state: 'signed' as const,
    day: `2026-11-${String(at + 1).padStart(2, '0')}`,
    changes: [change('1', 'anna'), change('2', 'ben')],
    refused: more.refused ?? [],
  }));
}

function reasonsOf(clerk: string, sheets: ReturnType<typeof signedDays>): readonly string[] {
  const usual = usualHands(sheets, new Set(['29001']), TODAY);
  const context = { policy: { quiet: [] }, day: TODAY, zone: 'America/Chicago', usual };
  return oddReasons([change('9', clerk)], context).get('9') ?? [];
}

test('on the first days nobody is told as new', () => {
  expect(reasonsOf('carla', signedDays(0))).toEqual([]);
  expect(reasonsOf('carla', signedDays(LEAST_DAYS_OF_HANDS - 1))).toEqual([]);
});

test('after two weeks of work a new account is told, and a known one is not', () => {
  const sheets = signedDays(LEAST_DAYS_OF_HANDS);
  expect(reasonsOf('carla', sheets)).toEqual(['The clerk carla has not worked for this office before.']);
  expect(reasonsOf('ben', sheets)).toEqual([]);
});

test('an account whose changes were refused is no usual one', () => {
  expect(reasonsOf('ben', signedDays(LEAST_DAYS_OF_HANDS, { refused: ['2'] }))).toHaveLength(1);
});

test('what is not signed, and what is of today, is no past', () => {
  const sheets = signedDays(LEAST_DAYS_OF_HANDS);
  const open = sheets.map((sheet) => ({ ...sheet, state: 'awaiting' as const }));
  const ofToday = sheets.map((sheet) => ({ ...sheet, day: TODAY }));
  expect(usualHands([...open, ...ofToday], new Set(['29001']), TODAY).size).toBe(0);
});
