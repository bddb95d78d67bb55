import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Json, JsonScanner, MAX_JSON_DEPTH, unescapeJson } from './json.ts';

const PATHS = ['a', 'b.c', 'b.d', 'é', 'list.[1]', 'list.[2].x', 'b.e.a'] as const;

type Found = Record<string, unknown>;

function scan(text: string | Uint8Array): Found | undefined {
  const bytes = Buffer.from(text);
  // The object stands inside other bytes, as a line stands in a block.
  const around = Buffer.concat([Buffer.from('"}]{'), bytes, Buffer.from('}"]1')]);
  const scanner = new JsonScanner(PATHS);
  if (!scanner.scan(around, 4, 4 + bytes.length)) return undefined;
  const found: Found = {};
  PATHS.forEach((path, i) => {
    const type = scanner.type[i];
    if (type === Json.absent) return;
    const from = scanner.start[i]!;
    const to = scanner.end[i]!;
    const raw = around.subarray(from, to).toString();
    if (type === Json.string) found[path] = raw;
    else if (type === Json.escaped) {
      const out = Buffer.alloc(1000);
      found[path] = out.subarray(0, unescapeJson(around, from, to, out)).toString();
    } else found[path] = JSON.parse(raw);
  });
  return found;
}

/** What JSON.parse finds at the same paths; undefined where it refuses, or where the scanner's own bounds do. */
function plain(text: string): Found | undefined {
  let top: unknown;
  try {
    top = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof top !== 'object' || top === null || Array.isArray(top)) return undefined;
  if (depthOf(top) > MAX_JSON_DEPTH) return undefined;
  const found: Found = {};
  for (const path of PATHS) {
    let value: unknown = top;
    for (const segment of path.split('.')) {
      const index = /^\[(\d+)\]$/.exec(segment);
      if (index) value = Array.isArray(value) ? value[Number(index[1])] : undefined;
      else if (typeof value !== 'object' || value === null || Array.isArray(value)) value = undefined;
      else value = Object.hasOwn(value, segment) ? (value as Found)[segment] : undefined;
    }
    if (value !== undefined) found[path] = value;
  }
  return found;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'é', 'list', 'x', 'flow', 'aa', '', 'a.b');
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e300,
      -2.5e-7,
      '',
      'plain',
      'q"q',
      'b\\b',
      'tab\t',
      '😀',
      '\ud800',
    ),
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
  ),
}));
const object = fc.dictionary(key, tree, { maxKeys: 8 });

describe('a JSON object walked on its bytes', () => {
  test('finds what JSON.parse finds, at the wanted paths', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(wellFormed(scan(text))).toEqual(wellFormed(plain(text)));
      }),
      { numRuns: 2000 },
    );
  });

  test('takes and refuses what JSON.parse takes and refuses, also when the text was damaged', () => {
    const junk = fc.constantFrom(
      ...'"\\{}[],: \t\n0123456789-+.eEtfnu/a\u0001\u001f\u007f',
      '\\u0041',
      '\\u00',
      '\\x',
      'true',
      'nul',
      '1e',
      '-',
      '00',
      '{"a":1}',
    );
    const edit = fc.record({ at: fc.nat(), cut: fc.nat(3), put: fc.oneof(junk, fc.constant('')) });
    fc.assert(
      fc.property(object, fc.array(edit, { minLength: 1, maxLength: 2 }), (value, edits) => {
        let text = JSON.stringify(value);
        for (const { at, cut, put } of edits) {
          const i = at % (text.length + 1);
          text = text.slice(0, i) + put + text.slice(i + cut);
        }
        // A wanted key twice is refused here and taken there: the next test is about it.
        fc.pre(!hasDoubles(text));
        expect(wellFormed(scan(text))).toEqual(wellFormed(plain(text)));
      }),
      { numRuns: 8000 },
    );
  });

  test.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"b":{"c":1,"c":1}}',
    '{"b":{"c":1},"b":{"d":1}}',
    '{"b":1,"b":{"c":1}}',
  ])('refuses a wanted key that stands twice: %s', (text) => {
    expect(scan(text)).toBeUndefined();
  });

  test('does not mind an unwanted key that stands twice', () => {
    expect(scan('{"z":1,"a":2,"z":3,"b":{"z":1,"z":2}}')).toEqual({ a: 2 });
  });

  test('knows a wanted key that is spelled with escapes', () => {
    expect(scan('{"\\u0061":5,"\\u00e9":6}')).toEqual({ a: 5, é: 6 });
  });

  test('takes no nested key for a top one, and no text for a key', () => {
    expect(scan('{"x":{"a":1,"b":{"c":2}},"y":[{"a":3}],"z":"\\",\\"a\\":4,\\""}')).toEqual({});
  });

  test('stops at its bound of nesting', () => {
    const nested = (depth: number) => `{"z":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(scan(nested(MAX_JSON_DEPTH))).toEqual({});
    expect(scan(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
  });

  test('gives objects and arrays with their brackets', () => {
    expect(scan('{"a":{"q":[1,{}]}, "list":[0,[2],{"x":null}]}')).toEqual({
      a: { q: [1, {}] },
      'list.[1]': [2],
      'list.[2].x': null,
    });
  });

  test('keeps nothing of the scan before', () => {
    const scanner = new JsonScanner(['a']);
    expect(scanner.scan(Buffer.from('{"a":1}'), 0, 7)).toBe(true);
    expect(scanner.scan(Buffer.from('{}'), 0, 2)).toBe(true);
    expect(scanner.type[0]).toBe(Json.absent);
  });

  test('cuts an unescaped text that is longer than its room, never inside a character', () => {
    const text = Buffer.from('\\n\\u00e9\\ud83d\\ude00');
    const out = Buffer.alloc(8, 1);
    expect(unescapeJson(text, 0, text.length, out.subarray(0, 4))).toBe(3);
    expect(unescapeJson(text, 0, text.length, out)).toBe(7);
    expect(out.toString('latin1', 0, 7)).toBe(Buffer.from('\né😀').toString('latin1'));
  });
});

/** Buffers cannot hold halves of surrogate pairs: they read as U+FFFD. */
function wellFormed(found: Found | undefined): Found | undefined {
  return found && JSON.parse(Buffer.from(JSON.stringify(found, well)).toString());
}
function well(_: string, value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value).toString() : value;
}

/** Whether any object of the text names a key twice: JSON.parse with a reviver would not say so. */
function hasDoubles(text: string): boolean {
  const keys: Set<string>[] = [];
  for (const [token, string] of text.matchAll(/[{}]|("(?:[^"\\]|\\.)*")(?:\s*:)/g)) {
    if (token === '{') keys.push(new Set());
    else if (token === '}') keys.pop();
    else if (string !== undefined) {
      const top = keys.at(-1);
      let name = string;
      try {
        name = JSON.parse(string);
      } catch {}
      if (top?.has(name)) return true;
      top?.add(name);
    }
  }
  return false;
}
