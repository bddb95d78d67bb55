/** The evidence log of a hub: opened with it, with its key and its witnesses. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { formatNoteKey, type NoteSigner, type Policy, parsePolicy } from '@bellwether/evidence';
import { parseWitnessStatement } from '@bellwether/rolls';
import type { EvidenceDependencies } from '../features/evidence/dependencies.ts';
import { POLICY_FILE } from '../features/rolls/policy-change.ts';
import type { Config } from '../platform/config.ts';
import { IN_AGENT } from '../platform/config-evidence.ts';
import type { LogError } from '../platform/evidence/errors.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { openEvidenceLog } from '../platform/evidence/log.ts';
import { fileSigner, KEY_FILE } from '../platform/evidence/log-key.ts';
import { keepPublicKey, restedSince, restingSigner } from '../platform/evidence/resting.ts';
import { originOnDisk } from '../platform/evidence/signing-file.ts';
import { agentSigner } from '../platform/evidence/ssh-agent.ts';
import { openWitnessing } from '../platform/evidence/witnessing.ts';
import type { DataFolder } from '../platform/folder.ts';
import type { LogFigures } from '../platform/http/metrics.ts';
import { keptSampleKeys, samplePolicy, showSamplePolicy } from './sample-witnesses.ts';

/** What the log is called where nobody names it and HTTPS has no name yet. */
const USUAL_ORIGIN = 'localhost/bellwether';

/** What the log of the sample state is called: the one that comes after it has another name, and no witness takes it for this one. */
const SAMPLE_ORIGIN = 'localhost/bellwether-sample';

/** What is opened. */
export type OpenEvidence = EvidenceDependencies & { close(): Promise<void> };

/** Opens the log. `onTrouble`: what a person should know and no request waits for. */
export async function openEvidence(
  folder: DataFolder,
  config: Config,
  now: () => number,
  onTrouble: (what: string) => void,
): Promise<Result<OpenEvidence, LogError>> {
  const sample = config.evidence?.policy === undefined ? keptSampleKeys(folder.path) : null;
  const own = config.https === undefined ? USUAL_ORIGIN : `${config.https.name}/log`;
  const named = config.evidence?.origin ?? (sample === null ? own : SAMPLE_ORIGIN);
  const known = await originOnDisk(folder.logPrivate);
  const atRest = await restedSince(folder.logPrivate);
  const key = config.evidence?.key ?? join(folder.logPrivate, KEY_FILE);
  const signer = atRest === null ? await signerOf(key, known, named) : await restingSigner(folder.logPrivate);
  if (signer.isErr()) return signer;
  const ofLog = join(folder.logPrivate, POLICY_FILE);
  const isOfLog = existsSync(ofLog);
  if (isOfLog && config.evidence?.policy !== undefined)
    onTrouble(
      `The log names its witnesses itself since its policy changed; ${config.evidence.policy} is not read any more.`,
    );
  const policy = isOfLog
    ? readPolicy(ofLog)
    : sample === null
      ? readPolicy(config.evidence?.policy)
      : policyOfSample(folder, samplePolicy(formatNoteKey(signer.value.key), sample));
  if (policy.isErr()) return policy;
  const log = await openEvidenceLog({
    folder: folder.log,
    privateFolder: folder.logPrivate,
    origin: signer.value.key.name,
    signer: signer.value,
    atRest,
  });
  if (log.isErr()) return log;
  await keepPublicKey(folder.logPrivate, log.value.key);
  const witnessing = await openWitnessing({
    log: log.value,
    folder: folder.log,
    privateFolder: folder.logPrivate,
    policy: policy.value?.policy ?? null,
    timeOf: (text) =>
      parseWitnessStatement(text)
        // Two of one minute: the one that saw more entries is the later one.
        .map(({ time, size }): string | null => `${time} ${String(size).padStart(20, '0')}`)
        .unwrapOr(null),
    now,
    onTrouble,
  });
  return ok({
    log: log.value,
    witnessing,
    policy: policy.value?.policy ?? null,
    policyText: policy.value?.text ?? null,
    folder: folder.log,
    privateFolder: folder.logPrivate,
    stateFolder: join(folder.rolls, 'public'),
    now,
    close: async () => {
      await witnessing.close();
      await log.value.close();
    },
  });
}

/** What is told of the log in figures. */
export function logFigures({ log, witnessing, now }: OpenEvidence): LogFigures {
  const { published, pendingSince } = witnessing;
  return {
    size: Number(log.size),
    published: published === null ? 0 : Number(published.split('\n')[1]),
    waiting: pendingSince === null ? 0 : (now() - pendingSince) / 1_000,
  };
}

/** The key of the log. One that has entries keeps its key: none is made in the place of one that is not there. */
async function signerOf(
  key: string,
  known: string | null,
  named: string,
): Promise<Result<NoteSigner, LogError>> {
  const origin = known ?? named;
  if (key.startsWith(IN_AGENT)) {
    return agentSigner(process.env.SSH_AUTH_SOCK, key.slice(IN_AGENT.length), origin);
  }
  if (known !== null && !existsSync(key)) return err({ code: 'LOG_KEY_MISSING', detail: key });
  return fileSigner(key, origin);
}

function policyOfSample(
  { path }: DataFolder,
  text: string,
): Result<{ policy: Policy; text: string }, LogError> {
  showSamplePolicy(path, text);
  return parsePolicy(bestHasher(), Buffer.from(text))
    .map((policy) => ({ policy, text }))
    .mapErr(({ detail }): LogError => ({ code: 'LOG_POLICY_INVALID', detail }));
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
