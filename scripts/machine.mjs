/**
 * What the tests need from the machine beside Node and npm packages, and how it gets there.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Programs that a test starts: the command, the Debian package that has it, and which test wants it.
 * A module of rsyslog, or a part of Dovecot, is on no path: its file is looked for instead.
 * @type {readonly { command?: string, module?: string, package: string, why: string }[]}
 */
export const TEST_NEEDS = [
  {
    command: 'chromium',
    package: 'chromium',
    why: 'the pages are opened, walked by keyboard and checked with axe',
  },
  { command: 'rsyslogd', package: 'rsyslog', why: 'a real syslog daemon ships lines to the hub' },
  { module: 'rsyslog/omrelp.so', package: 'rsyslog-relp', why: 'rsyslog ships lines over RELP' },
  { module: 'rsyslog/lmnsd_gtls.so', package: 'rsyslog-gnutls', why: 'rsyslog ships lines over TLS' },
  { command: 'journalctl', package: 'systemd', why: 'the agent reads the journal of a real journald' },
  { command: 'openssl', package: 'openssl', why: 'certificates for syslog over TLS' },
  { command: 'ssh-agent', package: 'openssh-client', why: 'a real agent holds the key that signs the log' },
  { command: 'nft', package: 'nftables', why: 'blocks are written to a real kernel and read back' },
  {
    command: 'shellcheck',
    package: 'shellcheck',
    why: 'the scripts of the office box are read for mistakes',
  },
  { command: 'conntrack', package: 'conntrack', why: 'connections of blocked sources are ended' },
  { command: 'nmap', package: 'nmap', why: 'drills: port scans' },
  { command: 'masscan', package: 'masscan', why: 'drills: a scan that lasts a second' },
  { command: 'zmap', package: 'zmap', why: 'drills: one port of a whole network' },
  { command: 'hping3', package: 'hping3', why: 'drills: floods from forged addresses' },
  { command: 'hydra', package: 'hydra', why: 'drills: passwords are guessed' },
  { command: 'sshd', package: 'openssh-server', why: 'the office that is tried in drills' },
  { command: 'curl', package: 'curl', why: 'drills: slow web probing' },
  { command: 'ip', package: 'iproute2', why: 'network namespaces, so that no packet leaves the machine' },
  { command: 'postfix', package: 'postfix', why: 'a real mail server asks the milter about every message' },
  { module: 'dovecot/imap', package: 'dovecot-imapd', why: 'mail is moved out of real mailboxes and back' },
  { command: 'bwrap', package: 'bubblewrap', why: 'attachments are drawn where nothing else is' },
  { command: 'pdftoppm', package: 'poppler-utils', why: 'pages of attachments become pictures' },
  { command: 'soffice', package: 'libreoffice-writer-nogui', why: 'documents of attachments become pages' },
  {
    command: 'gdk-pixbuf-thumbnailer',
    package: 'libgdk-pixbuf2.0-bin',
    why: 'pictures of attachments are drawn anew',
  },
  { command: 'nginx', package: 'nginx-light', why: 'a real web server asks the door of voters’ services' },
  {
    command: 'crowdsec-firewall-bouncer',
    package: 'crowdsec-firewall-bouncer',
    why: 'a firewall that exists already blocks what the hub decided',
  },
  { command: 'ipset', package: 'ipset', why: 'the same firewall, over sets of iptables' },
  { command: 'iptables', package: 'iptables', why: 'the same firewall, over sets of iptables' },
  { command: 'nats-server', package: 'nats-server', why: 'the journal of several machines' },
  { command: 'pebble', package: 'pebble', why: 'a real ACME directory issues certificates to the hub' },
];

/**
 * Programs that benches start. Other products that are measured beside ours are not here: benches unpack them in their
 * cache folder and install nothing of them.
 * @type {readonly { command?: string, module?: string, package: string, why: string }[]}
 */
export const BENCH_NEEDS = [
  { command: 'rsyslogd', package: 'rsyslog', why: 'a real syslog daemon beside our own client' },
  { module: 'rsyslog/omrelp.so', package: 'rsyslog-relp', why: 'the same, over RELP' },
  { command: 'nats-server', package: 'nats-server', why: 'the hub over NATS beside the hub alone' },
  { command: 'time', package: 'time', why: 'memory and CPU time of a whole process' },
  { command: 'taskset', package: 'util-linux', why: 'measurements on one core' },
  { command: 'psql', package: 'postgresql-client', why: 'blocks are written into the database of a hub' },
];

/**
 * Installs with apt what is missing, when we are root; else prints the one line to run.
 * Gives whether everything is there now.
 */
export function installMissing(needs) {
  const missing = needs.filter(({ command, module }) => (command ? !isOnPath(command) : !isModule(module)));
  if (missing.length === 0) return true;
  const packages = [...new Set(missing.map((need) => need.package))];
  for (const need of missing) process.stderr.write(`missing: ${need.command ?? need.module} (${need.why})\n`);
  if (process.getuid?.() !== 0) {
    process.stderr.write(`run this once, then again: sudo apt-get install -y ${packages.join(' ')}\n`);
    return false;
  }
  // At run level 1 no service starts by being installed: a web server on port 80 is nothing that tests asked for.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', ...packages);
}

/** Whether there is such a file in the folder of libraries, or in that of any architecture. */
function isModule(path) {
  return ['.', ...readdirSync('/usr/lib')].some((folder) => existsSync(join('/usr/lib', folder, path)));
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
