/**
 * The account: every line in exactly one place, and what follows from it. Made once, when everything has been read.
 */
import { type Decision, decisionOf, filesThatAccept, iso } from './decisions.ts';
import { Commons } from './judge/commons.ts';
import type { Findings } from './judge/findings.ts';
import { type Limits, sumLimits } from './judge/limits.ts';
import type { EngineOptions, ShardReport } from './judge/shards.ts';
import { TESTS_PER_SOURCE, TIERS } from './judge/tiers.ts';
import { HALF_LIFE, THETA_BENIGN, THETA_SCANNER } from './judge/walk.ts';
import { DISPOSITIONS, RULES } from './settle/dispositions.ts';
import { type SourceVerdict, Verdicts } from './verdicts.ts';

/** The account but for what only the reader knows: lines, files, losses. */
export type AccountPart = {
  readonly from: string | null;
  readonly to: string | null;
  readonly outbound: number;
  readonly detail: number;
  /** Of `detail`: lines that were delivered twice. */
  readonly replayed: number;
  readonly contacts: number;
  readonly knocks: number;
  readonly contradictions: number;
  readonly dispositions: Readonly<Record<(typeof DISPOSITIONS)[number], number>>;
  /** Contacts by rule of docs/reference/dispositions.md, those that are not 0. */
  readonly rules: Readonly<Record<string, number>>;
  readonly sources: number;
  /** Sources that were forgotten one by one. One that came again after that counts again in `sources`. */
  readonly folded: number;
  /** What did not fit, by name in `LIMITS`, those that are not 0. */
  readonly limits: Limits;
  readonly verdicts: {
    readonly unknown: number;
    readonly scan: number;
    readonly attempt: number;
    readonly intrusion: number;
  };
  readonly campaigns: number;
  readonly surges: ReadonlyArray<{
    service: string;
    from: string | null;
    until: string | null;
    sources: number;
  }>;
  readonly decisions: number;
  /** Decisions that were due and not made, by reason. */
  readonly withheld: Readonly<Record<string, number>>;
  readonly foreignHeaders: number;
  readonly wrongBlocks: {
    readonly tested: number;
    readonly bound: number | null;
    readonly nominal: number;
    readonly model: Readonly<Record<string, number | string>>;
  };
  readonly through: ReadonlyArray<{
    readonly time: string | null;
    readonly source: string;
    readonly destination: string | null;
    readonly port: number;
    readonly reason: string;
    readonly sensor: string;
    readonly file: string;
    readonly line: number;
  }>;
  readonly throughUnlisted: number;
};

/** Everything that judging yields. Decisions and verdicts are made when they are asked for. */
export type Outcome = {
  readonly account: AccountPart;
  readonly decisions: readonly Decision[];
  readonly verdicts: readonly SourceVerdict[];
};

