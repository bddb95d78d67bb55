/**
 * Rows of one's own, by one's own access, against the last seal: an office has those of its voters, an auditor those that were
 * drawn. The hub gives openings for them and never sees them; what differs is written to a file beside the state, for people.
 */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { csvRows, err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, formatNote, type Hasher, type NoteKey, signText } from '@bellwether/evidence';
import {
  beginRecomputing,
  formatOpeningsRequest,
  minuteText,
  OpeningsReader,
  parseMapping,
  type Recomputed,
  type Recomputing,
  type RollsError,
  rowReader,
} from '@bellwether/rolls';
import type { AgentError } from '../errors.ts';
import type { Cosigner } from './cosigner.ts';
import type { HubClient } from './hub-client.ts';
import type { RollFolded } from './roll-fold.ts';
import { writeWhole } from './whole-file.ts';
import type { Report } from './witness-events.ts';

/** Largest file of rows, unpacked, in bytes: it is read as one text, and the largest office has a third. */
const MOST_ROWS_BYTES = 500_000_000;

/** Most rows: more than any state has. */
const MOST_ROWS = 20_000_000;

/** What differs has rows of voters in it. */
const OWNER_ONLY = 0o600;

const unpack = promisify(gunzip);

/** What recomputing needs. */
export type OwnRowsNeeds = {
  readonly cosigner: Cosigner;
  readonly client: HubClient;
  readonly log: NoteKey;
  readonly hasher: Hasher;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly report: Report;
  /** Paths: rows (CSV, packed if it ends in `.gz`), their mapping, and where differences are written. */
  readonly rows: string;
  readonly mapping: string;
  readonly differencesFile: string;
};

/** What may be stated; both null where something differs. */
export type OwnRecomputed = {
  readonly rows: Recomputed | null;
  readonly opened: Recomputed | null;
  readonly differs: boolean;
};

/** Recomputes once for each seal, and remembers what came of it. */
export class OwnRows {
  readonly #needs: OwnRowsNeeds;
  #last: { readonly seal: bigint; readonly came: OwnRecomputed } | null = null;

  constructor(needs: OwnRowsNeeds) {
    this.#needs = needs;
  }

  /** Asks for openings of this seal, and compares. After a failure it can be tried again. */
  async recomputeFor({
    index,
    entry,
  }: NonNullable<RollFolded['lastSeal']>): Promise<Result<OwnRecomputed, AgentError>> {
    if (this.#last?.seal === index) return ok(this.#last.came);
    const { hasher, log, report, differencesFile } = this.#needs;
    const reader = new OpeningsReader();
    let taken = ok() as Result<void, RollsError>;
    const asked = await this.#needs.client.askOpenings(await this.#request(index), (piece) => {
      taken = reader.takePiece(piece);
      return taken.isOk();
    });
    if (asked.isErr()) return asked;
    const openings = taken.isErr() ? taken : reader.readToEnd();
    if (openings.isErr()) return unusable(openings.error.detail);
    const sealed = { origin: log.name, seal: index, root: entry.after, leaves: entry.leaves };
    const begun = beginRecomputing(hasher, openings.value, sealed);
    if (begun.isErr()) return unusable(begun.error.detail);
    const compared = await this.#compare(begun.value);
    if (compared.isErr()) return compared;
    const { matching, passedOver, waiting, differences } = begun.value.outcome();
    const at = { origin: log.name, epoch: entry.epoch };
    const differs = differences.length > 0;
    if (differs) {
      const told = { schema: 'bellwether/rows-differ@1', ...at, root: entry.after, differences };
      await writeWhole(differencesFile, `${JSON.stringify(told, null, 2)}\n`, OWNER_ONLY);
      report({ event: 'rows-differ', ...at, records: differences.length, file: differencesFile });
    } else report({ event: 'recomputed', ...at, records: matching, passedOver, waiting: waiting.length });
    const counted = differs ? null : { count: matching, root: decodeBase64(entry.after)! };
    const isAuditor = openings.value.head.whose === 'auditors';
    const came = { rows: isAuditor ? null : counted, opened: isAuditor ? counted : null, differs };
    this.#last = { seal: index, came };
    return ok(came);
  }

  async #request(seal: bigint): Promise<string> {
    const { cosigner, log, now } = this.#needs;
    const witness = cosigner.signers.cosigner.key.name;
    const text = formatOpeningsRequest({ witness, origin: log.name, seal, time: minuteText(now()) });
    return formatNote({ text, signatures: [await signText(text, 0n, cosigner.signers.checks)] });
  }

  async #compare(recomputing: Recomputing): Promise<Result<void, AgentError>> {
    const { rows: path, mapping: mappingPath } = this.#needs;
    let text: string;
    let yaml: string;
    try {
      yaml = await readFile(mappingPath, 'utf8');
      const bytes = await readFile(path);
      const plain = path.endsWith('.gz') ? await unpack(bytes, { maxOutputLength: MOST_ROWS_BYTES }) : bytes;
      if (plain.length > MOST_ROWS_BYTES) return unusable(`${path} has more than ${MOST_ROWS_BYTES} bytes`);
      text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    } catch (error) {
      return unusable((error as Error).message);
    }
    const mapping = parseMapping(yaml);
    if (mapping.isErr()) return unusable(`${mappingPath}: ${mapping.error.detail}`);
    const { source } = mapping.value;
    if (source.kind === 'csv' && source.delimiter !== ',') return unusable(`${path}: commas are read here`);
    const { rows, openedAt, isCut } = csvRows(text, MOST_ROWS);
    if (openedAt !== undefined || isCut || rows.length === 0)
      return unusable(`${path}: it is empty, too long, or a quote in it is not closed`);
    const reader = rowReader(mapping.value, rows[0]!.fields);
    if (reader.isErr()) return unusable(`${path}: ${reader.error.detail}`);
    for (const { line, fields } of rows.slice(1)) {
      const row = reader.value.readRow(fields);
      if (row.isErr()) return unusable(`${path}, line ${line}: ${row.error.detail}`);
      if (row.value !== 'not-live') recomputing.compareRow(row.value);
    }
    return ok();
  }
}

function unusable(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_ROWS_UNREADABLE', detail });
}
