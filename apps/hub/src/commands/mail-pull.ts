/** `bellwether mail pull` and `bellwether mail release`: messages like one that is bad, out of all mailboxes; and back again. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { campaignMessage, READ_LIMITS } from '@bellwether/mail';
import { describeMailError } from '../features/mail/describe-error.ts';
import { dataFolder, GROUND_OPTIONS, type GroundArguments } from '../features/mail/ground-arguments.ts';
import { judgedOffices } from '../features/mail/judged-offices.ts';
import { pullBack, releaseCampaign } from '../features/mail/pull-back/pull-back.ts';
import { type Pulling, pullingFrom } from '../features/mail/pull-back/pulling.ts';
import { readPullSettings } from '../features/mail/pull-back/settings.ts';
import type { HubLine } from '../features/mail/telling/hub-line.ts';
import { pullTelling } from '../features/mail/telling/pull-telling.ts';
import { boxesLine, HUB_HELP, HUB_OPTIONS, hubLine } from './mail-hook.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether mail pull --settings FILE (--office FILE | --offices DIR) --why TEXT [--by NAME] MESSAGE.eml
       bellwether mail release --settings FILE (--office FILE | --offices DIR) --why TEXT [--by NAME] CAMPAIGN

pull     looks for messages like this one in the mailboxes of all offices and moves them into a folder there ("Held by Bellwether"),
         where their owners can read them; each owner is told why. Prints one line of JSON, with the number of the campaign
release  moves back what was moved for a campaign, and tells the owners

  --settings FILE  the mailboxes, and how owners are told (docs/how/mail.md)
  --why TEXT       one sentence for the owners
  --by NAME        who wants it, for the journal (mail/pulls.ndjson in the data folder)
  --data DIR       the data folder
${HUB_HELP}

Exit code: 0 done; 1 some of it could not be done, and may be done again; 2 wrong usage.
`;

/** Runs `bellwether mail pull ARGS`; gives the exit code. */
export async function mailPullCommand(args: string[]): Promise<number> {
  return await withPulling('pull', args, async ({ ground }, what, by, why) => {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(what).subarray(0, READ_LIMITS.messageBytes);
    } catch (error) {
      return failed('pull', (error as Error).message);
    }
    const read = await campaignMessage(bytes, ground.knowing);
    if (read.isErr()) return failed('pull', describeMailError(read.error));
    const campaign = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const pulled = await pullBack(read.value, { campaign, by, why }, ground);
    process.stdout.write(`${JSON.stringify(pulled)}\n`);
    return pulled.failed.length === 0 && pulled.beyond === 0 ? EXIT.done : EXIT.failed;
  });
}

/** Runs `bellwether mail release ARGS`; gives the exit code. */
export async function mailReleaseCommand(args: string[]): Promise<number> {
  return await withPulling('release', args, async ({ ground }, campaign, by, why) => {
    const { released, failed: left } = await releaseCampaign({ campaign, by, why }, ground);
    process.stdout.write(`${JSON.stringify({ campaign, released, failed: left })}\n`);
    return left.length === 0 ? EXIT.done : EXIT.failed;
  });
}

async function withPulling(
  name: 'pull' | 'release',
  args: string[],
  work: (pulling: Pulling, what: string, by: string, why: string) => Promise<number>,
): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage(name, (error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0)
    return wrongUsage(name, name === 'pull' ? 'name one message' : 'name one campaign');
  if (values.settings === undefined || values.why === undefined)
    return wrongUsage(name, '--settings and --why are needed');
  if ((values.office === undefined) === (values.offices === undefined))
    return wrongUsage(name, 'one of --office and --offices says whom offices know');
  const settings = readPullSettings(values.settings);
  if (settings.isErr()) return failed(name, describeMailError(settings.error));
  const offices = judgedOffices(values as GroundArguments & { offices?: string }, Date.now);
  if (offices.isErr()) return failed(name, describeMailError(offices.error));
  const told = (text: string): void => void process.stderr.write(`bellwether mail ${name}: ${text}\n`);
  const { index } = offices.value.groundOf('state');
  const data = dataFolder(values.data);
  let line: HubLine | null = null;
  const pulling = pullingFrom(settings.value, index, data, told, (entry, exposed) =>
    line?.tell(pullTelling(entry, exposed)),
  );
  try {
    // Orders are for whoever watches the reports: this command does one thing and ends.
    line = hubLine(values, { folder: boxesLine(data), told, onOrder: null });
    return await work(pulling, what, values.by ?? 'the state office', values.why);
  } catch (error) {
    return failed(name, (error as Error).message);
  } finally {
    await line?.close();
    pulling.close();
  }
}

function failed(name: string, what: string): number {
  process.stderr.write(`bellwether mail ${name}: ${what}\n`);
  return EXIT.failed;
}

function wrongUsage(name: string, what: string): number {
  process.stderr.write(`bellwether mail ${name}: ${what}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...GROUND_OPTIONS,
      ...HUB_OPTIONS,
      offices: { type: 'string' },
      settings: { type: 'string' },
      why: { type: 'string' },
      by: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
