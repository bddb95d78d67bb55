/** `bellwether mail reports`: the mailbox to which people forward what they do not trust, and what is done about it. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MailOrder } from '@bellwether/api';
import { ok } from '@bellwether/basics';
import { campaignMessage, judgeMail } from '@bellwether/mail';
import { describeMailError } from '../features/mail/describe-error.ts';
import { dataFolder, GROUND_OPTIONS, type GroundArguments } from '../features/mail/ground-arguments.ts';
import { judgedOffices } from '../features/mail/judged-offices.ts';
import { watchReports } from '../features/mail/mailboxes/report-mailbox.ts';
import { pullBack, releaseCampaign } from '../features/mail/pull-back/pull-back.ts';
import { pullingFrom } from '../features/mail/pull-back/pulling.ts';
import { takeReport } from '../features/mail/pull-back/report-desk.ts';
import { readPullSettings } from '../features/mail/pull-back/settings.ts';
import type { HubLine, OrderOutcome } from '../features/mail/telling/hub-line.ts';
import { pullTelling, reportTelling } from '../features/mail/telling/pull-telling.ts';
import { boxesLine, ended, HUB_HELP, HUB_OPTIONS, hubLine, hubStanding } from './mail-hook.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether mail reports --settings FILE --office FILE [OPTIONS]
       bellwether mail reports --settings FILE --offices DIR [OPTIONS]

Watches the report mailbox. A reported message is judged: one that would have been held is moved out of the mailboxes of all offices
into a folder there ("Held by Bellwether"), and each owner is told; of any other one, a person of the state has to say so (bellwether
mail pull). The reporter is answered within a minute. A line of JSON for each; the first says that it watches.

  --settings FILE  the report mailbox, the mailboxes of all offices, and how answers are sent (docs/how/mail.md)
  --office FILE    who is protected, and whose mail it is (docs/reference/office-file.md)
  --offices DIR    a folder with such a file for each office (.yaml)
${HUB_HELP}
  --as-shipped, --data DIR, --zone FILE, --offline   as for bellwether mail check

Exit code: 0 ended by SIGTERM or SIGINT; 1 it could not be started; 2 wrong usage.
`;

/** Runs `bellwether mail reports ARGS`; gives the exit code. */
export async function mailReportsCommand(args: string[]): Promise<number> {
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
  if (values.settings === undefined) return wrongUsage('--settings names no file');
  if ((values.office === undefined) === (values.offices === undefined))
    return wrongUsage('one of --office and --offices says whose mail it is');
  const settings = readPullSettings(values.settings);
  if (settings.isErr()) return failed(describeMailError(settings.error));
  const { report, contact, reportPassword, reportCa } = settings.value;
  if (report === undefined) return failed(`${values.settings} names no report mailbox (report)`);
  const offices = judgedOffices(values as GroundArguments & { offices?: string }, Date.now);
  if (offices.isErr()) return failed(describeMailError(offices.error));
  const { officeOf, groundOf, past } = offices.value;
  const told = (what: string): void => void process.stderr.write(`bellwether mail reports: ${what}\n`);
  const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  const data = dataFolder(values.data);
  let line: HubLine | null = null;
  const pulling = pullingFrom(settings.value, groundOf('state').index, data, told, (entry, exposed) =>
    line?.tell(pullTelling(entry, exposed)),
  );
  const release = async ({ campaign, by, why, to, sha256 }: MailOrder): Promise<OrderOutcome> => {
    if (campaign === null) return { done: false, detail: 'nobody knows which hunt moved it' };
    const { released, failed: left } = await releaseCampaign(
      { campaign, by, why },
      pulling.ground,
      ({ held: { message } }) => to.includes(message.mailbox) && message.sha256 === sha256,
    );
    return { done: released > 0, detail: left[0]?.slice(0, 400) ?? '' };
  };
  const pull = async (order: MailOrder, message: () => Promise<Uint8Array>): Promise<OrderOutcome> => {
    const { campaign, prints, by, why } = order;
    const read =
      prints.length > 0
        ? ok({ from: '', subject: '', prints })
        : await campaignMessage(await message(), groundOf('state').index);
    if (read.isErr()) return { done: false, detail: describeMailError(read.error).slice(0, 400) };
    const cause = { campaign: campaign ?? 'unknown', by, why };
    const { held, mailboxes, failed: left, beyond } = await pullBack(read.value, cause, pulling.ground);
    say({ at: new Date().toISOString(), pulled: campaign, by, held, mailboxes, failed: left.length, beyond });
    const rest = left.length === 0 ? '' : `; ${left.length} mailboxes could not be gone through`;
    return { done: true, detail: `${held} messages were moved out of ${mailboxes} mailboxes${rest}` };
  };
  try {
    const folder = boxesLine(data);
    line = hubLine(values, {
      ...{ folder, told, standing: hubStanding(values, folder, offices.value, told) },
      onOrder: async (order, isOwn, message) => {
        if (order.act === 'pull') return await pull(order, message);
        return isOwn ? await release(order) : null;
      },
    });
  } catch (error) {
    pulling.close();
    return failed((error as Error).message);
  }
  const judge = async (bytes: Uint8Array, reporter: string) => {
    const office = officeOf([reporter]);
    const envelope = { client: null, helo: '', from: null, to: [], account: null };
    const judged = await judgeMail(
      { bytes, envelope, hook: 'file', office, at: Date.now() },
      groundOf(office),
    );
    if (judged.isErr()) return null;
    past.note(judged.value.past);
    return judged.value.judgement;
  };
  const boxes = pulling.ground.offices.flatMap(({ mailboxes }) => mailboxes);
  const known = new Set([...boxes, ...(report.others ?? [])].map((address) => address.toLowerCase()));
  const watching = watchReports({
    ...{ host: report.host, port: report.port, tls: report.tls },
    ...(reportCa === undefined ? {} : { ca: reportCa }),
    account: { user: report.user, pass: reportPassword },
    addresses: [report.address, settings.value.answers.from],
    onReport: (one) =>
      takeReport(one, {
        pull: pulling.ground,
        judge: (bytes) => judge(bytes, one.reporter),
        folder: join(data, 'mail/reports'),
        contact,
        note: (noted, bytes) => {
          say({ at: new Date().toISOString(), ...noted });
          const { id, telling } = reportTelling(noted, bytes, {
            office: officeOf([one.reporter]),
            at: one.at,
          });
          line?.tell(telling, id);
        },
      }),
    answer: (to, subject, text, inReplyTo) => pulling.send(to, subject, text, inReplyTo),
    mayAnswer: (address) => {
      const small = address.toLowerCase();
      return known.has(small) || known.has(small.slice(small.lastIndexOf('@')));
    },
    told,
    now: Date.now,
  });
  say({ watching: report.address, mailboxes: boxes.length });
  await ended();
  await watching.close();
  await line?.close();
  pulling.close();
  return EXIT.done;
}

function failed(what: string): number {
  process.stderr.write(`bellwether mail reports: ${what}\n`);
  return EXIT.failed;
}

function wrongUsage(what: string): number {
  process.stderr.write(`bellwether mail reports: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...GROUND_OPTIONS,
      ...HUB_OPTIONS,
      offices: { type: 'string' },
      settings: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
