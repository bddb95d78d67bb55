/**
 * What a witness states under its second key: up to the checkpoint that it cosigned, every batch is signed, every version
 * follows on the one before, no mass change and no removal in the quiet period went through on one signature.
 *
 * The delay of new signers is checked by the log's times and by this witness's own clock since it first saw their entry
 * (first-seen.ts): a hub that writes an earlier time gains nothing. `rows` and `opened`
 * stay `-` without rows of one's own to compare (own-rows.ts).
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
import type { OwnRecomputed, OwnRows } from './own-rows.ts';
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
  /** Recomputes own rows after a seal; null where there are none to compare. */
  readonly ownRows: OwnRows | null;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly report: Report;
  /** Shows a statement to the world; what it throws is told and harms nothing. */
  readonly publish: (note: string) => Promise<void>;
};

const NOTHING_OWN: Result<OwnRecomputed, AgentError> = ok({ rows: null, opened: null, differs: false });

/** Makes a function that checks what is new and states it: `refused` where a rule is broken, null where there was nothing to do. */
export function checksWith(
  needs: ChecksNeeds,
): () => Promise<Result<'stated' | 'refused' | null, AgentError>> {
  const { cosigner, client, log, fold, ownRows, now, report, publish } = needs;
  let last: { readonly size: bigint; readonly at: number } | null = null;
  /** Own rows of the last seal could not be compared yet. */
  let isOwed = false;

  return async function stateChecks(): Promise<Result<'stated' | 'refused' | null, AgentError>> {
    const seen = cosigner.memory.seen.get(log.name);
    if (seen === undefined) return ok(null);
    const isStated = last !== null && last.size === seen.size && now() - last.at < RESTATE_MS;
    if (isStated && !isOwed) return ok(null);
    const folded = await fold.foldTo(seen.size, seen.root);
    if (folded.isErr()) return folded;
    const { refused, lastSeal } = folded.value;
    const mine =
      ownRows === null || refused !== null || lastSeal === null
        ? NOTHING_OWN
        : await ownRows.recomputeFor(lastSeal);
    // Asked again in the next round; what can be stated meanwhile is not held up by it.
    if (mine.isErr()) report({ event: 'failed', ...mine.error });
    isOwed = mine.isErr();
    if (isStated && isOwed) return ok(null);
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
      rows: mine.isErr() ? null : mine.value.rows,
      opened: mine.isErr() ? null : mine.value.opened,
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
    report({ event: 'stated', origin: log.name, size: `${seen.size}`, refused: refused?.detail ?? null });
    await publish(note).catch((cause: Error) =>
      report({
        event: 'failed',
        code: 'WITNESS_STATE_UNWRITABLE',
        detail: `what is published: ${cause.message}`,
      }),
    );
    const isRefused = refused !== null || (mine.isOk() && mine.value.differs);
    return ok(isRefused ? 'refused' : 'stated');
  };
}

/** What each check came to. A replay ends at what broke a rule, so nothing is said of the others then. */
export function outcomesOf({ refused, hasRoll }: RollFolded): Readonly<Record<WitnessCheck, CheckOutcome>> {
  const outcome = (check: WitnessCheck): CheckOutcome => {
    if (refused !== null)
      return witnessCheckOf(refused.rule) === check ? { refused: refused.index } : 'not-checked';
    return hasRoll ? 'ok' : 'not-checked';
  };
  return Object.fromEntries(WITNESS_CHECKS.map((check) => [check, outcome(check)])) as Record<
    WitnessCheck,
    CheckOutcome
  >;
}
