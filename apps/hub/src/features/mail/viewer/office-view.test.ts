/** Office documents and pictures in the safe viewer, drawn by the real programs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { safeView } from './safe-view.ts';
import { zipped } from './zip.fixture.ts';

const PNG = 'iVBORw0KGgo';

/** Nobody else leaves anything there. */
const scratch = mkdtempSync(join(tmpdir(), 'bw-office-view-'));
const before = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = scratch;
});
afterAll(() => {
  process.env.TMPDIR = before;
  rmSync(scratch, { recursive: true });
});

const part = (name: string, bytes: Uint8Array) => ({ name, type: 'application/octet-stream', bytes });

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORDS = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

const relations = (...rows: readonly string[]): string =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows.join('')}</Relationships>`;

const relation = (id: string, type: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}" ${more}/>`;

/** A document of Word with one line; `body` behind it, and more files. */
function docx(line: string, body = '', more: Readonly<Record<string, string>> = {}): Uint8Array {
  return zipped({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'word/document.xml')),
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="${WORDS}" xmlns:r="${RELATIONS}"><w:body><w:p><w:r><w:t>${line}</w:t></w:r></w:p>${body}</w:body></w:document>`,
    ...more,
  });
}

/** A document of OpenDocument that runs `script` when it is opened. */
function odtWithMacro(line: string, script: string): Uint8Array {
  const office = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0';
  const text = 'urn:oasis:names:tc:opendocument:xmlns:text:1.0';
  const event = `<office:scripts><office:event-listeners><script:event-listener xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.M.Go?language=Basic&amp;location=document" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple"/></office:event-listeners></office:scripts>`;
  const entry = (path: string, type: string): string =>
    `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`;
  return zipped({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `<?xml version="1.0"?><office:document-content xmlns:office="${office}" xmlns:text="${text}" office:version="1.2">${event}<office:body><office:text><text:p>${line}</text:p></office:text></office:body></office:document-content>`,
    'Basic/script-lc.xml':
      '<?xml version="1.0"?><library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" library:link="false"/></library:libraries>',
    'Basic/Standard/script-lb.xml':
      '<?xml version="1.0"?><library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/></library:library>',
    'Basic/Standard/M.xml': `<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">${script}</script:module>`,
    'META-INF/manifest.xml': `<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">${entry('/', 'application/vnd.oasis.opendocument.text')}${entry('content.xml', 'text/xml')}${entry('Basic/script-lc.xml', 'text/xml')}${entry('Basic/Standard/script-lb.xml', 'text/xml')}${entry('Basic/Standard/M.xml', 'text/xml')}</manifest:manifest>`,
  });
}

/** A picture of one colour: what its head says, and rows of pixels. */
function png(width: number, height: number, rows = height): Uint8Array {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const pixels = deflateSync(Buffer.alloc(rows * (1 + 3 * width)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))],
  ]);
}

async function listening(): Promise<{ readonly address: string; readonly asked: () => number }> {
  let asked = 0;
  const server = createServer((_request, reply) => {
    asked++;
    reply.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

it.each([
  ['of Word', 'form.docx', docx('Absentee ballot application')],
  ['of rich text', 'form.doc', Buffer.from('{\\rtf1\\ansi Absentee ballot application\\par}')],
  ['of OpenDocument', 'form.odt', odtWithMacro('Absentee ballot application', '')],
])('shows a document %s as the page that it prints, and its words', async (_, name, bytes) => {
  const view = await safeView(part(name, bytes));
  expect(view).toMatchObject({ how: 'pictures', why: null, cut: false });
  expect(view?.pages.map((page) => page.slice(0, 11))).toEqual([PNG]);
  expect(view?.text).toContain('Absentee ballot application');
});

it('shows a sheet', async () => {
  const sheet = Buffer.from(
    '{\\rtf1 \\trowd\\cellx3000\\cellx6000 Voter\\intbl\\cell Ballot\\intbl\\cell\\row}',
  );
  const view = await safeView(part('list.rtf', sheet));
  expect(view?.text).toMatch(/Voter\s+Ballot/);
});

it('fetches nothing that a document wants: its template, and pictures that lie elsewhere', async () => {
  const { address, asked } = await listening();
  const outside = 'TargetMode="External"';
  const drawing = `<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  const field = `<w:p><w:fldSimple w:instr=" INCLUDEPICTURE &quot;${address}/field.png&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>`;
  const view = await safeView(
    part(
      'form.docx',
      docx('Please fill in', drawing + field, {
        'word/_rels/document.xml.rels': relations(
          relation('rId8', 'settings', 'settings.xml'),
          relation('rId9', 'image', `${address}/picture.png`, outside),
        ),
        'word/settings.xml': `<?xml version="1.0"?><w:settings xmlns:w="${WORDS}" xmlns:r="${RELATIONS}"><w:attachedTemplate r:id="rId7"/></w:settings>`,
        'word/_rels/settings.xml.rels': relations(
          relation('rId7', 'attachedTemplate', `${address}/template.dotm`, outside),
        ),
      }),
    ),
  );
  expect(view?.text).toContain('Please fill in');
  expect(asked()).toBe(0);
});

it('runs no macro of a document', async () => {
  const script = `Sub Go\nOpen "/output/0.pdf" For Output As #1\nPrint #1, "ran"\nClose #1\nThisComponent.Text.String = "ran"\nEnd Sub`;
  const view = await safeView(part('form.odt', odtWithMacro('Before the macro', script)));
  expect(view?.text).toContain('Before the macro');
  expect(view?.text).not.toContain('ran');
});

it('ends what blows itself up, and leaves nothing behind', async () => {
  const bomb = docx('small', `<w:p><w:r><w:t>${'x'.repeat(60_000_000)}</w:t></w:r></w:p>`);
  expect(bomb.length).toBeLessThan(1_000_000);
  const view = await safeView(part('form.docx', bomb));
  expect(view === null || view.pages.every((page) => page.length < 24_000_000)).toBe(true);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('bellwether-view-'))).toEqual([]);
}, 60_000);

it('draws pictures anew, and not those that are a bomb or none at all', async () => {
  const hidden = Buffer.concat([png(2_000, 100), Buffer.from('<script>secret</script>')]);
  const view = await safeView(part('photo.png', hidden));
  expect(view).toMatchObject({ how: 'pictures', why: null });
  const drawn = Buffer.from(view!.pages[0]!, 'base64');
  expect(drawn.readUInt32BE(16)).toBe(1_400);
  expect(drawn.includes('secret')).toBe(false);
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  expect((await safeView(part('dot.gif', gif)))?.how).toBe('pictures');
  const vast = await safeView(part('vast.png', png(40_000, 40_000, 10)));
  expect(vast).toMatchObject({ how: 'nothing', why: expect.stringContaining('cannot be shown'), pages: [] });
  const none = await safeView(part('none.jpg', Buffer.from('ffd8ffe000104a464946', 'hex')));
  expect(none).toMatchObject({ how: 'nothing', pages: [] });
});
