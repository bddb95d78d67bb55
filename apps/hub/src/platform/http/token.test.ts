import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readOrMakeToken, TokenCheck } from './token.ts';

function tokenPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'token');
}

describe('the token', () => {
  it('is made once, of 256 bits, readable by its owner alone, and stays', () => {
    const path = tokenPath();

    const made = readOrMakeToken(path).okOrThrow();

    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${made}\n`);
    expect(readOrMakeToken(path).okOrThrow()).toBe(made);
    expect(readOrMakeToken(tokenPath()).okOrThrow()).not.toBe(made);
  });

  it('is closed to others again where somebody opened it', () => {
    const path = tokenPath();
    const made = readOrMakeToken(path).okOrThrow();
    chmodSync(path, 0o644);

    expect(readOrMakeToken(path).okOrThrow()).toBe(made);

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'short\n', 'x'.repeat(44), `${'x'.repeat(42)}!`])(
    'is not taken from a damaged file: %j',
    (text) => {
      const path = tokenPath();
      writeFileSync(path, text);

      const read = readOrMakeToken(path);

      expect(read.isErr() && read.error.code).toBe('HTTP_TOKEN_UNREADABLE');
    },
  );

  it('is not made where nothing can be written', () => {
    const read = readOrMakeToken('/nonexistent/folder/token');

    expect(read.isErr() && read.error.code).toBe('HTTP_TOKEN_UNREADABLE');
  });

  it('is told from everything else, and from what stands for it', () => {
    const path = tokenPath();
    const token = readOrMakeToken(path).okOrThrow();
    const check = new TokenCheck(token);

    expect(check.isToken(token)).toBe(true);
    expect(check.isSession(check.session)).toBe(true);
    for (const other of ['', `${token} `, token.slice(1), token.toLowerCase(), check.session]) {
      expect(check.isToken(other)).toBe(false);
    }
    expect(check.isSession(token)).toBe(false);
  });
});
