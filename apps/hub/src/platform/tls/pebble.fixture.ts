/** A real ACME directory on loopback: Pebble of Let's Encrypt, from the Debian package, with its DNS for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Issuer } from './issued.fixture.ts';

/** What a test may choose. */
export type PebbleOptions = {
  /** How many of a hundred good nonces are refused. */
  readonly refusedNonces?: number;
  /** Names that it issues nothing for. */
  readonly blocked?: readonly string[];
  /** Life of a certificate, s. */
  readonly life?: number;
  readonly external?: boolean;
  /** Ports of the directory and of its question; free ones if nothing is said. */
  readonly port?: number;
  readonly challengePort?: number;
};

/** A directory that runs. */
export type Pebble = {
  readonly directory: string;
  /** Port on which it asks its question. */
  readonly challengePort: number;
  /** Who certifies it: path of a PEM file. */
  readonly ca: string;
  /** The root of what it issues, PEM. */
  root(): Promise<string>;
  /** What it has logged. */
  log(): string;
  stop(): Promise<void>;
};

/** Starts one; every name leads to 127.0.0.1. */
export async function startPebble(issuer: Issuer, options: PebbleOptions = {}): Promise<Pebble> {
  const [port = 0, challengePort = 0, management = 0, tlsPort = 0, dns = 0, dnsManagement = 0] =
    await quietPorts(6, [options.port, options.challengePort]);
  const own = issuer.leaf('localhost');
  const [certificate, config] = [
    join(issuer.folder, `pebble-${port}.crt`),
    join(issuer.folder, `pebble-${port}.json`),
  ];
  writeFileSync(certificate, own.chain);
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate,
    privateKey: own.key,
    httpPort: challengePort,
    tlsPort,
    ocspResponderURL: '',
    externalAccountBindingRequired: options.external ?? false,
    domainBlocklist: options.blocked ?? [],
    ...(options.life === undefined ? {} : { certificateValidityPeriod: options.life }),
  };
  writeFileSync(config, JSON.stringify({ pebble }));
  const names = spawn('pebble-challtestsrv', [
    ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`],
    ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''],
  ]);
  const env = {
    ...process.env,
    PEBBLE_VA_NOSLEEP: '1',
    PEBBLE_AUTHZREUSE: '0',
    PEBBLE_WFE_NONCEREJECT: String(options.refusedNonces ?? 0),
  };
  const directory = spawn('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`, '-strict'], {
    env,
  });
  let log = '';
  for (const stream of [directory.stdout, directory.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  await until(
    () => log.includes('ACME directory available'),
    directory,
    () => log,
  );
  return {
    directory: `https://localhost:${port}/dir`,
    challengePort,
    ca: issuer.root.certificate,
    root: () => read(`https://localhost:${management}/roots/0`, issuer.root.cert),
    log: () => log,
    stop: async () => {
      await Promise.all([end(directory), end(names)]);
    },
  };
}

/** Ports below those that the system gives to whoever asks for any: the question's is free between two orders, and must stay so. */
async function quietPorts(count: number, chosen: readonly (number | undefined)[]): Promise<number[]> {
  const ports = new Set(chosen.filter((port) => port !== undefined));
  while (ports.size < count) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function until(isReady: () => boolean, child: ChildProcess, log: () => string): Promise<void> {
  while (!isReady()) {
    if (child.exitCode !== null) throw new Error(`Pebble ended: ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function read(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.once('end', () => resolve(text));
    }).once('error', reject);
  });
}
