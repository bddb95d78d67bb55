/**
 * `bellwether testkit mail`: writes made-up mail for the 116 offices, with the truth about every message, into a folder.
 *
 * Exit codes: 0 done, 1 the folder cannot be written, 2 wrong usage.
 */
import { parseArgs } from 'node:util';
import { folderSink } from './folder-sink.ts';
import {
  FEWEST_VARIANTS,
  generateMail,
  type MailRun,
  MOST_VARIANTS,
  USUAL_VARIANTS,
} from './mail/generate-mail.ts';

/** Where the files go when no folder is named. */
const USUAL_FOLDER = 'mail-testkit';

/** What `--help` says. */
export const MAIL_USAGE = `usage: bellwether testkit mail --seed S [--variants N] [--scenario K] [--out DIR]

Writes made-up mail for the 116 offices into DIR: messages/NNNN.eml, manifest.csv, offices/LEA.yaml, zone.json, truth.json.

  --seed S        a whole number; the same options give the same bytes
  --variants N    of each attack and each benign twin, ${FEWEST_VARIANTS} to ${MOST_VARIANTS} (${USUAL_VARIANTS})
  --scenario K    only what starts with K: s01 to s15, or a kind of everyday mail
  --out DIR       folder to write into (${USUAL_FOLDER}); made when it is not there
`;

/** Runs `testkit mail` with the arguments behind it. Gives the exit code. */
export async function runMail(args: readonly string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) {
    process.stdout.write(MAIL_USAGE);
    return 0;
  }
  const seed = wholeNumber(values.seed);
  if (seed === undefined || seed > 4_294_967_295)
    return complain('--seed must be a whole number from 0 to 4294967295');
  const variants = wholeNumber(values.variants ?? String(USUAL_VARIANTS));
  if (variants === undefined) return complain('--variants must be a whole number');
  const out = values.out ?? USUAL_FOLDER;
  const sink = folderSink(out);
  if (typeof sink === 'string') {
    process.stderr.write(`bellwether testkit: ${sink}\n`);
    return 1;
  }
  const { scenario } = values;
  let run: MailRun;
  try {
    run = await generateMail({ seed, variants, ...(scenario === undefined ? {} : { scenario }) }, sink);
  } catch (error) {
    if (error instanceof RangeError) return complain(error.message);
    throw error;
  } finally {
    sink.close();
  }
  const { messages } = run.truth;
  const attacks = messages.filter(({ label }) => label === 'phish').length;
  process.stdout.write(`${out}: ${messages.length} messages, ${attacks} of them attacks\n`);
  return 0;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...args],
    strict: true,
    options: { seed: text, variants: text, scenario: text, out: text, help: { type: 'boolean', short: 'h' } },
  }).values;
}

function complain(reason: string): number {
  process.stderr.write(`bellwether testkit: ${reason}\n\n${MAIL_USAGE}`);
  return 2;
}
