/** `bellwether-agent health`: how the agent of this computer is, for people, for monitoring, and for the lamp of an office box. */
import { uptime } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeAgentError } from '../errors.ts';
import { isEnrolledIn, USUAL_FOLDER } from '../link/enrolled.ts';
import { type HealthState, type HealthVerdict, healthVerdict, readHealth } from '../link/health.ts';

const EXIT: Readonly<Record<HealthState | 'usage', number>> = { fine: 0, waiting: 1, usage: 2, call: 3 };

const HELP = `Usage: bellwether-agent health [--folder DIR] [--json]

Says how the agent of this computer is.

  --folder DIR  where the agent keeps its files (${USUAL_FOLDER})
  --json        as JSON: bellwether/agent-health-told@1

Exit code: 0 the hub was heard within three minutes; 1 the hub is not heard, which passes by itself; 2 wrong usage; 3 somebody has
to do something: call the state office.
`;

const SAID: Readonly<Record<HealthState, string>> = {
  fine: 'All is well.',
  waiting: 'Waiting for the line.',
  call: 'Call the state office.',
};

/** Runs `bellwether-agent health ARGS`; gives the exit code. */
export async function healthCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    process.stderr.write(`bellwether-agent health: ${(error as Error).message}\n\n${HELP}`);
    return EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const { verdict, health } = await lookAt(resolve(values.folder ?? USUAL_FOLDER));
  if (values.json === true) {
    process.stdout.write(
      `${JSON.stringify({ schema: 'bellwether/agent-health-told@1', ...verdict, health })}\n`,
    );
    return EXIT[verdict.state];
  }
  process.stdout.write(`${SAID[verdict.state]} ${verdict.why}\n`);
  if (health !== null) {
    const { decided, enforced, backlog, at } = health;
    process.stdout.write(
      `At ${new Date(at).toISOString().slice(0, 19)}Z: decided ${decided}, enforced ${enforced}; ${backlog.lines} lines wait for the hub.\n`,
    );
  }
  return EXIT[verdict.state];
}

type Looked = {
  readonly verdict: HealthVerdict;
  readonly health: Parameters<typeof healthVerdict>[0];
};

async function lookAt(folder: string): Promise<Looked> {
  try {
    if (!(await isEnrolledIn(folder)))
      return { verdict: { state: 'call', why: 'This computer is not enrolled.' }, health: null };
  } catch (cause) {
    return { verdict: { state: 'call', why: `${(cause as Error).message}.` }, health: null };
  }
  const read = await readHealth(folder);
  if (read.isErr()) return { verdict: { state: 'call', why: describeAgentError(read.error) }, health: null };
  return { verdict: healthVerdict(read.value, Date.now(), uptime() * 1_000), health: read.value };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: { folder: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  }).values;
}
