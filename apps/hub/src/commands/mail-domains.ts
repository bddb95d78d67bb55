/** `bellwether mail domains`: what receivers report of our domains, put together: who sends in our name, and what fails. */
import { parseArgs } from 'node:util';
import { ok } from '@bellwether/basics';
import { type DomainSummary, type FailureReport, summariseDomain, type TlsReport } from '@bellwether/mail';
import { describeMailError } from '../features/mail/describe-error.ts';
import { gatherReports } from '../features/mail/domains/gather.ts';
import { readSenders } from '../features/mail/domains/senders-file.ts';

const EXIT = { done: 0, unreadable: 1, usage: 2 } as const;

const HELP = `Usage: bellwether mail domains [--senders FILE] [--json] PATH...

Reads reports that receivers of mail send about our domains: aggregate reports (DMARC), reports on encrypted delivery (TLS-RPT) and
reports on single messages. PATH is a message (.eml), a mailbox, an attachment (.xml, .gz, .zip, .json), or a folder of any of them.
Says for each domain who sends in its name, what proved itself, and what became of the rest.

  --senders FILE  services that may send in our name: a list of { name, networks, domains } (YAML; docs/how/mail.md)
  --json          one object: domains, tls, failures, unread

Anyone can send a report. Give only those that came from the receivers that they say they are from.

Exit code: 0 all was read; 1 something could not be read, and the rest is told; 2 wrong usage.
`;

/** Runs `bellwether mail domains ARGS`; gives the exit code. */
export async function mailDomainsCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (positionals.length === 0) return wrongUsage('no report is named');
  const senders = values.senders === undefined ? ok([]) : readSenders(values.senders);
  if (senders.isErr()) return failed(describeMailError(senders.error));
  const gathered = gatherReports(positionals);
  if (gathered.isErr()) return failed(describeMailError(gathered.error));
  const { dmarc, tls, failures, unread } = gathered.value;
  const domains = summariseDomain(dmarc, senders.value);
  if (values.json === true) process.stdout.write(`${JSON.stringify({ domains, tls, failures, unread })}\n`);
  else process.stdout.write(textOf(domains, tls, failures));
  for (const { path, why } of unread) process.stderr.write(`bellwether mail domains: ${path}: ${why}\n`);
  return unread.length > 0 ? EXIT.unreadable : EXIT.done;
}

function textOf(
  domains: readonly DomainSummary[],
  tls: readonly TlsReport[],
  failures: readonly FailureReport[],
): string {
  const lines: string[] = [];
  for (const { domain, sentences } of domains) lines.push(domain, ...sentences.map((text) => `  ${text}`));
  const delivery = new Map<string, { succeeded: number; failed: number; types: Set<string> }>();
  for (const { policies } of tls)
    for (const { domain, succeeded, failed: lost, failures: how } of policies) {
      const sum = delivery.get(domain) ?? { succeeded: 0, failed: 0, types: new Set<string>() };
      sum.succeeded += succeeded;
      sum.failed += lost;
      for (const { type } of how) sum.types.add(type);
      delivery.set(domain, sum);
    }
  for (const [domain, { succeeded, failed: lost, types }] of delivery) {
    const why = types.size === 0 ? '' : ` (${[...types].join(', ')})`;
    lines.push(
      `${domain}: mail servers reached ours safely ${succeeded} times, and failed ${lost} times${why}.`,
    );
  }
  if (failures.length > 0)
    lines.push(
      `${failures.length} reports on single messages that did not prove who sent them; --json has them.`,
    );
  return lines.length === 0 ? 'There is no report in it.\n' : `${lines.join('\n')}\n`;
}

function failed(what: string): number {
  process.stderr.write(`bellwether mail domains: ${what}\n`);
  return EXIT.unreadable;
}

function wrongUsage(what: string): number {
  process.stderr.write(`bellwether mail domains: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      senders: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
