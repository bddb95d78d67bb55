/** `bellwether mail proxy`: judges mail between two mail servers, for those that cannot ask. */
import { BlockList, isIP } from 'node:net';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { describeMailError } from '../features/mail/describe-error.ts';
import { GROUND_OPTIONS, type GroundArguments } from '../features/mail/ground-arguments.ts';
import { judgedOffices } from '../features/mail/judged-offices.ts';
import type { Place } from '../features/mail/proxy/next-hop.ts';
import { type RunningProxy, startMailProxy } from '../features/mail/proxy/server.ts';
import { ended, type HookGate, HUB_HELP, HUB_OPTIONS, hookGate, ourNamesOf } from './mail-hook.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const COMMAND = 'bellwether mail proxy';

const HELP = `Usage: bellwether mail proxy --office FILE --listen HOST:PORT --next HOST:PORT [OPTIONS]
       bellwether mail proxy --offices DIR --listen HOST:PORT --next HOST:PORT [OPTIONS]

Takes each message from a mail server or gateway, judges it, and hands it to the next one: for Postfix smtpd_proxy_filter, and for
servers that have no milter. Nothing is kept here: a message is accepted when the next mail server has accepted it, and its answers are
passed back as they are. What is held goes to --held; without it, it is refused with the reason, as is what is blocked. A line of JSON
for each verdict, and the account at the end; the first says where it listens.

  --office FILE       who is protected, and whose mail it is (docs/reference/office-file.md)
  --offices DIR       a folder with such a file for each office (.yaml): one mail server for several, which see one past
  --listen HOST:PORT  where it listens; an IPv6 address in brackets
  --next HOST:PORT    the mail server that delivers. It has to refuse mail for strangers itself: it sees the proxy as its client
  --held HOST:PORT    a mail server that keeps what is held until the office has read it
  --trust NETWORK     who may say for whom it speaks (XFORWARD): an address or ADDRESS/BITS; may be given several times.
                      This computer itself always may
  --name NAME         a name under which a mail server of ours writes Authentication-Results; may be given several times
${HUB_HELP}
  --as-shipped, --data DIR, --zone FILE, --offline   as for bellwether mail check

Exit code: 0 ended by SIGTERM or SIGINT; 1 it could not be started; 2 wrong usage.
`;

/** Runs `bellwether mail proxy ARGS`; gives the exit code. */
export async function mailProxyCommand(args: string[]): Promise<number> {
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
  const listen = placeOf(values.listen);
  const next = placeOf(values.next);
  const held = values.held === undefined ? null : placeOf(values.held);
  if (listen === undefined || next === undefined || held === undefined)
    return wrongUsage('--listen, --next and --held take HOST:PORT');
  const trusted = trustedOf(values.trust ?? []);
  if (trusted === undefined) return wrongUsage('--trust takes an address or ADDRESS/BITS');
  if ((values.office === undefined) === (values.offices === undefined))
    return wrongUsage('one of --office and --offices says whose mail it is');
  const offices = judgedOffices(values as GroundArguments & { offices?: string }, Date.now);
  if (offices.isErr()) return failed(describeMailError(offices.error));

  let hook: HookGate;
  try {
    hook = hookGate({
      ...{ offices: offices.value, data: values.data, command: COMMAND, hub: values },
      release: async () => ({
        done: false,
        detail: 'the mail server that keeps what is held has to let it go (--held): this proxy keeps nothing',
      }),
    });
  } catch (error) {
    return failed((error as Error).message);
  }
  const { gate, accountText } = hook;
  const ground = {
    gate,
    officeOf: offices.value.officeOf,
    ourNames: ourNamesOf(values.name),
    now: Date.now,
    name: hostname(),
    next,
    held,
    trusts: (address: string) =>
      isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  };
  let proxy: RunningProxy;
  try {
    proxy = await startMailProxy(ground, listen, (why) =>
      process.stderr.write(`${COMMAND}: a connection was ended: ${why}\n`),
    );
  } catch (error) {
    await hook.close();
    return failed((error as Error).message);
  }
  process.stdout.write(`${JSON.stringify({ listening: values.listen })}\n`);
  await ended();
  await proxy.close();
  await hook.close();
  process.stdout.write(accountText());
  return EXIT.done;
}

/** Undefined: it is none. */
function placeOf(text: string | undefined): Place | undefined {
  const [, host, port] = /^(\[[^\s\]]+\]|[^\s:]+):(\d{1,5})$/.exec(text ?? '') ?? [];
  return host === undefined || Number(port) > 65_535
    ? undefined
    : { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** This computer and the networks that are named; undefined: one of them is none. */
function trustedOf(networks: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  for (const network of ['127.0.0.0/8', '::1', ...networks]) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (family === 0 || !(prefix <= most)) return undefined;
    list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
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
      offices: { type: 'string' },
      listen: { type: 'string' },
      next: { type: 'string' },
      held: { type: 'string' },
      trust: { type: 'string', multiple: true },
      name: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
