/** One pass over HTML: what a reader sees and where it leads. A stream of events, no tree; whatever is broken is read as browsers do. */
import { Parser } from 'htmlparser2';
import { type Seen, seenBy } from './hidden-style.ts';
import type { HtmlImage, HtmlLink, HtmlView } from './html-view.ts';

/** How much is kept of one page. */
const MOST = {
  // The longest newsletters that were seen have some 400.
  links: 2_000,
  images: 1_000,
  forms: 50,
  fields: 100,
  scripts: 50,
  // Of one script, characters.
  script: 65_536,
  skeleton: 5_000,
  // Elements in elements; browsers end at 512.
  depth: 512,
  // Of one address in an attribute, characters: a page can stand in a `data:` address.
  address: 8_192,
  label: 1_000,
} as const;

/** Elements whose words are no words of the page. */
const UNSEEN: ReadonlySet<string> = new Set([
  'head',
  'title',
  'style',
  'script',
  'template',
  'noscript',
  'textarea',
]);

/** Elements that begin a line. */
const BLOCKS: ReadonlySet<string> = new Set(
  'p div br tr table li ul ol h1 h2 h3 h4 h5 h6 hr blockquote section article header footer td th center pre form'.split(
    ' ',
  ),
);

/** Elements without content. */
const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

/** Where links stand: the attribute by element. */
const LINKS: Readonly<Record<string, readonly [of: HtmlLink['of'], attribute: string]>> = {
  a: ['a', 'href'],
  area: ['area', 'href'],
  base: ['base', 'href'],
  iframe: ['iframe', 'src'],
  frame: ['iframe', 'src'],
  embed: ['iframe', 'src'],
  button: ['button', 'formaction'],
  input: ['button', 'formaction'],
};

type Open = {
  readonly name: string;
  readonly isHidden: boolean;
  readonly isUnseen: boolean;
  readonly colour: string | null;
  readonly ground: string | null;
  readonly link: number;
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Views a page. */
export function viewHtml(html: string): HtmlView {
  const pass = new Pass();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => pass.opens(name, attributes),
      ontext: (text) => pass.says(text),
      onclosetag: (name) => pass.closes(name),
    },
    // Senders write `<svg:a>` and `<A>`; a page is HTML whatever it says.
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  );
  parser.write(html);
  parser.end();
  return pass.view();
}

class Pass {
  readonly #stack: Open[] = [];
  readonly #links: Writable<HtmlLink>[] = [];
  readonly #images: HtmlImage[] = [];
  readonly #forms: { action: string; method: 'get' | 'post'; fields: string[] }[] = [];
  readonly #scripts: string[] = [];
  readonly #skeleton: string[] = [];
  readonly #text: string[] = [];
  readonly #hidden: string[] = [];
  #isCut = false;

  opens(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#skeleton.length < MOST.skeleton) this.#skeleton.push(name);
    else this.#isCut = true;
    if (BLOCKS.has(name)) this.#breakLine();
    const link = this.#linkOf(name, attributes);
    if (name === 'img' || name === 'image') this.#image(attributes);
    if (name === 'form') this.#form(attributes);
    if (name === 'input' || name === 'select' || name === 'textarea') this.#field(name, attributes);
    if (name === 'meta') this.#meta(attributes);
    for (const [attribute, value] of Object.entries(attributes))
      if (attribute.startsWith('on') && value !== '') this.#script(value);
    if (VOID.has(name)) return;
    if (this.#stack.length >= MOST.depth) {
      this.#isCut = true;
      return;
    }
    this.#stack.push(this.#openOf(name, seenBy(attributes), link));
  }

