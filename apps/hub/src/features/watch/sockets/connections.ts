/** The connections of one listener: how many there may be, of one address too, and that none outstays its time. */
import { isIPv6, type Socket } from 'node:net';
import type { Connection } from './connection.ts';
import type { Limits } from './limits.ts';
import type { Refusals } from './refusals.ts';

/** How often the times of connections are looked at: as often as the shortest of them needs, ms. */
const LOOKS_PER_TIME = 4;
const LONGEST_LOOK = 1_000;

/** A connection with its protocol. */
export type Session = {
  readonly connection: Connection;
  /** Ends it in good order. */
  endInOrder(): void;
};

/** The connections of one listener. */
export class Connections {
  readonly #limits: Limits;
  readonly #refusals: Refusals;
  readonly #ofAddress = new Map<string, number>();
  readonly #sessions = new Map<Socket, Session>();
  // Let in, and not heard yet: in their handshake. The socket of TLS is another object than the one below it.
  readonly #unheard = new Map<string, Socket>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #empty: (() => void) | undefined;

  constructor(limits: Limits, refusals: Refusals) {
    this.#limits = limits;
    this.#refusals = refusals;
    const shortest = Math.min(limits.firstMessageTime, limits.messageTime, limits.idleTime);
    this.#timer = setInterval(
      () => this.#look(),
      Math.min(LONGEST_LOOK, Math.ceil(shortest / LOOKS_PER_TIME)),
    );
    this.#timer.unref();
  }

  get count(): number {
    return this.#count;
  }

  /** Lets a new connection in, or ends it. */
  admit(socket: Socket): boolean {
    const peer = sourceOf(socket);
    const already = this.#ofAddress.get(peer) ?? 0;
    if (this.#count >= this.#limits.connections || already >= this.#limits.connectionsOfOneAddress) {
      this.#refusals.whole('too-many-connections', 0, peer);
      socket.on('error', () => undefined);
      socket.destroy();
      return false;
    }
    this.#count += 1;
    this.#ofAddress.set(peer, already + 1);
    const endpoint = endpointOf(socket);
    this.#unheard.set(endpoint, socket);
    socket.once('close', () => {
      this.#unheard.delete(endpoint);
      this.#left(peer);
    });
    return true;
  }

  /** Watches the times of a connection. */
  keep(socket: Socket, session: Session): void {
    this.#unheard.delete(endpointOf(socket));
    this.#sessions.set(socket, session);
    socket.once('close', () => this.#sessions.delete(socket));
  }

  /** Ends all in good order; resolves when none is left. */
  async endAll(): Promise<void> {
    clearInterval(this.#timer);
    for (const session of [...this.#sessions.values()]) session.endInOrder();
    for (const socket of [...this.#unheard.values()]) socket.destroy();
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      this.#empty = resolve;
    });
  }

  #left(peer: string): void {
    this.#count -= 1;
    const rest = (this.#ofAddress.get(peer) ?? 1) - 1;
    if (rest === 0) this.#ofAddress.delete(peer);
    else this.#ofAddress.set(peer, rest);
    if (this.#count === 0) this.#empty?.();
  }

  #look(): void {
    const now = performance.now();
    for (const session of this.#sessions.values()) {
      if (session.connection.watch(now) === 'idle') session.endInOrder();
    }
  }
}

function endpointOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Who is at the other end: of IPv6 the /64, which one subscriber has. */
export function sourceOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return sourceAddress(remoteAddress);
}

/** An address as sources are counted by. */
export function sourceAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? [] : tail.split(':');
    while (groups.length + behind.length < 8) groups.push('0');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
