/** `bellwether rolls seal`: puts what `rolls reconcile` found into the log, good or bad. */
import { parseArgs } from 'node:util';
import type { Night } from '../features/rolls/rolls-files.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

/** Runs `bellwether rolls seal ARGS`; gives the exit code: 3 where something is unauthorised. */
export async function rollsSealCommand(args: string[]): Promise<number> {
  let values: { readonly data?: string; readonly json?: boolean; readonly help?: boolean };
  try {
    ({ values } = parseArgs({ args, options: ROLL_OPTIONS }));
  } catch (error) {
    process.stderr.write(`bellwether rolls seal: ${(error as Error).message}\n\n${HELP}`);
    return ROLL_EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  return withRoll('rolls seal', values.data, async (rolls) => {
    const sealed = await rolls.sealPending();
    if (sealed.isErr()) return rollFailed('rolls seal', sealed.error);
    const entry = rolls.held.seals.at(-1)!.index;
    process.stdout.write(values.json === true ? asJson(sealed.value, entry) : asText(sealed.value, entry));
    return sealed.value.unauthorised.length === 0 ? ROLL_EXIT.done : ROLL_EXIT.no;
  });
}

function asJson(night: Night, entry: bigint): string {
  const { epoch, day, records, leaves, root, awaiting, unauthorised } = night;
  const answer = { schema: 'bellwether/sealed@1', epoch, day, entry: String(entry), records, leaves, root };
  return `${JSON.stringify({ ...answer, awaiting, unauthorised: unauthorised.length })}\n`;
}

function asText({ epoch, day, records, root, awaiting, unauthorised }: Night, entry: bigint): string {
  const bad =
    unauthorised.length === 0
      ? 'No record differs without authority'
      : `${unauthorised.length} records differ without authority`;
  return `Night ${epoch} of ${day} is sealed: ${records} records, root ${root}, entry ${entry} of the log.
${bad}; ${awaiting} changes wait for their offices.
`;
}

const HELP = `Usage: bellwether rolls seal [--data DIR] [--json]

Checks what \`bellwether rolls reconcile\` left behind against the log, and seals it. Sealed also when the news is bad.
No hub may run meanwhile: a hub seals by itself. Exit codes: 0 sealed, 1 not sealed, 3 sealed, and something is unauthorised.
`;
