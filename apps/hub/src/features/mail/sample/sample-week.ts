/**
 * A made-up week of mail for the sample state: what the testkit writes, judged as it would have been, and told as hooks tell it. Nothing of
 * it is made up but the mail, the days on which it came, a report and what was done about it.
 */
import { createHash } from 'node:crypto';
import type { ToldMail, ToldMessage } from '@bellwether/api';
import {
  type Arrival,
  type Envelope,
  judgeMail,
  type MailGround,
  Past,
  type Resolve,
  readProtected,
} from '@bellwether/mail';
import { groundOf } from '../ground.ts';
import { messageTelling } from '../telling/message-telling.ts';

const DAY = 86_400_000;

/** Days on which the mail came: a week that ends yesterday, so that the last seven days have all but today's. */
const DAYS = 6;

/** One office in so many has its mail at a large provider, and a hook that sees a message when it is delivered. */
const HOSTED_ONE_IN = 3;

/** How long such a message lies in the mailbox, s: these and more. */
const EXPOSED_FROM = 12;
const EXPOSED_SPREAD = 60;

/** The lure that reaches nine offices within the hour: at those with hosted mail it was delivered, until a clerk reported it. */
const FAN_OUT = 's03';

/** From the report to the last message that was moved, s, and how long they had lain there. */
const PULLED_WITHIN = 11;
const LAY_FOR = 1_420;

/** A message that the testkit wrote. */
export type SampleMessage = {
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
  readonly office: string;
  /** When it came, by the calendar of the testkit; ms. */
  readonly at: number;
  readonly source: string;
  readonly isBad: boolean;
  /** Messages of one story share it. */
  readonly sequence: string;
};

/** What it stands on. */
export type SampleWeekGround = {
  /** Files of the offices, YAML. */
  readonly offices: readonly string[];
  readonly resolve: Resolve;
  /** End of the last day, ms. */
  readonly end: number;
};

type Event = ToldMail['events'][number];

/** Every event of the week, in order of time. Each has a name that is always the same: told again, it counts once. */
export async function sampleWeek(
  messages: readonly SampleMessage[],
  { offices, resolve, end }: SampleWeekGround,
): Promise<Event[]> {
  const past = new Past();
  const grounds = new Map<string, MailGround>();
  for (const yaml of offices) {
    const list = readProtected(yaml).okOrThrow();
    past.know(list.own, list.correspondents);
    grounds.set(list.own, { ...groundOf(list, resolve, null), relations: past });
  }
  const days = new Map<string, number>();
  const events: Event[] = [];
  /** The first story of its kind. */
  let fanOut: string | undefined;
  for (const [number, message] of messages.entries()) {
    const { bytes, envelope, office, at, source, isBad, sequence } = message;
    const ground = grounds.get(office);
    if (ground === undefined) continue;
    const arrival: Arrival = { bytes, envelope, office, at, hook: isHosted(office) ? 'graph' : 'milter' };
    const judged = await judgeMail(arrival, ground);
    if (judged.isErr()) continue;
    past.note(judged.value.past);
    const { decision, reasons } = judged.value.judgement;
    const id = createHash('sha256').update(bytes).digest('hex');
    const told = {
      ...messageTelling(arrival, { decision, reasons, putOff: false, id }, judged.value),
      ...{ at: new Date(at + shiftOf(message, days, end)).toISOString(), id: `sample-${id.slice(0, 32)}` },
    };
    fanOut ??= source.startsWith(FAN_OUT) && isBad ? sequence : undefined;
    const isFanOut = sequence === fanOut && isBad;
    if (isFanOut && arrival.hook === 'graph') {
      const isFirst = !events.some(({ kind }) => kind === 'report');
      events.push(...reportedLater(told, isFirst));
      continue;
    }
    const exposed = told.where === 'folder' ? exposure(number) : 0;
    events.push({ ...told, exposed, ...(isFanOut ? { campaign: CAMPAIGN } : {}) });
  }
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What the report is about. */
const CAMPAIGN = 'sample-week';

/** Delivered, reported by the first who had it, and moved out of the mailbox. */
function reportedLater(told: ToldMessage, isFirst: boolean): Event[] {
  const { id, at, office, sha256, subject, to, message } = told;
  const mailbox = to[0] ?? `clerk@${office}.example`;
  const later = (seconds: number): string => new Date(Date.parse(at) + seconds * 1_000).toISOString();
  const report: Event = {
    ...{ kind: 'report', id: `${id}-report`, at: later(LAY_FOR - PULLED_WITHIN), office, reporter: mailbox },
    ...{ subject, sha256, outcome: 'pulled-back', seconds: PULLED_WITHIN },
    ...(message === undefined ? {} : { message }),
  };
  return [
    { ...told, outcome: 'deliver', where: 'nowhere', reasons: [] },
    ...(isFirst ? [report] : []),
    {
      ...{ kind: 'pull', id: `${id}-pull`, at: later(LAY_FOR), office, act: 'hold', hook: 'graph' },
      ...{ campaign: CAMPAIGN, sha256, mailbox, subject, by: mailbox, exposed: LAY_FOR },
      why: 'a clerk reported it, and our check says that it is fraud.',
    },
  ];
}

function isHosted(office: string): boolean {
  return Number.parseInt(office, 10) % HOSTED_ONE_IN === 0;
}

function exposure(number: number): number {
  return EXPOSED_FROM + ((number * 37) % EXPOSED_SPREAD);
}

/** Whole days by which a story is moved, so that it begins on a day of the week; ms. */
function shiftOf({ sequence, at }: SampleMessage, days: Map<string, number>, end: number): number {
  let shift = days.get(sequence);
  if (shift === undefined) {
    const day = createHash('sha256').update(sequence).digest()[0]! % DAYS;
    shift = Math.floor(end / DAY) * DAY - (day + 1) * DAY - Math.floor(at / DAY) * DAY;
    days.set(sequence, shift);
  }
  // A story that goes on for days must not go on into tomorrow.
  while (at + shift > end) shift -= DAY;
  return shift;
}
