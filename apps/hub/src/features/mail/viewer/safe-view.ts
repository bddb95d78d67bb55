/**
 * A file of a message as pictures and words, with nothing in it that runs: texts and HTML as their words, PDF as pages drawn in a sandbox,
 * office documents as the PDF that they print, pictures drawn anew. Where the sandbox cannot be had, nothing foreign is drawn, and the
 * screen says so.
 */
import type { MailView } from '@bellwether/api';
import { viewHtml } from '@bellwether/mail';
import { isOfficeDocument, printedAsPdf } from './office-document.ts';
import { INPUT, inSandbox, OUTPUT } from './sandbox.ts';

/** Largest file that is shown, bytes: a scanned form has a few pages. */
const MOST_BYTES = 33_554_432;

/** Pages that are drawn: an application has one or two. */
const MOST_PAGES = 10;

/** Longer side of a page in pixels: small print can be read. */
const PIXELS = 1_400;

/** Characters that are shown. */
const MOST_TEXT = 100_000;

/** Most that is drawn at once: one conversion takes a core. */
const AT_ONCE = 1;

/** Conversions that wait: a person looks at one file at a time. */
const MOST_WAITING = 16;

export type ShownPart = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

const waiting: (() => void)[] = [];
let drawing = 0;

/** The view; null: it cannot be shown. */
export async function safeView({ name, type, bytes }: ShownPart): Promise<MailView | null> {
  if (bytes.length > MOST_BYTES) return null;
  // What it is, and not what it says that it is.
  if (startsWith(bytes, '%PDF-')) return await inTurn(() => pdfView(bytes));
  if (isOfficeDocument(bytes)) return await inTurn(() => officeView(bytes));
  if (isPicture(bytes)) return await inTurn(() => pictureView(bytes));
  const isHtml = type === 'text/html' || type === 'image/svg+xml' || /\.(html?|svg|xhtml)$/i.test(name);
  if (!isHtml && !type.startsWith('text/')) return null;
  const text = Buffer.from(bytes).toString('utf8');
  const words = isHtml ? viewHtml(text).text : text;
  const why = isHtml ? 'Only its words are shown: what looks like a page may be a trap.' : null;
  return { how: 'text-only', why, pages: [], ...cut(words) };
}

async function pdfView(bytes: Uint8Array): Promise<MailView> {
  // One page more than is shown tells whether there are more.
  const range = ['-f', '1', '-l', String(MOST_PAGES + 1)];
  const drawn = await inSandbox(
    'pdftoppm',
    [...range, '-png', '-scale-to', String(PIXELS), INPUT, `${OUTPUT}/page`],
    bytes,
  );
  const said = await inSandbox('pdftotext', [...range, '-enc', 'UTF-8', INPUT, `${OUTPUT}/text`], bytes);
  const words = cut(said.ran ? Buffer.from(said.files[0] ?? new Uint8Array()).toString('utf8') : '');
  if (!drawn.ran || drawn.files.length === 0) {
    const reason = drawn.ran ? 'there is no page in it' : drawn.why;
    return {
      how: said.ran ? 'text-only' : 'nothing',
      why: `It cannot be shown as a picture: ${reason}.`,
      pages: [],
      ...words,
    };
  }
  return {
    ...{ how: 'pictures', why: null },
    pages: drawn.files.slice(0, MOST_PAGES).map((page) => Buffer.from(page).toString('base64')),
    text: words.text,
    cut: words.cut || drawn.files.length > MOST_PAGES,
  };
}

async function officeView(bytes: Uint8Array): Promise<MailView> {
  const printed = await printedAsPdf(bytes);
  return typeof printed === 'string' ? notShown(printed) : await pdfView(printed);
}

/** Drawn anew, so that nothing of the file is left but what can be seen. */
async function pictureView(bytes: Uint8Array): Promise<MailView> {
  const size = ['-s', String(PIXELS)];
  const drawn = await inSandbox('gdk-pixbuf-thumbnailer', [...size, INPUT, `${OUTPUT}/picture.png`], bytes);
  const picture = drawn.ran ? drawn.files[0] : undefined;
  if (picture === undefined)
    return notShown(
      drawn.ran
        ? 'there is no picture in it'
        : drawn.why.replace(/^.*Could not thumbnail '[^']*': |\.$/g, ''),
    );
  return {
    how: 'pictures',
    why: null,
    pages: [Buffer.from(picture).toString('base64')],
    text: '',
    cut: false,
  };
}

function notShown(reason: string): MailView {
  return {
    how: 'nothing',
    why: `It cannot be shown as a picture: ${reason}.`,
    pages: [],
    text: '',
    cut: false,
  };
}

/** PNG, JPEG, GIF, TIFF, BMP, by their first bytes. */
const PICTURES = ['89504e470d0a1a0a', 'ffd8ff', '474946383', '49492a00', '4d4d002a', '424d'];

function isPicture(bytes: Uint8Array): boolean {
  const first = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  return PICTURES.some((picture) => first.startsWith(picture));
}

/** One after the other; null: too many wait. */
async function inTurn(draw: () => Promise<MailView>): Promise<MailView | null> {
  if (waiting.length >= MOST_WAITING) return null;
  while (drawing >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  drawing++;
  try {
    return await draw();
  } finally {
    drawing--;
    waiting.shift()?.();
  }
}

function cut(text: string): { readonly text: string; readonly cut: boolean } {
  const plain = text.replaceAll('\0', '').replaceAll('\f', '\n');
  return { text: plain.slice(0, MOST_TEXT), cut: plain.length > MOST_TEXT };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).includes(text);
}
