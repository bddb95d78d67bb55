import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readColumnMap } from './column-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'columns-'));
afterAll(() => rmSync(folder, { recursive: true }));

function map(text: string): string {
  const path = join(folder, 'columns.json');
  writeFileSync(path, text);
  return path;
}

describe('a column map', () => {
  it('names their columns by ours', () => {
    expect(readColumnMap(map('{"time":"When","source":"client.ip"}'))).toMatchObject({
      value: { time: 'When', source: 'client.ip' },
    });
  });

  it.each([
    ['that is no JSON', '{time: 1}', 'JSON'],
    ['that is a list', '["time"]', 'no JSON object'],
    ['with a name that is none of ours', '{"sauce":"ip"}', '"sauce" is none of time,'],
    ['with a number instead of a name', '{"source":4}', '"source" does not name a column'],
    ['larger than any', `{"time":"${'x'.repeat(70_000)}"}`, 'far larger'],
  ])('%s is refused, with the reason', (_, text, reason) => {
    expect(readColumnMap(map(text))).toMatchObject({
      error: { code: 'WATCH_COLUMNS_INVALID', reason: expect.stringContaining(reason) },
    });
  });

  it('that is not there is refused', () => {
    expect(readColumnMap(join(folder, 'none.json'))).toMatchObject({
      error: { code: 'WATCH_COLUMNS_INVALID' },
    });
  });
});
