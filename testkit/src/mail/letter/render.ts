/**
 * A letter's text as plain text and as HTML in the styles of everyday programs. The markup that templates use: paragraphs between blank
 * lines, `# ` a heading, `- ` an item, `| ` a line that stays a line, `---` a rule, `[words](address)` a link, `[!words](address)` a button.
 */

/** How HTML looks that programs write. */
export type LetterStyle = 'outlook' | 'gmail' | 'card' | 'newsletter' | 'bare' | 'phone';

/** All styles. */
export const LETTER_STYLES: readonly LetterStyle[] = [
  'outlook',
  'gmail',
  'card',
  'newsletter',
  'bare',
  'phone',
];

/** A link of the markup; addresses hold no brackets. */
const LINK = /\[(!?)([^\]]*)\]\(([^()\s]*)\)/g;

/** As plain text. */
export function letterText(body: string): string {
  return paragraphs(body)
    .map((paragraph) => {
      const plain = paragraph.replace(LINK, (_, button: string, words: string, url: string) =>
        words === url ? url : button === '!' ? `${words}:\n${url}` : `${words} <${url}>`,
      );
      if (plain.startsWith('# ')) return plain.slice(2).toUpperCase();
      if (plain.startsWith('- ')) return plain.replace(/^- /gm, '  * ');
      if (plain.startsWith('| ')) return plain.replace(/^\| ?/gm, '');
      return plain === '---' ? '-'.repeat(40) : plain;
    })
    .join('\n\n');
}

/** As an HTML document. `accent` is a colour, `picture` the content identifier of an inline picture. */
export function letterHtml(
  body: string,
  style: LetterStyle,
  looks: { readonly accent: string; readonly picture?: string; readonly hidden?: string },
): string {
  const blocks = paragraphs(body).map((paragraph) => block(paragraph, style, looks.accent));
  const logo =
    looks.picture === undefined ? '' : `<p><img src="cid:${looks.picture}" alt="" width="160"></p>`;
  const hidden =
    looks.hidden === undefined
      ? ''
      : `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(looks.hidden)}</div>`;
  return FRAMES[style](`${logo}${blocks.join('\n')}`, looks.accent, hidden);
}

const FRAMES: Readonly<Record<LetterStyle, (inner: string, accent: string, hidden: string) => string>> = {
  outlook: (inner) =>
    `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">\n<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style><!--\np.MsoNormal {margin:0in; font-size:11.0pt; font-family:"Aptos",sans-serif;}\n--></style></head>\n<body lang="EN-US" link="#467886" vlink="#96607D"><div class="WordSection1">\n${inner}\n</div></body></html>`,
  gmail: (inner) => `<div dir="ltr">${inner}</div>`,
  bare: (inner) => `<html><body>\n${inner}\n</body></html>`,
  phone: (inner) =>
    `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">${inner}</body></html>`,
  card: (inner, accent, hidden) =>
    `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>\n<body style="margin:0;background:#f3f4f6">${hidden}<table role="presentation" width="100%"><tr><td align="center">\n<table role="presentation" width="600" style="background:#ffffff;border-top:6px solid ${accent};font-family:Segoe UI,Arial,sans-serif"><tr><td style="padding:28px">\n${inner}\n</td></tr></table></td></tr></table></body></html>`,
  newsletter: (inner, accent, hidden) =>
    `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><style>@media (max-width:600px){.c{width:100%!important}}</style></head>\n<body style="background:#e8ecef;margin:0">${hidden}<center><table class="c" width="640" cellpadding="0" cellspacing="0" style="background:#fff"><tr><td style="background:${accent};height:64px"></td></tr><tr><td style="padding:24px;font-family:Georgia,serif;line-height:1.5">\n${inner}\n</td></tr></table></center></body></html>`,
};

function block(paragraph: string, style: LetterStyle, accent: string): string {
  if (paragraph === '---') return '<hr>';
  if (paragraph.startsWith('# '))
    return `<h2 style="color:${accent}">${inline(paragraph.slice(2), accent)}</h2>`;
  if (paragraph.startsWith('- ')) {
    const items = paragraph.split('\n').map((line) => `<li>${inline(line.replace(/^- /, ''), accent)}</li>`);
    return `<ul>${items.join('')}</ul>`;
  }
  const text = paragraph.startsWith('| ')
    ? paragraph
        .split('\n')
        .map((line) => inline(line.replace(/^\| ?/, ''), accent))
        .join('<br>\n')
    : inline(paragraph, accent);
  if (style === 'outlook')
    return `<p class="MsoNormal">${text}<o:p></o:p></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>`;
  if (style === 'gmail' || style === 'phone') return `<div>${text}</div><div><br></div>`;
  return `<p style="margin:0 0 14px">${text}</p>`;
}

function inline(text: string, accent: string): string {
  return escapeHtml(text).replace(LINK, (_, button: string, words: string, url: string) =>
    button === '!'
      ? `<a href="${url}" style="background:${accent};color:#ffffff;padding:11px 22px;text-decoration:none;border-radius:4px;display:inline-block">${words}</a>`
      : `<a href="${url}">${words}</a>`,
  );
}

function paragraphs(body: string): string[] {
  return body
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const lines = paragraph.split('\n').map((line) => line.trim());
      const stays = /^(\||-) /.test(lines[0] as string);
      return lines.join(stays ? '\n' : ' ');
    });
}

/** Text that HTML shows as it is. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
