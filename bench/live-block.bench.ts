/**
 * From the lines that tip a verdict to the packet that is dropped: a real hub, the real agent of one office with a real kernel, and
 * 115 more agents that follow orders. Then what that one agent takes while it also sends 1,000 lines a second. In the laboratory for
 * drills, so that no packet leaves the machine; root is needed.
 *
 *     npm run bench -- live-block [--lines=SOURCES]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inside, LAB, type Lab, openLab } from '@bellwether/hub/drill-lab';
import { readOptions } from './options.ts';
import { BELLWETHER } from './running/inputs.ts';
import { cpuOf, memoryOf } from './running/processes.ts';
import { table } from './running/table.ts';

const AGENT = join(BELLWETHER, '../../../agent/dist/bellwether-agent.js');

/** Sources that are judged one after the other. */
const SOURCES = 40;

/** Agents that follow orders beside the one whose kernel is watched: as many as Missouri has other offices. */
const OTHERS = 115;

/** Failed logins of each source: enough for a block of everything at once. */
const FAILURES = 40;

/** As the unit of the package starts the agent. */
const FLAGS = ['--max-semi-space-size=1'];

/** Lines that the agent sends in a second, for so many seconds; the first do not count for CPU. */
const LINES_A_SECOND = 1_000;
const SHIPPING = 40;
const WARM_UP = 10;

/** How long a block is waited for, ms: ten times what was promised. */
const LONGEST = 30_000;

/** Agents without a kernel: each holds its stream of orders open and reads it. */
const OTHERS_PROGRAM = `import { request } from 'node:https';
import { readFileSync } from 'node:fs';
const [folder, count] = process.argv.slice(2);
for (let i = 1; i <= Number(count); i++) {
  const at = (name) => readFileSync(folder + '/agent-' + i + '/' + name);
  request({ host: '${LAB.hub}', port: 8444, path: '/agent/v1/orders?after=0', key: at('key.pem'), cert: at('certificate.pem'), ca: at('authority.pem') }, (reply) => reply.resume()).end();
}
`;

await main(readOptions(process.argv.slice(2)).lines ?? SOURCES);

