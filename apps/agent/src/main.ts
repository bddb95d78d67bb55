/**
 * The `bellwether-agent` command: what runs in an office. Its first word names a sub-command.
 *
 * Exit codes, everywhere: 0 done; 1 something could not be done (the message names it); 2 wrong usage; 3 the answer is "no"
 * (the witness has stopped for a person, or the log shows what must not be signed).
 */
import { parseArgs } from 'node:util';

declare const BELLWETHER_VERSION: string;

/** A sub-command: its arguments after its own name; gives the exit code. */
type Run = (args: string[]) => Promise<number>;

type SubCommand = { readonly about: string; readonly load: () => Promise<Run> };

const SUB_COMMANDS: Readonly<Record<string, SubCommand>> = {
  enrol: {
    about: 'make this computer an agent of its office, with a code of the state office',
    load: async () => (await import('./commands/enrol.ts')).enrolCommand,
  },
  run: {
    about: 'send lines to the hub, and take its orders: one process that goes on',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  sent: {
    about: 'show exactly what this office sent to the hub, and what waits',
    load: async () => (await import('./commands/sent.ts')).sentCommand,
  },
  blocks: {
    about: 'show what this computer blocks now, as the kernel has it',
    load: async () => (await import('./commands/blocks.ts')).blocksCommand,
  },
  veto: {
    about: 'say no to a block: the office has the last word',
    load: async () => (await import('./commands/veto.ts')).vetoCommand,
  },
  health: {
    about: 'say how this agent is, and whether somebody has to do something',
    load: async () => (await import('./commands/health.ts')).healthCommand,
  },
  witness: {
    about: "be a second pair of eyes on the state's log: cosign it, and refuse what contradicts itself",
    load: async () => (await import('./commands/witness.ts')).witnessCommand,
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
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'V' } },
    });
    if (positionals[0] !== undefined)
      return wrongUsage(`there is no sub-command ${JSON.stringify(positionals[0])}`);
    if (values.version !== true && values.help !== true) return wrongUsage('no sub-command is named');
    process.stdout.write(values.version === true ? `bellwether-agent ${BELLWETHER_VERSION}\n` : helpText());
    return 0;
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether-agent: ${reason}\n\n${helpText()}`);
  return EXIT_USAGE;
}

function helpText(): string {
  const lines = Object.entries(SUB_COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)}${about}\n`);
  return `Usage: bellwether-agent SUB-COMMAND [OPTIONS]

What an office runs to check its state.

${lines.join('')}
bellwether-agent SUB-COMMAND --help tells more. Options here: --help, --version.
`;
}
