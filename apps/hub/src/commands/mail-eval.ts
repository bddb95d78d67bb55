/** `bellwether mail eval`: how well the judge does on labelled messages, honestly told. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { MAIL_STEPS, type MailStep, type Weights } from '@bellwether/mail';
import { readCodes } from '../features/mail/codes/read-codes.ts';
import { describeMailError } from '../features/mail/describe-error.ts';
import { dnsResolver, noDns, zoneFileResolver } from '../features/mail/dns/resolver.ts';
import { type ManifestRow, readManifest } from '../features/mail/files/manifest.ts';
import { localWeights, shippedOr } from '../features/mail/ground.ts';
import { dataFolder } from '../features/mail/ground-arguments.ts';
import { type Scored, type ScoredMessage, scored } from '../features/mail/learning/score.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether mail eval [--ablate] [--json] MANIFEST.csv...

Judges the messages of a list (path,label and perhaps source,split,yyyymm,office,at,envelope_from,client,helo,rcpt; labels phish,
spam, ham) in the order of time, and prints for each source how many lures were held or blocked, how many good messages were held by
mistake, and messages a second on one core: as shipped, and with what was learned here. Files of offices (offices/ID.yaml) and answers
of DNS (zone.json) are taken from beside the list; without zone.json nothing is asked of DNS unless --dns says so.

  --split NAME       only rows with this split
  --since YYYY-MM    only rows from this month on
  --until YYYY-MM    only rows up to this month
  --neutral ADDRESS  an address that stands for every recipient of a collection: it is replaced before anything is judged
  --dns              ask DNS
  --ablate           once more with each step left out
  --missed FILE      write what was decided wrongly into a file, one JSON object on a line
  --data DIR         the data folder, for what was learned here
  --json             one JSON object for each row of the table

Exit code: 0 done; 1 something could not be read; 2 wrong usage.
`;

/** Runs `bellwether mail eval ARGS`; gives the exit code. */
export async function mailEvalCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals: lists } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (lists.length === 0) return wrongUsage('no list is named');
  const learned = localWeights(dataFolder(values.data));
  if (learned.isErr()) return failed(describeMailError(learned.error));
  for (const list of lists) {
    const rows = readManifest(list);
    if (rows.isErr()) return failed(describeMailError(rows.error));
    const { split, since, until } = values;
    const chosen = rows.value.filter(
      (row) =>
        (split === undefined || row.split === split) &&
        (since === undefined || row.month >= since) &&
        (until === undefined || row.month <= until),
    );
    const zone = join(dirname(list), 'zone.json');
    const asks = existsSync(zone) ? zoneFileResolver(zone) : undefined;
    if (asks?.isErr() === true) return failed(describeMailError(asks.error));
    const resolve = asks?.isOk() === true ? asks.value : values.dns === true ? dnsResolver(Date.now) : noDns;
    const known = { badAs: () => null };
    const judge = async (
      title: string,
      weights: Weights | null,
      without: readonly MailStep[],
    ): Promise<void> => {
      const shared = { resolve, known, weights: shippedOr(weights), readCodes, without: new Set(without) };
      const result = await scored(chosen, list, shared, values.neutral);
      print(title, result, values.json === true);
      if (values.missed !== undefined) await writeMissed(values.missed, title, result);
    };
    await judge('as shipped', null, []);
    if (learned.value !== null) await judge('trained locally', learned.value, []);
    if (values.ablate !== true) continue;
    for (const step of MAIL_STEPS) {
      await judge(`as shipped, without ${step}`, null, [step]);
      if (learned.value !== null) await judge(`trained locally, without ${step}`, learned.value, [step]);
    }
  }
  return EXIT.done;
}

/** Counts of one source. */
type Tally = {
  bad: number;
  caught: number;
  marked: number;
  good: number;
  mistaken: number;
  markedGood: number;
  unjudged: number;
};

function print(title: string, { messages, seconds }: Scored, asJson: boolean): void {
  const tallies = new Map<string, Tally>();
  for (const message of messages) {
    for (const source of [message.row.source, 'all']) {
      const tally = tallies.get(source) ?? {
        bad: 0,
        caught: 0,
        marked: 0,
        good: 0,
        mistaken: 0,
        markedGood: 0,
        unjudged: 0,
      };
      add(tally, message);
      tallies.set(source, tally);
    }
  }
  const perSecond = seconds === 0 ? 0 : messages.length / seconds;
  if (asJson) {
    for (const [source, tally] of tallies)
      process.stdout.write(
        `${JSON.stringify({ judge: title, source, ...tally, perSecond: Math.round(perSecond) })}\n`,
      );
    return;
  }
  process.stdout.write(
    `${title}: ${messages.length} messages, ${perSecond.toFixed(0)}/s on one core, at most ${peakMemory()} MB\n`,
  );
  process.stdout.write(
    `  ${'source'.padEnd(34)}${'lures'.padStart(7)}${'held or blocked'.padStart(22)}${'good'.padStart(8)}${'held by mistake'.padStart(20)}${'marked'.padStart(9)}\n`,
  );
  for (const [source, { bad, caught, good, mistaken, markedGood }] of tallies) {
    process.stdout.write(
      `  ${source.slice(0, 33).padEnd(34)}${String(bad).padStart(7)}${share(caught, bad).padStart(22)}${String(good).padStart(8)}${share(mistaken, good).padStart(20)}${String(markedGood).padStart(9)}\n`,
    );
  }
}

function add(tally: Tally, { row: { isBad }, decision }: ScoredMessage): void {
  const isHeld = decision === 'hold' || decision === 'block';
  if (decision === null) tally.unjudged++;
  if (isBad) {
    tally.bad++;
    if (isHeld) tally.caught++;
    if (decision === 'banner') tally.marked++;
  } else {
    tally.good++;
    if (isHeld) tally.mistaken++;
    if (decision === 'banner') tally.markedGood++;
  }
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${part} (${((100 * part) / whole).toFixed(1)} %)`;
}

/** Most memory that this process ever had, MB. */
function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

async function writeMissed(path: string, judge: string, { messages }: Scored): Promise<void> {
  const { appendFile } = await import('node:fs/promises');
  const wrong = messages.filter(
    ({ row, decision }) => row.isBad !== (decision === 'hold' || decision === 'block'),
  );
  const lines = wrong.map(({ row, decision, score, codes }) =>
    JSON.stringify({ judge, ...nameOf(row), decision, score, codes }),
  );
  await appendFile(path, lines.map((line) => `${line}\n`).join(''));
}

function nameOf({ name, source, isBad }: ManifestRow): object {
  return { path: name, source, isBad };
}

function failed(what: string): number {
  process.stderr.write(`bellwether mail eval: ${what}\n`);
  return EXIT.failed;
}

function wrongUsage(what: string): number {
  process.stderr.write(`bellwether mail eval: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      split: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      neutral: { type: 'string' },
      dns: { type: 'boolean' },
      ablate: { type: 'boolean' },
      missed: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
