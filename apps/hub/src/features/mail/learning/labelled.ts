/** Messages that people labelled, from lists (`manifest.csv`) and from folders that say in their name what is in them. */
import { existsSync, opendirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { LabelledMessage } from '@bellwether/mail';
import type { MailFileError } from '../files/errors.ts';
import { mailPaths, messagesOf } from '../files/mail-files.ts';
import { readManifest } from '../files/manifest.ts';

/** What was learned here may come from anywhere; it never leaves the data folder. */
const LICENCE = 'not to be shipped';

/** Which of them. */
export type Selection = {
  /** Only rows of this part of a list; undefined: all. */
  readonly split: string | undefined;
  /** Only months up to it, `2024-01`; rows that do not say are taken. */
  readonly until: string | undefined;
  /** Of folders: every message, or every second one, the others being left to score on. */
  readonly half: 'all' | 'even' | 'odd';
};

/** Folders, by what their names say. */
const BAD = /phish|spam|bad|lure/i;
const GOOD = /ham|good|legit/i;

/** The labelled messages of one folder; files of it that are no messages are left out. */
export function labelledIn(folder: string, selection: Selection): Result<LabelledMessage[], MailFileError> {
  const manifest = join(folder, 'manifest.csv');
  if (existsSync(manifest)) return ofManifest(manifest, selection);
  const named = kindOf(folder) === undefined ? labelledFolders(folder) : ok([folder]);
  if (named.isErr()) return named;
  const found: LabelledMessage[] = [];
  for (const path of named.value) {
    const files = mailPaths([path]);
    if (files.isErr()) return files;
    const isBad = kindOf(path) === 'bad';
    const messages = files.value.filter((file) => !file.endsWith('.json'));
    for (const [at, file] of messages.entries()) {
      if (selection.half !== 'all' && (at % 2 === 0) !== (selection.half === 'even')) continue;
      for (const { bytes } of messagesOf(file).unwrapOr([]))
        found.push({ bytes, isBad, source: basename(path), licence: LICENCE, recipients: [] });
    }
  }
  return ok(found);
}

function ofManifest(path: string, { split, until }: Selection): Result<LabelledMessage[], MailFileError> {
  const rows = readManifest(path);
  if (rows.isErr()) return rows;
  const found: LabelledMessage[] = [];
  for (const row of rows.value) {
    if (split !== undefined && row.split !== split) continue;
    if (until !== undefined && row.month > until) continue;
    try {
      const { isBad, source, recipients } = row;
      found.push({ bytes: readFileSync(row.path), isBad, source, licence: LICENCE, recipients });
    } catch (cause) {
      return err({ code: 'MAIL_FILE_UNREADABLE', detail: (cause as Error).message });
    }
  }
  return ok(found);
}

function kindOf(path: string): 'bad' | 'good' | undefined {
  const name = basename(path);
  if (GOOD.test(name)) return 'good';
  return BAD.test(name) ? 'bad' : undefined;
}

/** Folders in a folder whose names say it. */
function labelledFolders(folder: string): Result<string[], MailFileError> {
  const found: string[] = [];
  try {
    const open = opendirSync(folder);
    for (let entry = open.readSync(); entry !== null; entry = open.readSync())
      if (entry.isDirectory() && kindOf(entry.name) !== undefined) found.push(join(folder, entry.name));
    open.closeSync();
  } catch (cause) {
    return err({ code: 'MAIL_FILE_MISSING', detail: (cause as Error).message });
  }
  return ok(found.sort());
}
