/**
 * The three questions of the page, asked one after the other: each is answered yes or no, or stays open because something could not be
 * read or because the question before it has no good answer.
 */
import type { Result } from '@bellwether/basics';
import type { Policy } from '@bellwether/evidence';
import type { ExtractEntry, Receipt } from '@bellwether/rolls';
import {
  type CheckedReceipt,
  type CheckingTools,
  isAnsweredNo,
  judgeInExtract,
  judgeRecord,
  judgeRoll,
  type ListedExtract,
  type LogSource,
  type TrustedRoll,
  type VerifyError,
} from '@bellwether/verifier/checking';

/** What a person gave. */
export type Asked = {
  readonly receipt: Receipt;
  /** By name of the public field, as typed. */
  readonly fields: Readonly<Record<string, string>>;
  /** The poll book that they chose; null: there is none yet. */
  readonly pollBook: ListedExtract | null;
};

/** What came of one question. `open`: it was not answered. */
export type Answered<T> =
  | { readonly is: 'yes'; readonly found: T }
  | { readonly is: 'no' | 'open'; readonly error: VerifyError }
  | { readonly is: 'not-asked'; readonly why: 'before' | 'no-poll-book' };

/** What came of all three. */
export type Answers = {
  readonly sealed: Answered<TrustedRoll>;
  readonly record: Answered<CheckedReceipt>;
  readonly pollBook: Answered<ExtractEntry>;
};

const BEFORE = { is: 'not-asked', why: 'before' } as const;

/** Asks all three. */
export async function askAll(
  { receipt, fields, pollBook }: Asked,
  source: LogSource,
  policy: Policy,
  tools: CheckingTools,
): Promise<Answers> {
  const sealed = answered(await judgeRoll(source, policy, null, tools));
  if (sealed.is !== 'yes') return { sealed, record: BEFORE, pollBook: BEFORE };
  const { hasher } = tools;
  const record = answered(await judgeRecord(receipt, fields, sealed.found, hasher));
  if (record.is !== 'yes') return { sealed, record, pollBook: BEFORE };
  if (pollBook === null) return { sealed, record, pollBook: { is: 'not-asked', why: 'no-poll-book' } };
  const found = await judgeInExtract(receipt, fields, pollBook, sealed.found, hasher);
  return { sealed, record, pollBook: answered(found) };
}

function answered<T>(result: Result<T, VerifyError>): Answered<T> {
  if (result.isOk()) return { is: 'yes', found: result.value };
  return { is: isAnsweredNo(result.error) ? 'no' : 'open', error: result.error };
}
