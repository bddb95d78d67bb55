/**
 * What a witness states under its second key: up to the checkpoint that it cosigned, every batch is signed, every version
 * follows on the one before, no mass change and no removal in the quiet period went through on one signature.
 *
 * `signers` is `not-checked` unless a rule about them is broken: when each entry was first seen is not remembered here, so the
 * delay of new signers is checked by the log's own times only. `rows` stays `-`: it is the office's own access that is needed for it.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { formatNote, type NoteKey, signText } from '@bellwether/evidence';
import {
  type CheckOutcome,
  formatWitnessStatement,
  minuteText,
  WITNESS_CHECKS,
  type WitnessCheck,
  type WitnessStatement,
  witnessCheckOf,
} from '@bellwether/rolls';
import type { AgentError } from '../errors.ts';
import type { Cosigner } from './cosigner.ts';
import type { HubClient } from './hub-client.ts';
import type { RollFold, RollFolded } from './roll-fold.ts';
import type { Report } from './witness-events.ts';
import { MAX_STATEMENTS } from './witness-state.ts';

/** Ms after which the same is stated again: readers want one of the last 26 hours, and a hub may have lost some. */
const RESTATE_MS = 6 * 3_600_000;

/** What stating needs. */
export type ChecksNeeds = {
  readonly cosigner: Cosigner;
  readonly client: HubClient;
  readonly log: NoteKey;
  readonly fold: RollFold;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly report: Report;
  /** Shows a statement to the world; what it throws is told and harms nothing. */
  readonly publish: (note: string) => Promise<void>;
};

/** Makes a function that checks what is new and states it: `refused` where a rule is broken, null where there was nothing to do. */
export function checksWith(
  needs: ChecksNeeds,
): () => Promise<Result<'stated' | 'refused' | null, AgentError>> {
  const { cosigner, client, log, fold, now, report, publish } = needs;
  let last: { readonly size: bigint; readonly at: number } | null = null;

  return async function stateChecks(): Promise<Result<'stated' | 'refused' | null, AgentError>> {
    const seen = cosigner.memory.seen.get(log.name);
    if (seen === undefined) return ok(null);
    if (last !== null && last.size === seen.size && now() - last.at < RESTATE_MS) return ok(null);
    const folded = await fold.foldTo(seen.size, seen.root);
    if (folded.isErr()) return folded;
    const fault = cosigner.clockFault();
    if (fault !== null) return err(fault);
    const at = now();
    const time = minuteText(at);
    const statement: WitnessStatement = {
      witness: cosigner.signers.cosigner.key.name,
      origin: log.name,
      size: seen.size,
      root: seen.root,
      time,
      from: folded.value.from,
      checks: outcomesOf(folded.value),
      rows: null,
      opened: null,
    };
    const text = formatWitnessStatement(statement);
    const note = formatNote({ text, signatures: [await signText(text, 0n, cosigner.signers.checks)] });
    const kept = await cosigner.whileAlone((store) => {
      const statements = [...store.memory.statements, { origin: log.name, time, note }];
      return store.keepChange({ statements: statements.slice(-MAX_STATEMENTS) });
    });
    if (kept.isErr()) return kept;
    const posted = await client.postNote('statements', note);
    if (posted.isErr()) return posted;
    const { status, body } = posted.value;
    if (status !== 204) return err({ code: 'WITNESS_POST_REFUSED', detail: `statement: ${status} ${body}` });
    last = { size: seen.size, at };
    const { refused } = folded.value;
    report({ event: 'stated', origin: log.name, size: `${seen.size}`, refused: refused?.detail ?? null });
    await publish(note).catch((cause: Error) =>
      report({
        event: 'failed',
        code: 'WITNESS_STATE_UNWRITABLE',
        detail: `what is published: ${cause.message}`,
      }),
    );
    return ok(refused === null ? 'stated' : 'refused');
  };
}

/** What each check came to. A replay ends at what broke a rule, so nothing is said of the others then. */
export function outcomesOf({ refused, hasRoll }: RollFolded): Readonly<Record<WitnessCheck, CheckOutcome>> {
  const outcome = (check: WitnessCheck): CheckOutcome => {
    if (refused !== null)
      return witnessCheckOf(refused.rule) === check ? { refused: refused.index } : 'not-checked';
    return hasRoll && check !== 'signers' ? 'ok' : 'not-checked';
  };
  return Object.fromEntries(WITNESS_CHECKS.map((check) => [check, outcome(check)])) as Record<
    WitnessCheck,
    CheckOutcome
  >;
}
