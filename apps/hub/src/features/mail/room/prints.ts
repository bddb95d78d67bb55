/** Prints as the database has them, and which of them make two messages one campaign. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Prints of one message that are stored: the strong ones stand first. */
const MOST_PRINTS = 40;

/** Kinds of prints of which one is enough: a file, a page that a link leads to. */
const STRONG = ['file:', 'link:'];

/** Near prints that nearly the same text shares: as when mailboxes are gone through. */
export const NEAR_ENOUGH = 3;

/** `kind:hash` under the key: equal where the prints are, and no way back. */
export function storedPrints(prints: readonly string[], key: Uint8Array): string[] {
  const stored = prints.slice(0, MOST_PRINTS).map((print) => {
    const kind = print.slice(0, print.indexOf(':') + 1);
    return `${kind}${createHmac('sha256', key).update(print).digest('hex').slice(0, 24)}`;
  });
  return [...new Set(stored)];
}

/** Prints of which one alone says that two messages belong together. */
export function strongPrints(stored: readonly string[]): string[] {
  return stored.filter((print) => STRONG.some((kind) => print.startsWith(kind)));
}

/** Prints of nearly the same text. */
export function nearOnes(stored: readonly string[]): string[] {
  return stored.filter((print) => print.startsWith('near:'));
}

/** The key of this hub, made when it is first asked for. */
export function printKey(path: string): () => Uint8Array {
  let key: Uint8Array | undefined;
  return () => {
    key ??= readOrMake(path);
    return key;
  };
}

function readOrMake(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length !== 32) throw new Error(`${path} is no key: restore it from a backup, or delete it`);
  return key;
}
