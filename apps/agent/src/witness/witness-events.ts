/** What a running witness tells: for people a line, for programs a JSON object a line. */
import { AGENT_ERRORS, type AgentErrorCode } from '../errors.ts';
import type { WitnessStop } from './witness-state.ts';

/** One thing that happened. */
export type WitnessEvent =
  | { readonly event: 'listening'; readonly address: string }
  | { readonly event: 'cosigned'; readonly origin: string; readonly size: string; readonly time: string }
  | { readonly event: 'posted'; readonly origin: string; readonly size: string }
  | { readonly event: 'nothing-new'; readonly origin: string }
  | {
      readonly event: 'stated';
      readonly origin: string;
      readonly size: string;
      /** What broke a rule of the roll; null for nothing. */
      readonly refused: string | null;
    }
  | {
      readonly event: 'recomputed';
      readonly origin: string;
      readonly epoch: number;
      readonly records: number;
      /** Protected voters of one's own rows, who are the state's. */
      readonly passedOver: number;
      /** Those that do not match because a change of them waits for a signature, as the hub says. */
      readonly waiting: number;
    }
  | {
      readonly event: 'rows-differ';
      readonly origin: string;
      readonly epoch: number;
      readonly records: number;
      /** Where they are named: on this computer only. */
      readonly file: string;
    }
  | {
      readonly event: 'refused';
      readonly origin: string;
      readonly size: string;
      readonly why: string;
      readonly folder: string;
    }
  | { readonly event: 'stopped'; readonly why: WitnessStop['why']; readonly detail: string }
  | { readonly event: 'failed'; readonly code: AgentErrorCode; readonly detail: string };

/** Takes what happened. */
export type Report = (event: WitnessEvent) => void;

/** The event as one line for people; `at` in ms since 1970. */
export function eventLine(event: WitnessEvent, at: number): string {
  return `${new Date(at).toISOString()} ${textOf(event)}\n`;
}

function textOf(event: WitnessEvent): string {
  switch (event.event) {
    case 'listening':
      return `Listening on ${event.address}.`;
    case 'cosigned':
      return `Signed ${event.origin} at ${event.size} entries.`;
    case 'posted':
      return `The hub has taken the signature of ${event.origin} at ${event.size} entries.`;
    case 'nothing-new':
      return `Nothing to sign for ${event.origin}.`;
    case 'stated':
      return event.refused === null
        ? `Checked the roll in ${event.origin} up to ${event.size} entries, and said so.`
        : `The roll in ${event.origin} BREAKS A RULE, and the hub was told so in public: ${event.refused}. Call two other witnesses, then the state office.`;
    case 'recomputed':
      return `${event.records} records of your own match night ${event.epoch} of ${event.origin}; ${event.passedOver} protected voters were left out, and ${event.waiting} wait for a signature.`;
    case 'rows-differ':
      return `${event.records} RECORDS DO NOT MATCH night ${event.epoch} of ${event.origin}. They are named in ${event.file}, and were sent to nobody. Call two other witnesses, then the state office.`;
    case 'refused':
      return `REFUSED ${event.origin} at ${event.size} entries: ${event.why}. Both notes are in ${event.folder}. ${AGENT_ERRORS.WITNESS_LOG_REFUSED.help}`;
    case 'stopped':
      return `STOPPED: ${event.detail}. ${AGENT_ERRORS.WITNESS_STOPPED.help}`;
    case 'failed': {
      const { message, help } = AGENT_ERRORS[event.code];
      return `${message} (${event.detail}) ${help}`;
    }
  }
}
