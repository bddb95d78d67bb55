import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** The program and all that is loaded with it: files that it imports, and those that they import, at once. */
function loadedWith(name: string): string[] {
  const loaded = new Set([name]);
  for (const file of loaded) {
    const text = readFileSync(join(DIST, file), 'utf8');
    for (const [, next] of text.matchAll(
      /^(?:import|\} from|export .* from)\s*(?:\{[^}]*\}\s*from\s*)?"\.\/([\w.-]+\.js)";$/gm,
    )) {
      loaded.add(next!);
    }
  }
  return [...loaded];
}

function hasYaml(files: readonly string[]): boolean {
  return files.some((file) => readFileSync(join(DIST, file), 'utf8').includes('YAMLParseError'));
}

describe('what a command loads at its start', () => {
  it('is no YAML parser, unless a surface is read', () => {
    if (!existsSync(DIST)) throw new Error('the command is not built: run `npm run build`');
    const [watch] = readdirSync(DIST).filter((name) => /^watch-\w+\.js$/.test(name));
    const [surface] = readdirSync(DIST).filter((name) => /^surface-file-\w+\.js$/.test(name));

    expect(loadedWith(watch!).length).toBeGreaterThan(2);
    expect(hasYaml([...loadedWith(watch!), ...loadedWith('worker.js'), ...loadedWith('bellwether.js')])).toBe(
      false,
    );
    expect(hasYaml(loadedWith(surface!))).toBe(true);
  });
});
