/** `bellwether trail`: writes who did what into a file, and checks that nothing of it was changed. */
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql } from 'kysely';
import {
  type BrokenSeal,
  compareSeals,
  describeBrokenSeal,
  type SealedIn,
  type Seals,
} from '../features/evidence/sealed-trail-check.ts';
import { checkEntries, describeTrailFault } from '../platform/auth/trail-check.ts';
import { checkExport, type ExportFault, trailLines } from '../platform/auth/trail-export.ts';
import { BEGINNING, type Head, trailHead, trailPages } from '../platform/auth/trail-read.ts';
import { describeFailure, type Failure } from '../platform/doctor/failures.ts';
import { withDatabase } from '../platform/doctor/with-database.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import type { Tables } from '../platform/postgres/tables.ts';

const EXIT = { done: 0, failed: 1, usage: 2, broken: 3 } as const;

/** Runs `bellwether trail ARGS`; gives the exit code. */
export async function trailCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [what, file, more] = positionals;
  if (more !== undefined) return wrongUsage('name one file, or none');
  const data = values.data ?? usualFolder(process.env, process.getuid?.());
  const json = values.json === true;
  if (what === 'export') return await exportTrail(data, file, json);
  if (what !== 'check') return wrongUsage('say `export` or `check`');
  return file === undefined ? await checkHub(data, json) : await checkFile(file, json);
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
}

async function exportTrail(data: string, file: string | undefined, json: boolean): Promise<number> {
  if (file === undefined && json)
    return wrongUsage('--json needs a FILE: the trail itself goes to standard output');
  const written = await withTrail(data, async (db) => {
    const lines = Readable.from(trailLines(db, 'all', Date.now()));
    if (file !== undefined) return await writeFileOf(lines, resolve(file));
    await pipeline(lines, process.stdout, { end: false });
    return ok();
  });
  if (written.isErr()) return failed(written.error);
  if (file === undefined) return EXIT.done;
  const answer = { schema: 'bellwether/trail-export@1', path: resolve(file) };
  const text = `${resolve(file)} holds the whole trail. \`bellwether trail check ${file}\` checks it, on any machine.\n`;
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : text);
  return EXIT.done;
}

/** Never over something; and nothing is left of a file that could not be finished. */
async function writeFileOf(lines: Readable, path: string): Promise<Result<void, string>> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  let opened = false;
  target.once('open', () => {
    opened = true;
  });
  try {
    await pipeline(lines, target);
    return ok();
  } catch (error) {
    if (opened) rmSync(path, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    return err(code === 'EEXIST' ? `${path} is there already: name another file.` : message);
  }
}

async function checkHub(data: string, json: boolean): Promise<number> {
  const checked = await withTrail(data, async (db, folder): Promise<Result<Found, string>> => {
    const { number } = await trailHead(db);
    const chain = await checkEntries(trailPages(db, 'all', 0, number), BEGINNING, 'whole');
    if (chain.isErr()) return ok(chain);
    const seals = await compareSeals(db, folder);
    if (seals.isOk()) return ok(ok({ last: chain.value, isWhole: true, sealed: seals.value }));
    const { error } = seals;
    return 'fault' in error ? ok(err(error)) : err(`the evidence log: ${error.detail}`);
  });
  return checked.isErr() ? failed(checked.error) : tell(checked.value, json);
}

async function checkFile(file: string, json: boolean): Promise<number> {
  let checked: Awaited<ReturnType<typeof checkExport>>;
  try {
    checked = await checkExport(createReadStream(file));
  } catch (error) {
    return failed((error as Error).message);
  }
  if (checked.isErr() && checked.error.fault === 'no-export') {
    return failed(`${file} is no export of a trail: ${checked.error.detail}.`);
  }
  return tell(
    checked.map(({ header, last }) => ({ last, isWhole: header.places === 'all', sealed: null })),
    json,
  );
}

