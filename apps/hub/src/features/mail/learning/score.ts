/** How well a judge does on labelled messages. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Arrival, judgeMail, type MailDecision, type MailGround, Past } from '@bellwether/mail';
import { statedTime } from '../files/arrival-of.ts';
import type { ManifestRow } from '../files/manifest.ts';
import { listedGround, NOBODY, officeFile } from '../ground.ts';

/** One message, judged. */
export type ScoredMessage = {
  readonly row: ManifestRow;
  /** Null where it could not be judged. */
  readonly decision: MailDecision | null;
  readonly score: number;
  readonly codes: readonly string[];
};

/** What came of it all. */
export type Scored = {
  readonly messages: readonly ScoredMessage[];
  /** Processor time of judging, s; reading files is not in it. */
  readonly seconds: number;
};

/** What all messages are judged by, whatever their office. */
export type SharedGround = Omit<MailGround, 'index' | 'relations' | 'sealers' | 'relays'>;

/** Recipient of collections that hide theirs, and what is put in its place: an address that no lure was written for. */
export const NEUTRAL = 'clerk@office.example';

/**
 * Judges rows in the order of time, each office by its own file beside the list (`offices/ID.yaml`) where there is one. `hidden`: the
 * address that stands for the recipient of every message of a collection, replaced by `NEUTRAL`.
 */
export async function scored(
  rows: readonly ManifestRow[],
  manifest: string,
  shared: SharedGround,
  hidden: string | undefined,
): Promise<Scored> {
  const past = new Past();
  const grounds = new Map<string, MailGround>();
  const groundOfOffice = (office: string): MailGround => {
    const known = grounds.get(office);
    if (known !== undefined) return known;
    const list =
      office === ''
        ? NOBODY
        : officeFile(join(dirname(manifest), 'offices', `${office}.yaml`)).unwrapOr(NOBODY);
    const ground = { ...shared, ...listedGround(list), relations: past };
    past.know(office === '' ? NOBODY.own : office, list.correspondents);
    grounds.set(office, ground);
    return ground;
  };
  const timed = rows.map((row) => {
    const bytes = neutral(readFileSync(row.path), hidden);
    return { row, at: Number.isNaN(row.at) ? statedTime(bytes) || 0 : row.at };
  });
  timed.sort((a, b) => a.at - b.at);
  const messages: ScoredMessage[] = [];
  let seconds = 0;
  for (const { row, at } of timed) {
    const ground = groundOfOffice(row.office);
    const arrival = arrivalOfRow(row, neutral(readFileSync(row.path), hidden), at);
    const before = process.cpuUsage();
    const judged = await judgeMail(arrival, ground);
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
    if (judged.isErr()) {
      messages.push({ row, decision: null, score: 0, codes: [] });
      continue;
    }
    const { judgement, past: seen } = judged.value;
    past.note(seen);
    const codes = judgement.reasons.map(({ code }) => code);
    messages.push({ row, decision: judgement.decision, score: judgement.score, codes });
  }
  return { messages, seconds };
}

function neutral(bytes: Uint8Array, hidden: string | undefined): Uint8Array {
  if (hidden === undefined) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.from(text.replaceAll(hidden, NEUTRAL), 'latin1');
}

function arrivalOfRow(
  { office, envelopeFrom, client, helo, recipients }: ManifestRow,
  bytes: Uint8Array,
  at: number,
): Arrival {
  const envelope = {
    client: client === '' ? null : client,
    helo,
    from: envelopeFrom ?? null,
    to: recipients,
    account: null,
  };
  return { bytes, envelope, hook: 'file', office: office === '' ? NOBODY.own : office, at };
}
