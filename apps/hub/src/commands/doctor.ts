/** `bellwether doctor`: what is wrong with a hub, in plain words, and what to do. */
import { parseArgs } from 'node:util';
import type { Check } from '../platform/doctor/check.ts';
import { examine } from '../platform/doctor/examine.ts';
import { usualFolder } from '../platform/folder.ts';

const EXIT = { well: 0, usage: 2, unwell: 3 } as const;

/** Runs `bellwether doctor ARGS`; gives the exit code. */
export async function doctorCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.well;
  }
  if (positionals.length > 0) return wrongUsage(`${JSON.stringify(positionals[0])} says nothing here`);
  const path = values.data ?? usualFolder(process.env, process.getuid?.());
  const checks = await examine({ path, databaseUrl: process.env.DATABASE_URL, now: Date.now() });
  const well = checks.every(({ ok }) => ok);
  const answer = { schema: 'bellwether/doctor@1', well, checks };
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : asText(checks));
  return well ? EXIT.well : EXIT.unwell;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
}

function asText(checks: readonly Check[]): string {
  const lines = checks.map(({ name, ok, detail, help }) => {
    const line = `${ok ? 'ok   ' : 'WRONG'}  ${name.padEnd(13)}  ${detail}\n`;
    return ok ? line : `${line}${' '.repeat(22)}${help}\n`;
  });
  const wrong = checks.filter(({ ok }) => !ok).length;
  const sum =
    wrong === 0
      ? 'All is well.'
      : wrong === 1
        ? 'One thing is to be done.'
        : `${wrong} things are to be done.`;
  return `${lines.join('')}${sum}\n`;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether doctor: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether doctor [--data DIR] [--json]

Looks at everything that a hub needs, and says what is wrong and what to do: Node, the disk, the clock,
permissions, configuration and ports, the certificate, the database and its version, the history, the
newest backup, the witnesses of the log, and the hub itself. Where no hub runs, its database is started
for the look, and stopped again.

  --data DIR   the hub's data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root,
               else ~/.local/state/bellwether
  --json       tell as JSON what was found

Exit code: 0 all is well; 2 wrong usage; 3 something is to be done.
`;
