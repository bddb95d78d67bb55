/** `bellwether mail learn`: the classifier of this office, from messages that people labelled. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LabelledMessage, weightsFrom, weightsText } from '@bellwether/mail';
import { describeMailError } from '../features/mail/describe-error.ts';
import { WEIGHTS_FILE } from '../features/mail/ground.ts';
import { dataFolder } from '../features/mail/ground-arguments.ts';
import { labelledIn } from '../features/mail/learning/labelled.ts';
import { madeUpMail } from '../features/mail/learning/made-up.ts';
import { writeWhole } from '../platform/history/whole-file.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether mail learn [--data DIR] DIR...

Makes the classifier from labelled messages, and keeps it in the data folder, where bellwether mail check and the hub find it. A
folder has a manifest.csv (path,label and perhaps split,yyyymm; labels phish, spam, ham), or folders whose names say what is in
them (phish, spam, ham). Made-up everyday mail of election offices is added, so that what is usual there is known.

  --data DIR         the data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root, ~/.local/state/bellwether
  --split NAME       of a manifest, only rows with this split
  --until YYYY-MM    of a manifest, only rows up to this month, so that later ones can be scored
  --half even|odd    of folders, every second message, so that the others can be scored
  --without-made-up  add nothing

Exit code: 0 done; 1 something could not be read, or there is too little; 2 wrong usage.
`;

/** Runs `bellwether mail learn ARGS`; gives the exit code. */
export async function mailLearnCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals: folders } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (folders.length === 0) return wrongUsage('no folder is named');
  const { split, until, half = 'all' } = values;
  if (until !== undefined && !/^\d{4}-\d{2}$/.test(until))
    return wrongUsage('--until takes a month, 2026-01');
  if (half !== 'all' && half !== 'even' && half !== 'odd') return wrongUsage('--half takes even or odd');
  const messages: LabelledMessage[] = values['without-made-up'] === true ? [] : await madeUpMail();
  for (const folder of folders) {
    const found = labelledIn(folder, { split, until, half });
    if (found.isErr()) return failed(describeMailError(found.error));
    for (const message of found.value) messages.push(message);
  }
  const learned = await weightsFrom(messages);
  if (learned.isErr()) return failed(describeMailError(learned.error));
  const path = join(dataFolder(values.data), WEIGHTS_FILE);
  try {
    await writeWhole(path, (unfinished) => writeFile(unfinished, weightsText(learned.value)));
  } catch (error) {
    return failed((error as Error).message);
  }
  for (const { label, source, count } of learned.value.provenance)
    process.stdout.write(`${label.padEnd(5)}${String(count).padStart(7)}  ${source}\n`);
  process.stdout.write(`kept in ${path}\n`);
  return EXIT.done;
}

function failed(what: string): number {
  process.stderr.write(`bellwether mail learn: ${what}\n`);
  return EXIT.failed;
}

function wrongUsage(what: string): number {
  process.stderr.write(`bellwether mail learn: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      split: { type: 'string' },
      until: { type: 'string' },
      half: { type: 'string' },
      'without-made-up': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
