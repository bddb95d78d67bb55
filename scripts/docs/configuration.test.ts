import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationKeys, readConfig } from '@bellwether/hub/configuration';
import { afterAll, describe, expect, it } from 'vitest';
import { snippets } from './snippets.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PAGES = ['docs/reference/configuration.md', 'docs/how/office.md'];
const manual = readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'bellwether-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names in code marks in the first column of every table. */
function listed(): string[] {
  const cells = manual.split('\n').filter((line) => line.startsWith('| `'));
  const names = cells.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  // The kinds of syslog stand in its row.
  const kinds = cells
    .filter((row) => row.startsWith('| `syslog`'))
    .flatMap((row) => row.match(/udp|tcp|tls/g) ?? []);
  return [...new Set([...names, ...kinds])].map(String).sort();
}

describe('docs/reference/configuration.md', () => {
  it('lists every key that there is, and no other', () => {
    expect(listed()).toEqual(configurationKeys());
  });

  it('shows every key in its example', () => {
    const example = snippets(manual).find(({ language }) => language === 'yaml')?.text ?? '';

    expect(configurationKeys().filter((key) => !new RegExp(`\\b${key}:`).test(example))).toEqual([]);
  });
});

describe.each(PAGES)('the configurations in %s', (page) => {
  const examples = snippets(readFileSync(join(ROOT, page), 'utf8')).filter(
    ({ language }) => language === 'yaml',
  );

  it.each(examples)('can be read: line $line', ({ text, line }) => {
    const path = join(folder, `${line}.yaml`);
    writeFileSync(path, text);

    expect(readConfig(path).isOk()).toBe(true);
  });
});
