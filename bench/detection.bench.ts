/**
 * How well `bellwether watch` finds what the testkit hides: class by class, over several seeds and formats, beside what
 * is asked. The testkit is written from descriptions of real scanners and knows nothing of the detector; the seeds here
 * are used nowhere else.
 *
 *     npm run bench -- detection [--formats=netfilter,sshd] [--lines=200000] [--full]
 */
import type { FormatName } from '@bellwether/testkit';
import { type BenchOptions, readOptions } from './options.ts';
import { type Input, inputOf, worldOf } from './running/inputs.ts';
import { percent, table, whole } from './running/table.ts';
import { withOutputs } from './running/watch.ts';
import {
  type ClassScore,
  type DetectionScore,
  scoreDetection,
  shortfalls,
} from './scoring/score-detection.ts';

/** What is scored: one sensor alone, or several that see the same world. */
const CASES: ReadonlyArray<readonly FormatName[]> = [
  ['netfilter'],
  ['zeek-conn'],
  ['eve'],
  ['nginx'],
  ['sshd'],
  ['windows-events'],
  ['entra-signin'],
  ['netfilter', 'nginx', 'sshd'],
];

/** Further cases with `--full`. */
const MORE_CASES: ReadonlyArray<readonly FormatName[]> = [
  ['filterlog'],
  ['asa'],
  ['paloalto'],
  ['fortinet'],
  ['cef'],
  ['iis'],
  ['apache'],
  ['zeek-http'],
  ['zeek-ssh'],
  ['zeek-json'],
  ['pfirewall'],
  ['flow-aws'],
  ['flow-nfdump'],
];

const SEEDS = [90_371, 52_804_119];
const MORE_SEEDS = [3_141_592_653, 7_777_001, 1_234_098_765];

/** Lines of each file: enough for a hundred sources of most classes. */
const LINES = 150_000;
const FULL_LINES = 1_000_000;

/** Attacks first, then what must not be blocked. */
const NATURES = ['attack', 'forged', 'background', 'benign'];

/** How many examples of a kind are shown. */
const EXAMPLES = 5;

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  const cases = options.full ? [...CASES, ...MORE_CASES] : CASES;
  const seeds = options.full ? [...SEEDS, ...MORE_SEEDS] : SEEDS;
  const chosen = cases.filter(
    (formats) => options.formats.length === 0 || formats.every((format) => options.formats.includes(format)),
  );
  let short = 0;
  for (const formats of chosen) {
    const scores = seeds.map((seed) => scoreOf(options, formats, seed));
    say(
      `\n## ${formats.join(' + ')}, ${seeds.length} seeds\n\n${classTable(scores)}\n\n${throughWords(scores)}`,
    );
    short += merged(scores).filter((each) => shortfalls(each).length > 0).length;
  }
  say(
    `\n${short === 0 ? 'Every class reaches what is asked.' : `${short} classes fall short of what is asked (marked above).`}`,
  );
}

function scoreOf(options: BenchOptions, formats: readonly FormatName[], seed: number): DetectionScore {
  const lines = options.lines ?? (options.full ? FULL_LINES : LINES);
  const inputs: readonly Input[] =
    formats.length === 1
      ? [inputOf(options, formats[0]!, lines, seed)]
      : worldOf(options, formats, lines, seed);
  const { folder, surface } = inputs[0]!;
  const paths = inputs.map(({ path }) => path);
  return withOutputs(paths, { cores: `${options.core}`, runs: 1, surface }, ({ account }, outputs) =>
    scoreDetection(folder, { account, ...outputs }),
  );
}

/** Classes that are asked for, or that something was done to wrongly; the others in a sentence. */
function classTable(scores: readonly DetectionScore[]): string {
  const classes = merged(scores);
  const shown = classes.filter((score) => score.expect !== 'nothing' || score.wrong > 0);
  const rows = shown.map((score) => [
    score.class,
    score.nature,
    whole(score.sources),
    percent(score.decided, score.sources),
    percent(score.labelled, score.sources),
    percent(score.rightCampaign, score.inCampaigns),
    percent(score.decidedOfTwo, score.ofTwo),
    whole(score.wrong),
    shortfalls(score).join('; '),
  ]);
  const head = [
    'class',
    'nature',
    'sources',
    'decided',
    'labelled',
    'right campaign',
    'decided of 2+ lines',
    'wrong',
    'short of what is asked',
  ];
  const safe = classes.filter(
    (score) => !shown.includes(score) && score.nature !== 'attack' && score.nature !== 'background',
  );
  const spared = safe.map((score) => `${score.class} ${whole(score.sources)}${labelWords(score)}`).join(', ');
  return `${table(head, rows)}\n\n- none blocked of: ${spared || '—'}`;
}

function labelWords({ labelled }: ClassScore): string {
  return labelled === 0 ? '' : ` (${whole(labelled)} labelled)`;
}

/** Classes summed over seeds. */
function merged(scores: readonly DetectionScore[]): ClassScore[] {
  const classes = new Map<string, ClassScore>();
  for (const score of scores.flatMap((each) => each.classes)) {
    const before = classes.get(score.class);
    classes.set(score.class, before === undefined ? score : sum(before, score));
  }
  return [...classes.values()].sort((a, b) => NATURES.indexOf(a.nature) - NATURES.indexOf(b.nature));
}

function sum(a: ClassScore, b: ClassScore): ClassScore {
  return {
    ...a,
    // A class that is too small for one seed may be expected of the other.
    expect: a.expect === 'nothing' ? b.expect : a.expect,
    sources: a.sources + b.sources,
    decided: a.decided + b.decided,
    labelled: a.labelled + b.labelled,
    inCampaigns: a.inCampaigns + b.inCampaigns,
    rightCampaign: a.rightCampaign + b.rightCampaign,
    ofTwo: a.ofTwo + b.ofTwo,
    decidedOfTwo: a.decidedOfTwo + b.decidedOfTwo,
    wrong: a.wrong + b.wrong,
    wrongByNetwork: a.wrongByNetwork + b.wrongByNetwork,
  };
}

function throughWords(scores: readonly DetectionScore[]): string {
  const all = scores.map(({ through }) => through);
  const total = all.reduce((count, each) => count + each.true, 0);
  const found = all.reduce((count, each) => count + each.found, 0);
  const missed = all.flatMap((each) => each.missed);
  const wrong = all.flatMap((each) => each.false);
  const list = (items: typeof missed) =>
    items
      .slice(0, EXAMPLES)
      .map((item) => `\n  - ${item.source} ${item.reason} (${item.file}:${item.line})`)
      .join('');
  const blocks = scores.flatMap((each) => each.wrongBlocks);
  return [
    `- through: ${found} of ${total} found, ${missed.length} missed, ${wrong.length} false`,
    missed.length > 0 ? `- missed, for example:${list(missed)}` : '',
    wrong.length > 0 ? `- false, for example:${list(wrong)}` : '',
    blocks.length > 0 ? `- blocked wrongly, for example: ${blocks.slice(0, EXAMPLES).join(', ')}` : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
