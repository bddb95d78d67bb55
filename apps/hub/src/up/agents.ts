/**
 * Agents of offices, put together: their listener, enrolment, reports and orders. It opens like HTTPS: at once on this machine, for
 * others when there is an administrator; until then it is tried again, and lines go on being taken in.
 */
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { AgentRow } from '@bellwether/api';
import { formatCidr, ok, parseCidr, type Result } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AgentBook } from '../features/agents/agent-book.ts';
import { AgentSockets } from '../features/agents/agent-door.ts';
import { Enrolment } from '../features/agents/enrolment.ts';
import { openAgentsListener } from '../features/agents/listener.ts';
import { Reports } from '../features/agents/reports.ts';
import { createAgentServer } from '../features/agents/server.ts';
import { agentRows } from '../features/agents/store.ts';
import { BlockBook } from '../features/blocks/lapi/block-book.ts';
import { BouncerCertificates } from '../features/blocks/lapi/bouncer-certificates.ts';
import { orderKeyIn } from '../features/blocks/order-key.ts';
import { Orders } from '../features/blocks/orders.ts';
import { agentOrderRoutes } from '../features/blocks/routes-agent-orders.ts';
import { agentIntakeRoutes } from '../features/watch/routes-intake.ts';
import type { Reach } from '../platform/auth/rights.ts';
import type { Config } from '../platform/config.ts';
import { agentsAddress } from '../platform/config-agents.ts';
import type { Routes } from '../platform/http/app.ts';
import type { Listening } from '../platform/http/binding.ts';
import { openOwnCa } from '../platform/tls/own.ts';
import type { OwnCa } from '../platform/tls/own-ca.ts';
import type { OpenAuth } from './auth.ts';
import type { Core } from './core.ts';
import type { UpError } from './errors.ts';

/** How often opening is tried again, ms: who has just set up an administrator should not wait. */
const TRY_EVERY = 1_000;

/** Where the sample lets agents in: this machine alone. Next to the ports of the desk and of HTTPS. */
export const SAMPLE_AGENTS = { name: 'localhost', listen: '127.0.0.1:8444' } as const;

/** What they are made from. */
export type AgentsOptions = {
  readonly core: Core;
  readonly auth: OpenAuth;
  /** Undefined: no agents are let in. */
  readonly config: Config['agents'];
  /** Addresses of this machine that visit services as voters do: what is never blocked could not tell how voters fare. */
  readonly visitors: readonly string[];
  readonly log: Logger;
  readonly now: () => number;
  /** What bouncers with certificates are told on the same listener. */
  readonly bouncers: (certificates: BouncerCertificates) => Routes;
  /** An agent came, went or reported. */
  readonly onChanged: () => void;
  readonly onFatal: (error: Error) => void;
};

/** The agents of a hub. */
export class AgentsOfHub {
  readonly enrolment: Enrolment;
  readonly orders: Orders;
  readonly certificates: BouncerCertificates;
  readonly #options: AgentsOptions;
  readonly #ca: OwnCa;
  readonly #app: FastifyInstance;
  readonly #sockets = new AgentSockets();
  /** Open streams, by agent. */
  readonly #streams = new Map<number, number>();
  #listening: Listening | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<void> | undefined;
  #waiting: string | null = null;
  #isClosed = false;

