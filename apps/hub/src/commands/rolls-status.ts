/** `bellwether rolls status`: where the roll stands, read from its files; a hub may run. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeBase64 } from '@bellwether/evidence';
import { codeWords } from '@bellwether/rolls';
import { readJson, rollPaths } from '../features/rolls/roll-files.ts';
import type { Night, RollHead } from '../features/rolls/rolls-files.ts';
import { readSheets } from '../features/rolls/sheet-files.ts';
import { recomputedLately } from '../features/rolls/statement.ts';
import { newestVaultCopy } from '../features/rolls/vault-copies.ts';
import { readConfig } from '../platform/config.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import {
  standingText,
  type WitnessStanding,
  witnessStanding,
} from '../platform/evidence/witness-standing.ts';
import { WitnessStatements } from '../platform/evidence/witness-statements.ts';
import { type DataFolder, existingFolder, usualFolder } from '../platform/folder.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed } from './rolls-opened.ts';

const COMMAND = 'rolls status';
const DAY = 86_400_000;

/** Runs `bellwether rolls status ARGS`; gives the exit code. */
export async function rollsStatusCommand(args: string[]): Promise<number> {
  let values: { readonly data?: string; readonly json?: boolean; readonly help?: boolean };
  try {
    ({ values } = parseArgs({ args, options: ROLL_OPTIONS }));
  } catch (error) {
    process.stderr.write(`bellwether ${COMMAND}: ${(error as Error).message}\n\n${HELP}`);
    return ROLL_EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return rollFailed(COMMAND, { code: folder.error.code, detail: folder.error.reason });
  const paths = rollPaths(folder.value.path);
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null)
    return rollFailed(COMMAND, { code: 'ROLL_ABSENT', detail: `${paths.head} is not there` });
  const night = await readJson<Night>(join(paths.nights, `${head.epoch}.json`), 'bellwether/night@1');
  const sheets = [...(await readSheets(paths, Date.now())).values()];
  const open = sheets.filter(({ state }) => state === 'awaiting').length;
  const config = readConfig(folder.value.config);
  if (config.isErr()) return rollFailed(COMMAND, config.error);
  const copy = await copyAt(config.value.rolls?.vaultCopies?.folder, Date.now());
  const witnesses = await witnessesAt(folder.value, head.root, Date.now());
  const tell = values.json === true ? asJson : asText;
  process.stdout.write(tell(head, night, open, copy, witnesses));
  return ROLL_EXIT.done;
}

/** The newest copy of the vault. `day` is null where there is none; undefined: none is asked for. */
type VaultCopy = { readonly day: string | null; readonly days: number | null } | undefined;

async function copyAt(folder: string | undefined, now: number): Promise<VaultCopy> {
  if (folder === undefined) return undefined;
  const day = await newestVaultCopy(folder);
  return { day, days: day === null ? null : Math.floor((now - Date.parse(`${day}T00:00Z`)) / DAY) };
}

/** Who cosigned the log, and who recomputed records of the last sealed night. */
type Witnesses = WitnessStanding & { readonly recomputed: ReturnType<typeof recomputedLately> };

async function witnessesAt(folder: DataFolder, root: string, now: number): Promise<Witnesses> {
  const statements = new WitnessStatements(folder.logPrivate, [], () => null);
  await statements.load();
  const recomputed = recomputedLately(statements.all, root, now);
  return { ...(await witnessStanding(folder, now)), recomputed };
}

function witnessText({ recomputed, ...standing }: Witnesses): string {
  const told = standingText(standing);
  const names = recomputed.map(({ witness, at }) => `${witness} (${at})`).join(', ');
  const second =
    names === ''
      ? 'Nobody has stated that they recomputed records of this state.'
      : `Recomputed records of this state: ${names}.`;
  return `${told[0]!.toUpperCase()}${told.slice(1)}.\n${second}`;
}

function witnessJson({ named, cosigned, size, last, late, recomputed }: Witnesses) {
  return {
    named,
    cosigned,
    checkpoint: size === null ? null : String(size),
    last: last === null ? null : new Date(last).toISOString(),
    late,
    recomputed,
  };
}

function asJson(
  { epoch, records, leaves, root, origin }: RollHead,
  night: Night | null,
  open: number,
  copy: VaultCopy,
  witnesses: Witnesses,
): string {
  const last =
    night === null
      ? null
      : { day: night.day, at: night.at, awaiting: night.awaiting, unauthorised: night.unauthorised.length };
  const answer = {
    epoch,
    records,
    leaves,
    root,
    words: wordsOf(root),
    origin,
    openSheets: open,
    night: last,
    vaultCopy: copy ?? null,
    witnesses: witnessJson(witnesses),
  };
  return `${JSON.stringify({ schema: 'bellwether/rolls-status@1', ...answer })}\n`;
}

function asText(
  { epoch, records, root, origin }: RollHead,
  night: Night | null,
  open: number,
  copy: VaultCopy,
  witnesses: Witnesses,
): string {
  const last =
    night === null
      ? 'No night is sealed yet.'
      : `Last night, ${night.day}: ${night.unauthorised.length} unauthorised, ${night.awaiting} awaiting their office.`;
  return `Epoch ${epoch} of ${origin}: ${records} registrations.
Root ${root}
Words ${wordsOf(root).join(' ')}
${open} sheets are open.
${last}
${copyText(copy)}
${witnessText(witnesses)}
`;
}

function copyText(copy: VaultCopy): string {
  if (copy === undefined) return 'The vault is not copied: name a folder under `rolls.vaultCopies`.';
  if (copy.day === null) return 'There is no copy of the vault yet: one is made after each sealed night.';
  return `The newest copy of the vault is of ${copy.day}: ${copy.days} days old.`;
}

function wordsOf(root: string): readonly string[] {
  return codeWords(bestHasher(), decodeBase64(root)!);
}

const HELP = `Usage: bellwether rolls status [--data DIR] [--json]

Tells the epoch, how many registrations there are, the root of the state and the four words that stand for it, how many
sheets are open, what the last night found, how old the newest copy of the vault is, how many witnesses
cosigned the log and when, who of them is late (over 26 hours), and who recomputed records. A hub may run.

Exit codes: 0 told, 1 there is no roll, 2 wrong usage.
`;
