/** Writes every generated document; says which of them changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GENERATED } from './generated.ts';

for (const { path, text } of GENERATED) {
  const now = await text();
  if (existsSync(path) && readFileSync(path, 'utf8') === now) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, now);
  process.stdout.write(`wrote ${path}\n`);
}
