/**
 * What a reader sees of HTML, and where it leads: the shape that one pass makes, for whoever asks after links, words or structure.
 * Nothing is fetched, nothing runs.
 */

/** A link, as the reader sees it and as it is. */
export type HtmlLink = {
  /** As written; entities decoded, surrounding space gone. */
  readonly href: string;
  /** Text inside it, spaces folded; empty for a picture without words. */
  readonly text: string;
  /** What it is written in. */
  readonly of: 'a' | 'area' | 'form' | 'button' | 'meta' | 'base' | 'iframe';
  /** A picture stands inside it. */
  readonly hasImage: boolean;
};

/** A form, with what it asks for. */
export type HtmlForm = {
  readonly action: string;
  readonly method: 'get' | 'post';
  /** Types of its fields, lower case: `password`, `email`, `text`, ... */
  readonly fields: readonly string[];
};

/** A picture. */
export type HtmlImage = {
  /** `cid:`, `data:` (cut after its media type), or an address. */
  readonly src: string;
  readonly alt: string;
  /** As stated, px; null where it is not. */
  readonly width: number | null;
  readonly height: number | null;
};

/** What one pass over HTML tells. */
export type HtmlView = {
  /** Words that a reader sees, blocks as lines. */
  readonly text: string;
  /** Words that are in it and that no reader sees: no size, no display, colour of the ground, off the page. */
  readonly hiddenText: string;
  readonly links: readonly HtmlLink[];
  readonly forms: readonly HtmlForm[];
  readonly images: readonly HtmlImage[];
  /** Texts of scripts, and attributes that run (`onload`), bounded. */
  readonly scripts: readonly string[];
  /** Names of elements in the order they open, bounded: the skeleton of the page. */
  readonly skeleton: readonly string[];
  /** The pass ended at a limit. */
  readonly isCut: boolean;
};
