import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { changeConfig } from './config-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-config-'));
  path = join(folder, 'bellwether.yaml');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a change of the configuration', () => {
  it('makes the file where there is none', () => {
    expect(changeConfig(path, { zone: 'America/Denver' }).isOk()).toBe(true);
    expect(readConfig(path).okOrThrow()).toEqual({ zone: 'America/Denver' });
  });

  it('leaves what others wrote, and their comments', () => {
    writeFileSync(path, '# Ours since 2024.\nport: 9000 # behind the wall\nzone: America/Chicago\n');

    expect(changeConfig(path, { zone: 'America/Denver' }).isOk()).toBe(true);

    expect(readFileSync(path, 'utf8')).toBe(
      '# Ours since 2024.\nport: 9000 # behind the wall\nzone: America/Denver\n',
    );
  });

  it('takes a key out', () => {
    writeFileSync(path, 'port: 9000\nzone: America/Chicago\n');

    expect(changeConfig(path, { zone: undefined }).isOk()).toBe(true);

    expect(readConfig(path).okOrThrow()).toEqual({ port: 9000 });
  });

  it.each([undefined, '', '# Nothing yet.\n'])(
    'takes nothing out of a file that says nothing: %j',
    (text) => {
      if (text !== undefined) writeFileSync(path, text);

      expect(changeConfig(path, { https: undefined }).isOk()).toBe(true);

      expect(readConfig(path).okOrThrow()).toEqual({});
    },
  );

  it('is not made where the hub could not start with it, and leaves nothing behind', () => {
    writeFileSync(path, 'port: 9000\n');

    expect(changeConfig(path, { zone: 'America/Nowhere' })).toMatchObject({
      error: { code: 'CONFIG_INVALID', detail: expect.stringContaining(`${path} at zone`) },
    });

    expect(readFileSync(path, 'utf8')).toBe('port: 9000\n');
    expect(readdirSync(folder)).toEqual(['bellwether.yaml']);
  });
});
