import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileSurface } from './compile.ts';
import { KEYS } from './keys.ts';
import { parseSurface } from './parse.ts';
import { PROTOCOLS } from './protocols.ts';
import { AUDIENCES, COMPLETENESS, PLACES, SIGHTS, TECHNIQUES, TRANSPORTS } from './surface.ts';

const PAGE = readFileSync(new URL('../../../../docs/reference/surface.md', import.meta.url), 'utf8');
const EXAMPLE = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';

describe('the page about the surface', () => {
  it('has an example that is read, and uses every key', () => {
    const surface = parseSurface(EXAMPLE).okOrThrow();

    expect(compileSurface(surface).services).toHaveLength(6);
    for (const section of KEYS.surface) expect(EXAMPLE).toMatch(new RegExp(`^${section}:`, 'm'));
    const { surface: _, ...sections } = KEYS;
    for (const key of Object.values(sections).flat()) {
      // What few sensors need is in the tables.
      if (key !== 'service') expect(EXAMPLE).toMatch(new RegExp(`\\b${key}: `));
    }
  });

  it('tells every section and every key of it', () => {
    const sections = new Map(
      PAGE.split(/^## /m).map((part) => [/^`(.*)`\n/.exec(part)?.[1] ?? '', part] as const),
    );
    for (const section of KEYS.surface) expect([...sections.keys()]).toContain(section);
    for (const [section, keys] of Object.entries(KEYS)) {
      if (section === 'surface') continue;
      const told = [...(sections.get(section) ?? '').matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
        cell!.split(', ').map((word) => word.replaceAll('`', '')),
      );
      expect(told.sort()).toEqual([...keys].sort());
    }
  });

  it('tells every word that a key takes', () => {
    const words = [AUDIENCES, PLACES, COMPLETENESS, SIGHTS, TRANSPORTS, TECHNIQUES, Object.keys(PROTOCOLS)];
    for (const word of words.flat()) expect(PAGE).toContain(`\`${word}\``);
  });
});
