/**
 * The agent as it runs: one process that follows orders, sends lines, reports, and renews its certificate. Each part goes on when
 * another one cannot; what is decided holds in the kernel whatever becomes of this process.
 */
import { X509Certificate } from 'node:crypto';
import type { AgentRenewed, AgentReport, AgentReportTaken, BlocksReadBack } from '@bellwether/api';
import { ok, type Result } from '@bellwether/basics';
import type { ReadOrder } from '@bellwether/blocks';
import { type AgentError, describeAgentError } from '../errors.ts';
import { Pause } from '../ship/pause.ts';
import { openShipping } from '../ship/shipping.ts';
import type { Backlog, Batch, Posted, Shipping } from '../ship/shipping-types.ts';
import { type Enrolled, keepCertificate } from './enrolled.ts';
import { keepHealth } from './health.ts';
import { HubConnection, refusalIn } from './hub-connection.ts';
import { KeptOrders } from './kept-orders.ts';
import { type OrderReader, orderReader } from './order-check.ts';
import { OrderStream } from './order-stream.ts';
import { requestFor } from './own-request.ts';
import type { AgentSettings } from './settings.ts';

/** Between two reports, ms: the hub misses an agent after three minutes. */
const REPORT_EVERY = 30_000;

/** Two thirds of a certificate's life: thirty days are left of ninety, for whatever goes wrong. */
const LIFE_BEFORE_RENEWAL = 2 / 3;

/** A renewal that failed is tried again with the reports, but not more often, ms. */
const RENEW_EVERY = 3_600_000;

/** A clock that is further off is told, ms: blocks would begin and end at the wrong time. */
const CLOCK_TOLD = 120_000;

/** What enforces, as the link needs it; `enforce/` has it. */
export type Enforcing = {
  /** Takes an order that was checked. Its number counts only when it resolved. */
  take(order: ReadOrder): Promise<void>;
  /** What was read back last. */
  report(): BlocksReadBack;
  /** Told when there is something new to report. */
  onReport(listener: () => void): void;
  /** Told how far the clock of this computer is ahead of the hub's, ms, with each answer to a report. */
  heardClock(ahead: number): void;
  close(): Promise<void>;
};

/** What a run needs. */
export type RunOptions = {
  readonly agent: Enrolled;
  readonly settings: AgentSettings;
  /** Null: this computer blocks nothing. */
  readonly enforcing: Enforcing | null;
  readonly version: string;
  readonly log: (text: string) => void;
  /** ms since 1970. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
  /** Ends it. */
  readonly end: AbortSignal;
};

/** Runs until it is ended. Fails at the start alone: with what a person has to mend. */
export async function runAgent(options: RunOptions): Promise<Result<void, AgentError>> {
  const run = new AgentRun(options);
  const opened = await run.openParts();
  if (opened.isErr()) return opened;
  await run.untilEnded();
  return ok();
}

const NO_BACKLOG: Backlog = { lines: 0, bytes: 0 };

class AgentRun {
  readonly #options: RunOptions;
  readonly #pause = new Pause();
  readonly #stream: OrderStream;
  readonly #read: OrderReader;
  readonly #kept: KeptOrders;
  #certificate: string;
  #connection: HubConnection;
  #shipping: Shipping | undefined;
  /** Without anything that enforces: the last order that came. */
  #taken = 0;
  #told = '';
  #heard: number | null = null;
  #renewTried = Number.NEGATIVE_INFINITY;

