/**
 * A laboratory for drills on one machine: three network namespaces, so that not a packet leaves it, and nothing that runs on the
 * machine is touched.
 *
 *     outside ──────────────────────────── office ──────────────────── state
 *     203.0.113.0/24, who tries            198.18.77.10: nft with      198.18.78.1: a hub
 *                                          logs, sshd, nginx, agent
 *
 * What is in it is real: nftables, OpenSSH, nginx, the kernel's own log. The kernel logs packets of a namespace only with
 * `net.netfilter.nf_log_all_netns`, which is set meanwhile and put back. Root is needed.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Addresses of the laboratory: networks for documents and benchmarks (RFC 5737, RFC 2544). */
export const LAB = {
  outside: '203.0.113.0/24',
  office: '198.18.77.10',
  neighbours: ['198.18.77.11', '198.18.77.12', '198.18.77.13', '198.18.77.14'],
  officeNetwork: '198.18.77.0/24',
  state: '198.18.78.1',
  /** What the office calls the hub: a name of examples (RFC 6761). */
  hub: 'hub.example',
} as const;

/** Whether the kernel logs packets of all namespaces. */
const LOG_ALL = '/proc/sys/net/netfilter/nf_log_all_netns';

/** How a packet that the office's own firewall drops is marked in its log, and one that it lets in. */
const DROP_PREFIX = 'OFFICE DROP: ';
const ACCEPT_PREFIX = 'OFFICE ACCEPT: ';

/** Logs of the office, in the folder of the laboratory. */
export type LabLogs = { readonly kernel: string; readonly logins: string; readonly web: string };

/** A laboratory that runs. */
export type Lab = {
  readonly outside: string;
  readonly office: string;
  readonly state: string;
  /** Interface of the outside, and the hardware address behind which the office is. */
  readonly device: string;
  readonly nextHop: string;
  readonly logs: LabLogs;
  /** Lets the outside have these addresses too, and send from the first of them. */
  comeFrom(addresses: readonly string[]): Promise<void>;
  /** Ends what was started, and takes the namespaces away. */
  close(): Promise<void>;
};

