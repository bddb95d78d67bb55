#!/usr/bin/env node
/**
 * The `bellwether` command: one line per sub-command, each loaded only when it is called for.
 *
 * Exit codes everywhere: 0 done; 1 an input could not be read (the message names it); 2 wrong usage;
 * 3 the answer is "no" (something came through, a proof failed).
 */
import { parseArgs } from 'node:util';

declare const BELLWETHER_VERSION: string;

/** A sub-command: its arguments after its own name; gives the exit code. */
type Run = (args: string[]) => Promise<number>;

type SubCommand = { readonly about: string; readonly load: () => Promise<Run> };

const SUB_COMMANDS: Readonly<Record<string, SubCommand>> = {
  watch: {
    about: 'account for every line of sensor logs, and judge every source',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  surface: {
    about: 'draft or check the file that says what you offer, and to whom',
    load: async () => (await import('./commands/surface.ts')).surfaceCommand,
  },
  up: {
    about: 'start the hub of a state: intake, desk, and everything it keeps',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  backup: {
    about: 'make a consistent copy of a hub, while it runs or not',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  restore: {
    about: 'make a hub again from a backup',
    load: async () => (await import('./commands/restore.ts')).restoreCommand,
  },
  doctor: {
    about: 'look at everything that a hub needs, and say what to do',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  admin: {
    about: 'let an administrator in, on the day when nobody can sign in',
    load: async () => (await import('./commands/admin.ts')).adminCommand,
  },
  trail: {
    about: 'write who did what into a file, or check that nothing of it was changed',
    load: async () => (await import('./commands/trail.ts')).trailCommand,
  },
  rolls: {
    about: 'show that the registration database is what signed changes made of it',
    load: async () => (await import('./commands/rolls.ts')).rollsCommand,
  },
  statement: {
    about: 'say in one signed document what the night found',
    load: async () => (await import('./commands/statement.ts')).statementCommand,
  },
  mail: {
    about: 'judge mail: who it is really from, where it leads, and what becomes of it',
    load: async () => (await import('./commands/mail.ts')).mailCommand,
  },
  drill: {
    about: 'try ourselves, and say what we missed',
    load: async () => (await import('./commands/drill.ts')).drillCommand,
  },
  sample: {
    about: 'send the made-up day of the sample state to a hub',
    load: async () => (await import('./commands/sample.ts')).sampleCommand,
  },
  testkit: {
    about: 'write labelled traffic, with the truth beside it',
    load: async () => (await import('./commands/testkit.ts')).testkit,
  },
};

const EXIT_USAGE = 2;

// Who reads our output may have seen enough (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name !== undefined && Object.hasOwn(SUB_COMMANDS, name)) {
    const run = await (SUB_COMMANDS[name] as SubCommand).load();
    return run(rest);
  }
  return mainOptions(args);
}

/** What is left when no sub-command is named: `--help`, `--version`, or a mistake. */
function mainOptions(args: string[]): number {
  let options: { readonly help?: boolean; readonly version?: boolean };
  let unknown: string | undefined;
  try {
    const parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'V' } },
    });
    options = parsed.values;
    unknown = parsed.positionals[0];
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (unknown !== undefined) return wrongUsage(`there is no sub-command ${JSON.stringify(unknown)}`);
  if (options.version === true) {
    process.stdout.write(`bellwether ${BELLWETHER_VERSION}\n`);
    return 0;
  }
  if (options.help === true) {
    process.stdout.write(helpText());
    return 0;
  }
  return wrongUsage('no sub-command is named');
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether: ${reason}\n\n${helpText()}`);
  return EXIT_USAGE;
}

function helpText(): string {
  const lines = Object.entries(SUB_COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)}${about}\n`);
  return `Usage: bellwether SUB-COMMAND [OPTIONS]

Every contact with the state's election systems is accounted for.

${lines.join('')}
bellwether SUB-COMMAND --help tells more. Options here: --help, --version.
`;
}
