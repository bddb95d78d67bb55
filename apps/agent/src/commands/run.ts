/** `bellwether-agent run`: the agent of an office, as its service starts it. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentError, describeAgentError } from '../errors.ts';
import { openEnforcing } from '../link/enforcing.ts';
import { readEnrolled, USUAL_FOLDER } from '../link/enrolled.ts';
import { runAgent } from '../link/running.ts';
import { readAgentSettings, USUAL_SETTINGS } from '../link/settings.ts';

declare const BELLWETHER_VERSION: string;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether-agent run [--settings FILE] [--folder DIR]

Runs the agent of this computer until it is stopped. It follows the orders of the hub, sends what the settings name, and says
each half minute how it is. What cannot be sent waits here; what is blocked stays blocked until its end.

  --settings FILE  what to send (${USUAL_SETTINGS})
  --folder DIR     where the agent keeps its files (${USUAL_FOLDER})

Exit code: 0 it was stopped; 1 it could not start; 2 wrong usage.
`;

/** Runs `bellwether-agent run ARGS`; gives the exit code. */
export async function runCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    process.stderr.write(`bellwether-agent run: ${(error as Error).message}\n\n${HELP}`);
    return EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const settings = await readAgentSettings(
    resolve(values.settings ?? USUAL_SETTINGS),
    values.settings !== undefined,
  );
  if (settings.isErr()) return failed(settings.error);
  const agent = await readEnrolled(resolve(values.folder ?? USUAL_FOLDER));
  if (agent.isErr()) return failed(agent.error);
  const log = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);
  const enforcing = await openEnforcing(settings.value.enforce, agent.value, log, Date.now);
  if (enforcing.isErr()) return failed(enforcing.error);
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
  const ended = await runAgent({
    agent: agent.value,
    settings: settings.value,
    enforcing: enforcing.value,
    version: BELLWETHER_VERSION,
    log,
    now: Date.now,
    chance: Math.random,
    end: end.signal,
  });
  return ended.isErr() ? failed(ended.error) : EXIT.done;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      settings: { type: 'string' },
      folder: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function failed(error: AgentError): number {
  process.stderr.write(`bellwether-agent run: ${describeAgentError(error)}\n`);
  return EXIT.failed;
}