/** Builds it. `name` begins the names of its namespaces: at most eight letters. */
export async function openLab(folder: string, name: string): Promise<Lab> {
  const outside = `${name}-out`;
  const office = `${name}-off`;
  const state = `${name}-sta`;
  const logs: LabLogs = {
    kernel: join(folder, 'kern.log'),
    logins: join(folder, 'auth.log'),
    web: join(folder, 'access.log'),
  };
  mkdirSync(folder, { recursive: true });
  for (const path of Object.values(logs)) writeFileSync(path, '');
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.reverse()) await step().catch(() => {});
  };
  try {
    for (const namespace of [outside, office, state]) {
      await run('ip', ['netns', 'add', namespace]);
      undo.push(() => run('ip', ['netns', 'del', namespace]));
      await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    }
    await cable(outside, 'lab0', office, 'lab1');
    await cable(office, 'lab2', state, 'lab3');
    await addAddresses(outside, 'lab0', ['203.0.113.1/24']);
    await addAddresses(
      office,
      'lab1',
      [LAB.office, ...LAB.neighbours].map((address) => `${address}/24`),
    );
    await addAddresses(office, 'lab2', ['198.18.78.2/24']);
    await addAddresses(state, 'lab3', [`${LAB.state}/24`]);
    await run('ip', ['-n', outside, 'route', 'add', LAB.officeNetwork, 'dev', 'lab0', 'src', '203.0.113.1']);
    await run('ip', ['-n', office, 'route', 'add', LAB.outside, 'dev', 'lab1', 'src', LAB.office]);
    const { stdout } = await run('ip', ['-n', office, '-j', 'link', 'show', 'lab1']);
    const nextHop = (JSON.parse(stdout) as { address: string }[])[0]!.address;
    // `ip netns exec` shows this file to whatever it starts as /etc/hosts.
    const names = join('/etc/netns', office);
    mkdirSync(names, { recursive: true });
    undo.push(async () => rmSync(names, { recursive: true, force: true }));
    writeFileSync(join(names, 'hosts'), `127.0.0.1 localhost\n${LAB.state} ${LAB.hub}\n`);
    const before = readFileSync(LOG_ALL, 'utf8');
    writeFileSync(LOG_ALL, '1');
    undo.push(async () => writeFileSync(LOG_ALL, before));
    await inside(office, 'nft', ['-f', '-'], officeRules());
    undo.push(await followKernel(logs.kernel, office));
    undo.push(await startServer(office, 'sshd', sshd(folder, logs)));
    undo.push(await startServer(office, 'nginx', nginx(folder, logs)));
    return {
      outside,
      office,
      state,
      device: 'lab0',
      nextHop,
      logs,
      comeFrom: (addresses) => comeFrom(outside, addresses),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lets the outside of a laboratory have these addresses too, and send from the first of them. */
export async function comeFrom(outside: string, addresses: readonly string[]): Promise<void> {
  await addAddresses(
    outside,
    'lab0',
    addresses.map((address) => `${address}/24`),
  );
  const [first] = addresses;
  if (first === undefined) return;
  await run('ip', ['-n', outside, 'route', 'replace', LAB.officeNetwork, 'dev', 'lab0', 'src', first]);
}

/** A pair of interfaces, one in each namespace. */
async function cable(one: string, device: string, other: string, peer: string): Promise<void> {
  await run('ip', [
    'link',
    'add',
    device,
    'netns',
    one,
    'type',
    'veth',
    'peer',
    'name',
    peer,
    'netns',
    other,
  ]);
  await run('ip', ['-n', one, 'link', 'set', device, 'up']);
  await run('ip', ['-n', other, 'link', 'set', peer, 'up']);
}

async function addAddresses(namespace: string, device: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses)
    await run('ip', ['-n', namespace, 'address', 'replace', address, 'dev', device]);
}

/** What a small office has: logins and pages are open to the world, everything else is dropped; both are logged. */
function officeRules(): string {
  return `table inet office {
  chain input {
    type filter hook input priority filter; policy drop;
    iif lo accept
    iifname "lab2" accept
    ct state established,related accept
    icmp type echo-request accept
    tcp dport { 22, 80 } ct state new log prefix "${ACCEPT_PREFIX}" accept
    log prefix "${DROP_PREFIX}"
  }
}
`;
}

/** Runs a command in a namespace. */
export async function inside(
  namespace: string,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const child = run('ip', ['netns', 'exec', namespace, program, ...args]);
  // A program that ends before it has read is told about by its exit code.
  child.child.stdin?.on('error', () => {});
  child.child.stdin?.end(input ?? '');
  return (await child).stdout;
}

/** Writes the kernel's lines of this office to a file, as a syslog daemon would. */
async function followKernel(path: string, namespace: string): Promise<() => Promise<void>> {
  const log = createWriteStream(path, { flags: 'a' });
  // From now on: lines that are there already belong to somebody else.
  const kernel = spawn('dmesg', ['--follow-new', '--raw'], { stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface({ input: kernel.stdout }).on('line', (line) => {
    const at = line.indexOf('OFFICE ');
    if (at >= 0) log.write(`${syslogTime(new Date())} ${namespace} kernel: ${line.slice(at)}\n`);
  });
  await once(kernel, 'spawn');
  return async () => {
    await ended(kernel);
    log.end();
  };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** RFC 3164, in UTC. */
function syslogTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2, ' ')} ${clock}`;
}

type ServerCommand = {
  readonly args: readonly string[];
  readonly isUp: (namespace: string) => Promise<unknown>;
};

function sshd(folder: string, { logins }: LabLogs): () => Promise<ServerCommand> {
  return async () => {
    const key = join(folder, 'host-key');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    mkdirSync('/run/sshd', { recursive: true });
    const config = join(folder, 'sshd_config');
    writeFileSync(
      config,
      `Port 22\nHostKey ${key}\nPidFile none\nUsePAM no\nPasswordAuthentication yes\nMaxStartups 100\nLogLevel INFO\nUseDNS no\n`,
    );
    return {
      args: ['/usr/sbin/sshd', '-D', '-e', '-f', config],
      isUp: portOpen(22),
      log: logins,
    } as ServerCommand;
  };
}

function nginx(folder: string, { web }: LabLogs): () => Promise<ServerCommand> {
  return async () => {
    const pages = join(folder, 'pages');
    mkdirSync(pages, { recursive: true });
    writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Office</title><p>Where to vote.\n');
    const config = join(folder, 'nginx.conf');
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
      .join(' ');
    writeFileSync(
      config,
      `user root; worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log /dev/null;
events {}
http { access_log ${web} combined; ${places} server { listen 80; root ${pages}; } }
`,
    );
    return { args: ['nginx', '-p', folder, '-c', config], isUp: portOpen(80) };
  };
}

/** Tries to connect from within the namespace until somebody listens. */
function portOpen(port: number): (namespace: string) => Promise<unknown> {
  return (namespace) =>
    inside(namespace, process.execPath, [
      '-e',
      `const n=require('node:net');let k=0;(function t(){const s=n.connect(${port},'127.0.0.1');s.on('connect',()=>process.exit(0));s.on('error',()=>{if(++k>100)process.exit(1);setTimeout(t,50)})})()`,
    ]);
}

async function startServer(
  namespace: string,
  name: string,
  prepare: () => Promise<ServerCommand & { readonly log?: string }>,
): Promise<() => Promise<void>> {
  const { args, isUp, log } = await prepare();
  const server = spawn('ip', ['netns', 'exec', namespace, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const out = log === undefined ? undefined : createWriteStream(log, { flags: 'a' });
  createInterface({ input: server.stderr }).on('line', (line) => {
    // On its standard error sshd does not say which of its processes speaks: the port of the client tells connections apart as well.
    const [, port = server.pid] = /\bport (\d+)/.exec(line) ?? [];
    out?.write(`${syslogTime(new Date())} ${namespace} ${name}[${port}]: ${line.trimEnd()}\n`);
  });
  await isUp(namespace);
  return async () => {
    await ended(server);
    out?.end();
  };
}

/** Ends a process that was started here, and waits for it. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
