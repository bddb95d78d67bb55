import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { readAgentSettings } from './settings.ts';

const BOX = new URL('../../../../deploy/office-box', import.meta.url).pathname;
const SCRIPTS = ['make-image.sh', 'enrol-here.sh', 'lamp.sh'] as const;
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

type Said = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function sh(script: (typeof SCRIPTS)[number], args: readonly string[], env: NodeJS.ProcessEnv = {}): Said {
  const ran = spawnSync('/bin/sh', [join(BOX, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

/** A root with an account that has a password, made into a box as far as files go. */
function boxIn(root: string, change: readonly string[] = []): Said {
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/shadow'), 'root:$y$secret:20000:0:99999:7:::\nclerk::20000:0:99999:7:::\n');
  const agent = join(root, 'agent.js');
  writeFileSync(agent, '// the agent\n');
  const needed = ['--node', process.execPath, '--agent', agent, '--phone', '+1 555 0100'];
  return sh('make-image.sh', [root, ...needed, '--zone', 'America/Chicago', '--files-only', ...change]);
}

describe('the scripts of an office box', () => {
  it.each(SCRIPTS)('%s is a script that a plain shell reads', (script) => {
    expect(spawnSync('/bin/sh', ['-n', join(BOX, script)]).status).toBe(0);
    expect(statSync(join(BOX, script)).mode & 0o111).not.toBe(0);
    if (!has('shellcheck')) return;
    const { stdout } = spawnSync('shellcheck', [join(BOX, script)], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('write a box into a folder: agent, lamp, settings that the agent takes, and nobody who signs in', async () => {
    const root = folderForTest();
    const made = boxIn(root);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const settings = await readAgentSettings(join(root, 'etc/bellwether/agent.json'), true);
    const { ship, enforce } = settings.okOrThrow();
    expect(ship?.sensors.map(({ sensor }) => sensor)).toContain('firewall');
    expect(ship?.sensors[0]?.zone).toBe('America/Chicago');
    // What is dropped on a box that does not stand in the line keeps nobody out.
    expect(enforce).toBeNull();
    const shadow = readFileSync(join(root, 'etc/shadow'), 'utf8');
    expect(
      shadow
        .trim()
        .split('\n')
        .map((line) => line.split(':')[1]),
    ).toEqual(['*', '*']);
    for (const unit of ['getty@.service', 'ssh.service', 'debug-shell.service'])
      expect(readlinkSync(join(root, 'etc/systemd/system', unit))).toBe('/dev/null');
    for (const want of [
      'multi-user.target.wants/bellwether-agent.service',
      'timers.target.wants/bellwether-lamp.timer',
    ])
      expect(existsSync(join(root, 'etc/systemd/system', want))).toBe(true);
    expect(statSync(join(root, 'var/lib/bellwether-agent')).mode & 0o777).toBe(0o700);
  });

  it('open to the office exactly the ports on which the agent listens', async () => {
    const root = folderForTest();
    boxIn(root);
    const { ship } = (await readAgentSettings(join(root, 'etc/bellwether/agent.json'), true)).okOrThrow();
    const portsOf = (addresses: readonly string[] = []): number[] =>
      addresses.map((address) => Number(address.split(':').at(-1)));
    const udp = ship!.sensors.flatMap(({ syslogUdp }) => portsOf(syslogUdp));
    const tcp = ship!.sensors.flatMap(({ syslogTcp, nxlogTcp, nxlogHttp, winlogbeat }) =>
      [syslogTcp, nxlogTcp, nxlogHttp, winlogbeat].flatMap(portsOf),
    );
    const rules = readFileSync(join(root, 'etc/nftables.conf'), 'utf8');
    const opened = (protocol: string): number[] =>
      (new RegExp(`^ +${protocol} dport \\{ (.*) \\} accept$`, 'm').exec(rules)?.[1] ?? '')
        .split(', ')
        .map(Number);
    const inOrder = (ports: readonly number[]): number[] => [...ports].sort((a, b) => a - b);
    expect(inOrder(opened('udp'))).toEqual(inOrder(udp));
    expect(inOrder(opened('tcp'))).toEqual(inOrder(tcp));
  });

  it('can be run again over what they wrote', () => {
    const root = folderForTest();
    boxIn(root);
    expect(boxIn(root)).toMatchObject({ status: 0, stderr: '' });
  });

  it('refuse the machine that they run on, a strange number, and what is no option', () => {
    const root = folderForTest();
    const needed = ['--node', process.execPath, '--agent', process.execPath, '--zone', 'UTC', '--files-only'];
    expect(sh('make-image.sh', ['/', ...needed, '--phone', '1'])).toMatchObject({ status: 1 });
    const number = sh('make-image.sh', [root, ...needed, '--phone', '"; reboot "']);
    expect(number.status).toBe(1);
    expect(existsSync(join(root, 'etc'))).toBe(false);
    expect(sh('make-image.sh', [root, '--colour', 'red']).status).toBe(2);
    expect(sh('make-image.sh', [root]).status).toBe(2);
    expect(sh('enrol-here.sh', [root, '--hub', 'h:1', '--code', 'x'])).toMatchObject({ status: 1 });
    expect(sh('enrol-here.sh', [root]).status).toBe(2);
  });

  it('enrol a box where its disk is mounted, and print the label', () => {
    const root = folderForTest();
    boxIn(root);
    // What the agent leaves behind when it is enrolled, and the words that it was given.
    const agent = `
      const { writeFileSync } = require('node:fs');
      const { execFileSync } = require('node:child_process');
      const folder = process.argv[process.argv.indexOf('--folder') + 1];
      writeFileSync(folder + '/asked.json', JSON.stringify(process.argv.slice(2)));
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=x', '-days', '90',
        '-keyout', folder + '/key.pem', '-out', folder + '/certificate.pem'], { stdio: 'ignore' });
      writeFileSync(folder + '/agent.json', JSON.stringify({ name: 'box-1', officeName: 'Adair County', host: 'hub', port: 8444 }));`;
    writeFileSync(join(root, 'opt/bellwether-agent/bellwether-agent.js'), agent);
    const code = 'AAAAA BBBBB CCCCC DDDDD';
    const said = sh('enrol-here.sh', [root, '--hub', 'hub:8444', '--code', code, '--node', process.execPath]);
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toMatch(/Adair County\n {2}box-1\n {2}plug in before .*GMT/);
    const folder = join(root, 'var/lib/bellwether-agent');
    const asked: unknown = JSON.parse(readFileSync(join(folder, 'asked.json'), 'utf8'));
    expect(asked).toEqual(['enrol', '--hub', 'hub:8444', '--code', code, '--folder', folder]);
  });

  it('have units that systemd understands, where there is systemd', () => {
    if (!has('systemd-analyze')) return;
    const units = ['bellwether-lamp.service', 'bellwether-lamp.timer'].map((unit) => join(BOX, unit));
    const { stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    const said = stderr
      .split('\n')
      .filter((line) => line.includes('bellwether-lamp') && !line.includes('is not executable'));
    expect(said).toEqual([]);
  });
});

describe('the lamp of an office box', () => {
  /** A lamp as the kernel shows it, and an agent that ends with `code`. */
  function lit(code: number, before: Readonly<Record<string, string>> = {}): (name: string) => string {
    const folder = folderForTest();
    const lamp = join(folder, 'leds/ACT');
    mkdirSync(lamp, { recursive: true });
    const files = { trigger: '[mmc0] none timer', brightness: '0', max_brightness: '255', ...before };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(lamp, name), text);
    const agent = join(folder, 'agent');
    writeFileSync(agent, `#!/bin/sh\n[ "$1" = health ] && exit ${code}\nexit 9\n`);
    chmodSync(agent, 0o755);
    const ran = sh('lamp.sh', [], { LEDS: join(folder, 'leds'), SETTINGS: '/dev/null', AGENT: agent });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    return (name) => readFileSync(join(lamp, name), 'utf8');
  }

  it('is steady when the hub was heard', () => {
    const lamp = lit(0);
    expect(lamp('trigger')).toBe('none');
    expect(lamp('brightness')).toBe('255');
  });

  it.each([
    [1, '1500'],
    [3, '150'],
    [2, '150'],
    [127, '150'],
  ])('goes on and off when the agent says %s: each time %s ms', (code, delay) => {
    const lamp = lit(code);
    expect(lamp('trigger')).toBe('timer');
    expect([lamp('delay_on'), lamp('delay_off')]).toEqual([delay, delay]);
  });

  it('is not begun anew while it goes on and off as it should', () => {
    const lamp = lit(1, { trigger: 'none [timer]', delay_on: '1500', delay_off: '1500' });
    expect(lamp('trigger')).toBe('none [timer]');
  });

  it('is words on the screen where there is no lamp', () => {
    const folder = folderForTest();
    const screen = join(folder, 'screen');
    writeFileSync(screen, '');
    const settings = join(folder, 'box.conf');
    writeFileSync(settings, 'PHONE="555 0100"\n');
    sh('lamp.sh', [], { LEDS: join(folder, 'none'), SCREEN: screen, SETTINGS: settings, AGENT: 'false' });
    expect(readFileSync(screen, 'utf8')).toContain('Waiting for the line');
    sh('lamp.sh', [], { LEDS: join(folder, 'none'), SCREEN: screen, SETTINGS: settings, AGENT: '/no/such' });
    expect(readFileSync(screen, 'utf8')).toContain('Please call the state office: 555 0100');
  });
});