async function main(sources: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-live-'));
  // PostgreSQL runs as another user, who has to get there.
  chmodSync(folder, 0o755);
  const started: ChildProcess[] = [];
  const lab = await openLab(join(folder, 'lab'), `bwl${process.pid % 10_000}`);
  try {
    const token = await startHub(lab, folder, started);
    await enrolAll(lab, folder, token);
    const own = ['--settings', join(folder, 'agent.json'), '--folder', join(folder, 'agent-0')];
    const agent = run(lab.office, ...FLAGS, AGENT, 'run', ...own);
    started.push(agent);
    started.push(run(lab.office, join(folder, 'others.mjs'), folder, String(OTHERS)));
    await pause(5_000);
    const times: number[] = [];
    for (let i = 0; i < sources; i++) times.push(await measured(lab, token, i));
    times.sort((a, b) => a - b);
    const at = (share: number): string =>
      String(Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))]!));
    process.stdout.write(`${OTHERS + 1} agents; load at the end ${loadavg()[0]!.toFixed(1)}\n`);
    process.stdout.write(
      `${table(['sources', 'median, ms', '90 %, ms', '99 %, ms', 'slowest, ms'], [[String(sources), at(0.5), at(0.9), at(0.99), at(1)]])}\n`,
    );
    await measureAgent(agent.pid!, join(folder, 'fw.log'));
  } finally {
    for (const child of started) child.kill('SIGTERM');
    await Promise.all(
      started.map((child) => child.exitCode ?? new Promise((done) => child.once('exit', done))),
    );
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the agent takes while it sends a thousand lines a second over TLS, enforces and reads back. */
async function measureAgent(pid: number, log: string): Promise<void> {
  let cpu = cpuOf(pid);
  let began = performance.now();
  const start = performance.now();
  for (let second = 0; second < SHIPPING; second++) {
    if (second === WARM_UP) [cpu, began] = [cpuOf(pid), performance.now()];
    const stamp = new Date().toUTCString().slice(17, 25);
    const line = (i: number): string =>
      `Nov  3 ${stamp} office kernel: IN=eth0 OUT= SRC=198.18.79.${i % 250} DST=${LAB.office} LEN=40 TTL=52 PROTO=TCP SPT=${1_024 + i} DPT=${i % 9} WINDOW=1024 SYN URGP=0\n`;
    appendFileSync(log, Array.from({ length: LINES_A_SECOND }, (_, i) => line(i)).join(''));
    await pause(Math.max(0, start + (second + 1) * 1_000 - performance.now()));
  }
  const share = (cpuOf(pid) - cpu) / ((performance.now() - began) / 1_000);
  process.stdout.write(
    `the agent: ${memoryOf(pid).toFixed(0)} MB (64 promised), ${(share * 100).toFixed(1)} % of a core (5 promised) at ${LINES_A_SECOND} lines/s\n`,
  );
}

/** One source: its lines are handed in, and the kernel is asked until it drops what comes from there. */
async function measured(lab: Lab, token: string, number: number): Promise<number> {
  const source = `203.0.113.${100 + number}`;
  const now = new Date();
  const stamp = `${now.toUTCString().slice(8, 11)} ${String(now.getUTCDate()).padStart(2)} ${now.toISOString().slice(11, 19)}`;
  const lines = Array.from(
    { length: FAILURES },
    (_, i) =>
      `${stamp} office sshd[${number * 1_000 + i}]: Failed password for root from ${source} port ${30_000 + i} ssh2\n`,
  );
  // Watched from within the namespace by one process: starting one for each look would be most of the time.
  const watcher = `const {spawnSync}=require('node:child_process');process.stdout.write('up\\n');for(;;){if(spawnSync('nft',['get','element','inet','bellwether','all4','{ ${source} }']).status===0){process.stdout.write('in '+Date.now()+'\\n');process.exit(0)}Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,20)}`;
  const watching = spawn('ip', ['netns', 'exec', lab.office, process.execPath, '-e', watcher], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  watching.stdout.on('data', (part: Buffer) => (told += part.toString()));
  try {
    while (!told.includes('up')) await pause(10);
    const from = Date.now();
    const path = '/intake/29001/logins?format=sshd';
    const taken = await ask(lab, token, 'POST', path, lines.join(''), 'text/plain');
    while (!told.includes('in ')) {
      if (Date.now() > from + LONGEST) {
        const decided = await ask(lab, token, 'GET', '/decisions', '', 'text/plain');
        const enforced = await ask(lab, token, 'GET', '/blocks', '', 'text/plain');
        throw new Error(`${source} was not blocked: ${taken} ${decided} ${enforced.slice(0, 600)}`);
      }
      await pause(10);
    }
    return Number(/in (\d+)/.exec(told)![1]) - from;
  } finally {
    watching.kill('SIGKILL');
  }
}

async function startHub(lab: Lab, folder: string, started: ChildProcess[]): Promise<string> {
  const data = join(folder, 'state');
  mkdirSync(data);
  writeFileSync(
    join(data, 'bellwether.yaml'),
    `zone: UTC\nagents:\n  name: ${LAB.hub}\n  listen: 127.0.0.1:8444\n`,
  );
  const hub = run(lab.state, BELLWETHER, 'up', '--data', data, '--port', '8118');
  started.push(hub);
  let out = '';
  hub.stdout!.on('data', (part: Buffer) => (out += part.toString()));
  while (!out.includes('token=')) {
    if (hub.exitCode !== null) throw new Error(`the hub ended: ${out}`);
    await pause(100);
  }
  // Until there is an administrator, agents are let in on loopback alone; the laboratory's cable leads there.
  const cable = join(folder, 'cable.cjs');
  writeFileSync(
    cable,
    `const n=require('node:net');n.createServer(s=>{const c=n.connect(8444,'127.0.0.1');s.pipe(c);c.pipe(s);s.on('error',()=>c.destroy());c.on('error',()=>s.destroy())}).listen(8444,'${LAB.state}')`,
  );
  started.push(run(lab.state, cable));
  const token = /token=([\w-]+)/.exec(out)![1]!;
  const yaml = `networks: [${LAB.officeNetwork}]\nservices:\n  - { name: ssh, address: ${LAB.office}, port: 22, audience: staff }\nsensors:\n  - { id: logins, sees: both, completeness: complete }\n`;
  await ask(lab, token, 'PUT', '/surface', JSON.stringify({ yaml }), 'application/json');
  return token;
}

/** All of them at one office: what an order costs does not depend on which offices listen. */
async function enrolAll(lab: Lab, folder: string, token: string): Promise<void> {
  const log = join(folder, 'fw.log');
  writeFileSync(log, '');
  const settings = {
    enforce: { allow: ['198.18.78.0/24'] },
    ship: { sensors: [{ sensor: 'fw', format: 'netfilter', zone: 'UTC', follow: [log] }] },
  };
  writeFileSync(join(folder, 'agent.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'others.mjs'), OTHERS_PROGRAM);
  for (let i = 0; i <= OTHERS; i++) {
    const made = await ask(
      lab,
      token,
      'POST',
      '/agents/codes',
      JSON.stringify({ office: '29001', name: `a${i}` }),
      'application/json',
    );
    const { code } = JSON.parse(made) as { code: string };
    const args = [
      'enrol',
      '--hub',
      `${LAB.hub}:8444`,
      '--code',
      code,
      '--folder',
      join(folder, `agent-${i}`),
    ];
    await inside(lab.office, process.execPath, [AGENT, ...args]);
  }
}

function run(namespace: string, ...args: readonly string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespace, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function ask(
  lab: Lab,
  token: string,
  method: string,
  path: string,
  body: string,
  type: string,
): Promise<string> {
  const args = [
    '-s',
    '-X',
    method,
    '-H',
    `Authorization: Bearer ${token}`,
    '-H',
    `content-type: ${type}`,
    '--data-binary',
    '@-',
  ];
  return inside(lab.state, 'curl', [...args, `http://localhost:8118/api/v1${path}`], body);
}
