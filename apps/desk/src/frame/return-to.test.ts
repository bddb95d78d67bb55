import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownPage } from './return-to.ts';

test.each(['/', '/contacts?source=203.0.113.0%2F24&port=443', '/offices/29019', '/people/29019', '/set-up'])(
  '%s is one of our pages',
  (page) => {
    expect(ownPage(page)).toBe(page);
  },
);

test.each([
  undefined,
  '',
  'contacts',
  'https://evil.example/',
  '//evil.example/contacts',
  '/\\evil.example',
  '/\t/evil.example',
  '/contacts/..//evil.example',
  '/.//evil.example/',
  'javascript:alert(1)',
  '/api/v1/contacts.csv',
  '/sign-in?to=/sign-in',
  '/assets/index.js',
  `/contacts?source=${'x'.repeat(2000)}`,
])('%s is not, and leads to Today', (asked) => {
  expect(ownPage(asked)).toBe('/');
});

test('whatever is asked for, nobody is led to another site', () => {
  const parts = fc.constantFrom(
    '/',
    '\\',
    '//',
    '.',
    '..',
    'evil.example',
    'contacts',
    '@',
    ':',
    '?',
    '#',
    '\t',
    '%2f',
  );
  const asked = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.array(parts, { maxLength: 8 }).map((some) => some.join('')),
  );
  fc.assert(
    fc.property(asked, (text) => {
      const page = ownPage(text);
      expect(page).toMatch(/^\/(?![/\\])/);
      expect(new URL(page, 'http://localhost:8118').origin).toBe('http://localhost:8118');
    }),
  );
});
