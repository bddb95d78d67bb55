/** `bellwether mail check`: messages in files, judged one after the other as if they came now. */
import { parseArgs } from 'node:util';
import { type Judgement, judgeMail } from '@bellwether/mail';
import { describeMailError } from '../features/mail/describe-error.ts';
import { arrivalOf } from '../features/mail/files/arrival-of.ts';
import { messagesInOrder } from '../features/mail/files/in-order.ts';
import { GROUND_OPTIONS, type GroundArguments, groundFrom } from '../features/mail/ground-arguments.ts';

const EXIT = { done: 0, unreadable: 1, usage: 2, no: 3 } as const;

const HELP = `Usage: bellwether mail check [--office FILE] [--json] PATH...

Judges messages: files with one message (.eml), mailboxes, folders of either; - is standard input. They are judged in the order
in which they came, each by what was before it. Nothing leaves this machine but questions to DNS.

  --office FILE  who is protected, whose mail it is, whom the office writes with (YAML; docs/reference/office-file.md); without
                 it nobody is known to the judge, and only the message itself speaks
  --json         one JSON object on a line for each message
  --as-shipped   judge with the classifier as it is shipped, whatever was learned here
  --data DIR     the data folder, for what was learned here
  --zone FILE    answer for DNS from a file (JSON), as bellwether testkit mail writes it
  --offline      ask DNS nothing

Exit code: 0 all delivered; 1 something could not be read; 2 wrong usage; 3 at least one is held or blocked.
`;

/** Runs `bellwether mail check ARGS`; gives the exit code. */
export async function mailCheckCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals: paths } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (paths.length === 0) return wrongUsage('no file is named; `-` is standard input');
  const ground = groundFrom(values as GroundArguments, Date.now);
  if (ground.isErr()) return failed(ground.error);
  const { list, ...judging } = ground.value;
  const found = messagesInOrder(paths, Date.now());
  if (found.isErr()) return failed(found.error);

  let [isAnyHeld, isAnyUnread] = [false, false];
  for (const next of found.value.messages) {
    if (next.isErr()) {
      isAnyUnread = true;
      process.stderr.write(`bellwether mail check: ${describeMailError(next.error)}\n`);
      continue;
    }
    const began = performance.now();
    const judged = await judgeMail(arrivalOf(next.value, list.own, next.value.at), judging);
    if (judged.isErr()) {
      isAnyUnread = true;
      process.stderr.write(`bellwether mail check: ${next.value.path}: ${describeMailError(judged.error)}\n`);
      continue;
    }
    const { judgement, past } = judged.value;
    judging.past.note(past);
    const ms = Math.round((performance.now() - began) * 10) / 10;
    isAnyHeld ||= judgement.decision === 'hold' || judgement.decision === 'block';
    process.stdout.write(
      values.json === true ? json(next.value.path, judgement, ms) : text(next.value.path, judgement),
    );
  }
  if (isAnyHeld) return EXIT.no;
  return isAnyUnread ? EXIT.unreadable : EXIT.done;
}

function json(path: string, { decision, score, auth, reasons, campaign }: Judgement, ms: number): string {
  const told = reasons.map(({ code, text }) => ({ code, text }));
  return `${JSON.stringify({ path, decision, score: Number(score.toFixed(4)), auth, reasons: told, campaign, ms })}\n`;
}

function text(path: string, { decision, reasons }: Judgement): string {
  return [`${decision.padEnd(8)}${path}`, ...reasons.map(({ text }) => `        ${text}`), ''].join('\n');
}

function failed(error: Parameters<typeof describeMailError>[0]): number {
  process.stderr.write(`bellwether mail check: ${describeMailError(error)}\n`);
  return EXIT.unreadable;
}

function wrongUsage(what: string): number {
  process.stderr.write(`bellwether mail check: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { ...GROUND_OPTIONS, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
}
