/**
 * The pages of the door, as HTML: no script, no picture, no font, nothing from elsewhere. Both languages stand on each, the one
 * that the browser asks for first.
 */
import { createHash } from 'node:crypto';
import { type DoorLanguage, type DoorPage, type DoorTexts, doorTexts } from './door-texts.ts';

/** What a page is made of. */
export type DoorPageContent = {
  readonly page: DoorPage;
  /** Seconds to wait. */
  readonly seconds: number;
  /** The question that the button answers, and where it leads back to; for `ask`. */
  readonly question: string;
  readonly back: string;
  readonly isEarly: boolean;
  /** Digits for the telephone. */
  readonly code: string;
  /** Ways back: a page at another address, a telephone number. */
  readonly appeal: string | null;
  readonly phone: string | null;
  /** What the browser says that it speaks. */
  readonly accepts: string;
};

/** Where the answer is posted. */
export const ANSWER_PATH = '/bellwether/answer';

const STYLE = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 2rem 1rem; max-width: 38rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.2rem; }
section + section { margin-top: 2.5rem; border-top: 1px solid #71767a; padding-top: .5rem; }
button { font: inherit; font-weight: 700; padding: .75rem 1.25rem; border: 0; border-radius: .25rem; color: #fff; background: #005ea2; }
button:focus-visible, a:focus-visible { outline: .25rem solid #2491ff; outline-offset: .125rem; }
a { color: #005ea2; overflow-wrap: anywhere; }
.code { font: 700 1.5rem/1.4 ui-monospace, monospace; }
@media (prefers-color-scheme: dark) {
  body { color: #f0f0f0; background: #1b1b1b; }
  a { color: #73b3e7; }
  button { color: #1b1b1b; background: #73b3e7; }
}`;

/** What a page may load and do: its own style, and its own form. */
export const DOOR_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The page. */
export function doorHtml(content: DoorPageContent): string {
  const first = firstLanguage(content.accepts);
  const order: readonly DoorLanguage[] = first === 'es' ? ['es', 'en'] : ['en', 'es'];
  const { title } = doorTexts(first, content.page, content.seconds);
  return `<!doctype html>
<html lang="${first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${order.map((language) => section(language, content)).join('\n')}
</main>
</body>
</html>
`;
}

/** Spanish where it stands before English. */
export function firstLanguage(accepts: string): DoorLanguage {
  for (const part of accepts.slice(0, 200).toLowerCase().split(',')) {
    if (/^\s*es\b/.test(part)) return 'es';
    if (/^\s*en\b/.test(part)) return 'en';
  }
  return 'en';
}

function section(language: DoorLanguage, content: DoorPageContent): string {
  const texts = doorTexts(language, content.page, content.seconds);
  const lines = texts.lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  return `<section lang="${language}">
<h1>${escaped(texts.title)}</h1>
${content.isEarly ? `<p role="status"><strong>${escaped(texts.early)}</strong></p>\n` : ''}${lines}
${texts.button === null ? '' : form(texts.button, content)}${content.page === 'refuse' ? ways(texts, content) : ''}</section>`;
}

function form(button: string, { question, back }: DoorPageContent): string {
  return `<form method="post" action="${ANSWER_PATH}">
<input type="hidden" name="question" value="${escaped(question)}">
<input type="hidden" name="back" value="${escaped(back)}">
<button type="submit">${escaped(button)}</button>
</form>
`;
}

function ways(texts: DoorTexts, { appeal, phone, code }: DoorPageContent): string {
  if (appeal === null && phone === null) return '';
  const page =
    appeal === null
      ? ''
      : `<p>${escaped(texts.page('\0')).replace('\0', `<a href="${escaped(appeal)}">${escaped(appeal)}</a>`)}</p>\n`;
  const call =
    phone === null
      ? ''
      : `<p>${escaped(texts.phone(phone))}</p>\n<p class="code" aria-label="${escaped(texts.code)}">${escaped(code)}</p>\n`;
  return `<h2>${escaped(texts.waysTitle)}</h2>\n${page}${call}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