/** Takes the findings of all workers, stretch by stretch, and makes the account at the end. */
export class Accountant {
  readonly #options: EngineOptions;
  readonly #commons: Commons;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#commons = new Commons(options.surface);
  }

  /** The findings of every worker about one stretch, in the order of the stretches. */
  take(findings: readonly Findings[]): void {
    this.#commons.take(findings);
  }

  /** Closes the account. */
  finish(reports: readonly ShardReport[]): Outcome {
    const commons = this.#commons;
    commons.close();
    const byRule = new Float64Array(RULES.length);
    const withheld: Record<string, number> = {};
    let detail = 0;
    let replayed = 0;
    let outbound = 0;
    let knocks = 0;
    let contradictions = 0;
    let foreignHeaders = 0;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const { tally } of reports) {
      tally.byRule.forEach((count, rule) => {
        byRule[rule] = byRule[rule]! + count;
      });
      detail += tally.detail;
      replayed += tally.replayed;
      outbound += tally.outbound;
      knocks += tally.knocks;
      contradictions += tally.contradictions;
      foreignHeaders += tally.foreignHeaders;
      from = Math.min(from, tally.from);
      to = Math.max(to, tally.to);
      for (const [reason, count] of Object.entries(tally.withheld))
        withheld[reason] = (withheld[reason] ?? 0) + count;
    }
    if (commons.decoysSpared > 0) withheld['one of a group of decoys'] = commons.decoysSpared;
    if (commons.membersSpared > 0) withheld['a campaign member who is never blocked'] = commons.membersSpared;
    for (const { from: rule, to: now } of commons.moved) {
      // Two people may sign in over one connection, which is one contact and settled anew only once.
      if (byRule[rule]! < 1) continue;
      byRule[rule] = byRule[rule]! - 1;
      byRule[now] = byRule[now]! + 1;
    }
    const dispositions = Object.fromEntries(DISPOSITIONS.map((name) => [name, 0])) as Record<
      (typeof DISPOSITIONS)[number],
      number
    >;
    const rules: Record<string, number> = {};
    let contacts = 0;
    RULES.forEach(({ code, disposition }, rule) => {
      const count = byRule[rule]!;
      if (count === 0) return;
      dispositions[DISPOSITIONS[disposition]!] += count;
      rules[code] = count;
      contacts += count;
    });
    const accepts = filesThatAccept(
      this.#options,
      reports.map(({ accepts }) => accepts),
    );
    // Blocks of packets: a client behind a proxy stands among what was withheld.
    const proposals = commons.decided
      .filter(({ clientOnly }) => !clientOnly)
      .sort(
        (a, b) => a.time - b.time || a.file - b.file || a.line - b.line || a.bits - b.bits || a.key0 - b.key0,
      );
    const labels = [commons.destinations.labels, commons.accounts.members.labels] as const;
    const verdicts = new Verdicts(reports, commons.decoys.labels, labels, this.#options.files);
    const sources = reports.reduce((sum, report) => sum + report.sources, 0);
    return {
      account: {
        from: iso(from),
        to: iso(to),
        outbound,
        detail,
        replayed,
        contacts,
        knocks,
        contradictions,
        dispositions,
        rules,
        sources,
        folded: reports.reduce((sum, report) => sum + report.folded, 0),
        limits: sumLimits([...reports.map((report) => report.limits), commons.limits()]),
        verdicts: { unknown: Math.max(0, sources - verdicts.count), ...verdicts.counts },
        campaigns: verdicts.campaigns,
        surges: commons.surges.list.map((surge) => ({
          ...surge,
          from: iso(surge.from),
          until: iso(surge.until),
        })),
        decisions: proposals.length,
        // By name: which worker came upon a reason first must not show.
        withheld: Object.fromEntries(Object.entries(withheld).sort(([a], [b]) => (a < b ? -1 : 1))),
        foreignHeaders,
        wrongBlocks: this.#wrongBlocks(reports, accepts),
        through: commons.through.map(({ time, source, destination, port, reason, sensor, path, line }) => ({
          time: iso(time),
          source,
          destination,
          port,
          reason,
          sensor,
          file: path,
          line,
        })),
        throughUnlisted: commons.throughUnlisted,
      },
      get decisions() {
        return proposals.map((proposal) => decisionOf(proposal, accepts[proposal.file] === 1));
      },
      get verdicts() {
        return verdicts.list();
      },
    };
  }

  #wrongBlocks(reports: readonly ShardReport[], accepts: Uint8Array): AccountPart['wrongBlocks'] {
    const { destinations, accounts } = this.#commons;
    let complete = 0;
    let denials = 0;
    for (const { testsByFile } of reports) {
      testsByFile.forEach((tests, file) => {
        if (accepts[file]) complete += tests;
        else denials += tests;
      });
    }
    // Prefixes, destinations and accounts take their evidence from all sensors: they share the fate of the majority.
    const groups =
      reports.reduce((sum, report) => sum + report.prefixes, 0) + destinations.tested + accounts.tested - 1;
    if (complete > 0) complete += groups;
    else denials += groups;
    const alpha = (TIERS[1].alpha + TIERS[2].alpha) / TESTS_PER_SOURCE;
    return {
      tested: complete + denials,
      bound: complete > 0 ? round(complete * alpha) : null,
      nominal: round(denials * alpha),
      model: {
        failureOfFirstContact: THETA_BENIGN,
        failureOfScanner: THETA_SCANNER,
        alphaWatch: TIERS[0].alpha,
        alphaBlock: TIERS[1].alpha,
        alphaBlockLong: TIERS[2].alpha,
        testsPerSource: TESTS_PER_SOURCE,
        halfLifeHours: HALF_LIFE / 3_600_000,
      },
    };
  }
}

/** Six significant digits: what a person reads, and the same on every machine. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
