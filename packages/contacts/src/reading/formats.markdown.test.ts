import { describe, expect, it } from 'vitest';
import { formatsMarkdown } from './formats.markdown.ts';
import { FORMATS } from './formats.ts';

describe('the page of formats', () => {
  it('has a row and a section for each format, with all that the format says of itself', () => {
    const page = formatsMarkdown();
    for (const { name, doc } of FORMATS) {
      expect(page).toContain(`| [${name}](#${name}) |`);
      expect(page).toContain(`## ${name}\n`);
      for (const text of [doc.contact, doc.losses, doc.seen]) expect(page).toContain(text);
    }
  });

  it('names no format twice', () => {
    const names = FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps a pipe inside its cell', () => {
    const [first] = FORMATS;
    const page = formatsMarkdown([{ ...first!, doc: { ...first!.doc, of: 'this | that' } }]);
    expect(page).toContain('| this \\| that |');
  });
});
