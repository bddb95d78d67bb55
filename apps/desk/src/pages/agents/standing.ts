/** How an agent stands with the hub: heard or not, its clock, its certificate; and the sentence that tells of all of them. */
import type { AgentRow } from '@bellwether/api';
import { counted, named } from '../../words/formats.ts';
import { AGENTS } from './texts.ts';

/** What of it needs a person first. */
export const LINKS = ['away', 'never', 'heard', 'revoked'] as const;
export type Link = (typeof LINKS)[number];

/** How it stands; `heard`: numbers of agents that the hub heard within three minutes, by its own clock. */
export function linkOf(
  { id, revokedAt, isConnected, lastHeard }: AgentRow,
  heard: ReadonlySet<number>,
): Link {
  if (revokedAt !== null) return 'revoked';
  if (isConnected || heard.has(id)) return 'heard';
  return lastHeard === null ? 'never' : 'away';
}

/** A report takes its time on the way, ms: below this a clock is as right as can be told. */
const CLOCK_IS_RIGHT = 5_000;

/** From here on blocks may be refused as beginning too late, and certificates as not valid yet, ms. */
const CLOCK_IS_WRONG = 300_000;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A clock in words, and whether it has to be set. `ahead`: ms. */
export function clockWords(ahead: number): { readonly text: string; readonly isWrong: boolean } {
  const off = Math.abs(ahead);
  if (off < CLOCK_IS_RIGHT) return { text: AGENTS.clock.right, isWrong: false };
  const text =
    off < 2 * MINUTE
      ? counted(Math.round(off / SECOND), 'second')
      : off < 2 * HOUR
        ? counted(Math.round(off / MINUTE), 'minute')
        : off < 2 * DAY
          ? counted(Math.round(off / HOUR), 'hour')
          : counted(Math.round(off / DAY), 'day');
  return {
    text: ahead > 0 ? AGENTS.clock.ahead(text) : AGENTS.clock.behind(text),
    isWrong: off >= CLOCK_IS_WRONG,
  };
}

/** An agent renews its certificate a month before its end; half of that later, somebody has to look, ms. */
const RENEWAL_IS_LATE = 15 * DAY;

/** How a certificate stands that ends at a moment. `now`: ms. */
export function certificateOf(until: string, now: number): 'good' | 'late' | 'over' {
  const left = Date.parse(until) - now;
  if (left <= 0) return 'over';
  return left < RENEWAL_IS_LATE ? 'late' : 'good';
}

/** What is said of all that were not revoked. `now`: ms. */
export function spokenOfAgents(
  agents: readonly AgentRow[],
  heard: ReadonlySet<number>,
  now: number,
): { readonly tone: 'calm' | 'care'; readonly lead: string; readonly after: readonly string[] } {
  const words = AGENTS.spoken;
  const standing = agents.filter(({ revokedAt }) => revokedAt === null);
  if (standing.length === 0) return { tone: 'calm', lead: words.none, after: [] };
  const namesOf = (some: readonly AgentRow[]) =>
    named(some.map(({ officeName, name }) => words.name(officeName, name)));
  const silent = standing.filter((agent) => linkOf(agent, heard) !== 'heard');
  const waiting = standing.filter(({ backlog }) => backlog !== null && backlog.lines > 0);
  const wrong = standing.filter(({ clockAhead }) => clockAhead !== null && clockWords(clockAhead).isWrong);
  const unrenewed = standing.filter(({ until }) => certificateOf(until, now) !== 'good');
  return {
    tone: silent.length > 0 || wrong.length > 0 || unrenewed.length > 0 ? 'care' : 'calm',
    lead: words.heard(standing.length - silent.length, standing.length),
    after: [
      ...(silent.length === 0 ? [] : [words.silent(namesOf(silent))]),
      ...(wrong.length === 0 ? [] : [words.clock(namesOf(wrong))]),
      ...(unrenewed.length === 0 ? [] : [words.unrenewed(namesOf(unrenewed))]),
      ...(waiting.length === 0 ? [] : [words.waiting(namesOf(waiting))]),
    ],
  };
}

/** Agents as the list shows them: what needs a person first, then by office and name; the revoked stand apart. */
export function agentsByNeed(
  agents: readonly AgentRow[],
  heard: ReadonlySet<number>,
  now: number,
): { readonly standing: readonly AgentRow[]; readonly revoked: readonly AgentRow[] } {
  const order = (agent: AgentRow) => LINKS.indexOf(linkOf(agent, heard));
  const sorted = [...agents].sort(
    (a, b) =>
      order(a) - order(b) ||
      Number(isPressing(b, now)) - Number(isPressing(a, now)) ||
      a.officeName.localeCompare(b.officeName, 'en') ||
      a.name.localeCompare(b.name, 'en'),
  );
  return {
    standing: sorted.filter(({ revokedAt }) => revokedAt === null),
    revoked: sorted.filter(({ revokedAt }) => revokedAt !== null),
  };
}

/** Whether somebody has to look at one that is heard. */
function isPressing({ clockAhead, until }: AgentRow, now: number): boolean {
  return (clockAhead !== null && clockWords(clockAhead).isWrong) || certificateOf(until, now) !== 'good';
}
