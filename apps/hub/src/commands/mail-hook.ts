/** What the commands that stand in the way of mail have in common: the gate that tells each verdict, the account of all, the line to the hub. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { MailOrder } from '@bellwether/api';
import { type Arrival, type Judged, judgeMail } from '@bellwether/mail';
import { type MailGate, mailGate, type Verdict } from '../features/mail/gate/gate.ts';
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
  const line = hubLine(hub, folder, troubled, async (order, isOwn) => {
    // Whoever's mail was fine is no stranger any more, whichever hook held it.
    if (order.from !== '') past.know(order.office, [order.from]);
    return isOwn ? await release(order) : null;
  });
  const judgedBy = new WeakMap<Arrival, Judged>();
  const gate = mailGate({
    judge: async (arrival) => {
      const judged = await judgeMail(arrival, groundOf(arrival.office));
      if (judged.isErr()) return { decision: 'deliver', reasons: [] };
      past.note(judged.value.past);
      judgedBy.set(arrival, judged.value);
      return judged.value.judgement;
    },
    knownBad: () => [],
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
        return verdict;
      },
    },
    accountText: () => {
      const { 'put-off': putOff, ...counted } = account;
      const received = Object.values(counted).reduce((sum, count) => sum + count, 0);
      return `${JSON.stringify({ received, ...counted, putOff })}\n`;
    },
    close: async () => line?.close(),
  };
}

/** The line to a hub; null where none is named. Throws what is wrong with the arguments, in words. */
export function hubLine(
  { hub, key }: HubArguments,
  folder: string,
  told: (what: string) => void,
  onOrder: HubLineOptions['onOrder'],
): HubLine | null {
  if (hub === undefined && key === undefined) return null;
  if (hub === undefined || key === undefined) throw new Error('--hub and --key belong together');
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol))
    throw new Error('--hub takes the address of a hub, https://hub.example:8119');
  const { protocol, hostname: host } = new URL(hub);
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host))
    throw new Error('--hub: only a hub on this machine may be told without https');
  return startHubLine({ hub, key: readFileSync(key, 'utf8').trim(), folder, onOrder, told });
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
