import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loopbackHosts, mayBind } from './addresses.ts';

describe('HTTPS may listen', () => {
  it.each([undefined, 'localhost', '127.0.0.1', '127.8.8.8', '::1'])(
    'at %s always: others do not reach it',
    (host) => {
      expect(mayBind(host, false)).toBeUndefined();
      expect(mayBind(host, true)).toBeUndefined();
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.10', '2001:db8::1', '::ffff:127.0.0.1', '128.0.0.1'])(
    'at %s only when there is an administrator',
    (host) => {
      expect(mayBind(host, false)?.code).toBe('HTTP_ADDRESS_REFUSED');
      expect(mayBind(host, true)).toBeUndefined();
    },
  );

  it.each([
    '',
    'example.org',
    '127.0.0.1.example.org',
    '127.0.0.999',
    '127.1',
    'localhost.',
    '0',
    '::1%lo\n',
  ])('never at %j, which is no address', (host) => {
    expect(mayBind(host, true)?.code).toBe('HTTP_ADDRESS_REFUSED');
  });

  it('without an administrator, only at what is a loopback', () => {
    const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string());
    fc.assert(
      fc.property(hosts, (host) => {
        expect(mayBind(host, false) === undefined).toBe(loopbackHosts(host) !== undefined);
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), (host) => {
        expect(mayBind(host, false) === undefined).toBe(host.startsWith('127.'));
      }),
    );
  });
});
