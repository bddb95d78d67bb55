/** Work in mailboxes of one IMAP server: a few connections at once, one for each mailbox, within time, and again where the server stops. */
import { err, ok, type Result } from '@bellwether/basics';
import type { ImapFlow } from 'imapflow';
import type { DoneUntilThen, MailboxError } from './errors.ts';
import {
  connectImap,
  type ImapAccount,
  ImapFault,
  type ImapLimits,
  type ImapServer,
  imapClient,
  mailboxError,
} from './imap-server.ts';

/** What the work tells of itself, for the case that it fails. */
export type Progress = { done: DoneUntilThen };

/** What is done with a connection. Done again from the beginning where the server stops: it must not mind. */
export type ImapWork<T> = (client: ImapFlow, progress: Progress) => Promise<T>;

/** Turns at the mailboxes of a server. */
export interface ImapTurns {
  inMailbox<T>(mailbox: string, work: ImapWork<T>): Promise<Result<T, MailboxError>>;
  /** Ends all connections; work that goes on fails. */
  close(): void;
}

/** Turns. `account`: who signs in for a mailbox. */
export function imapTurns(
  server: ImapServer,
  account: (mailbox: string) => ImapAccount,
  limits: ImapLimits,
): ImapTurns {
  const slots = connectionSlots(limits);
  const last = new Map<string, Promise<unknown>>();

  async function untilDone<T>(mailbox: string, work: ImapWork<T>): Promise<Result<T, MailboxError>> {
    const progress: Progress = { done: 'nothing' };
    for (let attempt = 1; ; attempt++) {
      const outcome = await oneAttempt(mailbox, work, progress);
      if (outcome.isOk() || attempt >= limits.attempts || !isPassing(outcome.error)) return outcome;
      if (slots.isClosed()) return outcome;
      await new Promise((resolve) => setTimeout(resolve, limits.pause * 2 ** (attempt - 1)));
    }
  }

  async function oneAttempt<T>(
    mailbox: string,
    work: ImapWork<T>,
    progress: Progress,
  ): Promise<Result<T, MailboxError>> {
    let client: ImapFlow | undefined = await slots.take(mailbox);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      client?.close();
    }, limits.step);
    try {
      if (slots.isClosed()) throw new ImapFault('MAILBOX_SERVER_STOPPED', 'we are closing');
      if (client === undefined) {
        client = imapClient(server, account(mailbox), limits);
        slots.opened(client);
        await connectImap(client);
      }
      return ok(await work(client, progress));
    } catch (cause) {
      return err(mailboxError(cause, progress.done, client?.usable ?? false, isLate));
    } finally {
      clearTimeout(timer);
      slots.give(mailbox, client);
    }
  }

  return {
    async inMailbox(mailbox, work) {
      const before = last.get(mailbox) ?? Promise.resolve();
      const mine = before.then(() => untilDone(mailbox, work));
      last.set(mailbox, mine);
      try {
        return await mine;
      } finally {
        if (last.get(mailbox) === mine) last.delete(mailbox);
      }
    },
    close: slots.close,
  };
}

function isPassing({ code }: MailboxError): boolean {
  return code === 'MAILBOX_SERVER_UNREACHABLE' || code === 'MAILBOX_SERVER_STOPPED';
}

type Slots = {
  /** Waits for a slot; gives the connection that was kept for this mailbox, if any. */
  take(mailbox: string): Promise<ImapFlow | undefined>;
  /** A connection that is ended with the rest. */
  opened(client: ImapFlow): void;
  /** Gives a slot back, with the connection that may be used again. */
  give(mailbox: string, client: ImapFlow | undefined): void;
  isClosed(): boolean;
  close(): void;
};

function connectionSlots(limits: ImapLimits): Slots {
  const kept = new Map<string, { readonly client: ImapFlow; readonly timer: NodeJS.Timeout }>();
  const open = new Set<ImapFlow>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isClosed = false;

  function unkeep(mailbox: string): ImapFlow | undefined {
    const entry = kept.get(mailbox);
    if (entry === undefined) return undefined;
    clearTimeout(entry.timer);
    kept.delete(mailbox);
    return entry.client;
  }

  function end(client: ImapFlow | undefined): void {
    if (client === undefined) return;
    open.delete(client);
    client.close();
  }

  return {
    async take(mailbox) {
      while (taken >= limits.connections) await new Promise<void>((resolve) => waiting.push(resolve));
      taken++;
      const own = unkeep(mailbox);
      if (own?.usable === true) return own;
      end(own);
      // Those that nobody uses make room, the oldest first.
      for (const [other] of kept) {
        if (taken + kept.size <= limits.connections) break;
        end(unkeep(other));
      }
      return undefined;
    },
    opened(client) {
      open.add(client);
      client.once('close', () => open.delete(client));
    },
    give(mailbox, client) {
      taken--;
      if (client?.usable === true && !isClosed) {
        const timer = setTimeout(() => end(unkeep(mailbox)), limits.kept);
        timer.unref();
        kept.set(mailbox, { client, timer });
      } else end(client);
      waiting.shift()?.();
    },
    isClosed: () => isClosed,
    close() {
      isClosed = true;
      for (const mailbox of [...kept.keys()]) end(unkeep(mailbox));
      for (const client of [...open]) end(client);
    },
  };
}