/** `isWhole`: all entries from the first on, not those of some places only. `sealed`: what the log tells, where it was asked. */
type Checked = { readonly last: Head; readonly isWhole: boolean; readonly sealed: Seals | null };

type Found = Result<Checked, ExportFault | BrokenSeal>;

function tell(checked: Found, json: boolean): number {
  const schema = 'bellwether/trail-check@1';
  if (checked.isErr()) {
    const text = describeFault(checked.error);
    const answer = { schema, unbroken: false, last: null, fault: checked.error, text };
    const help = 'Keep this state as it is, and compare it with an older export or backup.';
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `The trail is broken. ${text}\n${help}\n`);
    return EXIT.broken;
  }
  const { last, isWhole, sealed } = checked.value;
  const answer = {
    schema,
    unbroken: true,
    all: isWhole,
    last: last.number === 0 ? null : last,
    sealed,
    fault: null,
  };
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : asText(checked.value));
  return EXIT.done;
}

function asText({ last: { number, hash }, isWhole, sealed }: Checked): string {
  if (number === 0) return 'The trail is empty.\n';
  const all = isWhole
    ? `The trail is unbroken, from entry 1 to entry ${number}.`
    : `Each entry up to ${number} is as it was written; those of other places are not in this file.`;
  const told =
    sealed === null || sealed.count === 0
      ? ''
      : `The evidence log tells of it ${sealed.count} times, up to entry ${sealed.upTo}, and each time the same.\n`;
  return `${all}
${told}Its last hash is ${hash}
Keep the number and the hash: whoever has them sees later whether an end was cut off.
`;
}

function describeFault(fault: ExportFault | BrokenSeal): string {
  switch (fault.fault) {
    case 'cut':
    case 'rewritten':
      return describeBrokenSeal(fault);
    case 'no-export':
      return `It is no export: ${fault.detail}.`;
    case 'no-entry':
      return `Line ${fault.line} of the file is no entry: ${fault.detail}.`;
    default:
      return describeTrailFault(fault);
  }
}

/** Reaches the records of a hub, running or not. */
async function withTrail<T>(
  data: string,
  work: (db: Kysely<Tables>, folder: SealedIn) => Promise<Result<T, string>>,
): Promise<Result<T, Failure | string>> {
  const folder = existingFolder(data);
  if (folder.isErr()) return folder;
  return await withDatabase<T, Failure | string>(
    folder.value,
    process.env.DATABASE_URL,
    async (connection) => {
      const database = openDatabase(connection, { connections: 1 });
      try {
        const { rows } = await sql<{
          found: boolean;
        }>`SELECT to_regclass('public.trail') IS NOT NULL AS found`.execute(database.query);
        if (rows[0]?.found !== true) {
          return err(
            'This hub was made by an older version and has no trail yet: start it once with this one.',
          );
        }
        return await work(database.query, folder.value);
      } finally {
        await database.close();
      }
    },
  );
}

function failed(failure: Failure | string): number {
  const text = typeof failure === 'string' ? failure : describeFailure(failure);
  process.stderr.write(`bellwether trail: ${text}\n`);
  return EXIT.failed;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether trail: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether trail export [--data DIR] [--json] [FILE]
       bellwether trail check [--data DIR] [--json] [FILE]

The trail tells who did what in a hub, and why, in a chain: each entry holds the hash of the one before it.

export writes all of it into FILE, which must not exist yet, or to standard output: one JSON value a line.
check reads the trail of a hub, or FILE that was exported, and names the first entry that was changed, is
missing or does not fit. That of a hub is also compared with what its evidence log told of it each hour.
The hub may run meanwhile; checking a file needs no hub.

  --data DIR   the hub's data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root,
               else ~/.local/state/bellwether
  --json       tell as JSON what was found

Exit code: 0 done, and the chain is unbroken; 1 something could not be read or written; 2 wrong usage;
3 the chain is broken.
`;
