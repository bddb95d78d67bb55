import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUTHORITIES } from '../../platform/postgres/authorities.ts';
import { parseOffices } from './office-list.ts';

describe('a list of offices', () => {
  it('of Missouri is read as the sample state has it', () => {
    const path = new URL('../../../../../testkit/data/authorities.csv', import.meta.url);
    const offices = parseOffices(readFileSync(path, 'utf8')).okOrThrow();

    expect(offices.length).toBe(116);
    expect(offices.map(({ leaId }) => leaId).sort()).toEqual(AUTHORITIES.map(({ leaId }) => leaId).sort());
  });

  it('may come from a spreadsheet: byte order mark, quotes, commas, either end of line', () => {
    const text =
      '\uFEFFName,LEA_ID,registered\r\n"Adair ""North"", County",29001,"14,824"\r\n\r\nBoone,29019,\n';

    expect(parseOffices(text).okOrThrow()).toEqual([
      {
        leaId: '29001',
        name: 'Adair "North", County',
        fips: '29001',
        kind: 'county_clerk',
        registered: 14_824,
      },
      { leaId: '29019', name: 'Boone', fips: '29019', kind: 'county_clerk', registered: 0 },
    ]);
  });

  it.each([
    ['', 'line 1: it is empty'],
    ['lea_id\n29001\n', 'line 1: there is no column name'],
    ['lea_id,name\n', 'line 1: no office is listed'],
    ['lea_id,name\n29001,Adair\n2900,Boone\n', 'line 3: lea_id has to be five digits, not "2900"'],
    ['lea_id,name\n29001,Adair\n29001,Boone\n', 'line 3: 29001 stands in the list twice'],
    ['lea_id,name\n29001,\n', 'line 2: the name has to be of 1 to 100 characters'],
    ['lea_id,name\n29001,"Ad\u0007air"\n', 'line 2: the name has to be of 1 to 100 characters'],
    [
      "lea_id,name,kind\n29001,Adair,Robert'); DROP\n",
      'line 2: kind has to be a word such as county_clerk or board',
    ],
    ['lea_id,name,registered\n29001,Adair,-1\n', 'line 2: registered has to be a whole number'],
    ['lea_id,name\n"29001,Adair\n', 'line 2: a quote is opened and never closed'],
  ])('says on which line the mistake is: %j', (text, detail) => {
    expect(parseOffices(text)).toMatchObject({ error: { code: 'SET_UP_OFFICES_INVALID', detail } });
  });

  it('is not cut in silence, neither behind the last office nor behind a thousand empty lines', () => {
    const offices = Array.from({ length: 5001 }, (_, at) => `${10_000 + at},Office ${at}`);
    expect(parseOffices(`lea_id,name\n${offices.slice(1).join('\n')}`).okOrThrow()).toHaveLength(5000);
    const spaced = offices.slice(1, 4001).join('\n\n');
    expect(parseOffices(`lea_id,name\n${spaced}`).okOrThrow()).toHaveLength(4000);
    expect(parseOffices(`lea_id,name\n${offices.join('\n')}`)).toMatchObject({
      error: { detail: 'line 5002: there are more than 5000 offices' },
    });
    expect(parseOffices(`lea_id,name\n${'\n'.repeat(10_000)}29001,Adair`)).toMatchObject({
      error: { detail: 'line 10000: there are more than 10000 lines' },
    });
  });

  it('reads back what was written, whatever the names hold', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
      .map((text) => text.normalize('NFC').trim())
      .filter(
        (text) => text !== '' && text.length <= 100 && !/\p{Cc}/u.test(text) && !text.startsWith('\uFEFF'),
      );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 10_000, max: 99_999 }), { minLength: 1, maxLength: 20 }),
        fc.array(name, { minLength: 20, maxLength: 20 }),
        (ids, names) => {
          const lines = ids.map((id, at) => `${id},"${names[at]!.replaceAll('"', '""')}"`);
          const read = parseOffices(`lea_id,name\n${lines.join('\n')}\n`).okOrThrow();
          expect(read.map(({ leaId, name }) => [Number(leaId), name])).toEqual(
            ids.map((id, at) => [id, names[at]]),
          );
        },
      ),
    );
  });
});
