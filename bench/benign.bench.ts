/**
 * Whether the stated error holds: a million benign sources for seven days, as three kinds of sensor tell of them, and
 * the wrong blocks that follow beside the bound. Then again with failures that hit many at once, which the model
 * excludes: an outage of ours, and stale records that send sources to what is gone.
 *
 *     npm run bench -- benign [--lines=1000000] [--full]
 */

import { FAILS, type Harm, simulate, type Trouble } from './benign/simulate.ts';
import { WORLDS } from './benign/worlds.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { table, whole } from './running/table.ts';

/** Sources of a run; `--lines=N` takes another number. */
const SOURCES = 1_000_000;

const SEEDS = [20_161_108];
const MORE_SEEDS = [20_201_103, 20_241_105, 20_261_103];

/** The tiers, and where the account states the error of each: over all tests that one source takes part in. */
const TIERS = [
  { name: 'label', alpha: 'alphaWatch' },
  { name: 'block for 4 h', alpha: 'alphaBlock' },
  { name: 'block for 7 d', alpha: 'alphaBlockLong' },
] as const;

type Tier = (typeof TIERS)[number];

/** What goes wrong in a run, by the name that the table has. */
const MODEL = ['the model', { outage: false, stale: false }] as const;
const BOTH = ['outage and stale records', { outage: true, stale: true }] as const;
const TROUBLES: ReadonlyArray<readonly [string, Trouble]> = [MODEL, BOTH];
const MORE_TROUBLES: ReadonlyArray<readonly [string, Trouble]> = [
  ['outage', { outage: true, stale: false }],
  ['stale records', { outage: false, stale: true }],
];

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  const sources = options.lines ?? SOURCES;
  const seeds = options.full ? [...SEEDS, ...MORE_SEEDS] : SEEDS;
  say(`${whole(sources)} benign sources, seven days, ${seeds.length} seed${seeds.length > 1 ? 's' : ''}\n`);
  const rows: string[][] = [];
  let kept = true;
  const troubles = options.full ? [...TROUBLES, ...MORE_TROUBLES] : TROUBLES;
  for (const world of WORLDS) {
    for (const [name, trouble] of troubles) {
      for (const seed of seeds) {
        process.stderr.write(`${world.name}, ${name}, seed ${seed} ...\n`);
        const harm = await simulate(world, sources, seed, trouble);
        if (name === MODEL[0]) kept &&= isWithinBound(harm);
        rows.push(rowOf(world.name, name, harm));
      }
    }
  }
  const head = [
    'sensor',
    'trouble',
    'contacts',
    'tested',
    ...TIERS.map(({ name }) => `${name}: seen / bound`),
    'wrongBlocks.bound',
  ];
  say(table(head, rows));
  say(`\nThe model: each first contact fails with probability ${FAILS}, whatever came before.`);
  const words = WORLDS.map(
    ({ name, outage, stale }) => `- ${name}: ${outage}; 5 % of the sources meet ${stale}`,
  );
  say(`Outside of it, in the other rows:\n${words.join('\n')}`);
  say(
    `\n${kept ? 'Under the model every tier keeps its bound.' : 'Under the model a tier exceeds its bound: a defect.'}`,
  );
  if (!kept) process.exitCode = 1;
}

function rowOf(world: string, trouble: string, harm: Harm): string[] {
  const { account } = harm;
  const bound = account.wrongBlocks.bound;
  return [
    world,
    trouble,
    whole(account.contacts),
    whole(account.wrongBlocks.tested),
    ...TIERS.map((tier) => `${whole(seenIn(harm, tier))} / ${whole(boundOf(harm, tier))}`),
    bound === null ? 'none stated' : whole(bound),
  ];
}

/** Wrong ones that the stated error allows: alpha is divided over the tests of a source, and each test may err. */
function boundOf({ account }: Harm, { alpha }: Tier): number {
  const { tested, model } = account.wrongBlocks;
  return (Number(model[alpha]) * tested) / Number(model.testsPerSource);
}

/** Sources labelled, or blocks at this tier or a stricter one. */
function seenIn({ labelled, blocks, account }: Harm, tier: Tier): number {
  if (tier === TIERS[0]) return labelled;
  const alpha = Number(account.wrongBlocks.model[tier.alpha]);
  return [...blocks].reduce((sum, [of, count]) => (of !== null && of <= alpha ? sum + count : sum), 0);
}

/** A count around a bound below one is still one now and then: only more is a defect. */
function isWithinBound(harm: Harm): boolean {
  return (
    !harm.blocks.has(null) && TIERS.every((tier) => seenIn(harm, tier) <= Math.max(1, boundOf(harm, tier)))
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
