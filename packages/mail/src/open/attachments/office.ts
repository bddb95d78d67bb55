/** Newer Office documents (ECMA-376): archives of parts; what of them runs, is fetched, and can be clicked. */
import { type MacroFinding, macrosOf } from './macros.ts';
import { unpacked, type ZipMember } from './zip.ts';

/** What was found. */
export type OfficeFinding = {
  readonly macro: MacroFinding;
  /** Addresses that are fetched when it is opened. */
  readonly fetched: readonly string[];
  /** Addresses that can be clicked. */
  readonly links: readonly string[];
  readonly text: string;
  /** A field that runs a command. */
  readonly runsCommand: boolean;
};

/** Bytes of one part, of all; characters. */
const MOST_PART = 4_194_304;
const MOST_TEXT = 20_000;

/** Kinds of relations that are fetched without being asked for. */
const FETCHED =
  /\/(?:attachedTemplate|oleObject|frame|subDocument|externalLink|externalLinkPath|aFChunk|package|mailMergeSource)$/;

/** Whether an archive is such a document. */
export function isOffice(members: readonly ZipMember[]): boolean {
  return (
    members.some(({ name }) => name === '[Content_Types].xml') &&
    members.some(({ name }) => /^(?:word|xl|ppt|visio)\//.test(name))
  );
}

/** Looks through its parts. */
export function lookThroughOffice(bytes: Uint8Array, members: readonly ZipMember[]): OfficeFinding {
  const fetched = new Set<string>();
  const links = new Set<string>();
  let macro: MacroFinding = members.some(({ name }) => /^xl\/macrosheets\//.test(name)) ? 'runs' : null;
  let text = '';
  let runsCommand = false;
  for (const member of members) {
    const { name } = member;
    const isWords =
      /^(?:word\/(?:document|footnotes|header\d*|footer\d*)|xl\/sharedStrings|ppt\/slides\/slide\d{1,3})\.xml$/.test(
        name,
      );
    if (!/vbaProject\.bin$/i.test(name) && !name.endsWith('.rels') && !isWords) continue;
    const part = unpacked(bytes, member, MOST_PART);
    if (part === null) continue;
    if (/vbaProject\.bin$/i.test(name)) {
      const found = macrosOf(part) ?? 'there';
      macro = macro === 'runs' ? 'runs' : found;
      continue;
    }
    const xml = Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8');
    if (isWords) {
      runsCommand ||= /\bDDE(?:AUTO)?\b/.test(xml.slice(0, MOST_PART).replaceAll(/<[^<>]{0,300}>/g, ''));
      text += `${wordsOf(xml)}\n`;
      continue;
    }
    for (const [relation] of xml.matchAll(/<Relationship\s[^<>]{1,4000}>/g)) {
      if (!/TargetMode\s*=\s*["']External["']/.test(relation)) continue;
      const target =
        /\bTarget\s*=\s*["']([^"']{1,2000})["']/.exec(relation)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const type = /\bType\s*=\s*["']([^"']{1,300})["']/.exec(relation)?.[1] ?? '';
      if (/^mailto:/i.test(target)) continue;
      (FETCHED.test(type) ? fetched : links).add(target);
    }
  }
  return {
    macro,
    fetched: [...fetched],
    links: [...links].slice(0, 200),
    text: text.slice(0, MOST_TEXT),
    runsCommand,
  };
}

/** Words between the marks; the ends of paragraphs are lines. */
function wordsOf(xml: string): string {
  return xml
    .slice(0, 20 * MOST_TEXT)
    .replaceAll(/<\/(?:w:p|a:p|si)>/g, '\n')
    .replaceAll(/<[^<>]{0,2000}>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .slice(0, MOST_TEXT);
}
