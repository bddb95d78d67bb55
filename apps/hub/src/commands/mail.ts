/** `bellwether mail`: one message in, one decision out, with reasons. */

const EXIT_USAGE = 2;

type Run = (args: string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Run>>> = {
  check: async () => (await import('./mail-check.ts')).mailCheckCommand,
  learn: async () => (await import('./mail-learn.ts')).mailLearnCommand,
  eval: async () => (await import('./mail-eval.ts')).mailEvalCommand,
  milter: async () => (await import('./mail-milter.ts')).mailMilterCommand,
  proxy: async () => (await import('./mail-proxy.ts')).mailProxyCommand,
  reports: async () => (await import('./mail-reports.ts')).mailReportsCommand,
  domains: async () => (await import('./mail-domains.ts')).mailDomainsCommand,
  pull: async () => (await import('./mail-pull.ts')).mailPullCommand,
  release: async () => (await import('./mail-pull.ts')).mailReleaseCommand,
};

const HELP = `Usage: bellwether mail check [--office FILE] [--json] PATH...
       bellwether mail learn DIR...
       bellwether mail eval MANIFEST.csv...
       bellwether mail milter --office FILE --listen ADDRESS
       bellwether mail proxy --office FILE --listen HOST:PORT --next HOST:PORT
       bellwether mail reports --settings FILE --office FILE
       bellwether mail domains PATH...
       bellwether mail pull --settings FILE --office FILE --why TEXT MESSAGE.eml
       bellwether mail release --settings FILE --office FILE --why TEXT CAMPAIGN

  check  judge messages in files: deliver, banner, hold or block, and why
  learn  make the classifier from messages that people labelled; it stays in the data folder
  eval   judge labelled messages, and say what was caught, what was held by mistake, and how fast
  milter judge mail before it is delivered, for Postfix and Sendmail
  proxy  judge mail between two mail servers, for those that cannot ask
  reports  watch the mailbox for reports; what is bad is moved out of the mailboxes of all offices
  domains  say who sends in our name, from the reports of receivers (DMARC, TLS-RPT)
  pull   move messages like one that is bad out of all mailboxes, into a folder there
  release  move back what was moved by mistake

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
      name === undefined
        ? 'check, learn, eval, milter, proxy, reports, pull, release or domains?'
        : `there is no ${JSON.stringify(name)} here`;
    process.stderr.write(`bellwether mail: ${what}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  return (await load())(rest);
}
