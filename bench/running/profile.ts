/**
 * Where the time of `watch` goes: a sampling profile of one run, by stage and by function.
 *
 * The bundle that people run keeps the name of each source file in a comment before its code, so a place in the bundle
 * is known to belong to a file of ours without a source map.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BELLWETHER } from './inputs.ts';
import { measure } from './processes.ts';

/** Stages in the order data walks, and the sources that belong to each; the first that fits counts. */
const STAGES: ReadonlyArray<readonly [string, RegExp]> = [
  ['reading', /packages\/contacts\/src\/reading\//],
  ['settling', /packages\/contacts\/src\/(settle|surface)\//],
  ['judging', /packages\/contacts\/src\/judge\//],
  ['account', /packages\/contacts\/src\/account|apps\/hub\/src\/watch\/(account|outputs|text)/],
  ['files and blocks', /apps\/hub\/src\/|packages\/contacts\/src\/|packages\/basics\//],
  ['garbage collection', /^\(garbage collector\)$/],
  ['kernel, Node, start-up', /^/],
];

/** Names of the stages, in order. */
export const STAGE_NAMES: readonly string[] = STAGES.map(([name]) => name);

/** Shares in [0,1]: of each stage, and of the functions that take most. */
export type Profile = {
  readonly stages: ReadonlyMap<string, number>;
  readonly functions: ReadonlyArray<{ readonly name: string; readonly file: string; readonly share: number }>;
};

/** Functions that are named. */
const MOST_FUNCTIONS = 8;

/** Microseconds between samples: a run of a second has five thousand. */
const INTERVAL = 200;

/** Profiles one run of `watch`, one worker, on one core. */
export function profileWatch(path: string, surface: string, core: number): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-profile-'));
  try {
    const node = [
      process.execPath,
      '--cpu-prof',
      `--cpu-prof-interval=${INTERVAL}`,
      `--cpu-prof-dir=${folder}`,
    ];
    measure(`${core}`, [
      ...node,
      BELLWETHER,
      'watch',
      '--json',
      '--workers',
      '1',
      '--surface',
      surface,
      path,
    ]);
    const [name] = readdirSync(folder);
    if (name === undefined) throw new Error('no profile was written');
    return summarise(JSON.parse(readFileSync(join(folder, name), 'utf8')) as RawProfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The format of V8's profiles, as far as it is used. */
type RawProfile = {
  readonly nodes: ReadonlyArray<{
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }>;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

function summarise({ nodes, samples, timeDeltas }: RawProfile): Profile {
  const self = new Map<number, number>();
  for (const [at, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + timeDeltas[at]!);
  const places = new Places();
  const stages = new Map<string, number>();
  const functions = new Map<string, { name: string; file: string; time: number }>();
  let total = 0;
  for (const { id, callFrame } of nodes) {
    const time = self.get(id) ?? 0;
    if (time === 0 || callFrame.functionName === '(idle)') continue;
    total += time;
    const file = places.fileOf(callFrame.url, callFrame.lineNumber);
    const place = file ?? callFrame.functionName;
    const [stage] = STAGES.find(([, of]) => of.test(place))!;
    stages.set(stage, (stages.get(stage) ?? 0) + time);
    const key = `${place} ${callFrame.functionName}`;
    const entry = functions.get(key) ?? { name: callFrame.functionName, file: file ?? '', time: 0 };
    entry.time += time;
    functions.set(key, entry);
  }
  return {
    stages: new Map([...stages].map(([stage, time]) => [stage, time / total])),
    functions: [...functions.values()]
      .filter(({ file }) => file !== '')
      .sort((a, b) => b.time - a.time)
      .slice(0, MOST_FUNCTIONS)
      .map(({ name, file, time }) => ({ name, file, share: time / total })),
  };
}

/** Which source file a line of a bundle comes from. */
class Places {
  readonly #bundles = new Map<string, ReadonlyArray<readonly [number, string]>>();

  fileOf(url: string, line: number): string | null {
    if (!url.startsWith('file:')) return null;
    let heads = this.#bundles.get(url);
    if (heads === undefined) {
      heads = readFileSync(fileURLToPath(url), 'utf8')
        .split('\n')
        .flatMap((text, at) => {
          const [, file] = /^\s*\/\/ (\S+\.(?:[cm]?[jt]s))$/.exec(text) ?? [];
          return file === undefined ? [] : [[at, file] as const];
        });
      this.#bundles.set(url, heads);
    }
    let found: string | null = null;
    for (const [at, file] of heads) {
      if (at > line) break;
      found = file;
    }
    return found;
  }
}
