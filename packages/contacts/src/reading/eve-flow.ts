/**
 * What a flow event of EVE says into its row.
 */
import { type Batch, Flag, Outcome, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { ascii } from './bytes.ts';
import { Eve, type Values } from './eve-fields.ts';
import {
  datagramFlowOutcome,
  FlowState,
  openingFlagsOf,
  Session,
  type TcpFlow,
  tcpFlowOutcome,
} from './eve-outcomes.ts';
import { hexAt, isText, numberAt } from './eve-values.ts';
import { Json } from './json.ts';

/** The largest number that `size` and `millis` hold; one more means "not known". */
const MAX_U32 = UNKNOWN_U32 - 1;

const flow: TcpFlow = { sent: -1, back: -1, flagsSent: -1, flagsBack: -1, session: 0, state: 0 };

const DROPPED = ascii('drop');

/** Size, duration, outcome and TCP flags of a flow into row `row`; returns bits of `flags`. */
export function readFlow(bytes: Uint8Array, values: Values, batch: Batch, row: number): number {
  flow.sent = numberAt(bytes, values, Eve.pktsToServer);
  flow.back = numberAt(bytes, values, Eve.pktsToClient);
  const size = numberAt(bytes, values, Eve.bytesToClient);
  if (size >= 0) batch.size[row] = Math.min(size, MAX_U32);
  const age = numberAt(bytes, values, Eve.age);
  if (age >= 0) batch.millis[row] = Math.min(age * 1000, MAX_U32);
  flow.state = flowStateAt(bytes, values);
  let flags = 0;
  if (batch.protocol[row] === Protocol.tcp) {
    flow.flagsSent = hexAt(bytes, values, Eve.tcpFlagsToServer);
    flow.flagsBack = hexAt(bytes, values, Eve.tcpFlagsToClient);
    flow.session = sessionAt(bytes, values);
    const outcome = tcpFlowOutcome(flow);
    batch.outcome[row] = outcome;
    const opening = openingFlagsOf(flow, outcome);
    if (opening >= 0) {
      batch.tcp[row] = opening;
      flags = Flag.tcpKnown;
    }
  } else {
    batch.outcome[row] = datagramFlowOutcome(flow.sent, flow.back, flow.state);
  }
  if (isText(bytes, values, Eve.flowAction, DROPPED)) batch.outcome[row] = Outcome.blocked;
  return flags;
}

/** `new`; `established`, `closed` and `bypassed` were seen both ways. */
function flowStateAt(bytes: Uint8Array, values: Values): FlowState {
  if (values.type[Eve.state] !== Json.string) return FlowState.unknown;
  const first = bytes[values.start[Eve.state]!];
  if (first === 110) return FlowState.new;
  return first === 101 || first === 99 || first === 98 ? FlowState.established : FlowState.unknown;
}

const SYN_SENT = ascii('syn_sent');
const SYN_RECEIVED = ascii('syn_recv');
const CLOSED = ascii('closed');
const NONE = ascii('none');

function sessionAt(bytes: Uint8Array, values: Values): Session {
  if (values.type[Eve.tcpState] !== Json.string) return Session.none;
  if (isText(bytes, values, Eve.tcpState, CLOSED)) return Session.closed;
  if (isText(bytes, values, Eve.tcpState, SYN_SENT)) return Session.synSent;
  if (isText(bytes, values, Eve.tcpState, SYN_RECEIVED)) return Session.synReceived;
  return isText(bytes, values, Eve.tcpState, NONE) ? Session.none : Session.established;
}
