/** Every way in that the configuration names beside HTTP: RELP, syslog, followed files. */
import { err, ok, type Result } from '@bellwether/basics';
import { startFollowing } from '../features/watch/sockets/follow.ts';
import type { Listener, ListenerConfig, SocketsLog } from '../features/watch/sockets/listener.ts';
import { startRelp } from '../features/watch/sockets/relp.ts';
import { startSyslogStream } from '../features/watch/sockets/syslog-stream.ts';
import { startSyslogUdp } from '../features/watch/sockets/syslog-udp.ts';
import type { Intake } from '../flow/intake-types.ts';
import type { Config } from '../platform/config.ts';
import type { UpError } from './errors.ts';

/** Something that can be closed. */
export type WayIn = { close(): Promise<void> };

/** This machine alone, where the configuration names no other of its addresses. */
const USUAL_HOST = '127.0.0.1';

type Written = Omit<ListenerConfig, 'host'> & { readonly host?: string };

/** Opens them all; when one fails, those before it are closed again. */
export async function openWaysIn(
  config: Config,
  intake: Intake,
  log: SocketsLog,
): Promise<Result<WayIn[], UpError>> {
  const open: WayIn[] = [];
  const { udp = [], tcp = [], tls = [] } = config.syslog ?? {};
  const at = (written: unknown): ListenerConfig => ({ host: USUAL_HOST, ...(written as Written) });
  const starts: (() => Promise<Result<Listener, { code: string; detail: string }>>)[] = [
    ...(config.relp ?? []).map((one) => () => startRelp(at(one), intake, log)),
    ...udp.map((one) => () => startSyslogUdp(at(one), intake, log)),
    ...tcp.map((one) => () => startSyslogStream(at(one), intake, log)),
    ...tls.map(({ certificate, key, clients, ...one }) => () => {
      const files = { cert: certificate, key, ...(clients === undefined ? {} : { clientCa: clients }) };
      return startSyslogStream({ ...at(one), tls: files }, intake, log);
    }),
  ];
  for (const start of starts) {
    const started = await start();
    if (started.isErr()) {
      await Promise.all(open.map((one) => one.close()));
      return err(started.error);
    }
    open.push(started.value);
  }
  const { follow = [] } = config;
  if (follow.length > 0) open.push(startFollowing({ files: follow }, intake, log));
  return ok(open);
}
