/** What is known to be bad: asked in memory, so that it holds where nothing else can be checked. */
import type { Identified } from '../identify/identified.ts';
import type { KnownBad, KnownKind } from '../known-bad.ts';
import type { Opened } from '../open/opened.ts';
import type { Signal, SignalEntry } from '../signal.ts';

/** Codes of it. */
export const KNOWN_SIGNALS = {
  'known-bad': {
    text: 'It carries what is known from an attack: {what} ({list}).',
    points: 12,
    atLeast: 'hold',
    why: 'Somebody has looked at it: a report, a warning, an indicator.',
  },
  'known-bad-quoted': {
    text: 'It carries what is known from an attack ({list}), and comes from {who}: perhaps a warning.',
    points: 2,
    atLeast: 'banner',
    why: 'A vendor who warns of a lure quotes its link. Held, the warning would come after the harm.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;

/** What a clerk is told of each kind. */
const NAMES: Readonly<Record<KnownKind, string>> = {
  sha256: 'a file',
  host: 'a link',
  url: 'a link',
  address: 'a sender',
  print: 'the same links, files or page',
};

/** Asks after everything that a message carries; one signal at most. `author`: the domain that is proven to have written it, or null. */
export function knownSignals(
  known: KnownBad,
  identified: Identified,
  author: string | null,
  opened: Opened,
  prints: readonly string[],
): Signal[] {
  const questions: (readonly [KnownKind, string])[] = [
    ...opened.files.map(({ sha256 }) => ['sha256', sha256] as const),
    ...opened.links.flatMap(({ url, host }) => [['url', url] as const, ['host', host] as const]),
    ['address', identified.address],
    ...prints.map((print) => ['print', print] as const),
  ];
  for (const [kind, value] of questions) {
    const list = value === '' ? null : known.badAs(kind, value);
    if (list === null) continue;
    const { is } = identified;
    if (kind === 'print' && is !== null && author !== null && author === identified.organisation)
      return [{ code: 'known-bad-quoted', values: { list, who: is.name } }];
    return [{ code: 'known-bad', values: { what: NAMES[kind], list } }];
  }
  return [];
}
