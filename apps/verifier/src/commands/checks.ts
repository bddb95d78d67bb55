/** The checks of the command: which options each takes, and what it does. */
import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { encodeText, type Policy } from '@bellwether/evidence';
import {
  checkpointFinding,
  type Finding,
  policyFinding,
  proofFinding,
  receiptFinding,
  replayFinding,
  statementFinding,
} from '../checking/findings.ts';
import { proveEntry } from '../checking/log-entries.ts';
import { type LogSource, readCheckpointNote } from '../checking/log-source.ts';
import { type CheckingTools, judgeCheckpoint, judgeCheckpointFile } from '../checking/policy-check.ts';
import { judgeProof } from '../checking/proof-check.ts';
import { fieldsOf, judgeReceipt, receiptOf } from '../checking/receipt-check.ts';
import { replayLog } from '../checking/replay.ts';
import { checkPinnedGenesis, findGenesis } from '../checking/roll-entries.ts';
import { judgeSheet } from '../checking/sheet-check.ts';
import { judgeStatement } from '../checking/statement-check.ts';
import type { VerifyError } from '../errors.ts';
import { startSignatureThread } from '../node/signature-thread.ts';
import { answer, EXIT } from './answering.ts';
import {
  openNamedLog,
  readNamedFile,
  readPolicyFile,
  readSheetFile,
  readWish,
  toolsAt,
  type Wish,
} from './options.ts';
import { progressOn } from './progress.ts';

/** A check: what it needs beside `--json`, `--at` and `--help`, what it takes too, and what it does. */
type Check = {
  readonly about: string;
  readonly needs: readonly (keyof Wish)[];
  readonly takes: readonly (keyof Wish)[];
  readonly findOut: (
    wish: Wish,
    tools: CheckingTools,
    stop: AbortSignal,
  ) => Promise<Result<Finding, VerifyError>>;
};

/** By their names. */
export const CHECKS: Readonly<Record<string, Check>> = {
  checkpoint: {
    about: 'a state of the log: signed by the log, cosigned by enough witnesses, and lately',
    needs: ['subject', 'policy'],
    takes: [],
    findOut: async ({ subject, policy }, tools) => {
      const [read, pinned] = [readNamedFile(subject!), readPolicyFile(policy!, tools)];
      if (read.isErr()) return read;
      if (pinned.isErr()) return pinned;
      return (await judgeCheckpointFile(read.value, pinned.value.policy, tools)).map(checkpointFinding);
    },
  },
  policy: {
    about: 'who has to have signed; prints its hash, and with --log the hash of the genesis',
    needs: ['subject'],
    takes: ['log', 'genesis'],
    findOut: async ({ subject, log, genesis }, tools, stop) => {
      const pinned = readPolicyFile(subject!, tools);
      if (pinned.isErr()) return pinned;
      if (log === null) return ok(policyFinding(pinned.value, null));
      const hash = await withNamedLog(log, stop, (source) =>
        hashOfGenesis(source, pinned.value.policy, genesis, tools),
      );
      return hash.map((told) => policyFinding(pinned.value, told));
    },
  },
  proof: {
    about: 'that an entry is in the log (.tlog-proof); --entry names a file of it',
    needs: ['subject', 'policy'],
    takes: ['entry'],
    findOut: async ({ subject, policy, entry }, tools) => {
      const [read, pinned] = [readNamedFile(subject!), readPolicyFile(policy!, tools)];
      const own = entry === null ? ok(null) : readNamedFile(entry);
      if (read.isErr()) return read;
      if (pinned.isErr()) return pinned;
      if (own.isErr()) return own;
      return (await judgeProof(read.value, own.value, pinned.value.policy, tools)).map(proofFinding);
    },
  },
  receipt: {
    about: "a voter's receipt: that the record is in the roll; --fields FILE: that it says just this",
    needs: ['subject', 'log', 'policy'],
    takes: ['fields', 'genesis'],
    findOut: async ({ subject, log, policy, fields, genesis }, tools, stop) => {
      const read = existsSync(subject!) ? readNamedFile(subject!) : ok(encodeText(subject!));
      if (read.isErr()) return read;
      const receipt = receiptOf(tools.hasher, read.value);
      if (receipt.isErr()) return receipt;
      const told = fields === null ? ok(null) : readNamedFile(fields);
      if (told.isErr()) return told;
      const values = told.value === null ? ok(null) : fieldsOf(told.value);
      if (values.isErr()) return values;
      const pinned = readPolicyFile(policy!, tools);
      if (pinned.isErr()) return pinned;
      const checked = await withNamedLog(log!, stop, (source) =>
        judgeReceipt(receipt.value, values.value, source, pinned.value.policy, genesis, tools),
      );
      return checked.map(receiptFinding);
    },
  },
  statement: {
    about: 'a nightly statement, or one of a witness: that it was published and what stands behind it',
    needs: ['subject', 'log', 'policy'],
    takes: [],
    findOut: async ({ subject, log, policy }, tools, stop) => {
      const [read, pinned] = [readNamedFile(subject!), readPolicyFile(policy!, tools)];
      if (read.isErr()) return read;
      if (pinned.isErr()) return pinned;
      const checked = await withNamedLog(log!, stop, (source) =>
        judgeStatement(read.value, source, pinned.value.policy, tools),
      );
      return checked.map(statementFinding);
    },
  },
  sheet: {
    about: 'a sheet of changes that a clerk saved: computes its root and its four words from what it shows',
    needs: ['subject'],
    takes: [],
    findOut: async ({ subject }, { hasher }) => {
      const read = readSheetFile(subject!);
      return read.isErr() ? read : judgeSheet(hasher, read.value);
    },
  },
  replay: {
    about: 'the whole log from its first entry: every signature, version and nightly root',
    needs: ['log'],
    takes: ['policy', 'genesis', 'last'],
    findOut: async ({ log, policy, genesis, last }, tools, stop) => {
      const pinned = policy === null ? ok(null) : readPolicyFile(policy, tools);
      if (pinned.isErr()) return pinned;
      const progress = progressOn(process.stderr);
      const thread = startSignatureThread(new URL(import.meta.url));
      const replayed = await withNamedLog(log!, stop, (source, ahead) =>
        replayLog(
          { source, policy: pinned.value?.policy ?? null, pinned: genesis, lastOnly: last, ahead },
          { ...tools, verifier: thread },
          {
            onProgress: progress.show,
            // A turn of the loop, in which signals arrive.
            isStopped: () => turn(stop).then(({ aborted }) => aborted),
          },
        ),
      );
      await thread.close();
      progress.clear();
      return replayed.map(replayFinding);
    },
  },
};

