/**
 * What a flow event of Suricata proves.
 *
 * `tcp_flags_ts` and `tcp_flags_tc` are all flags that the client and the server sent; they are 00 and there is no
 * `state` where Suricata tracked no session (packets without a handshake before them). Source: output-json-flow.c.
 */
import { Outcome, Tcp } from '../contact.ts';

/** Where the handshake stands, of `tcp.state`. */
export const Session = { none: 0, synSent: 1, synReceived: 2, established: 3, closed: 4 } as const;
export type Session = (typeof Session)[keyof typeof Session];

/** `flow.state`: 0 = not given. */
export const FlowState = { unknown: 0, new: 1, established: 2 } as const;
export type FlowState = (typeof FlowState)[keyof typeof FlowState];

/** A flow of TCP. Packet counts and flags are -1 where the event does not have them. */
export type TcpFlow = {
  sent: number;
  back: number;
  flagsSent: number;
  flagsBack: number;
  session: Session;
  state: FlowState;
};

/** Whether the flags are those of packets, not the 00 of a session that was never tracked. */
export function flagsKnown({ flagsSent, flagsBack, session }: TcpFlow): boolean {
  return flagsSent >= 0 && flagsBack >= 0 && (session !== Session.none || (flagsSent | flagsBack) !== 0);
}

/** Outcome of a flow of TCP. */
export function tcpFlowOutcome(flow: TcpFlow): Outcome {
  const { sent, back, flagsSent, flagsBack, session, state } = flow;
  const known = flagsKnown(flow);
  if (sent === 0 && back > 0) return Outcome.oneSided;
  if (back === 0) {
    // An ACK that nobody answers: the middle of something, or one direction of it, or an ACK probe.
    return known && flagsSent & Tcp.ack ? Outcome.oneSided : Outcome.noAnswer;
  }
  if (known) {
    if (flagsBack & Tcp.syn) return flagsSent & Tcp.ack ? Outcome.established : Outcome.accepted;
    if (flagsBack & Tcp.rst) return flagsSent & Tcp.psh ? Outcome.oneSided : Outcome.rejected;
    return Outcome.oneSided;
  }
  if (session === Session.established || session === Session.closed) return Outcome.established;
  if (session === Session.synReceived) return Outcome.accepted;
  if (session === Session.synSent) return Outcome.noAnswer;
  // Packets both ways and no session: a capture that missed the handshake.
  if (flagsSent >= 0 || flagsBack >= 0) return Outcome.oneSided;
  return state === FlowState.established ? Outcome.established : Outcome.unknown;
}

/** TCP flags of the packet that opened the flow, -1 if the event does not tell. */
export function openingFlagsOf(flow: TcpFlow, outcome: Outcome): number {
  if (!flagsKnown(flow)) return -1;
  const { sent, back, flagsSent } = flow;
  if (flagsSent & Tcp.syn) return flagsSent === (Tcp.syn | Tcp.ack) ? Tcp.syn | Tcp.ack : Tcp.syn;
  return sent === 1 || back === 0 || outcome === Outcome.rejected ? flagsSent & ALL_FLAGS : -1;
}

const ALL_FLAGS = Tcp.fin | Tcp.syn | Tcp.rst | Tcp.psh | Tcp.ack | Tcp.urg;

/** Outcome of a flow without handshake. Counts are -1 where the event does not have them. */
export function datagramFlowOutcome(sent: number, back: number, state: FlowState): Outcome {
  if (back > 0) return sent === 0 ? Outcome.oneSided : Outcome.established;
  if (back === 0) return Outcome.noAnswer;
  return state === FlowState.established ? Outcome.established : Outcome.unknown;
}