  constructor(options: RunOptions) {
    this.#options = options;
    const { agent, enforcing, chance } = options;
    this.#certificate = agent.certificate;
    this.#connection = this.#connect();
    this.#read = orderReader(agent.orderKey, agent.office);
    this.#kept = new KeptOrders(agent.folder);
    this.#stream = new OrderStream({
      connection: () => this.#connection,
      read: this.#read,
      taken: () => enforcing?.report().sequence ?? this.#taken,
      take: async (order) => {
        await enforcing?.take(order);
        this.#taken = order.order.sequence;
        this.#pause.news();
      },
      keep: (line, isWhole) => this.#keepOrder(line, isWhole),
      onOpen: () => {
        this.#say('');
        options.log('The hub answers: orders come as they are made.');
        this.#shipping?.wake();
        this.#pause.news();
      },
      onTrouble: (error) => this.#sayError(error),
      chance,
    });
    enforcing?.onReport(() => this.#pause.news());
  }

  async openParts(): Promise<Result<void, AgentError>> {
    const { agent, settings, log, now, chance } = this.#options;
    await this.#restoreOrders();
    if (settings.ship === null) return ok();
    const post = (sensor: string, batch: Batch, signal: AbortSignal): Promise<Posted> =>
      this.#post(sensor, batch, signal);
    const opened = await openShipping(settings.ship, agent.folder, post, { log, now, chance });
    if (opened.isErr()) return opened;
    this.#shipping = opened.value;
    return ok();
  }

  /** Blocks what was told last, before anybody answers: the kernel forgets its table with its power. */
  async #restoreOrders(): Promise<void> {
    const { enforcing, log } = this.#options;
    if (enforcing === null) return;
    let last: number | undefined;
    const taking: Promise<void>[] = [];
    try {
      await this.#kept.restore(async (line) => {
        const order = await this.#read(line);
        if (order.isErr()) return false;
        const { sequence, isWhole } = order.value.order;
        if (last === undefined ? !isWhole : isWhole || sequence !== last + 1) return false;
        last = sequence;
        taking.push(enforcing.take(order.value));
        return true;
      });
      await Promise.all(taking);
    } catch (cause) {
      log(`What was ordered before cannot be read here: ${(cause as Error).message}`);
    }
    if (last === undefined) return;
    const { decided, enforced } = enforcing.report();
    log(
      `Order ${last} was the last one: ${enforced} of its ${decided} blocks hold until the hub says otherwise.`,
    );
  }

  /** Keeps an order for a start without the hub. */
  async #keepOrder(line: string, isWhole: boolean): Promise<boolean> {
    if (this.#options.enforcing === null) return false;
    try {
      await this.#kept.keep(line, isWhole);
    } catch (cause) {
      this.#say(`Orders cannot be kept in ${this.#options.agent.folder}: ${(cause as Error).message}`);
      return false;
    }
    return this.#kept.wantsWhole;
  }

  async untilEnded(): Promise<void> {
    const { end, enforcing, agent, log } = this.#options;
    log(`This is ${agent.name} of ${agent.officeName}. Its hub is ${agent.host}:${agent.port}.`);
    const stop = (): void => {
      this.#stream.end();
      this.#pause.end();
    };
    if (end.aborted) stop();
    end.addEventListener('abort', stop);
    await Promise.all([this.#stream.run(), this.#reportOn()]);
    await this.#shipping?.close();
    await enforcing?.close();
    this.#connection.close();
  }

  async #reportOn(): Promise<void> {
    while (!this.#pause.isOver) {
      await this.#renewIfDue();
      await this.#report();
      await this.#keepHealth();
      await this.#pause.wait(REPORT_EVERY);
    }
  }

  async #report(): Promise<void> {
    const { enforcing, version, now, log } = this.#options;
    const report: AgentReport = {
      ...(enforcing?.report() ?? this.#nothingEnforced()),
      backlog: this.#shipping?.backlog() ?? NO_BACKLOG,
      version,
      clock: now(),
    };
    const answer = await this.#connection.askHub({
      method: 'POST',
      path: 'outcomes',
      body: JSON.stringify(report),
      headers: { 'content-type': 'application/json' },
    });
    if (answer.isErr()) return this.#sayError(answer.error);
    if (answer.value.status !== 200) return this.#sayError(refusalIn(answer.value));
    this.#heard = now();
    const { clock } = answer.value.value as AgentReportTaken;
    const ahead = now() - clock;
    if (!Number.isFinite(ahead)) return;
    enforcing?.heardClock(ahead);
    if (Math.abs(ahead) < CLOCK_TOLD) return;
    const minutes = Math.round(Math.abs(ahead) / 60_000);
    const way = ahead > 0 ? 'ahead of' : 'behind';
    log(`The clock of this computer is ${minutes} minutes ${way} that of the hub. Set it, best by NTP.`);
  }

  async #keepHealth(): Promise<void> {
    const { agent, enforcing, now } = this.#options;
    const { point, decided, enforced } = enforcing?.report() ?? this.#nothingEnforced();
    const { lines, bytes } = this.#shipping?.backlog() ?? NO_BACKLOG;
    try {
      await keepHealth(agent.folder, {
        at: now(),
        heard: this.#heard,
        trouble: this.#told,
        point: point.state,
        decided,
        enforced,
        backlog: { lines, bytes },
      });
    } catch (cause) {
      // Whoever looks sees that it is old, and that is what it means.
      this.#say(`How it is cannot be written into ${agent.folder}: ${(cause as Error).message}`);
    }
  }

  #nothingEnforced(): BlocksReadBack {
    return {
      sequence: this.#taken,
      at: this.#options.now(),
      point: { state: 'none', why: ['This computer was not asked to block anything.'] },
      decided: 0,
      enforced: 0,
      refusedCount: 0,
      missingCount: 0,
      refused: [],
      missing: [],
      vetoes: 0,
    };
  }

  async #post(sensor: string, batch: Batch, signal: AbortSignal): Promise<Posted> {
    const { client, sequence, packed, format, zone } = batch;
    const query = new URLSearchParams({ ...(format && { format }), ...(zone && { zone }) });
    const answer = await this.#connection.askHub({
      method: 'POST',
      path: `intake/${sensor}?${query}`,
      body: packed,
      headers: {
        'content-type': 'text/plain',
        'content-encoding': 'gzip',
        'bellwether-batch': `${client}/${sequence}`,
      },
      signal,
    });
    if (answer.isErr()) return { outcome: 'later', why: answer.error.detail };
    const { status, value, code, retryAfter } = answer.value;
    if (status === 200) {
      return { outcome: 'kept', duplicate: (value as { duplicate?: unknown })?.duplicate === true };
    }
    if (code === 'INTAKE_BATCH_CHANGED') return { outcome: 'taken-number' };
    if (code === 'INTAKE_BATCH_TOO_OLD' || status === 413)
      return { outcome: 'refused', why: code ?? String(status) };
    const { detail } = refusalIn(answer.value);
    return { outcome: 'later', why: detail, ...(retryAfter === undefined ? {} : { after: retryAfter }) };
  }

  async #renewIfDue(): Promise<void> {
    const { agent, now, log } = this.#options;
    const { validFrom, validTo } = new X509Certificate(this.#certificate);
    const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
    if (now() < from + (to - from) * LIFE_BEFORE_RENEWAL) return;
    if (now() - this.#renewTried < RENEW_EVERY) return;
    this.#renewTried = now();
    const answer = await this.#connection.askHub({
      method: 'POST',
      path: 'renew',
      body: JSON.stringify({ request: await requestFor(agent.key) }),
      headers: { 'content-type': 'application/json' },
    });
    if (answer.isErr()) return this.#sayError(answer.error);
    if (answer.value.status !== 200) return this.#sayError(refusalIn(answer.value));
    const { certificate } = answer.value.value as AgentRenewed;
    const ca = new X509Certificate(agent.authority);
    if (!new X509Certificate(certificate).verify(ca.publicKey))
      return this.#sayError({ code: 'LINK_REFUSED', detail: 'the new certificate is of another CA' });
    await keepCertificate(agent.folder, certificate);
    this.#certificate = certificate;
    // What is under way ends with its own connection.
    this.#connection = this.#connect();
    log(`The certificate was renewed. It holds until ${new X509Certificate(certificate).validTo}.`);
  }

  #connect(): HubConnection {
    const { host, port, authority, key } = this.#options.agent;
    return new HubConnection({ host, port, authority, own: { certificate: this.#certificate, key } });
  }

  #sayError(error: AgentError): void {
    this.#say(describeAgentError(error), error.code);
  }

  /** The same trouble is told once, until it is over or another one. */
  #say(text: string, about = text): void {
    if (about === this.#told) return;
    this.#told = about;
    if (text !== '') this.#options.log(text);
  }
}
