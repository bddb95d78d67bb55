/**
 * One report protects all: messages like one that is known to be bad are looked for in the mailboxes of all offices, moved into a
 * folder of the same mailbox that its owner can read, and moved back in one step if it was a mistake. Nothing is deleted.
 *
 * However it came to the order, no more than so many messages move within an hour: a stolen report account must not empty the
 * mailboxes of a state. An office may say no; then it is told what is there and does it itself.
 */
import {
  type CampaignKnowing,
  type CampaignMessage,
  campaignMessage,
  campaignStanding,
} from '@bellwether/mail';
import { HOLD_FOLDER, type Mailboxes, type StoredMessage } from '../mailboxes/mailbox-types.ts';
import type { PullCause, PullEntry, PullJournal } from './pull-journal.ts';

/** Mailboxes of an office. */
export type OfficeMailboxes = {
  readonly office: string;
  readonly mailboxes: readonly string[];
  /** The office moves its messages itself. */
  readonly isVetoed: boolean;
};

/** What a pull-back stands on. */
export type PullGround = {
  readonly mailboxes: Mailboxes;
  readonly offices: readonly OfficeMailboxes[];
  readonly knowing: CampaignKnowing;
  readonly journal: PullJournal;
  /** Messages within an hour. */
  readonly perHour: number;
  /** How far back, ms. */
  readonly lookBack: number;
  /** Tells the owner of a mailbox, in one sentence. What it throws is told, and changes nothing. */
  readonly tellOwner: (mailbox: string, text: string) => Promise<void>;
  readonly told: (what: string) => void;
  /** Something was moved, or moved back, and is in the journal. `exposed`: how long it lay in the mailbox before, s. */
  readonly onEntry: (entry: PullEntry, exposed: number) => void;
  /** ms since 1970. */
  readonly now: () => number;
};

/** What came of it. */
export type PulledBack = {
  readonly campaign: string;
  /** Messages that were moved, and mailboxes in which there were some. */
  readonly held: number;
  readonly mailboxes: number;
  readonly offices: number;
  /** Left alone: of people whom the office knows, at offices that said no, beyond what may move within an hour. */
  readonly spared: number;
  readonly vetoed: number;
  readonly beyond: number;
  /** Mailboxes that could not be gone through to the end. */
  readonly failed: readonly string[];
  readonly seconds: number;
};

/** Messages of one mailbox that are looked at, newest first: three months of a busy clerk. */
const MOST_IN_MAILBOX = 5_000;

/** Mailboxes that are gone through at once. */
const AT_ONCE = 8;

const HOUR = 3_600_000;

/** What was found is kept in mind without its bytes. */
const NOTHING = new Uint8Array();

/** Pulls back what is like `reported`. */
export async function pullBack(
  reported: CampaignMessage,
  cause: PullCause,
  ground: PullGround,
): Promise<PulledBack> {
  const began = performance.now();
  const pull = new Pull(reported, cause, ground);
  const waiting = ground.offices.flatMap((office) =>
    office.mailboxes.map((mailbox) => ({ office, mailbox })),
  );
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await pull.through(next.office, next.mailbox);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await pull.toldAll();
  return pull.result((performance.now() - began) / 1_000);
}

/** Moves back what is held of a campaign, or some of it; gives how many, and those that could not be. */
export async function releaseCampaign(
  cause: PullCause,
  { mailboxes, journal, tellOwner, told, onEntry, now }: PullGround,
  isWanted: (entry: PullEntry) => boolean = () => true,
): Promise<{ readonly released: number; readonly failed: readonly string[] }> {
  let released = 0;
  const failed: string[] = [];
  for (const entry of journal.standing(cause.campaign).filter(isWanted)) {
    const { message } = entry.held;
    const done = await mailboxes.releaseHeld(entry.held);
    if (done.isErr()) {
      failed.push(`${message.mailbox}: ${done.error.detail}`);
      continue;
    }
    const back = { ...entry, ...cause, act: 'release' as const, at: now() };
    journal.add(back);
    onEntry(back, 0);
    released++;
    await tellOwner(
      message.mailbox,
      `“${shown(entry.subject)}” was fine and is back in its folder: ${cause.why}`,
    ).catch((error: Error) => told(`${message.mailbox} was not told: ${error.message}`));
  }
  return { released, failed };
}

