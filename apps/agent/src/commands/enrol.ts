/** `bellwether-agent enrol`: makes this computer an agent of its office, with a code that the state office reads over the phone. */
import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentError, describeAgentError } from '../errors.ts';
import { isEnrolledIn, keepEnrolled, USUAL_FOLDER } from '../link/enrolled.ts';
import { enrolAt, halvesOf } from '../link/enrolling.ts';

declare const BELLWETHER_VERSION: string;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether-agent enrol --hub HOST:PORT --code CODE [--folder DIR] [--again]

Makes this computer an agent of its office. The state office reads you the address of its hub and a code of four groups of
five letters and digits. The code works once, for half an hour. The key of this computer is made here, and never leaves it.

  --hub HOST:PORT  the state's hub
  --code CODE      as it was read to you; capitals, spaces and dashes do not matter
  --folder DIR     where the agent keeps its files (${USUAL_FOLDER})
  --again          this computer was enrolled before: replace what it had

Exit code: 0 done; 1 it could not be done; 2 wrong usage.
`;

/** Runs `bellwether-agent enrol ARGS`; gives the exit code. */
export async function enrolCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const hub = hubOf(values.hub);
  if (hub === undefined) return wrongUsage('name the hub with --hub, as hub.example.gov:8444');
  const code = halvesOf(values.code ?? '');
  if (code === undefined) return wrongUsage('--code has four groups of five letters and digits');
  const folder = resolve(values.folder ?? USUAL_FOLDER);
  if (values.again !== true && (await isEnrolledIn(folder)))
    return failed({ code: 'LINK_ENROLLED_ALREADY', detail: folder });
  const enrolled = await enrolAt(hub, code, BELLWETHER_VERSION);
  if (enrolled.isErr()) return failed(enrolled.error);
  try {
    await keepEnrolled({ ...enrolled.value, folder });
  } catch (cause) {
    return failed({ code: 'LINK_FOLDER_UNREADABLE', detail: `${folder}: ${(cause as Error).message}` });
  }
  const { name, officeName, certificate } = enrolled.value;
  process.stdout.write(`This computer is now ${JSON.stringify(name)}, an agent of ${officeName}.
It speaks to ${hub.host}:${hub.port} alone, and believes nobody else.
It may send the lines that its settings name, and take orders of what to block. Your office can refuse each block.
Its key stays in ${folder}. Its certificate holds until ${new X509Certificate(certificate).validTo}, and renews itself.
Start it now: systemctl enable --now bellwether-agent
`);
  return EXIT.done;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      hub: { type: 'string' },
      code: { type: 'string' },
      folder: { type: 'string' },
      again: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function hubOf(text: string | undefined): { readonly host: string; readonly port: number } | undefined {
  const [, host, port] = /^([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?::(\d{1,5}))$/.exec(text ?? '') ?? [];
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function failed(error: AgentError): number {
  process.stderr.write(`bellwether-agent enrol: ${describeAgentError(error)}\n`);
  return EXIT.failed;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether-agent enrol: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}
