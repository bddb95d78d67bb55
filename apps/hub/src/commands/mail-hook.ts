/** What the commands that stand in the way of mail have in common: the gate that tells each verdict, and the account of all. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { judgeMail } from '@bellwether/mail';
import { type MailGate, mailGate, type Verdict } from '../features/mail/gate/gate.ts';
import { GateJournal } from '../features/mail/gate/journal.ts';
import { dataFolder } from '../features/mail/ground-arguments.ts';
import type { JudgedOffices } from '../features/mail/judged-offices.ts';

/** A gate, and the account of what came to it: a line of JSON. */
export type HookGate = { readonly gate: MailGate; readonly accountText: () => string };

/** A gate that judges for offices and prints a line of JSON for each verdict. `data`: the folder named; `command`: who is in trouble. */
export function hookGate(
  { groundOf, past }: JudgedOffices,
  data: string | undefined,
  command: string,
): HookGate {
  const account: Record<Verdict['decision'] | 'put-off', number> = {
    deliver: 0,
    banner: 0,
    hold: 0,
    block: 0,
    unchecked: 0,
    'put-off': 0,
  };
  const gate = mailGate({
    judge: async (arrival) => {
      const judged = await judgeMail(arrival, groundOf(arrival.office));
      if (judged.isErr()) return { decision: 'deliver', reasons: [] };
      past.note(judged.value.past);
      return judged.value.judgement;
    },
    knownBad: () => [],
    journal: new GateJournal(join(dataFolder(data), 'mail/gate'), Date.now()),
    account: { count: (outcome) => void account[outcome]++ },
    now: Date.now,
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    failed: (cause) => process.stderr.write(`${command}: ${(cause as Error).message}\n`),
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
        return verdict;
      },
    },
    accountText: () => {
      const { 'put-off': putOff, ...counted } = account;
      const received = Object.values(counted).reduce((sum, count) => sum + count, 0);
      return `${JSON.stringify({ received, ...counted, putOff })}\n`;
    },
  };
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
