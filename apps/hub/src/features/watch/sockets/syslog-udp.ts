/**
 * Syslog over UDP, RFC 5426: one datagram, one message. Nothing holds a sender back, so what finds no room in the queue is
 * refused and counted, and no address may fill the queue alone.
 */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { err, ok, type Result } from '@bellwether/basics';
import type { Intake } from '../../../flow/intake-types.ts';
import { sourceAddress } from './connections.ts';
import type { SocketsError } from './errors.ts';
import { type Gathered, Gathering, OnRefusal } from './gathering.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import {
  addressError,
  checkConfig,
  type Listener,
  type ListenerConfig,
  type SocketsLog,
} from './listener.ts';
import { Refusals } from './refusals.ts';
import { sensorOfHost } from './sensor-of-host.ts';

/** Each datagram counts so much more than it has bytes, so that a flood of tiny ones cannot fill tables either. */
const OVERHEAD = 64;

/** Datagrams that the kernel keeps while we are busy, bytes: as much as Linux gives without being asked by root. */
const RECEIVE_BUFFER = 8 * 1024 * 1024;

const LINE_END = 0x0a;

/** Listens for syslog over UDP. Fails where the address is not one of this machine's own, or cannot be had. */
export async function startSyslogUdp(
  config: ListenerConfig,
  intake: Intake,
  log: SocketsLog,
): Promise<Result<Listener, SocketsError>> {
  const checked = checkConfig(config);
  if (checked.isErr()) return checked;
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const refusals = new Refusals(intake, 'syslog-udp', log);
  const gathering = new Gathering(intake, 'syslog-udp', limits, refusals, OnRefusal.retry);
  const sensorOf = sensorOfHost(config);
  const queue = new FairQueue(limits.outstanding, limits.shareOfOneAddress);

  const receive = (message: Buffer, { address }: Pick<RemoteInfo, 'address'>) => {
    const from = sourceAddress(address);
    let to = message.length;
    while (to > 0 && message[to - 1] === LINE_END) to -= 1;
    if (to === 0) return refusals.lines('malformed', 1, message.length, from);
    if (to > limits.message) return refusals.lines('too-long', 1, to, from);
    if (!queue.hasRoom(from, to + OVERHEAD)) return refusals.lines('flood', 1, to, from);
    const destination = sensorOf(message, 0, to);
    if (destination === undefined) return refusals.lines('unknown-host', 1, to, from);
    queue.enter(from, to + OVERHEAD, gathering.put(destination, message, 0, to));
  };

  const socket = createSocket({ type: config.host.includes(':') ? 'udp6' : 'udp4' }, receive);
  const bound = await new Promise<Result<number, SocketsError>>((resolve) => {
    const failed = (error: Error) => resolve(err(addressError(error, config.host, config.port)));
    socket.once('error', failed);
    socket.bind(config.port, config.host, () => {
      socket.off('error', failed);
      resolve(ok(socket.address().port));
    });
  });
  if (bound.isErr()) {
    socket.close();
    return bound;
  }
  socket.on('error', (error) => log.warn({ reason: error.message }, 'a datagram could not be received'));
  enlarge(() => socket.setRecvBufferSize(RECEIVE_BUFFER));
  log.info({ port: bound.value, host: config.host }, 'listening for syslog over UDP');
  return ok({
    address: `${config.host}:${bound.value}`,
    port: bound.value,
    counts: gathering.counts,
    close: async () => {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      await gathering.drain();
    },
  });
}

/** Asks for a larger buffer; a system that gives none is no reason not to listen. */
function enlarge(ask: () => void): void {
  try {
    ask();
  } catch {
    // The kernel's own size stays.
  }
}

/** What waits for the disk, by who sent it. Bounded by bytes; an address is known only while something of it waits. */
class FairQueue {
  readonly #room: number;
  readonly #roomOfOne: number;
  readonly #ofAddress = new Map<string, number>();
  readonly #byArrival = new Map<Gathered, Map<string, number>>();
  #taken = 0;

  constructor(room: number, share: number) {
    this.#room = room;
    this.#roomOfOne = room * share;
  }

  hasRoom(from: string, bytes: number): boolean {
    const ofAddress = this.#ofAddress.get(from) ?? 0;
    return this.#taken + bytes <= this.#room && ofAddress + bytes <= this.#roomOfOne;
  }

  enter(from: string, bytes: number, gathered: Gathered): void {
    let inArrival = this.#byArrival.get(gathered);
    if (inArrival === undefined) {
      inArrival = new Map();
      this.#byArrival.set(gathered, inArrival);
      gathered.waiting.push(() => this.#leave(gathered));
    }
    inArrival.set(from, (inArrival.get(from) ?? 0) + bytes);
    this.#ofAddress.set(from, (this.#ofAddress.get(from) ?? 0) + bytes);
    this.#taken += bytes;
  }

  #leave(gathered: Gathered): void {
    for (const [from, bytes] of this.#byArrival.get(gathered) ?? []) {
      this.#taken -= bytes;
      const rest = (this.#ofAddress.get(from) ?? 0) - bytes;
      if (rest > 0) this.#ofAddress.set(from, rest);
      else this.#ofAddress.delete(from);
    }
    this.#byArrival.delete(gathered);
  }
}
