import { expect, test } from 'vitest';
import { address } from '../api/ask.ts';
import { searchOf } from './contacts/search.ts';
import { filterOf } from './incidents/filter.ts';
import { curlLines, hubLines, rsyslogLines } from './offices/connect.ts';
import { stateOf } from './offices/state.ts';

test('a search is read from the address, and what does not fit is left out', () => {
  expect(
    searchOf({ source: ' 203.0.113.0/24 ', port: '443', disposition: 'through', authority: '' }),
  ).toEqual({
    source: '203.0.113.0/24',
    port: 443,
    disposition: 'through',
  });
  expect(
    searchOf({ port: '70000', disposition: 'attacked', from: 'yesterday', source: 'x'.repeat(65) }),
  ).toEqual({});
  expect(searchOf({ from: '2026-11-03T05:00:00-06:00' })).toEqual({ from: '2026-11-03T11:00:00.000Z' });
});

test('filters of lists are read from the address', () => {
  expect(filterOf({ state: 'closed', kind: 'through', authority: '29019' })).toEqual({
    state: 'closed',
    kind: 'through',
    authority: '29019',
  });
  expect(filterOf({ state: 'lost', kind: 'x', authority: '../x' })).toEqual({});
  expect(stateOf({ state: 'silent' })).toEqual({ state: 'silent' });
  expect(stateOf({ state: 'loud' })).toEqual({});
});

test('questions to the hub leave out empty terms and escape the others', () => {
  expect(address('contacts', { source: '2001:db8::/48', port: 0, rule: '', from: undefined })).toBe(
    '/api/v1/contacts?source=2001%3Adb8%3A%3A%2F48&port=0',
  );
});

test('the lines to connect a sensor carry the office', () => {
  expect(curlLines('29019', 'http://localhost:8118')).toContain(
    'http://localhost:8118/api/v1/intake/29019/firewall',
  );
  expect(rsyslogLines('29019', 'hub.example')).toContain('target="hub.example" port="2514"');
  expect(hubLines('29019')).toContain("authority: '29019'");
});
