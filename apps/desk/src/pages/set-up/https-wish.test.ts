import { expect, test } from 'vitest';
import { httpsWish, NO_FIELDS } from './https-wish.ts';

const typed = {
  ...NO_FIELDS,
  name: ' hub.example.gov ',
  host: '10.20.0.5',
  certificate: '/c.pem',
  contact: 'x',
};

test('off sends nothing of what was typed', () => {
  expect(httpsWish('off', typed)).toEqual({ body: { how: 'off' }, faults: {} });
});

test('each way sends its own fields, and empty ones not at all', () => {
  expect(httpsWish('own', { ...typed, port: '443' }).body).toEqual({
    how: 'own',
    name: 'hub.example.gov',
    host: '10.20.0.5',
    port: 443,
  });
  expect(httpsWish('acme', typed).body).toEqual({
    how: 'acme',
    name: 'hub.example.gov',
    host: '10.20.0.5',
    contact: 'x',
  });
});

test('what is missing is named at its field', () => {
  expect(Object.keys(httpsWish('given', { ...NO_FIELDS, port: '0' }).faults)).toEqual([
    ...['name', 'port', 'certificate', 'key'],
  ]);
  expect(httpsWish('given', typed).body).toBeUndefined();
  expect(httpsWish('own', { ...typed, port: '8.5' }).faults).toHaveProperty('port');
});
