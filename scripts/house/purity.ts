/**
 * What packages may not reach for, though no import shows it: the clock, chance, the process, the network.
 * They come in as parameters, so that the same input gives the same bytes and tests need no tricks.
 */
import { codeOnly } from './code-only.ts';
import { isTest, type Source } from './sources.ts';

/** Globals that make a function impure, and what to do about each. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\(|\bnew Date\(\s*\)/, 'the clock comes in as a parameter'],
  [/\bperformance\./, 'the clock comes in as a parameter'],
  [/\bMath\.random\(/, 'chance comes in as a parameter'],
  [/\bcrypto\./, 'chance and hashing come in as parameters'],
  [/\bprocess\./, 'packages do not know the process that they run in'],
  [/\b(?:setTimeout|setInterval|setImmediate)\(/, 'time passes in apps only'],
  [/\b(?:fetch|require)\(|\bnew (?:WebSocket|Worker|XMLHttpRequest)\(/, 'only apps reach out'],
  [/\bconsole\./, 'packages return what there is to say'],
];

/** Where a source in packages/ uses an impure global, in sentences with file and line. */
export function impurities({ path, text }: Source): string[] {
  if (!path.startsWith('packages/') || isTest(path)) return [];
  return codeOnly(text)
    .split('\n')
    .flatMap((line, index) =>
      IMPURE.filter(([pattern]) => pattern.test(line)).map(
        ([, reason]) => `${path}:${index + 1} is impure: ${reason}`,
      ),
    );
}
