import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opened, OpenedLink } from '../open/opened.ts';
import { readMessage } from '../read/read-message.ts';
import { viewHtml } from '../read/view-html.ts';
import { nearPrints } from './near.ts';
import { indicatorPrints, printsOf } from './prints.ts';

const link = (url: string): OpenedLink => ({
  url,
  host: url.split('/')[2] ?? '',
  organisation: '',
  text: '',
  from: 'html',
});
const NOTHING: Opened = { links: [], files: [], texts: [], unopened: [] };

function prints(html: string, opened: Partial<Opened> = {}): string[] {
  const message = readMessage(Buffer.from(`From: a@b.example\r\n\r\n`)).okOrThrow();
  return printsOf(message, viewHtml(html), { ...NOTHING, ...opened }, (host) =>
    host.endsWith('.pages.example'),
  );
}

describe('prints', () => {
  it('of links are the same for two readers of one page, and differ between pages of a shared host', () => {
    const one = prints('', { links: [link('https://evil.example/inv/login/?u=YUBi')] });
    const other = prints('', { links: [link('https://evil.example/INV/login/x?u=Y0Bk#z')] });
    expect(one).toEqual(other);
    expect(one.map((print) => print.split(':')[0])).toEqual(['link', 'host']);

    const shared = (path: string) => prints('', { links: [link(`https://a.pages.example/${path}`)] });
    expect(shared('one')).not.toEqual(shared('two'));
    expect(shared('one')).toHaveLength(1);
    expect(shared('clerk@office.example')).toEqual([]);
  });

  it('of files are their bytes, and small ones have none', () => {
    const file = (size: number) => ({ name: 'a.pdf', kind: 'pdf', size, sha256: 'ab'.repeat(32) });
    expect(prints('', { files: [file(5_000)] })).toEqual([`file:${'ab'.repeat(16)}`]);
    expect(prints('', { files: [file(40)] })).toEqual([]);
  });

  it('of a page are its skeleton, whatever its words', () => {
    const page = (word: string): string => `<table>${`<tr><td><b>${word}</b></td></tr>`.repeat(20)}</table>`;
    expect(prints(page('one'))).toContain(prints(page('two'))[0]);
    expect(prints(page('one'))[0]).toMatch(/^page:/);
    expect(prints('<p>short</p>')).toEqual([]);
  });
});

describe('what somebody warns of', () => {
  it('is found in messages that have it', () => {
    const url = 'https://Evil.example/inv/Login/?u=YUBi';
    expect(prints('', { links: [link('https://evil.example/inv/login?u=other')] })).toContain(
      indicatorPrints('link', url)[0],
    );
    const file = { name: 'a.pdf', kind: 'pdf', size: 5_000, sha256: 'ab'.repeat(32) };
    expect(prints('', { files: [file] })).toEqual(indicatorPrints('file', 'AB'.repeat(32)));
  });

  it.each([
    ['link', 'https://evil.example/'],
    ['link', 'https://evil.example/clerk@office.example'],
    ['link', 'evil.example/x'],
    ['link', 'ftp://evil.example/x'],
    ['link', 'https://'],
    ['file', 'ab'],
    ['file', `${'ab'.repeat(31)}xy`],
  ] as const)('tells nothing as a %s like %s', (kind, value) => {
    expect(indicatorPrints(kind, value)).toEqual([]);
  });
});

describe('texts that are nearly the same', () => {
  const word = fc.constantFrom(
    ...'the ballot county clerk office voter mail election notice request form send please today'.split(' '),
    ...Array.from(
      { length: 200 },
      (_, at) => `w${String.fromCharCode(97 + (at % 26), 97 + ((at / 26) | 0))}`,
    ),
  );

  it('share a print though a word, a name and numbers differ', () => {
    let shared = 0;
    const runs = 200;
    const texts = fc.sample(fc.array(word, { minLength: 80, maxLength: 120 }), { numRuns: runs, seed: 7 });
    for (const words of texts) {
      const changed = words.map((one, at) => (at === 40 ? 'jefferson' : one));
      const before = nearPrints(`Invoice 123 for you@a.example ${words.join(' ')}`);
      const after = nearPrints(`Invoice 98 for me@b.example ${changed.join(' ')}`);
      if (before.some((print) => after.includes(print))) shared++;
    }
    expect(shared).toBeGreaterThan(runs * 0.98);
  });

  it('that have nothing in common share none', () => {
    const texts = fc.sample(fc.array(word, { minLength: 80, maxLength: 120 }), { numRuns: 200, seed: 8 });
    const seen = texts.flatMap((words) => nearPrints(words.join(' ')));
    expect(new Set(seen).size).toBe(seen.length);
    expect(nearPrints('too short to tell')).toEqual([]);
  });
});
