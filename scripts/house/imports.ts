/** What a source imports, and which of that its room does not allow. */
import { dirname, normalize } from 'node:path/posix';
import { codeOnly } from './code-only.ts';
import { DOORS, ROOMS, type Room, TEST_ONLY } from './rooms.ts';
import { isTest, type Source } from './sources.ts';

/** One import, type imports included. */
export type Import = { readonly specifier: string; readonly dynamic: boolean };

/** Every import, re-export and dynamic import with a literal specifier, in order. */
export function importsOf(text: string): Import[] {
  const code = codeOnly(text);
  const imports: Import[] = [];
  for (const { index } of code.matchAll(/^(?:import|export)\b/gm)) {
    const statement = /^(?:import\s+|(?:import|export)\s[\w\s{},*$]*?\bfrom\s+)(['"])(.*?)\1/s.exec(
      text.slice(index),
    );
    if (statement) imports.push({ specifier: statement[2] as string, dynamic: false });
  }
  for (const { index } of code.matchAll(/\bimport\(/g)) {
    const call = /^import\(\s*(['"])(.*?)\1/s.exec(text.slice(index));
    imports.push({ specifier: call?.[2] ?? 'a computed specifier', dynamic: true });
  }
  return imports;
}

/** The room that a file is in: the longest path in the list of rooms that it starts with. */
export function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** What a file imports against the rules, in sentences that say which rule. */
export function forbiddenImports(source: Source): string[] {
  const name = roomOf(source.path);
  if (name === undefined) return [`${source.path} is in no room: add its folder to scripts/house/rooms.ts`];
  const room = ROOMS[name] as Room;
  return importsOf(source.text).flatMap((one) => {
    const reason = whyForbidden(one, source.path, name, room);
    return reason === undefined ? [] : [`${source.path} imports ${one.specifier}: ${reason}`];
  });
}

function whyForbidden(
  { specifier, dynamic }: Import,
  path: string,
  name: string,
  room: Room,
): string | undefined {
  const test = isTest(path) || room.tests === true;
  if (specifier.startsWith('.')) return whyRelativeForbidden(specifier, path, name);
  if (specifier.startsWith('node:')) {
    if (test || room.node === 'any' || room.node.includes(specifier)) return undefined;
    return `${name} is pure; what it needs from Node comes in as a parameter`;
  }
  if (specifier.startsWith('@bellwether/')) {
    const [, ours, ...deeper] = specifier.split('/') as [string, string, ...string[]];
    if (deeper.length > 0 && !DOORS[ours]?.includes(deeper.join('/'))) {
      return 'nobody imports past the index.ts of a package';
    }
    if (room.ours.includes(ours) || room.doors?.includes([ours, ...deeper].join('/'))) return undefined;
    if (ours === 'testkit') {
      if (test || (dynamic && room.dynamic?.[path]?.includes(ours))) return undefined;
      return 'the testkit is for tests and benches, and for commands that load it dynamically';
    }
    return `${name} may import only ${room.ours.join(', ') || 'nothing of ours'}`;
  }
  const library = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (room.others.includes(library) || (test && TEST_ONLY.includes(library))) return undefined;
  return `${library} is not in the allow list of ${name}`;
}

function whyRelativeForbidden(specifier: string, path: string, name: string): string | undefined {
  const target = normalize(`${dirname(path)}/${specifier}`);
  if (roomOf(target) !== name) return 'it leads out of its room; rooms know each other by name only';
  if (!target.endsWith('.ts') && !target.endsWith('.json') && !target.endsWith('.mjs')) {
    return 'a relative import ends in the name of its file, .ts';
  }
  return undefined;
}
