/**
 * The door for agents: whoever is behind it has shown a certificate that holds now. It is asked with each request, and a stream
 * that stays open is ended when its agent is revoked.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { err, type Result } from '@bellwether/basics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from '../../platform/http/problem.ts';
import { serialText } from '../../platform/tls/own-ca.ts';
import type { AgentBook, KnownAgent } from './agent-book.ts';
import { type AgentsError, agentsEntry, agentsError } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The agent that asks; null before the door, and where anybody may ask. */
    agent: KnownAgent | null;
  }
}

/** Puts the door in front of the routes that are added to `app` from now on. */
export function hangAgentDoor(app: FastifyInstance, book: AgentBook, sockets: AgentSockets): void {
  app.addHook('onRequest', async (request, reply) => {
    const agent = agentAsking(request, book);
    if (agent.isErr()) {
      void reply.header('connection', 'close');
      return sendProblem(reply, agentsEntry(agent.error), agent.error.detail);
    }
    request.agent = agent.value;
    sockets.note(agent.value.id, request.socket);
    return undefined;
  });
}

/** Serial number of the certificate that a request came with. */
export function shownSerialOf({ socket }: Pick<FastifyRequest, 'socket'>): string {
  return serialText((socket as TLSSocket).getPeerX509Certificate()?.serialNumber ?? '');
}

/** Who asks. */
function agentAsking({ socket }: FastifyRequest, book: AgentBook): Result<KnownAgent, AgentsError> {
  const tls = socket as TLSSocket;
  const shown = tls.getPeerX509Certificate();
  if (shown === undefined) return err(agentsError('AGENT_CERTIFICATE_MISSING', ''));
  // What Node has found out about the chain; that a time is over is asked of our own clock, with every request.
  const why = String(tls.authorizationError ?? '');
  return book.agentShowing({ raw: shown.raw, isTrusted: tls.authorized, why });
}

/** Open connections by agent, so that those of one that is revoked can be ended. */
export class AgentSockets {
  readonly #sockets = new Map<number, Set<Socket>>();

  /** This agent asked on this connection. */
  note(agent: number, socket: Socket): void {
    const known = this.#sockets.get(agent) ?? new Set();
    if (known.has(socket)) return;
    known.add(socket);
    this.#sockets.set(agent, known);
    socket.once('close', () => {
      known.delete(socket);
      if (known.size === 0 && this.#sockets.get(agent) === known) this.#sockets.delete(agent);
    });
  }

  /** Ends all of an agent's connections at once. */
  endAllOf(agent: number): void {
    for (const socket of this.#sockets.get(agent) ?? []) socket.destroy();
  }
}
