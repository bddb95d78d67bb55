/** `bellwether mail`: one message in, one decision out, with reasons. */

const EXIT_USAGE = 2;

type Run = (args: string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Run>>> = {
  check: async () => (await import('./mail-check.ts')).mailCheckCommand,
  learn: async () => (await import('./mail-learn.ts')).mailLearnCommand,
  eval: async () => (await import('./mail-eval.ts')).mailEvalCommand,
  milter: async () => (await import('./mail-milter.ts')).mailMilterCommand,
};

const HELP = `Usage: bellwether mail check [--office FILE] [--json] PATH...
       bellwether mail learn DIR...
       bellwether mail eval MANIFEST.csv...
       bellwether mail milter --office FILE --listen ADDRESS

  check  judge messages in files: deliver, banner, hold or block, and why
  learn  make the classifier from messages that people labelled; it stays in the data folder
  eval   judge labelled messages, and say what was caught, what was held by mistake, and how fast
  milter judge mail before it is delivered, for Postfix and Sendmail

bellwether mail COMMAND --help says more of each.
`;

/** Runs `bellwether mail ARGS`; gives the exit code. */
export async function mailCommand(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  const load = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  if (load === undefined) {
    const what =
      name === undefined ? 'check, learn, eval or milter?' : `there is no ${JSON.stringify(name)} here`;
    process.stderr.write(`bellwether mail: ${what}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  return (await load())(rest);
}
