/** Receipts as one HTML page for a printer: a letter a page, which loads nothing and runs nothing. */
import { fieldWord, typedReceipt } from '@bellwether/rolls';
import { renderSVG } from 'uqr';
import { addressOf, type ReceiptLetter } from './receipts.ts';

/** What the answer says that the page may do: nothing but look like something. */
export const LETTERS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

const STYLE = `body{font:12pt/1.4 sans-serif;margin:2cm}article{break-after:page}address{margin:2cm 0;font-style:normal}
svg{width:5cm;height:5cm}pre{font:11pt/1.6 monospace}`;

/** The page. `office`: what it is called. `site`: origin of the hub, whose public page checks receipts; null where it has no HTTPS. */
export function receiptPage(
  office: string,
  day: string,
  letters: readonly ReceiptLetter[],
  site: string | null,
): string {
  const all = letters.flatMap((letter) => [
    receiptLetter(office, day, letter, site),
    ...(letter.movedFrom === null ? [] : [oldAddressNotice(office, letter.movedFrom)]),
  ]);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Receipts of ${escaped(office)}, ${day}</title><style>${STYLE}</style>${all.join('')}</html>\n`;
}

function receiptLetter(
  office: string,
  day: string,
  { bytes, version, fields }: ReceiptLetter,
  site: string | null,
): string {
  const where = site === null ? 'at your state’s page for checking a record.' : `at ${site}/public/check/`;
  const code = renderSVG([...bytes], { ecc: 'M', border: 4 });
  const rows = Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<li>${escaped(fieldWord(name))}: ${escaped(value)}</li>`);
  return `<article>${addressed(fields)}<h1>Your voter registration was changed</h1>
<p>${escaped(office)} recorded this change on ${day}. This is version ${version} of your record. It says:</p><ul>${rows.join('')}</ul>
<p>If this is wrong, call your election office. To check it yourself, read this code, or type the letters, ${escaped(where)}</p>
${code}<pre>${typedReceipt(bytes)}</pre><p>Keep this letter to yourself: who has it can find your record.</p></article>`;
}

/** To where a voter no longer lives: nothing that opens the record, and nothing of what it says now. */
function oldAddressNotice(office: string, before: Readonly<Record<string, string>>): string {
  return `<article>${addressed(before)}<h1>Your voter registration was moved away from this address</h1>
<p>${escaped(office)} recorded that you have moved. If you have, you need do nothing. If you have not, call your election office now.</p></article>`;
}

function addressed(fields: Readonly<Record<string, string>>): string {
  const name = [fields['name.first'], fields['name.last']].filter((part) => part).join(' ');
  return `<address>${escaped(name)}<br>${escaped(addressOf(fields))}</address>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
