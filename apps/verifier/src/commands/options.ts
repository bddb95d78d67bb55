/** Options of the command, and the files and logs that they name. */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@bellwether/basics';
import { MAX_POLICY_BYTES, sha256Hasher, wasmSha256Hasher } from '@bellwether/evidence';
import type { LogSource } from '../checking/log-source.ts';
import { type CheckingTools, type PinnedPolicy, readPinnedPolicy } from '../checking/policy-check.ts';
import type { VerifyError } from '../errors.ts';
import { folderSource, readAtMost } from '../node/folder-source.ts';
import { httpSource } from '../node/http-source.ts';
import { nodeVerifier } from '../node/node-verifier.ts';

/** Longest file that is to be checked: a proof with a note of hundreds of signatures and an entry. */
const MAX_FILE_BYTES = 4_194_304;

/** Longest file of a sheet: as many changes as a sheet may have, each with all its fields. */
const MAX_SHEET_BYTES = 67_108_864;

/** What the command line says. */
export type Wish = {
  /** What is checked: a file, or a text that was typed. */
  readonly subject: string | null;
  readonly policy: string | null;
  readonly entry: string | null;
  readonly log: string | null;
  readonly fields: string | null;
  /** SHA-256 of the genesis entry, hex. */
  readonly genesis: string | null;
  readonly at: number | null;
  readonly last: boolean;
  readonly json: boolean;
  readonly help: boolean;
};

/** Reads the command line. The failure is a sentence about wrong usage. */
export function readWish(args: string[]): Result<Wish, string> {
  let parsed: ReturnType<typeof parseWords>;
  try {
    parsed = parseWords(args);
  } catch (error) {
    return err((error as Error).message);
  }
  const { values, positionals } = parsed;
  const { genesis, at } = values;
  if (positionals.length > 1) return err(`${JSON.stringify(positionals[1])} is one word too many`);
  if (genesis !== undefined && !/^[0-9a-f]{64}$/.test(genesis))
    return err('--genesis is a SHA-256 of 64 small hex digits');
  const time = at === undefined ? null : Date.parse(at);
  if (time !== null && (Number.isNaN(time) || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z$/.test(at!)))
    return err('--at is a time as 2026-11-03T02:31Z');
  return ok({
    subject: positionals[0] ?? null,
    policy: values.policy ?? null,
    entry: values.entry ?? null,
    log: values.log ?? null,
    fields: values.fields ?? null,
    genesis: genesis ?? null,
    at: time,
    last: values.last === true,
    json: values.json === true,
    help: values.help === true,
  });
}

function parseWords(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      entry: { type: 'string' },
      log: { type: 'string' },
      fields: { type: 'string' },
      genesis: { type: 'string' },
      at: { type: 'string' },
      last: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** What checks are done with here. */
export function toolsAt(at: number | null): CheckingTools {
  return { hasher: wasmSha256Hasher() ?? sha256Hasher(), verifier: nodeVerifier(), now: at ?? Date.now() };
}

/** The bytes of a sheet that was named. */
export function readSheetFile(path: string): Result<Uint8Array, VerifyError> {
  return readNamedFile(path, MAX_SHEET_BYTES);
}

/** The bytes of a file that was named. */
export function readNamedFile(path: string, most: number = MAX_FILE_BYTES): Result<Uint8Array, VerifyError> {
  const bytes = readAtMost(path, most);
  if (bytes.isErr()) return bytes;
  return bytes.value === null
    ? err({ code: 'VERIFY_UNREADABLE', detail: `${path} is not there` })
    : ok(bytes.value);
}

/** The policy of a file that was named. */
export function readPolicyFile(path: string, { hasher }: CheckingTools): Result<PinnedPolicy, VerifyError> {
  const bytes = readAtMost(path, MAX_POLICY_BYTES);
  if (bytes.isErr()) return bytes;
  if (bytes.value === null) return err({ code: 'VERIFY_UNREADABLE', detail: `${path} is not there` });
  return readPinnedPolicy(hasher, bytes.value);
}

/** Files that are read ahead over a network: as many as a browser asks one server for at a time, and some more. */
const AHEAD = 12;

/** The log that was named, and how many files of it are to be read ahead. */
export function openNamedLog(
  named: string,
  stop: AbortSignal,
): Result<{ readonly source: LogSource; readonly ahead: number }, VerifyError> {
  if (/^https?:\/\//.test(named)) {
    return URL.canParse(named)
      ? ok({ source: httpSource(named, stop), ahead: AHEAD })
      : noLog(`${named} is no address`);
  }
  if (!isFolder(named)) return noLog(`${named} is no folder`);
  return ok({ source: folderSource(named), ahead: 0 });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function noLog(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail });
}
