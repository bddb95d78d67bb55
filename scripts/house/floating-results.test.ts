import { describe, expect, it } from 'vitest';
import { floatingResults, resultFunctions, undeclaredResults } from './floating-results.ts';
import { allSources, isTest } from './sources.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** Functions that can fail, in each way of declaring one. */
const DECLARATIONS = {
  path: 'declarations.ts',
  text: `
export function read(path: string): Result<Bytes, ReadError> { return ok(open(path)); }
export async function fetchLog(
  origin: Origin,
): Promise<Result<Log, FetchError>> { return err('down'); }
export function decode<T>(bytes: Bytes, of: (b: Bytes) => T): Result<T, 'BAD'> { return ok(of(bytes)); }
const save = (x: number): Result<void, 'FULL'> => ok();
class Store { close(): Result<void, 'BUSY'> { return ok(); } }
type Sink = { readonly write: (line: string) => Result<void, 'FULL'>; flush(): Promise<Result<void, 'FULL'>> };
function plain(x: number): number { return x; }
`,
};
const NAMES = resultFunctions([DECLARATIONS]);

describe('results', () => {
  const sources = allSources(ROOT);

  it('are looked at, everywhere', () => {
    const names = resultFunctions(sources);

    expect(sources.filter(isNoTest).flatMap((source) => floatingResults(source, names))).toEqual([]);
  });

  it('are declared, so that the check sees them', () => {
    expect(sources.filter(isNoTest).flatMap(undeclaredResults)).toEqual([]);
  });
});

describe('a function that can fail', () => {
  it('is known by its declared type, however it is declared', () => {
    expect([...NAMES].sort()).toEqual(
      ['close', 'decode', 'err', 'fetchLog', 'flush', 'ok', 'read', 'save', 'write'].sort(),
    );
  });

  it('is reported when its type is left to be inferred', () => {
    const text = 'export function half(n: number) {\n  if (n % 2) return err(1);\n  return ok(n / 2);\n}';

    expect(undeclaredResults({ path: 'a.ts', text })).toHaveLength(1);
    expect(undeclaredResults(DECLARATIONS)).toEqual([]);
  });
});

describe('a floating Result', () => {
  it.each([
    'read(path);',
    'await fetchLog(origin);',
    'void fetchLog(origin);',
    'if (ready) save(1);',
    'else save(2);',
    'const f = () => { save(3) }',
    'this.store.close();',
    'await sinks[0]!.flush();',
    'open(path, { mode: 1 })?.close();',
    'decode<Line>(bytes, (b) => { return plain(b); });',
    'plain(1);\n  store\n    .close();',
    "write('a;b');",
  ])('is %s', (text) => {
    expect(floatingResults({ path: 'a.ts', text }, NAMES)).toHaveLength(1);
  });

  it.each([
    'const bytes = read(path);',
    'return read(path);',
    'if (read(path).isErr()) return;',
    'const log = await fetchLog(origin);',
    'return await fetchLog(origin);',
    'use(read(path));',
    'lines.map((line) => sink.write(line));',
    'const all = [read(a), read(b)];',
    'const x = ready ? read(a) : read(b);',
    'plain(1);',
    'read(path).okOrThrow();',
    '// read(path);',
    'export function read(path: string): Result<Bytes, ReadError> { return ok(1); }',
  ])('is not %s', (text) => {
    expect(floatingResults({ path: 'a.ts', text }, NAMES)).toEqual([]);
  });
});

/** A test may call something that fails only to see it fail. */
function isNoTest({ path }: { readonly path: string }): boolean {
  return !isTest(path);
}
