import { describe, expect, it } from 'vitest';
import { columnsOf, fieldNames, parseMapping } from './mapping.ts';
import { MAPPING_YAML } from './testing/mapping-example.ts';

/** What is wrong with the example after some words of it are others. */
function problemsOf(from: string, to: string): string {
  expect(MAPPING_YAML).toContain(from);
  const parsed = parseMapping(MAPPING_YAML.replace(from, to));
  return parsed.isErr() ? parsed.error.detail : 'none';
}

describe('parseMapping', () => {
  it('reads the whole form, fields by name', () => {
    const mapping = parseMapping(MAPPING_YAML).okOrThrow();
    expect(mapping.source).toEqual({ kind: 'csv', encoding: 'utf-8', delimiter: ',' });
    expect(mapping.status).toEqual({ column: 'status', live: ['active', 'inactive'] });
    expect(fieldNames(mapping).public).toEqual(['address.street', 'name.first', 'name.last', 'registered']);
    expect(columnsOf(mapping)).toContain('protected');
    expect(mapping.feeds).toEqual(['motor-vehicle']);
  });

  it.each([
    ['record: voter_id', 'records: voter_id', /line 3: the mapping has no "records".*"record" is missing/],
    ['delimiter: ","', 'delimiter: "x"', /line 2: "delimiter"/],
    ['encoding: utf-8', 'encoding: latin-9', /line 2: "encoding"/],
    ['name.last: last_name', 'Name: last_name', /line 8: "Name" is no name of a field/],
    ['as: digits', 'as: number', /line 10: "born-code": "as" has to be one of/],
    ['mapping@1', 'mapping@2', /line 1: "schema"/],
    ['live: [active, inactive]', 'live: []', /line 5: "live" has 0 items/],
    ['kind: ndjson', 'kind: xml', /line 12: the kind of "transactions"/],
    ['[motor-vehicle]', '[motor-vehicle, motor-vehicle]', /line 13: a feed stands twice/],
    ['last_name,', 'last_name, name.last: x,', /line 8: "name.last" stands here a second time/],
    ['last_name,', '*last,', /line 8/],
  ])('names the line of a problem: %s as %s', (from, to, expected) => {
    expect(problemsOf(from, to)).toMatch(expected);
  });

  it('tells all problems at once', () => {
    const broken = MAPPING_YAML.replace('mapping@1', 'mapping@9').replace('as: digits', 'as: number');
    const parsed = parseMapping(broken);
    expect(parsed.isErr() && parsed.error.detail).toMatch(/line 1: .*; line 10: /);
  });

  it('refuses what is too long, too deep, empty or no YAML', () => {
    const deep = `a: ${'['.repeat(20_000)}`;
    for (const text of ['', 'a', '- 1', 'a: [', deep, `${' '.repeat(70)}a: 1`, ' '.repeat(70_000)]) {
      expect(parseMapping(text).isErr()).toBe(true);
    }
  });
});
