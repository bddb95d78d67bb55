import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Output } from './outputs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outputs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(path: string): Output {
  return Output.open(path).okOrThrow();
}

describe('a file for results', () => {
  it('is there when it is complete, and not before', () => {
    const path = join(folder, 'decisions.ndjson');
    const output = opened(path);

    expect(existsSync(path)).toBe(false);
    expect(output.finish([{ value: '192.0.2.7/32' }, { value: '192.0.2.8/32' }]).isOk()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('{"value":"192.0.2.7/32"}\n{"value":"192.0.2.8/32"}\n');
    expect(readdirSync(folder)).toEqual(['decisions.ndjson']);
  });

  it('keeps what stood there when nothing comes of it', () => {
    const path = join(folder, 'decisions.ndjson');
    writeFileSync(path, 'yesterday\n');
    opened(path).discard();

    expect(readFileSync(path, 'utf8')).toBe('yesterday\n');
    expect(readdirSync(folder)).toEqual(['decisions.ndjson']);
  });

  it('is written where a link leads', () => {
    const path = join(folder, 'real');
    writeFileSync(path, '');
    symlinkSync(path, join(folder, 'link'));
    const written = opened(join(folder, 'link')).finish([1]);

    expect(written.isOk()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('1\n');
    expect(readdirSync(folder)).toEqual(['link', 'real']);
  });

  it('may be a device, which is left in its place', () => {
    expect(opened('/dev/null').finish([1]).isOk()).toBe(true);
    expect(readFileSync('/dev/null').length).toBe(0);
  });

  it('holds many records whole', () => {
    const path = join(folder, 'many');
    const records = Array.from({ length: 50_000 }, (_, i) => ({ i, text: 'ü'.repeat(i % 7) }));
    const written = opened(path).finish(records);

    expect(written.isOk()).toBe(true);
    expect(
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(records);
  });

  it('in a folder that is not there, or in the place of one, is refused at once', () => {
    mkdirSync(join(folder, 'taken'));

    expect(Output.open(join(folder, 'nowhere', 'x'))).toMatchObject({
      error: { code: 'WATCH_OUTPUT_UNWRITABLE' },
    });
    expect(Output.open(join(folder, 'taken'))).toMatchObject({
      error: { reason: expect.stringContaining('folder') },
    });
  });
});
