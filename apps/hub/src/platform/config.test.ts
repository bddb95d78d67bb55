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
    ['an unknown key', 'colour: red'],
    ['a port that is none', 'port: 70000'],
    ['a county as a name', 'relp: [ { port: 1, sensor: { authority: Adair, sensor: a } } ]'],
    ['a relative path', 'follow: [ { path: auth.log, authority: state, sensor: a } ]'],
    ['a zone that is none', 'zone: Missouri/Somewhere'],
    ['YAML that is none', 'zone: [unclosed'],
    ['a list', '- 1'],
    ['aliases that grow', 'zone: &a x\nport: *a'],
  ])('refuses %s, and says where', (_, text) => {
    const config = read(text);

    expect(config.isErr() && config.error.code).toBe('CONFIG_INVALID');
    expect(config.isErr() && config.error.detail.length).toBeGreaterThan(20);
  });
});
