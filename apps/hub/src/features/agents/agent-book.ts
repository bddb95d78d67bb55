/**
 * Agents in memory, so that each of their requests is checked without asking the database: lines come in while it is away.
 * One process writes them, so what is here is what is there.
 */
import { X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';
import { serialText } from '../../platform/tls/own-ca.ts';
import { type AgentsError, agentsError } from './errors.ts';

/** An agent that may come in. */
export type KnownAgent = {
  readonly id: number;
  readonly office: string;
  readonly name: string;
  /** Of its certificate, and of the one before it as long as that may still be shown. */
  readonly serial: string;
  readonly serialBefore: string | null;
  readonly isRevoked: boolean;
};

/** What a connection has shown: the certificate of a client, DER, whose chain TLS has checked. */
export type ShownCertificate = { readonly raw: Buffer; readonly isTrusted: boolean; readonly why: string };

/** Subject of an agent's certificate. */
const SUBJECT = /^CN=agent:(state|\d{5}):([1-9]\d{0,15})$/;

/** Common name of an agent's certificate: the hub chooses it, whatever a request asks for. */
export function subjectOf(office: string, id: number): string {
  return `agent:${office}:${id}`;
}

/** The book. */
export class AgentBook {
  readonly #agents = new Map<number, KnownAgent>();
  readonly #isRevoked: (serial: string) => boolean;
  readonly #now: () => number;

  constructor(isRevoked: (serial: string) => boolean, now: () => number) {
    this.#isRevoked = isRevoked;
    this.#now = now;
  }

  /** Reads all of them. */
  async readFrom(db: Kysely<Tables>): Promise<void> {
    const rows = await db
      .selectFrom('agents')
      .select(['id', 'office', 'name', 'serial', 'serial_before', 'revoked_at'])
      .execute();
    for (const { id, office, name, serial, serial_before, revoked_at } of rows) {
      const isRevoked = revoked_at !== null;
      this.keep({ id, office, name, serial, serialBefore: serial_before, isRevoked });
    }
  }

  /** Takes one in, or what changed of it. */
  keep(agent: KnownAgent): void {
    this.#agents.set(agent.id, agent);
  }

  /** One of them. */
  get(id: number): KnownAgent | undefined {
    return this.#agents.get(id);
  }

  /** Who shows this certificate, if it holds now; asked again with every request. */
  agentShowing({ raw, isTrusted, why }: ShownCertificate): Result<KnownAgent, AgentsError> {
    const { subject, serialNumber, validFrom, validTo } = new X509Certificate(raw);
    const now = this.#now();
    if (now < Date.parse(validFrom) || now >= Date.parse(validTo)) {
      return err(agentsError('AGENT_CERTIFICATE_OVER', `it holds from ${validFrom} to ${validTo}`));
    }
    if (!isTrusted) return err(agentsError('AGENT_CERTIFICATE_MISSING', why));
    const [, office, id] = SUBJECT.exec(subject) ?? [];
    const agent = id === undefined ? undefined : this.#agents.get(Number(id));
    if (agent === undefined || agent.office !== office) {
      return err(agentsError('AGENT_CERTIFICATE_MISSING', 'it is of no agent that this hub knows'));
    }
    const serial = serialText(serialNumber);
    const isOwn = serial === agent.serial || serial === agent.serialBefore;
    if (agent.isRevoked || !isOwn || this.#isRevoked(serial)) {
      return err(agentsError('AGENT_REVOKED', `agent ${agent.name}`));
    }
    return ok(agent);
  }
}
