import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DIST = new URL('../../dist/', import.meta.url).pathname;

describe('the agent as it is handed out', () => {
  it('is one file that needs nothing but Node, and a list of what is in it', () => {
    if (!existsSync(DIST)) throw new Error('the agent is not built: run `npm run build`');
    expect(
      readdirSync(DIST)
        .filter((name) => !/\.[0-9]+$/.test(name))
        .sort(),
    ).toEqual(['bellwether-agent.js', 'bellwether-agent.sbom.json']);
    const text = readFileSync(`${DIST}bellwether-agent.js`, 'utf8');
    const imports = [...text.matchAll(/^import .*? from "([^"]+)";$/gm)].map(([, from]) => from!);
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter((from) => !from.startsWith('node:'))).toEqual([]);
    expect(text).not.toMatch(/\b(?:require|import)\((?!["']node:)/);
    const sbom = JSON.parse(readFileSync(`${DIST}bellwether-agent.sbom.json`, 'utf8')) as {
      components: readonly { name: string }[];
    };
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(sbom.components.map(({ name }) => name)).toEqual([
      '@bellwether/basics',
      '@bellwether/blocks',
      '@bellwether/evidence',
      '@bellwether/rolls',
      'yaml',
    ]);
  });
});
