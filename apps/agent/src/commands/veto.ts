/** `bellwether-agent veto`: the office's own no to a block. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { VETO_FILE } from '../enforce/enforcer.ts';
import { keepVetoes, readVetoes, type Veto, vetoSubject } from '../enforce/veto.ts';
import { describeAgentError } from '../errors.ts';
import { USUAL_FOLDER } from '../link/enrolled.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Longest reason. */
const MOST_WHY = 200;

const HELP = `Usage: bellwether-agent veto [NETWORK | BLOCK --why TEXT]
       bellwether-agent veto --lift NETWORK | BLOCK

Says no to a block: what is named is not blocked on this computer, whoever orders it. Within half a minute the kernel lets it in.
The state office sees that this office said no, and why; it cannot change it. Without anything: shows what was said no to.

  --why TEXT    why not, for the state office
  --lift        say no to it no longer
  --folder DIR  where the agent keeps its files (${USUAL_FOLDER})
  --json        as JSON

Exit code: 0 done; 1 it could not be read or written; 2 wrong usage.
`;

/** Runs `bellwether-agent veto ARGS`; gives the exit code. */
export async function vetoCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return usage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const path = join(resolve(values.folder ?? USUAL_FOLDER), VETO_FILE);
  const read = await readVetoes(path);
  if (read.isErr()) {
    process.stderr.write(`bellwether-agent veto: ${describeAgentError(read.error)}\n`);
    return EXIT.failed;
  }
  const [text, ...more] = positionals;
  if (more.length > 0) return usage('name one network or block at a time');
  if (text === undefined) {
    show(read.value, values.json === true);
    return EXIT.done;
  }
  const of = vetoSubject(text);
  if (of === undefined) return usage(`${JSON.stringify(text.slice(0, 60))} is no network and no block`);
  const why = values.why?.trim() ?? '';
  if (values.lift !== true && (why === '' || why.length > MOST_WHY))
    return usage(`say why, in at most ${MOST_WHY} characters: --why TEXT`);
  const others = read.value.filter((veto) => veto.of !== of);
  const vetoes = values.lift === true ? others : [...others, { of, why, at: Date.now() }];
  try {
    await keepVetoes(path, vetoes);
  } catch (error) {
    process.stderr.write(
      `bellwether-agent veto: ${path} could not be written: ${(error as Error).message}\n`,
    );
    return EXIT.failed;
  }
  show(vetoes, values.json === true);
  return EXIT.done;
}

function show(vetoes: readonly Veto[], asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ schema: 'bellwether/vetoes@1', vetoes })}\n`);
    return;
  }
  if (vetoes.length === 0) process.stdout.write('This office said no to no block.\n');
  for (const { of, why, at } of vetoes)
    process.stdout.write(`${of}  since ${new Date(at).toISOString().slice(0, 16)}Z  ${why}\n`);
}

function usage(reason: string): number {
  process.stderr.write(`bellwether-agent veto: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      why: { type: 'string' },
      lift: { type: 'boolean' },
      folder: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
