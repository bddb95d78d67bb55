import { describe, expect, it } from 'vitest';
import { codeOnly } from './code-only.ts';

describe('the code of a source', () => {
  it.each([
    ['a comment to the end of the line', 'a(); // b();\nc();', 'a();        \nc();'],
    ['a comment over lines', 'a(); /* b();\n */ c();', 'a();        \n    c();'],
    ['strings', 'a(\'b()\', "c()");', 'a(     ,      );'],
    ['a quote escaped in a string', "a('it\\'s b()'); c();", 'a(           ); c();'],
    [
      'a template, but not its placeholders',
      'a(`b() ${c({ d: 1 })} e()`); f();',
      'a(       c({ d: 1 })      ); f();',
    ],
    ['a template in a template', 'a(`${b(`c()`)} d()`);', 'a(   b(     )      );'],
    ['a regular expression with a quote and a slash in it', "a(/['/]b()/); c();", 'a(         ); c();'],
  ])('has no %s', (_, source, code) => {
    expect(codeOnly(source)).toBe(code);
  });

  it('keeps divisions', () => {
    const source = 'const half = total / 2 / parts(3);';

    expect(codeOnly(source)).toBe(source);
  });

  it('keeps every character in its place, lines too', () => {
    const source = 'a(`\n${b}\n`);\n/*\n*/ c(/x/);\n';

    expect(codeOnly(source)).toHaveLength(source.length);
    expect(codeOnly(source).split('\n')).toHaveLength(source.split('\n').length);
  });
});
