/** The policy in force at an entry of the log: that of the genesis, or the last one that the witnesses took since. */
import { ok, type Result } from '@bellwether/basics';
import { parseEntry, type RollsPolicy } from '@bellwether/rolls';
import { type RollError, rollRefused } from './errors.ts';
import { readLog } from './reconcile-log.ts';
import type { RollPaths } from './roll-files.ts';

/** Items begin with it; there are thousands of them for each entry of another kind. */
const ITEM = 1;

/** Reads the log from the genesis, `from`, to the entry before `to`. */
export async function policyInForce(
  paths: RollPaths,
  from: bigint,
  to: bigint,
): Promise<Result<RollsPolicy, RollError>> {
  let policy: RollsPolicy | null = null;
  const read = await readLog(paths, from, to, (_index, bytes) => {
    if (bytes[0] === ITEM) return ok();
    const entry = parseEntry(bytes);
    if (entry.isErr() || entry.value === 'other' || !('type' in entry.value)) return ok();
    if (entry.value.type === 'genesis' || entry.value.type === 'policy') policy = entry.value.policy;
    return ok();
  });
  if (read.isErr()) return read;
  return policy === null ? rollRefused('ROLL_DAMAGED', `entry ${from} of the log is no genesis`) : ok(policy);
}
