import { expect, test } from 'vitest';
import { previewOf, SHOWN } from './csv.ts';

const HEADING = 'lea_id,name,registered';

test('a list that Excel saved is counted, and its first offices are shown', () => {
  const lines = Array.from({ length: 116 }, (_, index) => `${29001 + 2 * index},"County, ${index}",1234`);
  const { count, first, faults } = previewOf(`\uFEFF${[HEADING, ...lines].join('\r\n')}\r\n`);
  expect(count).toBe(116);
  expect(first).toHaveLength(SHOWN);
  expect(first[0]).toEqual({ leaId: '29001', name: 'County, 0' });
  expect(faults).toEqual([]);
});

test('columns are found by their names, in any order', () => {
  expect(previewOf('Name,kind,LEA_ID\n"The ""Old"" County",board,29001').first).toEqual([
    { leaId: '29001', name: 'The "Old" County' },
  ]);
});

test('each mistake is told with its line, and none hides another', () => {
  const text = [HEADING, '2901,Adair,1', '29003,,2', '', '29005,Atchison,3', '29005,Again,4'].join('\n');
  expect(previewOf(text).faults).toEqual([
    { line: 2, what: 'bad-lea-id', text: '2901' },
    { line: 3, what: 'bad-name', text: '29003' },
    { line: 6, what: 'twice', text: '29005' },
  ]);
});

test('a line is counted where it begins, also behind a name of two lines', () => {
  expect(previewOf(`${HEADING}\n29001,"Two\nlines",1\nx,Bad,2`).faults).toEqual([
    { line: 4, what: 'bad-lea-id', text: 'x' },
  ]);
});

test('letters that were saved in another way are noticed', () => {
  const bytes = Uint8Array.of(...Buffer.from(`${HEADING}\n29001,Doña Ana,1`, 'latin1'));
  expect(previewOf(new TextDecoder().decode(bytes)).faults).toEqual([
    { line: 2, what: 'letters', text: '29001' },
  ]);
});

test.each([
  ['', 'empty'],
  [HEADING, 'empty'],
  ['id,name\n29001,Adair', 'no-lea-id'],
  ['lea_id,county\n29001,Adair', 'no-name'],
  [`${HEADING}\n29001,"Adair,1\n29003,Andrew,2`, 'open-quote'],
])('%j is no list: %s', (text, what) => {
  const preview = previewOf(text);
  expect(preview.count).toBe(0);
  expect(preview.faults.map((fault) => fault.what)).toEqual([what]);
});

test('a wrong file is not told line by line for ever', () => {
  const text = [HEADING, ...Array.from({ length: 5000 }, () => 'x,y,z')].join('\n');
  expect(previewOf(text).faults).toHaveLength(10);
});