  says(text: string): void {
    const open = this.#stack.at(-1);
    if (open?.name === 'script') this.#script(text);
    if (open?.isUnseen === true) return;
    const isSeen = open === undefined || !open.isHidden;
    (isSeen ? this.#text : this.#hidden).push(text);
    if (open !== undefined && open.link !== -1 && isSeen) {
      const link = this.#links[open.link]!;
      if (link.text.length < MOST.label) link.text = (link.text + text).slice(0, MOST.label);
    }
  }

  closes(name: string): void {
    if (BLOCKS.has(name)) this.#breakLine();
    if (this.#stack.at(-1)?.name === name) this.#stack.pop();
  }

  view(): HtmlView {
    return {
      text: folded(this.#text.join('')),
      hiddenText: folded(this.#hidden.join(' ')),
      links: this.#links.map((link) => ({ ...link, text: folded(link.text).replaceAll('\n', ' ') })),
      forms: this.#forms,
      images: this.#images,
      scripts: this.#scripts,
      skeleton: this.#skeleton,
      isCut: this.#isCut,
    };
  }

  #openOf(name: string, seen: Seen, link: number): Open {
    const above = this.#stack.at(-1);
    const ground = seen.ground ?? above?.ground ?? null;
    const colour = seen.colour ?? above?.colour ?? null;
    // White on nothing is white on white: mail programs have white pages.
    const isGround = colour !== null && colour === (ground ?? '#ffffff');
    return {
      name,
      isHidden: above?.isHidden === true || seen.isHidden || isGround,
      isUnseen: above?.isUnseen === true || UNSEEN.has(name),
      colour,
      ground,
      link: link === -1 ? (above?.link ?? -1) : link,
    };
  }

  #linkOf(name: string, attributes: Readonly<Record<string, string>>): number {
    const [of, attribute] = LINKS[name] ?? [undefined, ''];
    const href = of === undefined ? undefined : (attributes[attribute] ?? attributes['xlink:href']);
    if (of === undefined || href === undefined) return -1;
    return this.#link(href, of);
  }

  #link(href: string, of: HtmlLink['of']): number {
    if (this.#links.length >= MOST.links) {
      this.#isCut = true;
      return -1;
    }
    this.#links.push({ href: href.trim().slice(0, MOST.address), text: '', of, hasImage: false });
    return this.#links.length - 1;
  }

  #image(attributes: Readonly<Record<string, string>>): void {
    const link = this.#stack.at(-1)?.link ?? -1;
    if (link !== -1) this.#links[link]!.hasImage = true;
    if (this.#images.length >= MOST.images) {
      this.#isCut = true;
      return;
    }
    const src = (attributes.src ?? attributes.href ?? '').trim();
    this.#images.push({
      src: src.startsWith('data:') ? src.slice(0, 64).split(',', 1)[0]! : src.slice(0, MOST.address),
      alt: (attributes.alt ?? '').slice(0, MOST.label),
      width: numberOf(attributes.width),
      height: numberOf(attributes.height),
    });
  }

  #form(attributes: Readonly<Record<string, string>>): void {
    const action = (attributes.action ?? '').trim().slice(0, MOST.address);
    if (action !== '') this.#link(action, 'form');
    if (this.#forms.length >= MOST.forms) {
      this.#isCut = true;
      return;
    }
    const method = attributes.method?.toLowerCase() === 'post' ? 'post' : 'get';
    this.#forms.push({ action, method, fields: [] });
  }

  #field(name: string, attributes: Readonly<Record<string, string>>): void {
    // A field outside of any form still asks: scripts and mail programs send it.
    if (this.#forms.length === 0) this.#forms.push({ action: '', method: 'get', fields: [] });
    const { fields } = this.#forms.at(-1)!;
    const type = name === 'input' ? (attributes.type ?? 'text') : name;
    if (fields.length < MOST.fields) fields.push(type.toLowerCase().slice(0, 32));
  }

  #meta(attributes: Readonly<Record<string, string>>): void {
    if (attributes['http-equiv']?.toLowerCase() !== 'refresh') return;
    const target = /url\s*=\s*['"]?([^'"]+)/i.exec((attributes.content ?? '').slice(0, MOST.address))?.[1];
    if (target !== undefined) this.#link(target, 'meta');
  }

  #script(text: string): void {
    if (this.#scripts.length >= MOST.scripts) this.#isCut = true;
    else if (text.trim() !== '') this.#scripts.push(text.slice(0, MOST.script));
  }

  #breakLine(): void {
    if (this.#text.length > 0 && this.#text.at(-1) !== '\n') this.#text.push('\n');
    if (this.#hidden.length > 0 && this.#hidden.at(-1) !== '\n') this.#hidden.push('\n');
  }
}

/** Spaces as one, lines trimmed, no empty ones; characters without width stay: they are evidence. */
function folded(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/[\s\u00a0]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

function numberOf(text: string | undefined): number | null {
  const number = text === undefined ? Number.NaN : Number.parseFloat(text);
  return Number.isFinite(number) ? number : null;
}
