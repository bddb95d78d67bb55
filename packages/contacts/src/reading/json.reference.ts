/** Plain reading of JSON objects, with the bounds of `JsonScanner`: what `json.ts` must agree with. */
import { MAX_JSON_DEPTH } from './json.ts';

/**
 * The object that `text` spells (bytes as latin1 characters), or undefined: no object, too deep, or one
 * of `paths` (names joined by `/`, so that a name may hold a dot) is spelled twice in one object. Numbers come as the
 * strings that spell them.
 */
export function parseObject(text: string, paths: readonly string[]): Record<string, unknown> | undefined {
  let top: unknown;
  try {
    top = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof top !== 'object' || top === null || Array.isArray(top)) return undefined;
  const wanted = new Set(
    paths.flatMap((path) => path.split('/').map((_, i, all) => all.slice(0, i + 1).join('/'))),
  );
  if (depthOf(top) > MAX_JSON_DEPTH || hasDouble(text, wanted)) return undefined;
  return JSON.parse(withTextNumbers(text)) as Record<string, unknown>;
}

/** The same JSON with its numbers as strings, so that they can be read as they are spelled. */
function withTextNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[-0-9][-+.0-9eE]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Whether a wanted path stands twice in `text`, which JSON.parse has taken: it would keep the last in silence. */
function hasDouble(text: string, wanted: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  /** The path of what is open; undefined where nothing wanted can be inside. */
  const open: Array<string | undefined> = [];
  let next: string | undefined = '';
  for (const [token, key] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (key !== undefined) {
      const parent = open.at(-1);
      const name = JSON.parse(key) as string;
      next = parent === undefined ? undefined : parent === '' ? name : `${parent}/${name}`;
      if (next === undefined || !wanted.has(next)) {
        next = undefined;
        continue;
      }
      if (seen.has(next)) return true;
      seen.add(next);
    } else if (token === '{') {
      open.push(next);
      next = undefined;
    } else if (token === '[') {
      open.push(undefined);
      next = undefined;
    } else if (token === '}' || token === ']') {
      open.pop();
    }
  }
  return false;
}

/** What stands at a path (names joined by `/`), undefined if nothing does. */
export function valueAt(object: Record<string, unknown>, path: string): unknown {
  let value: unknown = object;
  for (const name of path.split('/')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}
