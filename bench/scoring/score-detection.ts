/**
 * How well a run of `watch` found what the testkit had hidden: its decisions, verdicts and `through` list beside
 * `truth.json`, class by class.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ClassName, ContactsTruth, SourceRow } from '@bellwether/testkit';
import type { Account } from '../running/watch.ts';
import { Cover, readPrefix } from './addresses.ts';
import { type Goal, goalOf } from './goals.ts';

/** What `watch` wrote: its account, and the paths of its decisions and verdicts. */
export type WatchOutputs = {
  readonly account: Account;
  readonly decisions: string;
  readonly verdicts: string;
};

/** One class of sources: how many, and what was found of them. */
export type ClassScore = {
  readonly class: ClassName;
  readonly nature: string;
  readonly expect: string;
  readonly sources: number;
  /** Blocked, by itself or with its prefix. */
  readonly decided: number;
  /** Verdict other than unknown. */
  readonly labelled: number;
  /** Sources that belong to a campaign. */
  readonly inCampaigns: number;
  /** Labelled with a campaign most of whose members belong to this source's true campaign. */
  readonly rightCampaign: number;
  /** Sources with two contacts or more, and how many of those are blocked. */
  readonly ofTwo: number;
  readonly decidedOfTwo: number;
  /** Blocked though a block is wrong, and how many of them only because a network around them is blocked. */
  readonly wrong: number;
  readonly wrongByNetwork: number;
};

/** What came through: what the truth has, found or missed, and what it does not have. */
export type ThroughScore = {
  readonly true: number;
  readonly found: number;
  readonly missed: ReadonlyArray<{
    readonly source: string;
    readonly file: string;
    readonly line: number;
    readonly reason: string;
  }>;
  readonly false: ReadonlyArray<{
    readonly source: string;
    readonly file: string;
    readonly line: number;
    readonly reason: string;
  }>;
};

/** The whole score. */
export type DetectionScore = {
  readonly classes: readonly ClassScore[];
  readonly through: ThroughScore;
  readonly wrongBlocks: readonly string[];
};

/** Scores outputs against the truth in the folder of a testkit run. Only sources that the scored files tell count. */
export function scoreDetection(folder: string, outputs: WatchOutputs): DetectionScore {
  const truth = readTruth(folder);
  const blocked = new Cover();
  for (const { value } of ndjson<{ value: string }>(outputs.decisions)) blocked.add(readPrefix(value));
  const verdicts = new Map(
    ndjson<{ source: string; campaign: string | null }>(outputs.verdicts).map((verdict) => [
      keyOf(verdict.source),
      verdict.campaign,
    ]),
  );
  const campaigns = trueCampaigns(truth.sources, verdicts);
  const classes = new Map<string, Mutable>();
  const wrongBlocks: string[] = [];
  for (const row of truth.sources) {
    const score = classes.get(row.class) ?? emptyScore(row);
    classes.set(row.class, score);
    const key = keyOf(row.source);
    const isBlocked = blocked.covers(readPrefix(row.source));
    const label = verdicts.get(key);
    score.sources++;
    if (isBlocked) score.decided++;
    if (label !== undefined) score.labelled++;
    if (row.campaign !== null) score.inCampaigns++;
    if (label && row.campaign !== null && campaigns.get(label) === row.campaign) score.rightCampaign++;
    if (linesOf(row) >= 2) {
      score.ofTwo++;
      if (isBlocked) score.decidedOfTwo++;
    }
    if (isBlocked && !row.mayBeBlocked) {
      score.wrong++;
      if (!blocked.has(readPrefix(row.source))) score.wrongByNetwork++;
      wrongBlocks.push(`${row.source} (${row.class})`);
    }
  }
  return { classes: [...classes.values()], through: scoreThrough(truth, outputs.account), wrongBlocks };
}

/** Where a class falls short of its goal, in words; empty where it does not. */
export function shortfalls(score: ClassScore): string[] {
  const goal = goalOf(score.class, score.expect);
  const words = goal === null ? [] : against(score, goal);
  if (score.wrong === 0) return words;
  const byNetwork = score.wrongByNetwork > 0 ? `, ${score.wrongByNetwork} of them by their network` : '';
  return [...words, `${score.wrong} blocked wrongly${byNetwork}`];
}

