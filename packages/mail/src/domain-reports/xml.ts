/**
 * XML of strangers (W3C XML 1.0) in one pass and within bounds. Document types are refused, so there are no entities but the five of
 * the standard and numbers. Attributes carry nothing in reports: they are counted and forgotten. Only one child of the root is held
 * at a time.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { Parser } from 'htmlparser2';

/** An element below the root. */
export type XmlElement = {
  /** Lower case, without the prefix of a namespace. */
  readonly name: string;
  /** Its own text, trimmed; that of its children is theirs. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** It, or something in it, was not closed or was larger than the bounds. */
  readonly isBroken: boolean;
};

/** What was walked over. */
export type XmlWalked = {
  /** Name of the root, as names of elements; null where there is none. */
  readonly root: string | null;
  /** The root was closed, and nothing follows it. */
  readonly isWhole: boolean;
};

/** Why nothing of it may be used. */
export type XmlFault = 'declaration' | 'depth' | 'name' | 'attributes' | 'elements';

const MOST = {
  // Reports have six levels.
  depth: 32,
  // Characters of a name.
  name: 200,
  // Of one element.
  attributes: 50,
  // Elements in one child of the root: a row with a hundred signatures has 500.
  elements: 2_000,
  // In all: 50 MB of real rows have two and a half million.
  allElements: 4_000_000,
  // Characters of an element's own text.
  text: 4_096,
} as const;

/** Characters that are handed over at a time: what a row keeps of them does not hold the rest of the document. */
const CHUNK = 65_536;

type Open = { name: string; text: string; children: XmlElement[]; isBroken: boolean };

/** Gives each child of the root, in order, as it is closed. */
export function walkXml(text: string, give: (child: XmlElement) => void): Result<XmlWalked, XmlFault> {
  const open: Open[] = [];
  const state = { root: null as string | null, isClosed: false, isWhole: false };
  let fault: XmlFault | null = null;
  let attributes = 0;
  let elements = 0;
  let allElements = 0;
  let isCdata = false;
  let isJustOpened = false;
  // The parser calls `<a/>` implied too, as it does what a mismatched end or the end of the document closes.
  const isSelfClosed = (): boolean =>
    isJustOpened && text[parser.endIndex] === '>' && text[parser.endIndex - 1] === '/';
  const stop = (why: XmlFault): void => {
    fault ??= why;
    parser.pause();
  };
  const parser = new Parser(
    {
      onopentagname(name) {
        attributes = 0;
        if (name.length > MOST.name) return stop('name');
        if (open.length >= MOST.depth) return stop('depth');
        if (++allElements > MOST.allElements) return stop('elements');
        const local = name.slice(name.lastIndexOf(':') + 1);
        if (open.length === 0) {
          if (state.isClosed) state.isWhole = false;
          state.root ??= local;
        }
        if (open.length === 1) elements = 0;
        elements += 1;
        isJustOpened = true;
        open.push({ name: local, text: '', children: [], isBroken: false });
      },
      onattribute() {
        if (++attributes > MOST.attributes) stop('attributes');
      },
      ontext(raw) {
        const element = open.at(-1);
        if (element === undefined) {
          if (state.isClosed && raw.trim() !== '') state.isWhole = false;
          return;
        }
        const room = MOST.text - element.text.length;
        if (open.length === 1 || elements > MOST.elements) return;
        if (raw.length > room) element.isBroken = true;
        const piece = raw.slice(0, room);
        element.text += isCdata ? piece.replaceAll('&', '&amp;') : piece;
      },
      oncdatastart() {
        isCdata = true;
      },
      oncdataend() {
        isCdata = false;
      },
      onprocessinginstruction(name) {
        if (name.startsWith('!')) stop('declaration');
      },
      onclosetag(_, isImpliedOrSelf) {
        const isImplied = isImpliedOrSelf && !isSelfClosed();
        isJustOpened = false;
        const element = open.pop();
        if (element === undefined) return;
        if (open.length === 0) {
          state.isWhole = !isImplied && !state.isClosed;
          state.isClosed = true;
          return;
        }
        const isBroken = element.isBroken || isImplied || elements > MOST.elements;
        const closed = { ...element, text: withoutEntities(element.text).trim(), isBroken };
        if (open.length === 1) {
          // What follows a closed root is no part of the document.
          if (!state.isClosed) give(closed);
          return;
        }
        const parent = open.at(-1)!;
        if (isBroken) parent.isBroken = true;
        if (elements <= MOST.elements) parent.children.push(closed);
      },
    },
    // Entities are ours to read, after texts are cut to their bounds: a million of them cost nothing.
    { xmlMode: true, lowerCaseTags: true, decodeEntities: false },
  );
  for (let at = 0; at < text.length && fault === null; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  if (fault === null) parser.end();
  return fault === null ? ok({ root: state.root, isWhole: state.isWhole }) : err(fault);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five and numbers; whatever else stands between `&` and `;` is text: names of organisations have bare ones. */
function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name as string]!;
      const point = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
      // No character: beyond Unicode, half of a pair, or one that XML forbids.
      if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return whole as string;
      return String.fromCodePoint(point);
    },
  );
}
