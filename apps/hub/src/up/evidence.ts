/** The evidence log of a hub: opened with it, with its key and its witnesses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type Policy, parsePolicy } from '@bellwether/evidence';
import type { EvidenceDependencies } from '../features/evidence/dependencies.ts';
import type { Config } from '../platform/config.ts';
import type { LogError } from '../platform/evidence/errors.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { openEvidenceLog } from '../platform/evidence/log.ts';
import { fileSigner } from '../platform/evidence/log-key.ts';
import { originOnDisk } from '../platform/evidence/signing-file.ts';
import { openWitnessing } from '../platform/evidence/witnessing.ts';
import type { DataFolder } from '../platform/folder.ts';

/** What the log is called where nobody names it and HTTPS has no name yet. */
const USUAL_ORIGIN = 'localhost/bellwether';

/** What is opened. */
export type OpenEvidence = EvidenceDependencies & { close(): Promise<void> };

/** Opens the log. `onTrouble`: what a person should know and no request waits for. */
export async function openEvidence(
  folder: DataFolder,
  config: Config,
  now: () => number,
  onTrouble: (what: string) => void,
): Promise<Result<OpenEvidence, LogError>> {
  const named =
    config.evidence?.origin ?? (config.https === undefined ? USUAL_ORIGIN : `${config.https.name}/log`);
  const origin = (await originOnDisk(folder.logPrivate)) ?? named;
  const signer = await fileSigner(config.evidence?.key ?? join(folder.logPrivate, 'key'), origin);
  if (signer.isErr()) return signer;
  const policy = readPolicy(config.evidence?.policy);
  if (policy.isErr()) return policy;
  const log = await openEvidenceLog({
    folder: folder.log,
    privateFolder: folder.logPrivate,
    origin,
    signer: signer.value,
  });
  if (log.isErr()) return log;
  const witnessing = await openWitnessing({
    log: log.value,
    folder: folder.log,
    privateFolder: folder.logPrivate,
    policy: policy.value?.policy ?? null,
    now,
    onTrouble,
  });
  return ok({
    log: log.value,
    witnessing,
    policy: policy.value?.policy ?? null,
    policyText: policy.value?.text ?? null,
    folder: folder.log,
    stateFolder: join(folder.rolls, 'public'),
    now,
    close: async () => {
      await witnessing.close();
      await log.value.close();
    },
  });
}

function readPolicy(path: string | undefined): Result<{ policy: Policy; text: string } | null, LogError> {
  if (path === undefined) return ok(null);
  try {
    const bytes = readFileSync(path);
    const policy = parsePolicy(bestHasher(), bytes);
    if (policy.isOk()) return ok({ policy: policy.value, text: bytes.toString() });
    return err({ code: 'LOG_POLICY_INVALID', detail: `${path}: ${policy.error.detail}` });
  } catch (error) {
    return err({ code: 'LOG_POLICY_INVALID', detail: (error as Error).message });
  }
}