class Pull {
  readonly #reported: CampaignMessage;
  readonly #cause: PullCause;
  readonly #ground: PullGround;
  readonly #held: PullEntry[] = [];
  readonly #failed: string[] = [];
  readonly #telling: Promise<void>[] = [];
  #spared = 0;
  #vetoed = 0;
  #beyond = 0;
  /** Messages whose move has begun and is not in the journal yet. */
  #moving = 0;

  constructor(reported: CampaignMessage, cause: PullCause, ground: PullGround) {
    this.#reported = reported;
    this.#cause = cause;
    this.#ground = ground;
  }

  async through(office: OfficeMailboxes, mailbox: string): Promise<void> {
    const { mailboxes, lookBack, now, told } = this.#ground;
    const before = this.#held.length;
    const found: (readonly [StoredMessage, string])[] = [];
    for await (const next of mailboxes.search(mailbox, now() - lookBack, MOST_IN_MAILBOX)) {
      if (next.isErr()) {
        told(`${mailbox}: ${next.error.detail}`);
        this.#failed.push(mailbox);
        break;
      }
      const subject = await this.#wantedSubject(next.value, office);
      if (subject !== null) found.push([{ ...next.value, bytes: NOTHING }, subject]);
    }
    for (const [message, subject] of found) await this.#hold(message, subject, office.office);
    const own = this.#held.slice(before).filter(({ held }) => held.message.mailbox === mailbox);
    if (own.length > 0) this.#telling.push(this.#tell(mailbox, own));
  }

  async toldAll(): Promise<void> {
    await Promise.all(this.#telling);
  }

  result(seconds: number): PulledBack {
    const of = (what: (entry: PullEntry) => string): number => new Set(this.#held.map(what)).size;
    return {
      campaign: this.#cause.campaign,
      held: this.#held.length,
      mailboxes: of(({ held }) => held.message.mailbox),
      offices: of(({ office }) => office),
      ...{ spared: this.#spared, vetoed: this.#vetoed, beyond: this.#beyond, failed: this.#failed, seconds },
    };
  }

  /** The subject of a message that is to be moved; null for every other one. */
  async #wantedSubject({ bytes }: StoredMessage, { isVetoed }: OfficeMailboxes): Promise<string | null> {
    const { knowing } = this.#ground;
    const read = await campaignMessage(bytes, knowing);
    if (read.isErr()) return null;
    const standing = campaignStanding(read.value, this.#reported, knowing);
    if (standing === 'spared') this.#spared++;
    if (standing !== 'of') return null;
    if (isVetoed) this.#vetoed++;
    return isVetoed ? null : read.value.subject;
  }

  async #hold({ id, at }: StoredMessage, subject: string, office: string): Promise<void> {
    const { mailboxes, journal, perHour, now, told, onEntry } = this.#ground;
    if (journal.heldSince(now() - HOUR) + this.#moving >= perHour) {
      this.#beyond++;
      return;
    }
    this.#moving++;
    try {
      const held = await mailboxes.holdStored(id, { folder: HOLD_FOLDER });
      if (held.isErr()) {
        told(`${id.mailbox}: ${held.error.detail}`);
        this.#failed.push(id.mailbox);
        return;
      }
      const entry = { ...this.#cause, act: 'hold' as const, at: now(), office, subject, held: held.value };
      journal.add(entry);
      this.#held.push(entry);
      onEntry(entry, Math.max(0, (entry.at - at) / 1_000));
    } finally {
      this.#moving--;
    }
  }

  async #tell(mailbox: string, own: readonly PullEntry[]): Promise<void> {
    const { tellOwner, told } = this.#ground;
    const what = own.length === 1 ? `“${shown(own[0]!.subject)}” was` : `${own.length} messages were`;
    const text = `${what} moved out of your mail into the folder “${HOLD_FOLDER}”, where you can read it: ${this.#cause.why}`;
    await tellOwner(mailbox, text).catch((error: Error) => told(`${mailbox} was not told: ${error.message}`));
  }
}

/** A subject within a sentence: on one line, and no longer than one. */
function shown(subject: string): string {
  const plain = subject.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '').trim();
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain === '' ? 'a message without a subject' : plain;
}