  /** Opens them, or begins to wait until they can be opened. Null where no agents are let in. */
  static async open(options: AgentsOptions): Promise<Result<AgentsOfHub | null, UpError>> {
    const { core, config, now, log } = options;
    if (config === undefined) return ok(null);
    const ca = await openOwnCa(core.folder.tls, now);
    if (ca.isErr()) return ca;
    const key = await orderKeyIn(core.folder.path);
    if (key.isErr()) return key;
    const db = core.db.query;
    const orders = new Orders({
      db,
      blocks: new BlockBook({ db, now, onLeftOut: () => {} }),
      key: key.value,
      now,
      onTrouble: (what) => log.warn({ reason: what }, 'orders to agents'),
    });
    await orders.start();
    const book = new AgentBook((serial) => ca.value.isRevoked(serial), now);
    await book.readFrom(db);
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    const { trail } = options.auth;
    const enrolment = new Enrolment({
      db,
      trail,
      ca: ca.value,
      book,
      orderKey: key.value.publicKey,
      never: ownNetworks(options.visitors),
      now,
      random,
    });
    const agents = new AgentsOfHub(options, ca.value, book, enrolment, orders);
    await agents.#try();
    agents.#timer = setInterval(() => {
      agents.#trying ??= agents.#try().finally(() => {
        agents.#trying = undefined;
      });
    }, TRY_EVERY).unref();
    return ok(agents);
  }

  private constructor(
    options: AgentsOptions,
    ca: OwnCa,
    book: AgentBook,
    enrolment: Enrolment,
    orders: Orders,
  ) {
    this.#options = options;
    this.#ca = ca;
    this.enrolment = enrolment;
    this.orders = orders;
    const { core, auth, log, now, bouncers, onChanged, onFatal } = options;
    this.certificates = new BouncerCertificates({ db: core.db.query, trail: auth.trail, auth, ca, now });
    this.#app = createAgentServer({
      enrolment,
      reports: new Reports(core.db.query, now, onChanged),
      limits: auth.limits,
      book,
      sockets: this.#sockets,
      log,
      onFatal,
      routes: [
        agentIntakeRoutes(core.intake, ({ agent }) => agent!.office),
        agentOrderRoutes({ orders, onStream: (agent, isOpen) => this.#noteStream(agent, isOpen) }),
      ],
      programRoutes: [bouncers(this.certificates)],
    });
  }

  /** Where agents reach the hub, `NAME:PORT`; null while it does not listen. */
  get hub(): string | null {
    const { config } = this.#options;
    return this.#listening === undefined ? null : `${config!.name}:${this.#listening.port}`;
  }

  /** Ends whatever an agent has open. */
  endAllOf(agent: number): void {
    this.#sockets.endAllOf(agent);
  }

  /** Agents in reach, as the desk shows them. */
  list(reach: Reach): Promise<AgentRow[]> {
    return agentRows(this.#options.core.db.query, reach, new Set(this.#streams.keys()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#trying;
    await this.orders.close();
    await this.#listening?.close();
  }

  #noteStream(agent: number, isOpen: boolean): void {
    const count = (this.#streams.get(agent) ?? 0) + (isOpen ? 1 : -1);
    if (count > 0) this.#streams.set(agent, count);
    else this.#streams.delete(agent);
    this.#options.onChanged();
  }

  async #try(): Promise<void> {
    const { config, auth, log, now } = this.#options;
    if (this.#listening !== undefined || this.#isClosed) return;
    const address = {
      ...agentsAddress(config!.listen)!,
      name: config!.name,
      hasAdministrator: !auth.isAlone(),
    };
    const listening = await openAgentsListener(this.#app, this.#ca, address, now, log);
    if (listening.isErr()) {
      const { detail } = listening.error;
      if (detail !== this.#waiting) log.warn({ reason: detail }, 'agents are not let in yet');
      this.#waiting = detail;
      return;
    }
    this.#listening = listening.value;
    log.info({ name: config!.name, port: listening.value.port }, 'agents are let in');
  }
}

/** Addresses of this machine that others reach: no block may touch them, but for those that stand for voters. */
function ownNetworks(visitors: readonly string[]): readonly string[] {
  const visiting = new Set(visitors.map(spelled));
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all
    .filter(({ internal, address }) => !internal && !address.includes('%') && !visiting.has(spelled(address)))
    .map(({ address, family }) => `${address}/${family === 'IPv4' ? 32 : 128}`)
    .filter((network) => !network.startsWith('fe80:'));
}

/** An address as we write it, whoever wrote it. */
function spelled(address: string): string {
  return parseCidr(address).map(formatCidr).unwrapOr(address);
}
