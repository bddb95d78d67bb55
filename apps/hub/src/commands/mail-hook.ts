/** What the commands that stand in the way of mail have in common: the gate that tells each verdict, the account of all, the line to the hub. */
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { MailOrder } from '@bellwether/api';
import { type Arrival, campaignMessage, type Judged, judgeMail } from '@bellwether/mail';
import { JUDGE_WITHIN, type MailGate, mailGate, type Verdict } from '../features/mail/gate/gate.ts';
import { GateJournal } from '../features/mail/gate/journal.ts';
import { dataFolder } from '../features/mail/ground-arguments.ts';
import type { JudgedOffices } from '../features/mail/judged-offices.ts';
import {
  type HubLine,
  type HubLineOptions,
  type OrderOutcome,
  startHubLine,
} from '../features/mail/telling/hub-line.ts';
import { messageTelling } from '../features/mail/telling/message-telling.ts';
import { Standing } from '../features/mail/telling/standing.ts';
import { Unchecked } from '../features/mail/telling/unchecked.ts';

/** Arguments that say where the hub is, as `parseArgs` takes them. */
export const HUB_OPTIONS = {
  hub: { type: 'string' },
  key: { type: 'string' },
} as const;

/** What `--help` says of them. */
export const HUB_HELP = `  --hub URL        the hub that counts what is judged, shows what is held, and says what is to be let go
  --key FILE       a file with a key that the desk made for this program (Keys)`;

/** As `parseArgs` gives them. */
export type HubArguments = { readonly hub?: string | undefined; readonly key?: string | undefined };

/** A gate, the account of what came to it (a line of JSON), and what ends the line to the hub. */
export type HookGate = {
  readonly gate: MailGate;
  readonly accountText: () => string;
  readonly close: () => Promise<void>;
};

/** What a hook is made of. */
export type HookOptions = {
  readonly offices: JudgedOffices;
  /** The data folder that was named. */
  readonly data: string | undefined;
  /** Who is in trouble. */
  readonly command: string;
  readonly hub: HubArguments;
  /** Lets a message go that this hook held. */
  readonly release: (order: MailOrder) => Promise<OrderOutcome>;
};

/** A gate that judges for offices and tells each verdict: in a line of JSON, and to the hub if there is one. */
export function hookGate({ offices, data, command, hub, release }: HookOptions): HookGate {
  const { groundOf, past } = offices;
  const account: Record<Verdict['decision'] | 'put-off', number> = {
    deliver: 0,
    banner: 0,
    hold: 0,
    block: 0,
    unchecked: 0,
    'put-off': 0,
  };
  const troubled = (what: string): void => void process.stderr.write(`${command}: ${what}\n`);
  const folder = join(dataFolder(data), 'mail');
  const standing = hubStanding(hub, folder, offices, troubled);
  const onOrder: HubLineOptions['onOrder'] = async (order, isOwn) => {
    if (order.act !== 'release') return null;
    // Whoever's mail was fine is no stranger any more, whichever hook held it.
    if (order.from !== '') past.know(order.office, [order.from]);
    return isOwn ? await release(order) : null;
  };
  const line = hubLine(hub, { folder, told: troubled, onOrder, standing });
  const judgedBy = new WeakMap<Arrival, Judged>();
  const judgedOf = async (arrival: Arrival): Promise<Judged | null> => {
    const judged = await judgeMail(arrival, groundOf(arrival.office));
    if (judged.isErr()) return null;
    past.note(judged.value.past);
    return judged.value;
  };
  const unchecked =
    line === null
      ? null
      : new Unchecked({
          folder: join(folder, 'unchecked'),
          judge: (arrival) => inTime(judgedOf(arrival)),
          tell: (telling, id) => line.tell(telling, id),
          told: troubled,
        });
  const gate = mailGate({
    judge: async (arrival) => {
      const judged = await judgedOf(arrival);
      unchecked?.worked();
      if (judged === null) return { decision: 'deliver', reasons: [] };
      judgedBy.set(arrival, judged);
      return judged.judgement;
    },
    knownBad: async ({ bytes, office }) => {
      const read = await campaignMessage(bytes, groundOf(office).index);
      const campaign = read.isErr() ? null : standing?.suspected(read.value.prints);
      return campaign == null ? [] : [{ code: 'known-bad', text: knownText(campaign), points: 12 }];
    },
    journal: new GateJournal(join(folder, 'gate'), Date.now()),
    account: { count: (outcome) => void account[outcome]++ },
    now: Date.now,
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    failed: (cause) => troubled((cause as Error).message),
  });
  return {
    gate: {
      take: async (arrival) => {
        const verdict = await gate.take(arrival);
        const { decision, putOff, reasons, id } = verdict;
        const told = {
          at: new Date().toISOString(),
          id,
          decision: putOff ? 'put-off' : decision,
          reasons: reasons.map(({ code }) => code),
        };
        process.stdout.write(`${JSON.stringify(told)}\n`);
        line?.tell(messageTelling(arrival, verdict, judgedBy.get(arrival) ?? null));
        if (decision === 'unchecked' && !putOff) unchecked?.keep(arrival);
        return verdict;
      },
    },
    accountText: () => {
      const { 'put-off': putOff, ...counted } = account;
      const received = Object.values(counted).reduce((sum, count) => sum + count, 0);
      return `${JSON.stringify({ received, ...counted, putOff })}\n`;
    },
    close: async () => {
      await unchecked?.close();
      await line?.close();
    },
  };
}

/** What the hub lets offices be judged by; undefined where no hub is named. */
export function hubStanding(
  { hub }: HubArguments,
  folder: string,
  { standOn }: JudgedOffices,
  told: (what: string) => void,
): Standing | undefined {
  if (hub === undefined) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const standing: Standing = new Standing(folder, told, () => standOn(standing));
  standOn(standing);
  return standing;
}

/** The line to a hub; null where none is named. Throws what is wrong with the arguments, in words. */
export function hubLine(
  { hub, key }: HubArguments,
  rest: Pick<HubLineOptions, 'folder' | 'told' | 'onOrder' | 'standing'>,
): HubLine | null {
  if (hub === undefined && key === undefined) return null;
  if (hub === undefined || key === undefined) throw new Error('--hub and --key belong together');
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol))
    throw new Error('--hub takes the address of a hub, https://hub.example:8119');
  const { protocol, hostname: host } = new URL(hub);
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host))
    throw new Error('--hub: only a hub on this machine may be told without https');
  return startHubLine({ hub, key: readFileSync(key, 'utf8').trim(), ...rest });
}

/** Null: it fails, or takes longer than a message may. */
async function inTime(judged: Promise<Judged | null>): Promise<Judged | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, JUDGE_WITHIN, null);
  });
  const value = await Promise.race([judged.catch(() => null), late]);
  clearTimeout(timer);
  return value;
}

/** Why a message is held that could not be judged. */
function knownText(campaign: string): string {
  return `It could not be checked just now, and has the same links or files as messages that were kept from people (${campaign}).`;
}

/** Where the commands that move messages in mailboxes keep what they tell: what one moved, another moves back. */
export function boxesLine(data: string): string {
  return join(data, 'mail/boxes');
}

/** Names under which our own mail servers write results of checks: this computer's, and those that are named. */
export function ourNamesOf(named: readonly string[] | undefined): string[] {
  return [hostname(), ...(named ?? [])].map((name) => name.toLowerCase());
}

/** Waits for SIGTERM or SIGINT. */
export async function ended(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
