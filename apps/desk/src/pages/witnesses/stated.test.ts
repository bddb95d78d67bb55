import { expect, test } from 'vitest';
import { refusesSomething, statedSentences } from './stated.ts';

const LINES = ['bellwether/witness@1', 'witness boone.example.gov', 'time 2026-11-03T02:31Z', 'from 7'];

test('what was checked, and what was not, is told', () => {
  const text = [
    ...LINES,
    'signatures ok',
    'versions ok',
    'mass not-checked',
    'quiet ok',
    'signers ok',
    'rows -',
  ];
  expect(statedSentences(`${text.join('\n')}\n`)).toEqual([
    'It checked: signatures, versions without a gap, the quiet time before an election and the wait for new signers.',
    'It did not check: no mass change above the limit.',
    'It did not compute registrations of its own.',
  ]);
});

test('a refused entry stands first, and rows are counted', () => {
  const text = [...LINES, 'signatures ok', 'mass refused 20850001', 'rows 41230 u7dZ2hQ='];
  const sentences = statedSentences(text.join('\n'));
  expect(refusesSomething(text.join('\n'))).toBe(true);
  expect(refusesSomething(LINES.join('\n'))).toBe(false);
  expect(sentences[0]).toBe('It refuses entry 20850001. This did not hold: no mass change above the limit.');
  expect(sentences.at(-1)).toBe('It computed 41,230 registrations of its own office, and they match.');
});

test('what was drawn by lot for an auditor is counted, and then it is no lack that it has no rows of an office', () => {
  const sentences = statedSentences([...LINES, 'rows -', 'opened 1996 u7dZ2hQ='].join('\n'));
  expect(sentences.at(-1)).toBe('It computed 1,996 registrations that were drawn by lot, and they match.');
  expect(sentences.join(' ')).not.toContain('did not compute');
});

test('what a statement leaves out was not checked', () => {
  expect(statedSentences(LINES.join('\n')).join(' ')).toContain('It did not check: signatures, versions');
  expect(statedSentences(LINES.join('\n')).join(' ')).not.toContain('It checked');
});

test('another text is not read as a statement', () => {
  expect(statedSentences('all is well')).toEqual(['It said something that this page cannot read.']);
});
