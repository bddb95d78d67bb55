/** The account of one run, as contracts.md fixes it (`bellwether/account@1`). */
import { type AccountPart, lossesOfFile } from '@bellwether/contacts';
import type { FilePlan } from './plan.ts';
import type { FileTally } from './tally.ts';

/** One input in the account. */
export type AccountedFile = {
  readonly path: string;
  readonly format: string;
  readonly lines: number;
  readonly unreadable: number;
  /** Code of the error that ended it early; absent when it was read to its end. */
  readonly stopped?: string;
};

/** The account. */
export type Account = {
  readonly schema: 'bellwether/account@1';
  readonly from: AccountPart['from'];
  readonly to: AccountPart['to'];
  readonly lines: number;
  readonly repeated: number;
  readonly unreadable: number;
  readonly ignored: number;
  readonly detail: number;
  readonly contacts: number;
  readonly knocks: number;
  readonly dispositions: AccountPart['dispositions'];
  readonly balanced: boolean;
  readonly lostAtSensor: number | 'unknown';
  readonly sources: number;
  readonly verdicts: AccountPart['verdicts'];
  readonly campaigns: number;
  readonly surges: AccountPart['surges'];
  readonly decisions: number;
  readonly wrongBlocks: AccountPart['wrongBlocks'];
  readonly through: AccountPart['through'];
  /** SHA-256 of the surface file, hex; null without one. */
  readonly surface: string | null;
  readonly files: readonly AccountedFile[];
  /** Contacts by rule of docs/reference/dispositions.md, those that are not 0. */
  readonly rules: AccountPart['rules'];
  /** Requests of ours to others: lines that are ignored, but read like contacts. */
  readonly outbound: number;
  /** Two sensors told different things of one attempt. */
  readonly contradictions: number;
  /** Of `detail`: lines that were delivered twice. */
  readonly replayed: number;
  /** What found no room in a bounded table, by table: those that are not 0. */
  readonly limits: AccountPart['limits'];
  /** Sources that were forgotten one by one and counted together, because there were more than are remembered. */
  readonly folded: number;
  /** Decisions that were due and not made, by reason. */
  readonly withheld: AccountPart['withheld'];
  /** Forwarding headers from somebody who is no proxy of ours. */
  readonly foreignHeaders: number;
  /** Contacts that came through and are not in the list, which is bounded. */
  readonly throughUnlisted: number;
  /** With `--timing` only: the one part that differs from run to run. */
  readonly timing?: { readonly seconds: number; readonly linesPerSecond: number };
};

/** What the account is made from, beside what the judging answers for. */
export type Reading = {
  readonly plans: readonly FilePlan[];
  readonly tallies: readonly FileTally[];
  /** For each file, whether its sensor records only a sample: then nobody knows how much is missing. */
  readonly sampled: readonly boolean[];
  /** SHA-256 of the surface file, hex; null without one. */
  readonly surface: string | null;
};

/** Makes the account. */
export function accountOf(part: AccountPart, reading: Reading): Account {
  const { plans, tallies, sampled, surface } = reading;
  const sum = (of: (tally: FileTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const lines = sum((tally) => tally.lines);
  const repeated = sum((tally) => tally.repeated);
  const unreadable = sum((tally) => tally.unreadable);
  const ignored = sum((tally) => tally.ignored) + part.outbound;
  const { detail, contacts, dispositions } = part;
  const settled = Object.values(dispositions).reduce((total, count) => total + count, 0);
  const losses = tallies.map(lossesOfFile);
  const lossUnknown = losses.some(({ lostUnknown }) => lostUnknown) || sampled.includes(true);
  return {
    schema: 'bellwether/account@1',
    from: part.from,
    to: part.to,
    lines,
    repeated,
    unreadable,
    ignored,
    detail,
    contacts,
    knocks: part.knocks,
    dispositions,
    balanced: lines + repeated === unreadable + ignored + detail + contacts && contacts === settled,
    lostAtSensor: lossUnknown ? 'unknown' : losses.reduce((total, { lost }) => total + lost, 0),
    sources: part.sources,
    verdicts: part.verdicts,
    campaigns: part.campaigns,
    surges: part.surges,
    decisions: part.decisions,
    wrongBlocks: part.wrongBlocks,
    through: part.through,
    surface,
    files: plans.map(({ info }, i) => {
      const tally = tallies[i] as FileTally;
      const { path, format } = info;
      const file = { path, format, lines: tally.lines, unreadable: tally.unreadable };
      return tally.failure === undefined ? file : { ...file, stopped: tally.failure.code };
    }),
    rules: part.rules,
    outbound: part.outbound,
    contradictions: part.contradictions,
    replayed: part.replayed,
    limits: part.limits,
    folded: part.folded,
    withheld: part.withheld,
    foreignHeaders: part.foreignHeaders,
    throughUnlisted: part.throughUnlisted,
  };
}
