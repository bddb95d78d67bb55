/**
 * psad reads a whole file with `-A -m` (analysis mode), so start-up is measured with one line and taken off.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, type Used } from '../running/processes.ts';
import type { Peer, PeerInput, PeerMissing, PeerResult } from './peer.ts';
import { programPath, unpack } from './unpack.ts';

const PACKAGES = [
  'psad',
  'libunix-syslog-perl',
  'libnet-ip-perl',
  'libdate-calc-perl',
  'libbit-vector-perl',
  'libcarp-clan-perl',
  'libiptables-parse-perl',
  'libnetaddr-ip-perl',
];

/** Commands that psad looks for at its start and does not use to analyse a file. */
const UNUSED = 'iptables|ip6tables|wget|mail|sendmail|killall|netstat|ps|ifconfig|whois';

/** Stands in for the module that writes firewall rules: analysis mode makes no rules, but insists on an iptables. */
const NO_FIREWALL = `package IPTables::ChainMgr;
our $VERSION = '1.6';
sub new { return bless {}, shift }
sub AUTOLOAD { return (1, [], []) }
sub DESTROY { }
1;
`;

/** psad as Debian packages it, in a folder of its own below `cache`. */
export function psad(cache: string, core: number): Peer | { readonly reason: string } {
  if (programPath('perl') === undefined) return { reason: 'no perl here' };
  const packed = join(cache, 'psad');
  const unpacked = unpack(PACKAGES, join(cache, 'debs'), packed);
  if ('reason' in unpacked) return unpacked;
  const root = join(cache, 'psad-run');
  return {
    name: 'psad',
    reads: ['netfilter'],
    run: async (input) => {
      prepare(packed, root);
      return analyse(root, unpacked.version, core, input);
    },
  };
}

/** psad wants to own the tree that it runs in: each run has a fresh one. */
function prepare(packed: string, root: string): void {
  rmSync(root, { recursive: true, force: true });
  cpSync(packed, root, { recursive: true, verbatimSymlinks: true });
  mkdirSync(join(root, 'stand-in/IPTables'), { recursive: true });
  writeFileSync(join(root, 'stand-in/IPTables/ChainMgr.pm'), NO_FIREWALL);
  for (const folder of ['var/run/psad', 'var/log/psad', 'etc/psad/archive']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const path = join(root, 'etc/psad/psad.conf');
  const conf = readFileSync(path, 'utf8')
    .replace(/^INSTALL_ROOT\s.*$/m, `INSTALL_ROOT ${root};`)
    .replace(/^HOSTNAME\s.*$/m, 'HOSTNAME bench;')
    .replace(new RegExp(`^((?:${UNUSED})Cmd)\\s.*$`, 'gm'), '$1 /bin/true;');
  writeFileSync(path, conf);
}

function analyse(root: string, version: string, core: number, input: PeerInput): PeerResult | PeerMissing {
  const one = join(root, 'one.log');
  writeFileSync(one, `${readFileSync(input.path, 'latin1').split('\n', 1)[0]}\n`, 'latin1');
  const startup = run(root, core, one);
  const whole = run(root, core, input.path);
  const [, matched] = /Found (\d+) iptables log messages/.exec(whole.stdout) ?? [];
  if (whole.status !== 0 || matched === undefined) {
    return {
      peer: 'psad',
      input: input.name,
      reason: (whole.stderr + whole.stdout).trim().split('\n', 1)[0]!,
    };
  }
  return {
    peer: 'psad',
    version,
    input: input.name,
    lines: input.lines,
    cpu: whole.cpu - startup.cpu,
    startup: startup.cpu,
    memory: whole.memory,
    matched: Number(matched),
  };
}

function run(root: string, core: number, log: string): Used {
  const modules = ['stand-in', 'usr/share/perl5', compiledModules()].flatMap((folder) => [
    '-I',
    join(root, folder),
  ]);
  const psad = ['usr/sbin/psad', '-c', 'etc/psad/psad.conf', '--no-whois', '--no-rdns', '-A', '-m', log];
  return measure(`${core}`, ['perl', ...modules, ...psad], root);
}

/** Where Debian puts compiled modules: a folder named after processor and version of Perl. */
function compiledModules(): string {
  return execFileSync('perl', ['-MConfig', '-e', 'print $Config{vendorarch}'], { encoding: 'utf8' });
}
