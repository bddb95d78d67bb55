import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_LINE } from '@bellwether/contacts';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Block, BlockReader, blockCapacity, blocksIn, readBlock } from './blocks.ts';
import { PlainSource } from './bytes-in.ts';
import { pipeSource } from './chunk-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function withFile<T>(content: Buffer, use: (source: PlainSource) => T): T {
  const path = join(folder, 'input');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  try {
    return use(new PlainSource(fd, content.length, path));
  } finally {
    closeSync(fd);
  }
}

/** The lines of a block, as a reader of lines sees them; one that is too long is only told to be so. */
function linesOf({ bytes, from, to }: Block): string[] {
  if (from === to) return [];
  expect(bytes[to - 1]).toBe(10);
  const text = bytes.toString('latin1', from, to - 1);
  return text.split('\n').map((line) => (line.length > MAX_LINE ? 'too long' : line));
}

function fromHeadToEnd(content: Buffer, size: number): string[] {
  return withFile(content, (source) => {
    const reader = new BlockReader(source, size);
    const into = Buffer.alloc(blockCapacity(size));
    const lines: string[] = [];
    for (let block = reader.next(into); block !== undefined; block = reader.next(into)) {
      lines.push(...linesOf(block as Block));
    }
    return lines;
  });
}

function eachOnItsOwn(content: Buffer, size: number): string[] {
  return withFile(content, (source) => {
    const lines: string[] = [];
    for (let k = 0; k < blocksIn(content.length, size); k++) {
      lines.push(...linesOf(readBlock(source, k, size, Buffer.alloc(blockCapacity(size)))));
    }
    return lines;
  });
}

async function throughAPipe(content: Buffer, size: number, chunk: number): Promise<string[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk);
  }
  const reader = new BlockReader(pipeSource(chunks(), '-'), size);
  const into = Buffer.alloc(blockCapacity(size));
  const lines: string[] = [];
  for (let block = await reader.next(into); block !== undefined; block = await reader.next(into)) {
    lines.push(...linesOf(block));
  }
  return lines;
}

/** What the lines are, without blocks. */
function naive(content: Buffer): string[] {
  const text = content.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.length > MAX_LINE ? 'too long' : line));
}

describe('the blocks of an input', { timeout: 60_000 }, () => {
  it('hold each of its lines once and in order, wherever the cuts fall', async () => {
    const line = fc.oneof(
      { weight: 20, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 40 }) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: MAX_LINE - 3, max: MAX_LINE + 6 }).map((n) => 'x'.repeat(n)),
      },
      { weight: 1, arbitrary: fc.constant('y'.repeat(3 * MAX_LINE)) },
      { weight: 1, arbitrary: fc.constant('\u00ef\u00bb\u00bfmarked') },
    );
    const text = fc.tuple(fc.array(line, { maxLength: 30 }), fc.boolean()).map(([lines, ended]) => {
      return Buffer.from(lines.join('\n') + (ended ? '\n' : ''), 'latin1');
    });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 150_000 })),
        fc.integer({ min: 1, max: 5000 }),
        async (content, size, chunk) => {
          const expected = naive(content);
          expect(fromHeadToEnd(content, size)).toEqual(expected);
          if (blocksIn(content.length, size) < 3000) expect(eachOnItsOwn(content, size)).toEqual(expected);
          expect(await throughAPipe(content, size, chunk)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are the same blocks, whether they are read in order or each on its own', () => {
    const content = Buffer.from(
      Array.from({ length: 500 }, (_, i) => `line ${i} ${'z'.repeat(i % 90)}`).join('\n'),
    );
    const size = 1000;
    const inOrder = withFile(content, (source) => {
      const reader = new BlockReader(source, size);
      const into = Buffer.alloc(blockCapacity(size));
      const blocks: string[][] = [];
      for (let block = reader.next(into); block !== undefined; block = reader.next(into)) {
        blocks.push(linesOf(block as Block));
      }
      return blocks;
    });
    const alone = withFile(content, (source) =>
      Array.from({ length: blocksIn(content.length, size) }, (_, k) =>
        linesOf(readBlock(source, k, size, Buffer.alloc(blockCapacity(size)))),
      ),
    );

    expect(alone.filter((lines) => lines.length > 0)).toEqual(inOrder);
  });

  it('keep no more than a line of a gigabyte without a newline', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 120);
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('first\n');
      for (let i = 0; i < 1024; i++) yield chunk;
      yield Buffer.from('\nlast');
    }
    const size = 128 * 1024;
    const reader = new BlockReader(pipeSource(endless(), '-'), size);
    const into = Buffer.alloc(blockCapacity(size));
    const lines: string[] = [];
    for (let block = await reader.next(into); block !== undefined; block = await reader.next(into)) {
      lines.push(...linesOf(block));
    }

    expect(lines).toEqual(['first', 'too long', 'last']);
  });

  it('end where a file that was shortened meanwhile ends, and say so', () => {
    const path = join(folder, 'shortened');
    writeFileSync(path, 'one\ntwo\n');
    const fd = openSync(path, 'r');
    const source = new PlainSource(fd, 1000, path);
    const reader = new BlockReader(source, 64);
    const into = Buffer.alloc(blockCapacity(64));

    expect(linesOf(reader.next(into) as Block)).toEqual(['one', 'two']);
    expect(reader.next(into)).toBeUndefined();
    expect(source.failure).toMatchObject({ code: 'WATCH_INPUT_CHANGED' });
    closeSync(fd);
  });
});
