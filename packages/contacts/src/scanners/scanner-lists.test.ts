import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCidr } from '@bellwether/basics';
import { describe, expect, it } from 'vitest';
import { KNOWN_SCANNERS } from './known-scanners.ts';
import { knownScannerLists, readScannerList, scannerOf } from './scanner-lists.ts';

const LISTS = join(import.meta.dirname, '../../../../testdata/sharing/warninglists');
const lists = knownScannerLists(KNOWN_SCANNERS);
const of = (text: string): string | null => scannerOf(lists, parseCidr(text).okOrThrow())?.name ?? null;

describe('lists of research scanners', () => {
  it('name the scanner of every network that is published, and of nobody beside it', () => {
    for (const name of readdirSync(LISTS).filter((each) => each.endsWith('.json'))) {
      const published = JSON.parse(readFileSync(join(LISTS, name), 'utf8')) as { list: string[] };
      for (const network of published.list) {
        const bare = network.replace(/\/(?:32|128)$/, '');
        expect(of(bare), `${name}: ${network}`).not.toBeNull();
      }
    }
    expect(of('162.142.125.17')).toBe('Censys');
    expect(of('162.142.124.255')).toBeNull();
    expect(of('192.0.2.1')).toBeNull();
  });

  it('are kept where one line is no network', () => {
    const text = JSON.stringify({
      name: 'List of published IP address ranges for Example',
      version: 1,
      type: 'cidr',
      list: ['192.0.2.0/24', 'example.org', 5],
    });
    const { list, unreadable } = readScannerList(text).okOrThrow();
    expect([list.name, list.networks.length, unreadable]).toEqual(['Example', 1, ['example.org', '5']]);
  });

  it.each([
    ['{'],
    ['null'],
    ['{"name":"x","version":1,"type":"string","list":[]}'],
    ['{"name":"","version":1,"type":"cidr","list":[]}'],
    ['{"name":"x","version":1.5,"type":"cidr","list":[]}'],
    ['{"name":"x","version":1,"type":"cidr","list":{}}'],
  ])('are refused where they are none: %s', (text) => {
    expect(readScannerList(text)).toMatchObject({ error: { code: 'SCANNERS_MALFORMED' } });
  });
});
