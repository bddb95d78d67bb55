/** What takes long, beside the page: replay of a log, and the words of a sheet. */
import { err, ok, type Result } from '@bellwether/basics';
import { type Subtle, sha256Hasher, wasmSha256Hasher, webVerifier } from '@bellwether/evidence';
import { type Finding, replayFinding } from '../checking/findings.ts';
import { readPinnedPolicy } from '../checking/policy-check.ts';
import { replayLog } from '../checking/replay.ts';
import { judgeSheet } from '../checking/sheet-check.ts';
import type { VerifyError } from '../errors.ts';
import { chosenSource } from './chosen-files.ts';
import type { WorkerSays, WorkerTask } from './page-messages.ts';

/** Files that are read at a time: reading from disk is by turns in a browser. */
const AHEAD = 16;

declare const self: {
  onmessage: ((event: { readonly data: WorkerTask }) => void) | null;
  postMessage(says: WorkerSays): void;
};

self.onmessage = ({ data }) => {
  perform(data).then(
    (found) =>
      self.postMessage(
        found.isOk()
          ? { kind: 'found', finding: found.value }
          : { kind: 'failed', error: { code: found.error.code, detail: found.error.detail } },
      ),
    (error: Error) =>
      self.postMessage({ kind: 'failed', error: { code: 'VERIFY_UNREADABLE', detail: error.message } }),
  );
};

async function perform(task: WorkerTask): Promise<Result<Finding, VerifyError>> {
  const hasher = wasmSha256Hasher() ?? sha256Hasher();
  if (task.kind === 'sheet') return judgeSheet(hasher, task.bytes);
  const { files, policy, pinned, lastOnly, now } = task;
  const read = policy === null ? ok(null) : readPinnedPolicy(hasher, policy);
  if (read.isErr()) return err(read.error);
  const verifier = webVerifier(crypto.subtle as unknown as Subtle);
  const replayed = await replayLog(
    { source: chosenSource(files), policy: read.value?.policy ?? null, pinned, lastOnly, ahead: AHEAD },
    { hasher, verifier, now },
    {
      onProgress: (what, done, all) => self.postMessage({ kind: 'progress', what, done, all }),
      isStopped: async () => false,
    },
  );
  return replayed.map(replayFinding);
}
