/** What the page needs before anybody can ask: whose signatures count, what the public fields are called, which poll books there are. */
import { ok, type Result } from '@bellwether/basics';
import type { Hasher, Policy } from '@bellwether/evidence';
import {
  findGenesisFields,
  type ListedExtract,
  type LogSource,
  logAway,
  pollBooks,
  readExtractList,
  readPinnedPolicy,
  type VerifyError,
} from '@bellwether/verifier/checking';

/** Longest policy: 116 witnesses, and ten times as many. */
const MOST_POLICY = 1_048_576;

/** What is known then. */
export type Beginning = {
  readonly policy: Policy;
  /** SHA-256 of the policy, hex. */
  readonly hash: string;
  /** Names of the public fields, as the genesis has them. */
  readonly fields: readonly string[];
  readonly pollBooks: readonly ListedExtract[];
};

/** Reads it. `policies` is where the policy lies; its last part is its name. */
export async function readBeginning(
  source: LogSource,
  policies: { readonly source: LogSource; readonly path: string },
  hasher: Hasher,
): Promise<Result<Beginning, VerifyError>> {
  const text = await policies.source.readPath(policies.path, MOST_POLICY);
  if (text.isErr()) return text;
  if (text.value === null) return logAway('nobody witnesses this log yet: there is no policy');
  const pinned = readPinnedPolicy(hasher, text.value);
  if (pinned.isErr()) return pinned;
  const fields = await findGenesisFields(source);
  if (fields.isErr()) return fields;
  const listed = await readExtractList(source);
  if (listed.isErr()) return listed;
  return ok({ ...pinned.value, fields: fields.value, pollBooks: pollBooks(listed.value) });
}
