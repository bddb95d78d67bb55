/**
 * The witnesses of the sample state: five programs of their own on this machine, as offices and others would run them elsewhere, each
 * with its own key and its own memory. They show how a checkpoint comes to be believed. They prove nothing to
 * anybody, since one machine holds all of their keys: so a policy that people name is taken instead, always.
 *
 *     DATA/sample-witnesses/policy             written anew at each start, to be read
 *     DATA/sample-witnesses/NAME/witness.json  its memory, with its keys
 *     DATA/sample-witnesses/NAME/made.json     what it said when it was made: its public keys
 *     DATA/sample-witnesses/NAME/witness.log   what it says
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeJson } from '../features/rolls/roll-files.ts';
import type { Config } from '../platform/config.ts';
import { type DataFolder, PRIVATE } from '../platform/folder.ts';
import type { Database } from '../platform/postgres/database.ts';
import { isSampleWanted } from './sample-wanted.ts';

/** Folder of the witnesses in the data folder. */
export const SAMPLE_WITNESSES = 'sample-witnesses';

/** One of them. */
export type SampleWitness = {
  readonly name: string;
  readonly group: 'offices' | 'outside';
  /** Whether it replays the roll too; 200,000 voters cost it some 25 MB more, so one shows it for all. */
  readonly checks: boolean;
};

/** All of them: offices, and such as the state does not employ. */
export const SAMPLE_WITNESS_LIST: readonly SampleWitness[] = [
  { name: 'sample-boone', group: 'offices', checks: false },
  { name: 'sample-greene', group: 'offices', checks: false },
  { name: 'sample-jackson', group: 'offices', checks: false },
  { name: 'sample-press', group: 'outside', checks: false },
  { name: 'sample-university', group: 'outside', checks: true },
];

/** How long making one may take, ms: a slow machine starts a program in seconds. */
const MADE_WITHIN = 60_000;

const SCHEMA = 'bellwether/witness-made@1';

/** What a witness said when it was made: the key that cosigns, and the one for statements. */
type Made = { readonly schema: typeof SCHEMA; readonly keys: readonly [string, string] };

/** Keys by name. */
export type SampleKeys = ReadonlyMap<string, Made['keys']>;

/**
 * Sees to it that a hub with the sample state has its witnesses; the program that runs them, or null where there are none: no sample, a
 * policy of people's own, or a program that is not there or does not work, which is told.
 */
export async function witnessesOfSample(
  { agent, sample = false }: { readonly agent?: string | undefined; readonly sample?: boolean },
  { folder, db }: { readonly folder: Pick<DataFolder, 'path'>; readonly db: Database },
  { evidence }: Pick<Config, 'evidence'>,
  onTrouble: (what: string) => void,
): Promise<string | null> {
  if (agent === undefined || evidence?.policy !== undefined || !(await isSampleWanted(db, sample)))
    return null;
  try {
    await makeSampleWitnesses(folder.path, agent);
    return agent;
  } catch (error) {
    onTrouble(`the witnesses of the sample: ${(error as Error).message}`);
    return null;
  }
}

/** Makes those that are missing. `agent`: the bundled program. Throws where one cannot be made. */
async function makeSampleWitnesses(data: string, agent: string): Promise<void> {
  const missing = SAMPLE_WITNESS_LIST.filter(({ name }) => readMade(data, name) === undefined);
  await Promise.all(missing.map(({ name }) => makeWitness(data, agent, name)));
}

/** The keys of all of them; null where some are missing: then there is no sample with witnesses here. */
export function keptSampleKeys(data: string): SampleKeys | null {
  const keys = SAMPLE_WITNESS_LIST.flatMap(({ name }) => {
    const made = readMade(data, name);
    return made === undefined ? [] : [[name, made.keys] as const];
  });
  return keys.length < SAMPLE_WITNESS_LIST.length ? null : new Map(keys);
}

/** The policy: two of three offices, and one of two from outside. `log`: key of the log, as checkpoints have it. */
export function samplePolicy(log: string, keys: SampleKeys): string {
  const lines = SAMPLE_WITNESS_LIST.flatMap(({ name }) => {
    const [own, checks] = keys.get(name)!;
    return [`witness ${name} ${own}`, `log ${checks}`];
  });
  const namesOf = (group: SampleWitness['group']): string =>
    SAMPLE_WITNESS_LIST.filter((one) => one.group === group)
      .map(({ name }) => name)
      .join(' ');
  return [
    `log ${log}`,
    ...lines,
    `group offices 2 ${namesOf('offices')}`,
    `group outside 1 ${namesOf('outside')}`,
    'group both all offices outside',
    'quorum both',
    '',
  ].join('\n');
}

/** Puts the policy where people can read it: the hub itself takes it from memory. */
export function showSamplePolicy(data: string, policy: string): void {
  writeFileSync(join(data, SAMPLE_WITNESSES, 'policy'), policy, { mode: 0o600 });
}

/** Where a witness has its files. */
export function sampleWitnessFolder(data: string, name: string): string {
  return join(data, SAMPLE_WITNESSES, name);
}

function readMade(data: string, name: string): Made | undefined {
  try {
    const made = JSON.parse(readFileSync(join(sampleWitnessFolder(data, name), 'made.json'), 'utf8')) as Made;
    return made.schema === SCHEMA && made.keys.length === 2 ? made : undefined;
  } catch (error) {
    const isExpected = error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isExpected) throw error;
    return undefined;
  }
}

/** Makes one. What was made without having been noted is of no use to anybody: no policy has its key. */
async function makeWitness(data: string, agent: string, name: string): Promise<void> {
  const folder = sampleWitnessFolder(data, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: PRIVATE });
  const args = ['witness', 'init', '--state', join(folder, 'witness.json'), '--name', name, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [agent, ...args], { timeout: MADE_WITHIN });
  const made = JSON.parse(stdout) as Made;
  await writeJson(join(folder, 'made.json'), { schema: SCHEMA, keys: made.keys });
}
