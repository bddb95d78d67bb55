/** A list of labelled messages (`manifest.csv`): what is learned from, and what is scored. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { csvRows, err, ok, type Result } from '@bellwether/basics';
import type { MailFileError } from './errors.ts';

/** Rows and bytes of a list: beyond it nobody labelled by hand. */
const MOST_ROWS = 1_000_000;
const MOST_BYTES = 268_435_456;

/** A labelled message. Empty where the list has no such column. */
export type ManifestRow = {
  /** Absolute. */
  readonly path: string;
  /** As the list says it: relative to the list. */
  readonly name: string;
  readonly isBad: boolean;
  /** Where it is from: figures are told apart by it. */
  readonly source: string;
  /** `learn`, `score`, or whatever the list calls its parts. */
  readonly split: string;
  /** `2024-01`. */
  readonly month: string;
  readonly office: string;
  /** ms since 1970; NaN where nothing is said. */
  readonly at: number;
  /** The delivery: undefined where the list does not say; `envelopeFrom` is empty for a bounce. */
  readonly envelopeFrom: string | undefined;
  readonly client: string;
  readonly helo: string;
  readonly recipients: readonly string[];
};

const LABELS: Readonly<Record<string, boolean>> = {
  phish: true,
  spam: true,
  bad: true,
  forged: true,
  ham: false,
  good: false,
};

/** Reads a list. Rows with other labels (`fixture`) are left out. */
export function readManifest(path: string): Result<ManifestRow[], MailFileError> {
  let text: string;
  try {
    text = readFileSync(path).subarray(0, MOST_BYTES).toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return err({ code: 'MAIL_FILE_MISSING', detail: path });
    return err({ code: 'MAIL_FILE_UNREADABLE', detail: message });
  }
  const { rows, openedAt } = csvRows(text, MOST_ROWS);
  const manifestFault = (line: number, what: string): Result<ManifestRow[], MailFileError> =>
    err({ code: 'MAIL_MANIFEST_WRONG', detail: `${path}, line ${line}: ${what}` });
  if (openedAt !== undefined) return manifestFault(openedAt, 'a quote is opened and never closed');
  const columns = rows[0]?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  if (!columns.includes('path') || !columns.includes('label'))
    return manifestFault(1, 'there is no column path or label');
  const found: ManifestRow[] = [];
  for (const { line, fields } of rows.slice(1)) {
    if (fields.length === 1 && fields[0] === '') continue;
    if (fields.length !== columns.length)
      return manifestFault(line, `it has ${fields.length} fields, and the first line ${columns.length}`);
    const field = (column: string): string => fields[columns.indexOf(column)] ?? '';
    const isBad = LABELS[field('label')];
    if (isBad === undefined) continue;
    found.push({
      path: resolve(dirname(path), field('path')),
      name: field('path'),
      isBad,
      source: field('source') || field('label'),
      split: field('split'),
      month: field('yyyymm'),
      office: field('office'),
      at: field('at') === '' ? Number.NaN : Date.parse(field('at')),
      envelopeFrom: columns.includes('envelope_from') ? field('envelope_from') : undefined,
      client: field('client'),
      helo: field('helo'),
      recipients: field('rcpt')
        .split(/[;\s]+/)
        .filter((one) => one !== ''),
    });
  }
  return ok(found);
}