type Mutable = { -readonly [Key in keyof ClassScore]: ClassScore[Key] };

function against(score: ClassScore, goal: Goal): string[] {
  const parts: ReadonlyArray<readonly [string, number, number, number | undefined]> = [
    ['decided', score.decided, score.sources, goal.decided],
    ['labelled', score.labelled, score.sources, goal.labelled],
    ['with its campaign', score.rightCampaign, score.sources, goal.campaign],
    ['of two packets decided', score.decidedOfTwo, score.ofTwo, goal.decidedOfTwo],
  ];
  return parts
    .filter(([, part, of, asked]) => asked !== undefined && part < asked * of)
    .map(([what, part, of, asked]) => `${what} ${((100 * part) / of).toFixed(1)} % < ${100 * asked!} %`);
}

function emptyScore({ class: name, nature, expect }: SourceRow): Mutable {
  const counts = {
    sources: 0,
    decided: 0,
    labelled: 0,
    inCampaigns: 0,
    rightCampaign: 0,
    ofTwo: 0,
    decidedOfTwo: 0,
    wrong: 0,
    wrongByNetwork: 0,
  };
  return { class: name, nature, expect, ...counts };
}

/** For each campaign that was found, the true one that most of its members belong to. */
function trueCampaigns(
  sources: readonly SourceRow[],
  verdicts: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string> {
  const members = new Map<string, Map<string, number>>();
  for (const { source, campaign } of sources) {
    const label = verdicts.get(keyOf(source));
    if (!label) continue;
    const of = members.get(label) ?? new Map<string, number>();
    const name = campaign ?? '';
    of.set(name, (of.get(name) ?? 0) + 1);
    members.set(label, of);
  }
  return new Map(
    [...members].map(([label, of]) => [
      label,
      [...of].reduce((most, each) => (each[1] > most[1] ? each : most))[0],
    ]),
  );
}

/** Matches by file and line; else, since several lines may tell one contact, by source, destination and port. */
function scoreThrough(truth: Truth, account: Account): ThroughScore {
  const place = (item: { file: string; line: number }) => `${basename(item.file)}:${item.line}`;
  const parties = (item: { source: string; destination: string | null; port: number }) =>
    `${keyOf(item.source)} ${item.destination ?? ''} ${item.port}`;
  const reportedPlaces = new Set(account.through.map(place));
  const reportedParties = new Set(account.through.map(parties));
  const truePlaces = new Set(truth.through.map(place));
  const trueParties = new Set(truth.through.map(parties));
  const missed = truth.through.filter(
    (item) => !reportedPlaces.has(place(item)) && !reportedParties.has(parties(item)),
  );
  const wrong = account.through.filter(
    (item) => !truePlaces.has(place(item)) && !trueParties.has(parties(item)),
  );
  const short = ({
    source,
    file,
    line,
    reason,
  }: {
    source: string;
    file: string;
    line: number;
    reason: string;
  }) => ({
    source,
    file: basename(file),
    line,
    reason,
  });
  return {
    true: truth.through.length,
    found: truth.through.length - missed.length,
    missed: missed.map(short),
    false: wrong.map(short),
  };
}

type Truth = ContactsTruth & { readonly sources: readonly SourceRow[] };

/** Reads line by line: a source has a line of its own, and the whole may be larger than a string can be. */
function readTruth(folder: string): Truth {
  const [head, ...rows] = readFileSync(join(folder, 'truth.json'), 'utf8').split('\n');
  const truth = JSON.parse(`${head}]}`) as Truth;
  const sources = rows
    .filter((row) => row.startsWith('{'))
    .map((row) => JSON.parse(row.endsWith(',') ? row.slice(0, -1) : row) as SourceRow);
  return { ...truth, sources };
}

function ndjson<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** One spelling for a source: an IPv4 address, or the /64 of an IPv6 address. */
function keyOf(source: string): string {
  const { family, bits } = readPrefix(source);
  return family === 4 ? bits : bits.slice(0, 64);
}

function linesOf(row: SourceRow): number {
  return Math.max(0, ...Object.values(row.files));
}
