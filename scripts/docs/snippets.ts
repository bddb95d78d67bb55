/**
 * The parts of our documents that claim to work: commands with their output, code, links. CONTRIBUTING.md
 * tells writers what the marks mean.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A fenced block of a document. */
export type Snippet = {
  /** What stands behind the fence, first word: `console`, `ts`, `sh`, ... */
  readonly language: string;
  /** The other words: `exit=3`. */
  readonly marks: readonly string[];
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
};

/** A command in a `console` block, and the lines that it has to print. */
export type Session = { readonly command: string; readonly output: readonly string[] };

/** Every fenced block of a document, in order. */
export function snippets(markdown: string): Snippet[] {
  const found: Snippet[] = [];
  let open: { info: string[]; from: number } | undefined;
  const lines = markdown.split('\n');
  for (const [index, line] of lines.entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) continue;
    if (open === undefined) {
      open = { info: (fence[1] as string).trim().split(/\s+/), from: index };
      continue;
    }
    const [language = '', ...marks] = open.info;
    found.push({ language, marks, text: lines.slice(open.from + 1, index).join('\n'), line: open.from + 1 });
    open = undefined;
  }
  if (open !== undefined) throw new Error(`the block at line ${open.from + 1} has no end`);
  return found;
}

/** The commands of a `console` block: lines after `$ `, continued after a backslash; what follows is output. */
export function sessions(text: string): Session[] {
  const found: { command: string; output: string[] }[] = [];
  let continued = false;
  for (const line of text.split('\n')) {
    const last = found.at(-1);
    if (continued && last !== undefined) last.command += `\n${line.replace(/^> /, '')}`;
    else if (line.startsWith('$ ')) found.push({ command: line.slice(2), output: [] });
    else if (last !== undefined) last.output.push(line);
    else throw new Error(`a console block starts with a command, not with: ${line}`);
    continued = (found.at(-1)?.command.endsWith('\\') ?? false) && !last?.output.length;
  }
  return found.map(({ command, output }) => ({ command, output: withoutBlankEnd(output) }));
}

/**
 * Whether a command printed what the document shows. A line `...` stands for any lines, `...` within a line
 * for any text; blanks at the ends of lines do not count. Nothing shown means that nothing is claimed.
 */
export function matchesOutput(shown: readonly string[], printed: string): boolean {
  if (shown.length === 0) return true;
  const lines = withoutBlankEnd(printed.split('\n').map((line) => line.trimEnd()));
  return matchesFrom(shown, lines);
}

/** Relative links of a document that lead nowhere, below the folder `root`. */
export function brokenLinks(root: string, path: string, markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(path), target.replace(/#.*$/, ''))));
}

/** Every document of ours: at the root, in docs/ and the README of each room. */
export function documents(root: string): string[] {
  const here = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const rooms = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  const readmes = [...rooms, 'testkit', 'scenarios', 'bench', 'testdata'].map((room) => `${room}/README.md`);
  return [...here, ...docs, ...readmes.filter((path) => existsSync(join(root, path)))].sort();
}

function matchesFrom(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first.trim() === '...')
    return lines.some((_, i) => matchesFrom(rest, lines.slice(i))) || rest.length === 0;
  const [line, ...more] = lines;
  return line !== undefined && matchesLine(first.trimEnd(), line) && matchesFrom(rest, more);
}

function matchesLine(shown: string, line: string): boolean {
  const [start = '', ...parts] = shown.split('...');
  if (parts.length === 0) return start === line;
  const end = parts.pop() as string;
  if (!line.startsWith(start) || !line.slice(start.length).endsWith(end)) return false;
  let at = start.length;
  for (const part of parts) {
    at = line.indexOf(part, at) + part.length;
    if (at < part.length) return false;
  }
  return at <= line.length - end.length;
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}
