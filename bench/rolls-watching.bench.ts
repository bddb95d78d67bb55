/**
 * What watching the changes of a roll finds, and how often it is wrong: quiet stretches of a made-up state (wrong alarms by rule,
 * in days of the whole state), and stretches with one attack each (found or missed, and after how many days).
 *
 * Thresholds stand in packages/rolls/src/watching. Whoever changes one looks at the seeds TRAIN only; what is published is what
 * the seeds SCORE say. No wrong alarm in n days means fewer than 3 in n days, with 95 in 100 (the rule of three). The state has a registration deadline and a federal election in the stretch.
 *
 *     npm run bench -- rolls-watching [--lines=100000] [--full]
 */
import type { Finding, FindingKind } from '@bellwether/rolls';
import { type BenchOptions, readOptions } from './options.ts';
import { type AttackName, FINDS } from './rolls/attacks-watched.ts';
import { watchStretch } from './rolls/watched-stretch.ts';
import { table, whole } from './running/table.ts';

/** Voters of a plain run; `--lines=N` takes another number. */
const VOTERS = 100_000;

/** With `--full`. */
const MANY_VOTERS = 1_000_000;

/** Seeds that thresholds may be chosen by, seeds that are reported, and seeds of attacks: apart. */
const TRAIN = [11, 12];
const SCORE = [1_001, 1_002, 1_003];
const ATTACK_SEEDS = [2_001, 2_002, 2_003, 2_004, 2_005];

const RULES: readonly FindingKind[] = [
  'many-changes',
  'uneven-share',
  'fast-hand',
  'quiet-removals',
  'near-duplicate',
  'slow-skew',
];

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  const voters = options.lines ?? (options.full ? MANY_VOTERS : VOTERS);
  say(`${whole(voters)} voters, 116 offices\n`);
  const rows = [['train', TRAIN] as const, ['score', SCORE] as const].flatMap(([name, seeds]) => {
    const runs = seeds.map((seed) => watchStretch(voters, seed, null));
    const days = runs.reduce((sum, run) => sum + run.days, 0);
    return RULES.map((rule) => {
      const wrong = runs.reduce((sum, run) => sum + alarms(run.findings, rule), 0);
      return [name, rule, whole(days), whole(wrong), ((wrong / days) * 30).toFixed(2)];
    });
  });
  say(table(['seeds', 'rule', 'days of the state', 'wrong alarms', 'in 30 days'], rows));
  const found = (Object.keys(FINDS) as AttackName[]).map((attack) => {
    const waits: number[] = [];
    const rules = new Set<string>();
    for (const seed of ATTACK_SEEDS) {
      const run = watchStretch(voters, seed, attack);
      const hits = run.findings.filter((finding) => run.isOfAttack(finding));
      for (const hit of hits) rules.add(hit.kind);
      const first = hits.map(({ day }) => day).sort()[0];
      if (first !== undefined) waits.push(run.daysSinceAttack(first));
    }
    return [
      attack,
      `${waits.length} of ${ATTACK_SEEDS.length}`,
      waits.length === 0 ? '—' : waits.sort((a, b) => a - b).join(', '),
      [...rules].join(', '),
    ];
  });
  say(`\n${table(['attack', 'found', 'days after it began', 'by'], found)}`);
}

/** A finding that stands for weeks is one alarm: of one rule, office and what it is about. */
function alarms(findings: readonly Finding[], rule: FindingKind): number {
  return new Set(
    findings
      .filter(({ kind }) => kind === rule)
      .map(({ office, sentence, day }) =>
        rule === 'slow-skew' ? office + /party \S+/.exec(sentence) : office + day,
      ),
  ).size;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
