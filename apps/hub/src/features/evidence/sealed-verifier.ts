/**
 * The hashes of the verifier in the log, once for each version that this hub hands out: whoever has a verifier compares it with what
 * witnesses have seen, and not with what a server says today.
 *
 *     {"files":{"bellwether-verify.html":"<SHA-256, hex>","bellwether-verify.js":"..."},"type":"verifier","version":"0.1.0"}
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, ok, type Result } from '@bellwether/basics';
import { encodeText } from '@bellwether/evidence';
import type { LogError } from '../../platform/evidence/errors.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { readOrNull, writeWhole } from '../../platform/evidence/tile-files.ts';

/** Where it is remembered, in the private folder of the log: what is lost is sealed once more. */
const REMEMBERED = 'verifier.json';

/** A line of `sha256sum`, two files of which are told. */
const LINE = /^([0-9a-f]{64}) {2}([a-z][a-z.-]{1,60})$/;
const MOST_FILES = 4;

/** What stands in the log, and where. */
export type SealedVerifier = {
  /** Decimal. */
  readonly index: string;
  readonly version: string;
  /** SHA-256 in hex, by name of the file. */
  readonly files: Readonly<Record<string, string>>;
};

/** What it is sealed with. `sums`: file of hashes beside the verifier, as `sha256sum` writes it. */
export type VerifierSealing = {
  readonly log: EvidenceLog;
  readonly privateFolder: string;
  readonly sums: string;
  readonly version: string;
};

/** What was sealed last; null before the first. */
export async function sealedVerifier(privateFolder: string): Promise<SealedVerifier | null> {
  const bytes = await readOrNull(join(privateFolder, REMEMBERED));
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString()) as SealedVerifier);
}

/** Seals the verifier that is handed out, unless that was done. Does nothing where none is. */
export async function sealVerifier({
  log,
  privateFolder,
  sums,
  version,
}: VerifierSealing): Promise<Result<void, LogError>> {
  const files = await hashesIn(sums);
  if (files === null) return ok();
  const entry = { type: 'verifier', version, files };
  const text = canonicalJson(entry).okOrThrow();
  const last = await sealedVerifier(privateFolder);
  if (
    last !== null &&
    canonicalJson({ type: 'verifier', version: last.version, files: last.files }).okOrThrow() === text
  )
    return ok();
  const added = await log.appendEntries([encodeText(text)]);
  if (added.isErr()) return added;
  const sealed: SealedVerifier = { index: String(added.value.from), version, files };
  await writeWhole(join(privateFolder, REMEMBERED), JSON.stringify(sealed), 6);
  return ok();
}

async function hashesIn(sums: string): Promise<Readonly<Record<string, string>> | null> {
  const text = await readFile(sums, 'utf8').catch(() => null);
  const lines = text?.split('\n').filter((line) => line !== '') ?? [];
  const found = lines.map((line) => LINE.exec(line));
  if (lines.length === 0 || lines.length > MOST_FILES || found.includes(null)) return null;
  return Object.fromEntries(found.map((match) => [match![2]!, match![1]!]));
}
