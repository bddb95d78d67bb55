import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';

function spelled(value: unknown): string {
  return canonicalJson(value).okOrThrow();
}

function numberOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

describe('canonical JSON', () => {
  // RFC 8785, appendix B: bits of the number, and its spelling.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('spells the number %s as the RFC does: %s', (bits, text) => {
    expect(spelled(numberOf(bits))).toBe(text);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses %s, no number', (bits) => {
    expect(canonicalJson(numberOf(bits))).toMatchObject({ error: { fault: 'no-number' } });
  });

  it('spells the example of section 3.2.2', () => {
    const given = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as unknown;

    expect(spelled(given)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members by UTF-16 units, as section 3.2.3 shows', () => {
    const given = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };

    expect(Object.values(JSON.parse(spelled(given)) as object)[0]).toBe('One');
    expect([...spelled(given).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('escapes what has to be, and nothing else', () => {
    expect(spelled('\b\t\n\f\r\u0000\u001f\u007f\u2028/"\\ö')).toBe(
      '"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028/\\"\\\\ö"',
    );
  });

  it.each([
    ['undefined', { a: undefined }, 'no-json', '$.a'],
    ['a hole of an array', new Array(2), 'no-json', '$[0]'],
    ['a function', { a: [() => 1] }, 'no-json', '$.a[0]'],
    ['a bigint', 1n, 'no-json', '$'],
    ['a symbol as a name', { [Symbol('a')]: 1 }, 'no-json', '$'],
    ['a moment', { at: new Date(0) }, 'no-json', '$.at'],
    ['a table', new Map(), 'no-json', '$'],
    ['bytes', { a: { b: new Uint8Array(2) } }, 'no-json', '$.a.b'],
    ['half a character', { 'a b': 'x\ud83d' }, 'lone-surrogate', '$["a b"]'],
    ['half a character the other way', ['\ude00\ud83d'], 'lone-surrogate', '$[0]'],
    ['half a character in a name', { '\udfff': 1 }, 'lone-surrogate', '$["\\udfff"]'],
  ])('refuses %s, and says where', (_what, value, fault, at) => {
    expect(canonicalJson(value)).toMatchObject({ error: { fault, at } });
  });

  it('refuses what is too deep, a circle for one', () => {
    const circle: unknown[] = [];
    circle.push(circle);

    expect(canonicalJson(circle)).toMatchObject({ error: { fault: 'too-deep' } });
    expect(canonicalJson([[1]], { depth: 2, length: 99 }).okOrThrow()).toBe('[[1]]');
    expect(canonicalJson([[[]]], { depth: 2, length: 99 })).toMatchObject({
      error: { fault: 'too-deep', at: '$[0][0]' },
    });
  });

  it('refuses what is too long, at the first unit beyond the bound', () => {
    expect(canonicalJson(['ab', 1], { depth: 1, length: 8 }).okOrThrow()).toBe('["ab",1]');
    expect(canonicalJson(['ab', 1], { depth: 1, length: 7 })).toMatchObject({ error: { fault: 'too-long' } });
    expect(canonicalJson('a'.repeat(2 ** 20))).toMatchObject({ error: { fault: 'too-long' } });
  });

  it('takes a member for what it is, whatever its name', () => {
    expect(spelled(JSON.parse('{"toString":1,"__proto__":{"b":2}}'))).toBe(
      '{"__proto__":{"b":2},"toString":1}',
    );
  });

  it('gives one spelling to a value, whatever the order of its members, and it reads back as the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        if (/\\ud[89a-f]/i.test(JSON.stringify(value))) return;
        const text = spelled(value);
        expect(spelled(reversed(value))).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(spelled(JSON.parse(text)))));
      }),
      { numRuns: 300 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
