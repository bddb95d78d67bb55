/** A run of mail: every scenario with its twin, everyday mail, and the truth beside it. The same options give the same bytes. */
import type { Sink } from '../contacts/writers/log-file.ts';
import { hashText, Random } from '../random.ts';
import { Draw, type MailHalf } from './draw.ts';
import { EVERYDAY, type EverydayKind } from './everyday/index.ts';
import { officeYaml } from './office-file.ts';
import type { MailPlan, MailRole } from './plan.ts';
import { BUSINESS_DAYS, businessDay, HOUR, MINUTE } from './post/clock.ts';
import { composeMail } from './post/compose.ts';
import type { Cast } from './scenarios/cast.ts';
import { MAIL_SCENARIOS } from './scenarios/index.ts';
import type { ZoneRecord } from './world/domains.ts';
import { mailWorld } from './world/world.ts';

/** Fewest variants: one of each half. */
export const FEWEST_VARIANTS = 2;

/** Most variants: beyond it wordings repeat more than they differ. */
export const MOST_VARIANTS = 200;

/** Variants of each scenario and each twin, when nothing else is asked for. */
export const USUAL_VARIANTS = 20;

/** What is to be made. */
export type MailOptions = {
  readonly seed: number;
  readonly variants: number;
  /** Only scenarios and kinds whose identifier starts with this. */
  readonly scenario?: string;
};

/** One message in the truth. */
export type MailTruthRow = {
  readonly path: string;
  readonly label: 'phish' | 'ham';
  /** Scenario or kind of everyday mail. */
  readonly source: string;
  readonly role: MailRole;
  readonly variant: number;
  readonly split: MailHalf;
  /** Messages of one story share it. */
  readonly sequence: string;
  readonly office: string;
  readonly at: string;
  readonly why: string;
};

/** What stands in truth.json. */
export type MailTruth = {
  readonly schema: 'bellwether/mail-truth@1';
  readonly options: MailOptions;
  readonly messages: readonly MailTruthRow[];
};

/** The truth with what else was made. */
export type MailRun = { readonly truth: MailTruth; readonly zone: readonly ZoneRecord[] };

type Story = {
  readonly plans: readonly MailPlan[];
  readonly source: string;
  readonly variant: number;
  readonly draw: Draw;
};

/** The columns of manifest.csv. */
const COLUMNS = 'path,label,source,split,variant,office,at,envelope_from,client,helo,rcpt';

/** Writes a run into a sink: messages, manifest.csv, offices/, zone.json, truth.json. Throws `RangeError` for options that cannot be. */
export async function generateMail(options: MailOptions, sink: Sink): Promise<MailRun> {
  if (options.variants < FEWEST_VARIANTS || options.variants > MOST_VARIANTS) {
    throw new RangeError(`variants must be from ${FEWEST_VARIANTS} to ${MOST_VARIANTS}`);
  }
  const world = mailWorld(options.seed);
  const stories = await storiesOf(options, world);
  if (stories.length === 0) throw new RangeError(`no scenario is called ${options.scenario}`);
  const ordered = stories
    .flatMap((story) => story.plans.map((plan, place) => ({ story, plan, place })))
    .sort((a, b) => a.plan.at - b.plan.at || (a.story.source < b.story.source ? -1 : 1));
  const digits = Math.max(4, String(ordered.length).length);
  const rows: MailTruthRow[] = [];
  const manifest = [COLUMNS];
  for (const [at, { story, plan, place }] of ordered.entries()) {
    const path = `messages/${String(at + 1).padStart(digits, '0')}.eml`;
    const posted = await composeMail(plan, story.draw.fork(`compose ${place}`));
    sink.write(path, posted.bytes);
    const label = plan.role === 'attack' ? 'phish' : 'ham';
    const split = story.draw.half;
    const when = new Date(plan.at).toISOString();
    const { leaId } = plan.office;
    const { source, variant } = story;
    manifest.push(
      [
        path,
        label,
        source,
        split,
        variant,
        leaId,
        when,
        posted.envelopeFrom,
        posted.client,
        posted.helo,
        posted.rcpt,
      ]
        .map(cell)
        .join(','),
    );
    rows.push({
      path,
      label,
      source,
      role: plan.role,
      variant,
      split,
      sequence: `${source} ${plan.role === 'everyday' ? 'everyday' : sideOf(story)} ${variant}`,
      office: leaId,
      at: when,
      why: plan.why,
    });
  }
  const truth: MailTruth = { schema: 'bellwether/mail-truth@1', options, messages: rows };
  const zone = world.domains.zone();
  sink.write('manifest.csv', Buffer.from(`${manifest.join('\r\n')}\r\n`));
  for (const office of world.offices) {
    sink.write(`offices/${office.leaId}.yaml`, Buffer.from(officeYaml(world, office)));
  }
  sink.write('zone.json', Buffer.from(`[\n${zone.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`));
  const { messages, ...head } = truth;
  const lines = messages.map((row) => JSON.stringify(row)).join(',\n');
  sink.write('truth.json', Buffer.from(`${JSON.stringify(head).slice(0, -1)},"messages":[\n${lines}\n]}\n`));
  return { truth, zone };
}

async function storiesOf(options: MailOptions, world: ReturnType<typeof mailWorld>): Promise<Story[]> {
  const wanted = (id: string) => options.scenario === undefined || id.startsWith(options.scenario);
  const stories: Story[] = [];
  const add = async (source: string, side: string, variant: number, write: EverydayKind['write']) => {
    const random = new Random(hashText(`${options.seed} ${source} ${side} ${variant}`));
    const draw = new Draw(random, variant % 2 === 0 ? 'learn' : 'score');
    const day = businessDay(random.below(BUSINESS_DAYS - 10) + 10);
    const at = day + 8 * HOUR + random.below(8 * 60) * MINUTE + random.below(60) * 1_000;
    const cast: Cast = { world, draw, office: random.pick(world.offices), at, variant };
    stories.push({ plans: await write(cast), source, variant, draw: draw.fork('made') });
  };
  for (const { id, attack, twin } of MAIL_SCENARIOS.filter((one) => wanted(one.id))) {
    for (let variant = 0; variant < options.variants; variant++) {
      await add(id, 'attack', variant, attack);
      await add(id, 'twin', variant, twin);
    }
  }
  for (const { id, share, write } of EVERYDAY.filter((one) => wanted(one.id))) {
    for (let variant = 0; variant < options.variants * share; variant++) {
      await add(id, 'everyday', variant, write);
    }
  }
  return stories;
}

/** Earlier genuine mail of a story belongs to what the story is. */
function sideOf({ plans }: Story): MailRole {
  return plans.some(({ role }) => role === 'attack') ? 'attack' : 'twin';
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
