/** `bellwether rolls`: the roll, step by step; each step is loaded only when it is called for. */

type Run = (args: string[]) => Promise<number>;

const STEPS: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Run> }>> = {
  genesis: {
    about: 'begin a roll from a dump of the registration database',
    load: async () => (await import('./rolls-genesis.ts')).rollsGenesisCommand,
  },
  capture: {
    about: 'find what has changed, and lay it out for the offices',
    load: async () => (await import('./rolls-capture.ts')).rollsCaptureCommand,
  },
  sign: {
    about: 'sign open sheets with keys in files',
    load: async () => (await import('./rolls-sign.ts')).rollsSignCommand,
  },
  signer: {
    about: 'who may sign: endorse a key of another office, or withdraw one',
    load: async () => (await import('./rolls-signer.ts')).rollsSignerCommand,
  },
  policy: {
    about: 'change the policy or the witnesses, signed by those of the old one',
    load: async () => (await import('./rolls-policy.ts')).rollsPolicyCommand,
  },
  reconcile: {
    about: 'compare the live database with what was signed',
    load: async () => (await import('./rolls-reconcile.ts')).rollsReconcileCommand,
  },
  seal: {
    about: 'put what the comparison found into the log',
    load: async () => (await import('./rolls-seal.ts')).rollsSealCommand,
  },
  watch: {
    about: 'look for what is odd about the changes of the last sealed day',
    load: async () => (await import('./rolls-watch.ts')).rollsWatchCommand,
  },
  extract: {
    about: 'compare a poll book or public list with the sealed roll, and seal it',
    load: async () => (await import('./rolls-extract.ts')).rollsExtractCommand,
  },
  openings: {
    about: 'hand openings over to an office or to auditors, as a file',
    load: async () => (await import('./rolls-openings.ts')).rollsOpeningsCommand,
  },
  'check-openings': {
    about: 'compare openings with rows of your own',
    load: async () => (await import('./rolls-check-openings.ts')).rollsCheckOpeningsCommand,
  },
  erase: {
    about: "destroy one voter's key, so that nothing of the record can be opened",
    load: async () => (await import('./rolls-erase.ts')).rollsEraseCommand,
  },
  status: {
    about: 'tell where the roll stands',
    load: async () => (await import('./rolls-status.ts')).rollsStatusCommand,
  },
};

const EXIT = { done: 0, usage: 2 } as const;

/** Runs `bellwether rolls STEP ARGS`; gives the exit code. */
export async function rollsCommand(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name !== undefined && Object.hasOwn(STEPS, name)) return (await STEPS[name]!.load())(rest);
  if (name === '--help' || name === '-h') {
    process.stdout.write(helpText());
    return EXIT.done;
  }
  const reason = name === undefined ? 'no step is named' : `there is no step ${JSON.stringify(name)}`;
  process.stderr.write(`bellwether rolls: ${reason}\n\n${helpText()}`);
  return EXIT.usage;
}

function helpText(): string {
  const lines = Object.entries(STEPS).map(([name, { about }]) => `  ${name.padEnd(16)}${about}\n`);
  return `Usage: bellwether rolls STEP [OPTIONS]

Shows, each night, that the registration database is what signed changes made of it, or which records are not.

${lines.join('')}
bellwether rolls STEP --help tells more.
`;
}
