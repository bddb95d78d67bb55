/** `bellwether mail milter`: judges mail before it is delivered, for Postfix and Sendmail. */
import { parseArgs } from 'node:util';
import { describeMailError } from '../features/mail/describe-error.ts';
import { GROUND_OPTIONS, type GroundArguments } from '../features/mail/ground-arguments.ts';
import { judgedOffices } from '../features/mail/judged-offices.ts';
import { type MilterAddress, startMilter } from '../features/mail/milter/server.ts';
import { releaseFromQueue } from '../features/mail/telling/held-in-queue.ts';
import { ended, type HookGate, HUB_HELP, HUB_OPTIONS, hookGate, ourNamesOf } from './mail-hook.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const COMMAND = 'bellwether mail milter';

const HELP = `Usage: bellwether mail milter --office FILE --listen ADDRESS [OPTIONS]
       bellwether mail milter --offices DIR --listen ADDRESS [OPTIONS]

Judges each message while a mail server still has it: Postfix (smtpd_milters) or Sendmail. What is held waits in the mail server's own
queue (postqueue -p shows it with "!", postsuper -H releases it). A line of JSON for each verdict, and the account at the end;
the first says where it listens.

  --office FILE     who is protected, and whose mail it is (docs/reference/office-file.md)
  --offices DIR     a folder with such a file for each office (.yaml): one mail server for several, which see one past
  --listen ADDRESS  inet:HOST:PORT or unix:PATH
  --name NAME       a name under which a mail server of ours writes Authentication-Results; may be given several times
  --postfix-config DIR  folder of Postfix's configuration, for postsuper, where it is not the usual one
${HUB_HELP}
  --as-shipped, --data DIR, --zone FILE, --offline   as for bellwether mail check

Exit code: 0 ended by SIGTERM or SIGINT; 1 it could not be started; 2 wrong usage.
`;

/** Runs `bellwether mail milter ARGS`; gives the exit code. */
export async function mailMilterCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>['values'];
  try {
    ({ values } = parse(args));
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const address = addressOf(values.listen ?? '');
  if (address === undefined) return wrongUsage('--listen takes inet:HOST:PORT or unix:PATH');
  if ((values.office === undefined) === (values.offices === undefined))
    return wrongUsage('one of --office and --offices says whose mail it is');
  const offices = judgedOffices(values as GroundArguments & { offices?: string }, Date.now);
  if (offices.isErr()) return failed(describeMailError(offices.error));
  const { officeOf } = offices.value;
  const config = values['postfix-config'] ?? null;
  let hook: HookGate;
  try {
    hook = hookGate({
      ...{ offices: offices.value, data: values.data, command: COMMAND, hub: values },
      release: async ({ queueId }) =>
        queueId === null
          ? { done: false, detail: 'it has no number in the queue of the mail server' }
          : await releaseFromQueue(queueId, config),
    });
  } catch (error) {
    return failed((error as Error).message);
  }
  const { gate, accountText } = hook;
  const ourNames = ourNamesOf(values.name);
  let milter: Awaited<ReturnType<typeof startMilter>>;
  try {
    const conversing = { gate, officeOf, ourNames, now: Date.now };
    milter = await startMilter(conversing, address, (why) =>
      process.stderr.write(`${COMMAND}: a connection was ended: ${why}\n`),
    );
  } catch (error) {
    await hook.close();
    return failed((error as Error).message);
  }
  process.stdout.write(`${JSON.stringify({ listening: values.listen })}\n`);
  await ended();
  await milter.close();
  await hook.close();
  process.stdout.write(accountText());
  return EXIT.done;
}

function addressOf(text: string): MilterAddress | undefined {
  const path = /^unix:(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return { path };
  const [, host, port] = /^inet:([^\s]+):(\d{1,5})$/.exec(text) ?? [];
  return host === undefined || Number(port) > 65_535
    ? undefined
    : { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

function failed(what: string): number {
  process.stderr.write(`${COMMAND}: ${what}\n`);
  return EXIT.failed;
}

function wrongUsage(what: string): number {
  process.stderr.write(`${COMMAND}: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...GROUND_OPTIONS,
      ...HUB_OPTIONS,
      'postfix-config': { type: 'string' },
      offices: { type: 'string' },
      listen: { type: 'string' },
      name: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
