import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SyslogFraming } from './syslog-framing.ts';
import { Unfinished } from './unfinished.ts';

const LONGEST = 48;

type Read = { readonly heard: string[]; readonly tooLong: number; readonly broken: boolean; most: number };

function read(chunks: readonly Buffer[]): Read {
  const result = { heard: [] as string[], tooLong: 0, broken: false, most: 0 };
  const framing = new SyslogFraming<Buffer>(
    LONGEST,
    (bytes, from, to) => result.heard.push(bytes.toString('latin1', from, to)),
    () => {
      result.tooLong += 1;
    },
  );
  const unfinished = new Unfinished(framing, Buffer.alloc);
  for (const chunk of chunks) {
    if (!unfinished.push(chunk)) return { ...result, broken: true };
    result.most = Math.max(result.most, unfinished.length);
  }
  return result;
}

function pieces(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0, i = 0; at < stream.length; i += 1) {
    const next = at + (cuts[i % cuts.length] as number);
    found.push(stream.subarray(at, next));
    at = next;
  }
  return found;
}

const cuts = fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 9 });
const texts = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 70 }), { maxLength: 12 });

describe('the framing of syslog over TCP', () => {
  it('counts octets, skips what is too long, and reads on behind it, however the stream is cut', () => {
    fc.assert(
      fc.property(texts, cuts, (all, at) => {
        const some = all.filter((text) => text !== '');
        const stream = Buffer.from(some.map((text) => `${text.length} ${text}`).join(''));
        const { heard, tooLong, broken, most } = read(pieces(stream, at));

        expect(heard).toEqual(some.filter((text) => text.length <= LONGEST));
        expect(tooLong).toBe(some.filter((text) => text.length > LONGEST).length);
        expect(broken).toBe(false);
        expect(most).toBeLessThanOrEqual(LONGEST + 4);
      }),
    );
  });

  it('ends lines at line ends, skips what is too long, and reads on behind it, however the stream is cut', () => {
    fc.assert(
      fc.property(texts, cuts, (all, at) => {
        const lines = ['<13>first', ...all];
        const stream = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const { heard, tooLong, broken, most } = read(pieces(stream, at));

        expect(heard).toEqual(lines.filter((line) => line.length <= LONGEST));
        expect(tooLong).toBe(lines.filter((line) => line.length > LONGEST).length);
        expect(broken).toBe(false);
        expect(most).toBeLessThanOrEqual(LONGEST);
      }),
    );
  });

  it('reads any bytes in pieces as it reads them at once, and keeps no more than a message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, at) => {
        const stream = Buffer.from(bytes);
        const inPieces = read(pieces(stream, at));

        expect({ ...inPieces, most: 0 }).toEqual({ ...read([stream]), most: 0 });
        expect(inPieces.most).toBeLessThanOrEqual(LONGEST + 11);
      }),
    );
  });

  it.each(['12x<13>a', '1234567890 <13>a', '5 <13>a<13>b'])('reads no further in %s', (stream) => {
    expect(read([Buffer.from(stream)]).broken).toBe(true);
  });
});