/** Runs a check; gives the exit code. */
export async function runCheck(name: string, args: string[]): Promise<number> {
  const check = CHECKS[name]!;
  const wish = readWish(args);
  if (wish.isErr()) return wrongUsage(name, wish.error);
  if (wish.value.help) {
    process.stdout.write(CHECK_HELP);
    return EXIT.yes;
  }
  const fault = usageFault(check, wish.value);
  if (fault !== null) return wrongUsage(name, fault);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return answer(await check.findOut(wish.value, toolsAt(wish.value.at), stop.signal), wish.value.json);
}

function usageFault({ needs, takes }: Check, wish: Wish): string | null {
  const missing = needs.find((name) => wish[name] === null);
  if (missing !== undefined)
    return missing === 'subject' ? 'name the file that is to be checked' : `--${missing} is missing`;
  const given = OPTIONAL.filter((name) => wish[name] !== null && wish[name] !== false);
  const foreign = given.find((name) => !needs.includes(name) && !takes.includes(name));
  if (foreign === undefined) return null;
  return foreign === 'subject'
    ? `${JSON.stringify(wish.subject)} is one word too many`
    : `--${foreign} is not for this`;
}

const OPTIONAL = ['subject', 'policy', 'entry', 'log', 'fields', 'genesis', 'last'] as const;

async function withNamedLog<T>(
  named: string,
  stop: AbortSignal,
  checkLog: (source: LogSource, ahead: number) => Promise<Result<T, VerifyError>>,
): Promise<Result<T, VerifyError>> {
  const log = openNamedLog(named, stop);
  if (log.isErr()) return log;
  const used = await checkLog(log.value.source, log.value.ahead);
  // What was under way when it was stopped fails as if the log were away.
  return used.isErr() && stop.aborted ? err({ code: 'VERIFY_STOPPED', detail: used.error.detail }) : used;
}

async function hashOfGenesis(
  source: LogSource,
  policy: Policy,
  pinned: string | null,
  tools: CheckingTools,
): Promise<Result<string, VerifyError>> {
  const note = await readCheckpointNote(source);
  if (note.isErr()) return note;
  const trusted = await judgeCheckpoint(note.value, policy, tools);
  if (trusted.isErr()) return trusted;
  const { checkpoint } = trusted.value;
  const genesis = await findGenesis(source, checkpoint.size);
  if (genesis.isErr()) return genesis;
  const proven = await proveEntry(tools.hasher, source, checkpoint, genesis.value);
  return proven.isErr() ? proven : checkPinnedGenesis(tools.hasher, genesis.value.bytes, pinned);
}

function wrongUsage(name: string, reason: string): number {
  process.stderr.write(`bellwether-verify ${name}: ${reason}\n\n${CHECK_HELP}`);
  return EXIT.usage;
}

/** What `--help` prints. */
export const CHECK_HELP: string = `Usage: bellwether-verify checkpoint FILE --policy FILE
       bellwether-verify policy FILE [--log LOG] [--genesis HASH]
       bellwether-verify proof FILE.tlog-proof --policy FILE [--entry FILE]
       bellwether-verify receipt FILE|TEXT --log LOG --policy FILE [--fields FILE] [--genesis HASH]
       bellwether-verify statement FILE --log LOG --policy FILE
       bellwether-verify sheet FILE
       bellwether-verify replay --log LOG [--last] [--policy FILE] [--genesis HASH]

Checks what a state's log says, without trusting who keeps it.

${Object.entries(CHECKS)
  .map(([name, { about }]) => `  ${name.padEnd(12)}${about}\n`)
  .join('')}
  --policy FILE    who has to have signed (C2SP tlog-policy), as you had it from a witness
  --log LOG        a folder with a copy of the log, or its address, as https://hub.example.gov/log/
  --genesis HASH   SHA-256 of the first entry of the roll; a log with another beginning is refused
  --last           compute the root of the last night only; everything else is checked all the same
  --entry FILE     the entry that is proven, where the proof does not hold it
  --fields FILE    public fields of the record as JSON: {"name.last": "..."}
  --at TIME        judge as of this time, as 2026-11-03T02:31Z; else now. Cosignatures may be 26 hours old
  --json           answer as JSON
  --version        the version, and the SHA-256 of this program

Exit code: 0 it holds; 1 it could not be checked; 2 wrong usage; 3 it was checked, and the answer is "no".
`;
