/** Checks of the hub as a process: whether it runs and says that it is ready, and whether its ports are free if not. */
import { createServer } from 'node:net';
import { Readiness } from '@bellwether/api';
import { Value } from 'typebox/value';
import { readRunning } from '../../up/running.ts';
import type { Config } from '../config.ts';
import { USUAL_PORT } from '../config.ts';
import { USUAL_HTTPS_PORT } from '../config-https.ts';
import type { DataFolder } from '../folder.ts';
import { CHALLENGE_PORT } from '../tls/acme-challenge.ts';
import { type Check, fine, wrong } from './check.ts';

/** A hub that does not answer in this time is not ready, whatever it may say later. */
const ANSWER_LIMIT_MS = 10_000;

/** Whether a hub runs on the folder, and what it says of itself. */
export async function hubCheck({ path }: DataFolder): Promise<Check> {
  const running = readRunning(path);
  if (running === undefined) {
    return wrong('hub', 'no hub runs on this folder', `Start it: \`bellwether up --data ${path}\`.`);
  }
  const url = `http://127.0.0.1:${running.port}/readyz`;
  const help =
    'Look at its log; if it hangs, stop it and start it again: nothing that it acknowledged is lost.';
  let answer: unknown;
  try {
    answer = await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })).json();
  } catch {
    return wrong('hub', `the hub (process ${running.pid}) does not answer at port ${running.port}`, help);
  }
  if (!Value.Check(Readiness, answer)) {
    return wrong('hub', `something else than a hub answers at port ${running.port}`, help);
  }
  if (answer.ready) return fine('hub', `the hub (process ${running.pid}) is ready, at port ${running.port}`);
  const why = answer.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return wrong('hub', `the hub is not ready (${why.join('; ')})`, help);
}

/** Whether the ports of the configuration are free for a hub that does not run yet. */
export async function portsCheck(config: Config): Promise<Check> {
  const ports = [
    config.port ?? USUAL_PORT,
    ...(config.relp ?? []).map(({ port }) => port),
    ...(config.syslog?.tcp ?? []).map(({ port }) => port),
    ...(config.syslog?.tls ?? []).map(({ port }) => port),
    ...(config.https === undefined ? [] : [config.https.port ?? USUAL_HTTPS_PORT]),
    ...(config.https?.acme === undefined ? [] : [config.https.acme.port ?? CHALLENGE_PORT]),
  ].filter((port) => port !== 0);
  for (const port of ports) {
    const taken = await refusedPort(port);
    if (taken === 'EACCES') {
      return wrong('ports', `port ${port} needs rights that this user has not`, 'Take a port above 1023.');
    }
    if (taken !== undefined) {
      const help = `Find out who has it (\`ss -ltnp sport = :${port}\`), or name another in bellwether.yaml.`;
      return wrong('ports', `port ${port} is taken by another program`, help);
    }
  }
  return fine('ports', `free for the hub: ${ports.join(', ')}`);
}

/** The code of the failure to listen on a port of this machine. */
function refusedPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EADDRINUSE'));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(undefined));
    });
  });
}
