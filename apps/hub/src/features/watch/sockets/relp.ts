/** The RELP listener: syslog that is answered when it is on disk. */
import { createServer } from 'node:net';
import { ok, type Result } from '@bellwether/basics';
import type { Intake } from '../../../flow/intake-types.ts';
import { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import type { SocketsError } from './errors.ts';
import { Gathering, OnRefusal } from './gathering.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { bindServer, checkConfig, type Listener, type ListenerConfig, type SocketsLog } from './listener.ts';
import { Refusals } from './refusals.ts';
import { RelpSession } from './relp-session.ts';
import { sensorOfHost } from './sensor-of-host.ts';

/** Listens for RELP. Fails where the address is not one of this machine's own, or cannot be had. */
export async function startRelp(
  config: ListenerConfig,
  intake: Intake,
  log: SocketsLog,
): Promise<Result<Listener, SocketsError>> {
  const checked = checkConfig(config);
  if (checked.isErr()) return checked;
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const refusals = new Refusals(intake, 'relp', log);
  const gathering = new Gathering(intake, 'relp', limits, refusals, OnRefusal.tell);
  const connections = new Connections(limits, refusals);
  const around = { limits, gathering, refusals };
  const sensorOf = sensorOfHost(config);

  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    if (!connections.admit(socket)) return;
    let session: RelpSession | undefined;
    const connection = new Connection(socket, socket.remoteAddress ?? '', around, (self) => {
      session = new RelpSession(self, around, sensorOf);
      return session;
    });
    connections.keep(socket, { connection, endInOrder: () => session?.endInOrder() });
  });
  const bound = await bindServer(server, config);
  if (bound.isErr()) {
    await connections.endAll();
    return bound;
  }
  log.info({ port: bound.value, host: config.host }, 'listening for RELP');
  return ok({
    address: `${config.host}:${bound.value}`,
    port: bound.value,
    counts: gathering.counts,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const left = connections.endAll();
      await gathering.drain();
      await left;
      await closed;
    },
  });
}
