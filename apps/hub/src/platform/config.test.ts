import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bw-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const path = join(folder, 'bellwether.yaml');
  writeFileSync(path, text);
  return readConfig(path);
}

const HTTPS_MISTAKES: readonly [string, string][] = (
  [
    ['without a name', 'own: true'],
    ['without a source', 'name: hub.example.gov'],
    ['with two sources', 'name: hub.example.gov, own: true, certificate: /a, key: /b'],
    ['with a source that is refused', 'name: hub.example.gov, own: false'],
    ['with a certificate alone', 'name: hub.example.gov, certificate: /a'],
    ['with a key alone', 'name: hub.example.gov, own: true, key: /a'],
    ['with a relative path', 'name: hub.example.gov, certificate: a, key: /b'],
    ['with an address as its name', 'name: 192.0.2.10, own: true'],
    ['with capitals in its name', 'name: Hub.Example.gov, own: true'],
    ['with a wildcard', "name: '*.example.gov', own: true"],
    ['with a dot behind its name', 'name: hub.example.gov., own: true'],
    ['with a label that is too long', `name: ${'a'.repeat(64)}.gov, own: true`],
    ['with a name that is too long', `name: ${'a.'.repeat(126)}gov, own: true`],
    ['at a host that is a name', 'name: hub.example.gov, own: true, host: hub.example.gov'],
    ['with a directory in the clear', 'name: a.b, acme: { directory: http://ca.example/dir }'],
    ['with no directory', 'name: a.b, acme: {}'],
    ['with two contacts', "name: a.b, acme: { directory: https://c/d, contact: 'a@b,c@d' }"],
    ['with something else', 'name: a.b, own: true, http2: true'],
  ] as const
).map(([what, text]) => [`HTTPS ${what}`, `https: { ${text} }`]);

const DIRECTORY = {
  name: 'state',
  title: 'State of Missouri',
  issuer: 'https://login.example.gov/v2',
  client: 'bellwether',
  secret: '/etc/bellwether/oidc',
  claim: 'groups',
  roles: [{ value: 'elections-security', role: 'analyst', place: 'state' }],
};
const [ROLE] = DIRECTORY.roles;

const OIDC_MISTAKES: readonly [string, string][] = (
  [
    ['an administrator', { roles: [{ ...ROLE, role: 'administrator' }] }],
    ['a role that there is not', { roles: [{ ...ROLE, role: 'analysts' }] }],
    ['a county as a place', { roles: [{ ...ROLE, place: 'Adair' }] }],
    ['no role', { roles: [] }],
    ['an issuer in the clear', { issuer: 'http://login.example.gov' }],
    ['an issuer that only begins like this machine', { issuer: 'http://localhost.example.gov' }],
    ['an issuer behind a name and a password', { issuer: 'https://a:b@login.example.gov' }],
    ['a name with a slash', { name: 'a/b' }],
    ['the secret itself', { secret: 'hunter2' }],
    ['something else', { scope: 'all' }],
  ] as const
).map(([what, change]) => [
  `a directory with ${what}`,
  JSON.stringify({ oidc: [{ ...DIRECTORY, ...change }] }),
]);

describe('the configuration', () => {
  it('may be missing, or empty', () => {
    expect(readConfig(join(folder, 'nowhere.yaml')).okOrThrow()).toEqual({});
    expect(read('').okOrThrow()).toEqual({});
    expect(read('# nothing yet\n').okOrThrow()).toEqual({});
  });

  it('names ways in and whose lines come there', () => {
    const config = read(`
zone: America/Chicago
relp:
  - { port: 2514, sensor: { authority: state, sensor: border } }
syslog:
  udp: [ { port: 5514, hosts: { fw-adair: { authority: '29001', sensor: firewall } } } ]
follow:
  - { path: /var/log/auth.log, authority: state, sensor: this-machine, format: sshd }
`);

    expect(config.okOrThrow()).toMatchObject({
      relp: [{ port: 2514, sensor: { authority: 'state', sensor: 'border' } }],
      follow: [{ path: '/var/log/auth.log', format: 'sshd' }],
    });
  });

  it.each([
    ['given', 'certificate: /etc/hub.crt, key: /etc/hub.key, host: 0.0.0.0, port: 443'],
    [
      'from a directory',
      'acme: { directory: https://ca.example/dir, contact: it@example.gov, port: 8080, ca: /ca.pem }',
    ],
    ["the hub's own", "own: true, host: '::'"],
  ])('takes HTTPS with a certificate that is %s', (_, source) => {
    expect(read(`https: { name: hub.example.gov, ${source} }`).okOrThrow()).toMatchObject({
      https: { name: 'hub.example.gov' },
    });
  });

  it('takes directories, over TLS or on this machine', () => {
    const here = { ...DIRECTORY, name: 'here', issuer: 'http://127.0.0.1:4000/oidc' };

    expect(read(JSON.stringify({ oidc: [DIRECTORY, here] })).okOrThrow()).toEqual({
      oidc: [DIRECTORY, here],
    });
  });

  it('refuses two directories of one name', () => {
    const config = read(JSON.stringify({ oidc: [DIRECTORY, DIRECTORY] }));

    expect(config.isErr() && config.error.detail).toContain('two directories with the name "state"');
  });

  it.each([
    ['an unknown key', 'colour: red'],
    ['a port that is none', 'port: 70000'],
    ['a county as a name', 'relp: [ { port: 1, sensor: { authority: Adair, sensor: a } } ]'],
    ['a relative path', 'follow: [ { path: auth.log, authority: state, sensor: a } ]'],
    ['a zone that is none', 'zone: Missouri/Somewhere'],
    ['YAML that is none', 'zone: [unclosed'],
    ['a list', '- 1'],
    ['aliases that grow', 'zone: &a x\nport: *a'],
    ...HTTPS_MISTAKES,
    ...OIDC_MISTAKES,
  ])('refuses %s, and says where', (_, text) => {
    const config = read(text);

    expect(config.isErr() && config.error.code).toBe('CONFIG_INVALID');
    expect(config.isErr() && config.error.detail.length).toBeGreaterThan(20);
  });
});
