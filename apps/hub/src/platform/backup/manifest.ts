/**
 * What a backup holds, so that every byte of it can be checked before any of it is used.
 *
 *     manifest.json         this
 *     manifest.json.sha256  its digest, as `sha256sum -c` reads it
 *     tables/NAME.copy.gz   rows as PostgreSQL's COPY writes them, gzip
 *     journal/ snapshots/ history/ log/ log-private/ rolls/ bellwether.yaml   as in the data folder
 *
 * The secret of the desk is not in it: a restored hub makes a new one. Nor is the key of the log, unless somebody asks for it; nor
 * are voters' keys (the vault) and the reader's.
 */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type BackupError, backupError } from './errors.ts';

/** Names of the two files that tell of the others. */
export const MANIFEST = 'manifest.json';
export const MANIFEST_DIGEST = 'manifest.json.sha256';

/** Name of the file with the rows of a table. */
export function tableFile(table: string): string {
  return `tables/${table}.copy.gz`;
}

const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Names that need no quotes. */
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });

/** Folders in a backup, and files: nothing that leads out of it, nothing hidden, nothing that is run. */
const FilePath = Type.String({
  maxLength: 512,
  pattern:
    '^(bellwether\\.yaml|tables/[a-z0-9_]+\\.copy\\.gz|(journal|snapshots|history|log|log-private|rolls)(/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)+)$',
});

const TableSchema = Type.Object({
  columns: Type.Array(Name, { minItems: 1, maxItems: 1600 }),
  rows: Count,
});

const ManifestSchema = Type.Object({
  schema: Type.Literal('bellwether/backup@1'),
  /** ISO 8601, UTC. */
  madeAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' }),
  /** Version of the data folder. */
  folder: Count,
  database: Type.Object({
    /** Number of the last step, and the digest over all of them. */
    version: Count,
    steps: Sha256,
    tables: Type.Record(Name, TableSchema),
    /** Last values of the sequences that were used. */
    sequences: Type.Record(Name, Count),
    /** Sums over all rows of the tables of the account, by column. */
    account: Type.Record(Name, Type.Record(Name, Type.Integer())),
    /** How far the flow had come; null if it never ran. */
    step: Type.Union([Count, Type.Null()]),
  }),
  files: Type.Array(Type.Object({ path: FilePath, bytes: Count, sha256: Sha256 }), { maxItems: 1_000_000 }),
});

/** The manifest of a backup. */
export type Manifest = Static<typeof ManifestSchema>;

/** One file of a backup. */
export type BackupFile = Manifest['files'][number];

/** A manifest is at most so large: a million files, with room. */
export const MAX_MANIFEST_BYTES = 512 * 1024 * 1024;

/** The manifest as its two files. */
export function formatManifest(manifest: Manifest): { readonly text: string; readonly digest: string } {
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  return { text, digest: `${digestOf(text)}  ${MANIFEST}\n` };
}

/** Reads a manifest strictly: its digest, its shape, and that no file is named twice. */
export function parseManifest(text: string, digest: string): Result<Manifest, BackupError> {
  if (digest !== `${digestOf(text)}  ${MANIFEST}\n`) {
    return damaged(`${MANIFEST} is not what ${MANIFEST_DIGEST} says`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged(`${MANIFEST} is no JSON`);
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && /^bellwether\/backup@([2-9]|\d{2,})$/.test(schema)) {
    return err(backupError('RESTORE_NEWER', `it is of the format ${schema}`));
  }
  if (!Value.Check(ManifestSchema, value)) return damaged(`${MANIFEST} has not the shape of a manifest`);
  const paths = new Set(value.files.map(({ path }) => path));
  if (paths.size !== value.files.length) return damaged(`${MANIFEST} names a file twice`);
  const missing = Object.keys(value.database.tables).find((table) => !paths.has(tableFile(table)));
  return missing === undefined ? ok(value) : damaged(`${MANIFEST} has no file for the table ${missing}`);
}

function damaged(reason: string): Result<never, BackupError> {
  return err(backupError('RESTORE_DAMAGED', reason));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
