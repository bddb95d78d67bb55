/** PDF documents (ISO 32000-1): pages of text lines, link annotations, a picture in grey, form fields. */
import type { Bitmap } from './bitmap.ts';

/** What stands on the page. */
export type PdfContent = {
  readonly lines: readonly string[];
  /** Each is an annotation over a line of its own, with these words. */
  readonly links?: readonly { readonly words: string; readonly url: string }[];
  readonly picture?: Bitmap;
  /** Names of text fields. */
  readonly fields?: readonly string[];
  readonly title?: string;
  readonly producer?: string;
};

/** Height of a line, in points. */
const LEADING = 18;

/** The bytes of a document of one page. */
export function pdfFile({ lines, links = [], picture, fields = [], title, producer }: PdfContent): Buffer {
  const objects: Buffer[] = [];
  const add = (content: string | Buffer): number =>
    objects.push(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  const [catalog, pages, page, font] = [1, 2, 3, 4];
  for (let at = 0; at < 4; at++) add('');
  const shown = [...lines, ...links.map(({ words }) => words), ...fields];
  const texts = shown.map((line, at) => `BT /F1 11 Tf 72 ${720 - at * LEADING} Td (${pdfText(line)}) Tj ET`);
  const image = picture === undefined ? undefined : add(imageObject(picture));
  if (image !== undefined) texts.push(`q 180 0 0 180 216 ${700 - shown.length * LEADING - 190} cm /Im1 Do Q`);
  const contents = add(streamObject('', Buffer.from(texts.join('\n'), 'latin1')));
  const links0 = lines.length;
  const annotations = links.map(({ url }, at) => {
    const y = 720 - (links0 + at) * LEADING;
    return add(
      `<< /Type /Annot /Subtype /Link /Rect [72 ${y - 4} 420 ${y + 12}] /Border [0 0 0] /A << /S /URI /URI (${pdfText(url)}) >> >>`,
    );
  });
  const widgets = fields.map((name, at) => {
    const y = 720 - (links0 + links.length + at) * LEADING;
    return add(
      `<< /Type /Annot /Subtype /Widget /FT /Tx /T (${pdfText(name)}) /V () /Rect [300 ${y - 4} 520 ${y + 12}] /F 4 >>`,
    );
  });
  const info = add(
    `<< /Title (${pdfText(title ?? '')}) /Producer (${pdfText(producer ?? 'Acme PDF 3.1')}) >>`,
  );
  const references = [...annotations, ...widgets].map((id) => `${id} 0 R`).join(' ');
  const form =
    fields.length === 0 ? '' : ` /AcroForm << /Fields [${widgets.map((id) => `${id} 0 R`).join(' ')}] >>`;
  objects[catalog - 1] = Buffer.from(`<< /Type /Catalog /Pages ${pages} 0 R${form} >>`);
  objects[pages - 1] = Buffer.from(`<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  const images = image === undefined ? '' : ` /XObject << /Im1 ${image} 0 R >>`;
  objects[page - 1] = Buffer.from(
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 ${font} 0 R >>${images} >> /Contents ${contents} 0 R /Annots [${references}] >>`,
  );
  objects[font - 1] = Buffer.from(
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  );
  return joined(objects, catalog, info);
}

function joined(objects: readonly Buffer[], catalog: number, info: number): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let length = (pieces[0] as Buffer).length;
  const offsets = objects.map((content, at) => {
    const piece = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), content, Buffer.from('\nendobj\n')]);
    const offset = length;
    pieces.push(piece);
    length += piece.length;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...pieces, Buffer.from(end)]);
}

function imageObject({ width, height, grey }: Bitmap): Buffer {
  return streamObject(
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8`,
    grey,
  );
}

function streamObject(entries: string, bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}

function pdfText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&');
}
