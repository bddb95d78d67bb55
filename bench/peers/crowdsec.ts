/**
 * CrowdSec tails a file; the lines are appended once it stands, and its own metrics tell when it has parsed them all.
 * One process is agent and local API, as in its usual installation. It may use every core.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cpuOf, memoryOf } from '../running/processes.ts';
import { CROWDSEC_TYPES, type CrowdsecPorts, setUpCrowdsec } from './crowdsec-setup.ts';
import { type Peer, type PeerInput, type PeerMissing, type PeerResult, pause } from './peer.ts';
import { unpack } from './unpack.ts';

/** Longest that one input may take, ms: at 200 lines a second it needs a hundred seconds. */
const PATIENCE = 200_000;

/** crowdsec as Debian packages it, in a folder of its own below `cache`. */
export function crowdsec(cache: string): Peer | { readonly reason: string } {
  const packed = join(cache, 'crowdsec');
  const unpacked = unpack(['crowdsec'], join(cache, 'debs'), packed);
  if ('reason' in unpacked) return unpacked;
  return {
    name: 'crowdsec',
    reads: Object.keys(CROWDSEC_TYPES),
    run: async (input) => {
      const run = join(cache, 'crowdsec-run');
      const ports = { api: await freePort(), metrics: await freePort() };
      const config = setUpCrowdsec(packed, run, input.name, ports);
      const server = spawn(join(packed, 'usr/bin/crowdsec'), ['-c', config], { cwd: run, stdio: 'ignore' });
      try {
        return await readLines(server, unpacked.version, run, input, ports);
      } finally {
        server.kill('SIGKILL');
      }
    },
  };
}

async function readLines(
  server: ChildProcess,
  version: string,
  run: string,
  input: PeerInput,
  ports: CrowdsecPorts,
): Promise<PeerResult | PeerMissing> {
  const missing = (reason: string): PeerMissing => ({ peer: 'crowdsec', input: input.name, reason });
  for (let waited = 0; (await metric(ports, 'cs_info')) === null; waited += 200) {
    if (server.exitCode !== null || waited > 30_000) return missing('crowdsec did not start: see its log');
    await pause(200);
  }
  await pause(3_000);
  const pid = server.pid!;
  const startup = cpuOf(pid);
  appendFileSync(join(run, 'in.log'), readFileSync(input.path));
  const began = Date.now();
  while (((await metric(ports, 'cs_parser_hits_total')) ?? 0) < input.lines) {
    if (server.exitCode !== null) return missing('crowdsec ended before it had read the lines');
    if (Date.now() - began > PATIENCE) break;
    await pause(300);
  }
  const parsed = (await metric(ports, 'cs_parser_hits_total')) ?? 0;
  return {
    peer: 'crowdsec',
    version,
    input: input.name,
    lines: parsed,
    cpu: cpuOf(pid) - startup,
    startup,
    memory: memoryOf(pid),
    matched: await metric(ports, 'cs_parser_hits_ok_total'),
  };
}

/** Sum of a metric over its labels, or null while there is none. */
async function metric(ports: CrowdsecPorts, name: string): Promise<number | null> {
  let text: string;
  try {
    text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
  } catch {
    return null;
  }
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.length === 0 ? null : lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** A port of the loopback that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
