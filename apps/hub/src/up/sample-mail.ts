/** The mail of the sample state: a made-up week, told by a process of its own as hooks tell it. Made once, after the hub is ready. */
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../platform/postgres/database.ts';
import { SEED } from './sample.ts';
import { VOTERS_WANTED } from './sample-roll.ts';

/** Fact that says that the week was told. */
export const SAMPLE_MAIL = 'sample-mail';

/** Some hundred messages are judged within seconds; on a busy machine it takes longer, ms. */
const LONGEST = 600_000;

/** Where tests say that a small roll is enough for them, one story of the mail is, too. */
const FEW = 's03';

/** What it is made with. */
export type SampleMail = {
  readonly db: Database;
  /** Data folder: what is written for it lies in there, and is removed however it ends. */
  readonly folder: string;
  readonly program: string;
  readonly port: number;
  readonly token: string;
  /** Aborted when the hub stops. */
  readonly signal: AbortSignal;
};

/** Tells the week, if it was not told before. Throws what stops it: the hub goes on without. */
export async function makeSampleMail({
  db,
  folder,
  program,
  port,
  token,
  signal,
}: SampleMail): Promise<void> {
  const fact = await db.query
    .selectFrom('facts')
    .select('name')
    .where('name', '=', SAMPLE_MAIL)
    .executeTakeFirst();
  if (fact !== undefined) return;
  const few = process.env[VOTERS_WANTED] === undefined ? [] : ['--scenario', FEW];
  const args = ['sample', '--mail', '--to', `http://127.0.0.1:${port}`, '--seed', String(SEED), ...few];
  const scratch = join(folder, SAMPLE_MAIL);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { mode: 0o700 });
  await new Promise<void>((resolve, reject) => {
    const env = { ...process.env, BELLWETHER_TOKEN: token, TMPDIR: scratch };
    const options = { timeout: LONGEST, signal, env };
    execFile(process.execPath, [program, ...args], options, (error, _said, complaint) => {
      if (error === null) resolve();
      else reject(new Error(complaint.trim().slice(0, 500) || error.message));
    });
  }).finally(() => rm(scratch, { recursive: true, force: true }));
  await sql`INSERT INTO facts (name, value) VALUES (${SAMPLE_MAIL}, 'true'::jsonb) ON CONFLICT (name) DO NOTHING`.execute(
    db.query,
  );
}
