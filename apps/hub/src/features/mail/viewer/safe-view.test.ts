import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safeView } from './safe-view.ts';
import { INPUT, inSandbox, OUTPUT } from './sandbox.ts';
import { zipped } from './zip.fixture.ts';

const PNG = 'iVBORw0KGgo';

/** Nobody else leaves anything there. */
const scratch = mkdtempSync(join(tmpdir(), 'bw-safe-view-'));
const before = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = scratch;
});
afterAll(() => {
  process.env.TMPDIR = before;
  rmSync(scratch, { recursive: true });
});

/** A PDF of some pages with one line each; `more` stands in its catalogue. */
function pdf(lines: readonly string[], more = ''): Uint8Array {
  const kids = lines.map((_, at) => `${4 + 2 * at} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${more} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${lines.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...lines.flatMap((line, at) => {
      const content = `BT /F1 24 Tf 72 700 Td (${line}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let text = '%PDF-1.7\n';
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

const part = (name: string, type: string, bytes: Uint8Array | string) => ({
  name,
  type,
  bytes: Buffer.from(bytes),
});

describe('a PDF', () => {
  it('is shown as pictures of its pages and as its words, whatever it says that it is', async () => {
    const view = await safeView(
      part('form.doc', 'application/msword', pdf(['Absentee ballot application', 'Page two'])),
    );
    expect(view).toMatchObject({ how: 'pictures', why: null, cut: false });
    expect(view?.pages.map((page) => page.slice(0, 11))).toEqual([PNG, PNG]);
    expect(view?.text).toContain('Absentee ballot application');
    expect(view?.text).toContain('Page two');
  });

  it('is shown in part where it has many pages', async () => {
    const view = await safeView(
      part('a.pdf', 'application/pdf', pdf(Array.from({ length: 30 }, (_, at) => `line ${at}`))),
    );
    expect(view?.pages).toHaveLength(10);
    expect(view?.cut).toBe(true);
  });

  it('that would run a script or open a page when it is opened does neither', async () => {
    let asked = 0;
    const server = createServer(() => {
      asked++;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    const action = `/OpenAction << /S /URI /URI (${url}) >> /AA << /O << /S /JavaScript /JS (app.launchURL("${url}")) >> >>`;
    const view = await safeView(part('a.pdf', 'application/pdf', pdf(['hello'], action)));
    server.close();
    expect(view?.how).toBe('pictures');
    expect(asked).toBe(0);
  });

  it('that is broken is told, and leaves nothing behind', async () => {
    const view = await safeView(part('a.pdf', 'application/pdf', '%PDF-1.7\nnothing of the kind'));
    expect(view).toMatchObject({ pages: [], why: expect.stringContaining('cannot be shown as a picture') });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('bellwether-view-'))).toEqual([]);
  });

  it('that asks for a page of a square kilometre is drawn within limits', async () => {
    const vast = Buffer.from(pdf(['vast']))
      .toString('latin1')
      .replace('[0 0 612 792]', '[0 0 9e6 9e6]');
    const view = await safeView(part('a.pdf', 'application/pdf', Buffer.from(vast, 'latin1')));
    expect(view === null || view.pages.every((page) => page.length < 24_000_000)).toBe(true);
  });
});

describe('the sandbox', () => {
  const shell = (script: string) => inSandbox('sh', ['-c', script], Buffer.from('the input'));
  const said = async (script: string): Promise<string> => {
    const { ran, ...rest } = await shell(`{ ${script}; } > ${OUTPUT}/said 2>&1 || true`);
    if (!ran) throw new Error(JSON.stringify(rest));
    return Buffer.from((rest as { files: Uint8Array[] }).files[0]!).toString();
  };

  it('gives the input, and neither the files of this machine nor its network', async () => {
    expect(await said(`cat ${INPUT}`)).toBe('the input');
    expect(await said('ls / | tr "\\n" " "')).toBe('bin dev etc input lib lib64 output proc tmp usr ');
    expect(await said('ls /etc /root /home')).toMatch(/cannot access '\/root'/);
    expect(await said(`echo x > ${INPUT}`)).toMatch(/Permission denied|Read-only/);
    expect(await said('cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d " \\n"')).toBe('lo');
    expect(await said('id -u; env | sort | cut -d= -f1 | tr "\\n" " "')).toMatch(
      /^65534\n(.* )?HOME (.* )?PATH /,
    );
  });

  it('ends what takes too much, and says so', async () => {
    const busy = await inSandbox('sh', ['-c', 'while :; do :; done'], new Uint8Array(), {
      seconds: 1,
    });
    expect(busy).toMatchObject({ ran: false });
  }, 60_000);

  it('reads no more than it should of what was written', async () => {
    const many = await shell(`for at in $(seq 100); do echo $at > ${OUTPUT}/file-$at; done`);
    expect(many).toMatchObject({ ran: true, files: { length: 32 } });
    expect(await shell(`head -c 100000000 /dev/zero > ${OUTPUT}/vast; echo x > ${OUTPUT}/a`)).toMatchObject({
      ran: true,
    });
  });

  it('is not left out where a program is missing', async () => {
    expect(await inSandbox('no-such-program', [], new Uint8Array())).toEqual({
      ...{ ran: false, why: 'no-such-program is not installed here' },
    });
  });
});

describe('other files', () => {
  it('are shown as words where they are words, and not at all where nobody can tell', async () => {
    expect(await safeView(part('a.txt', 'text/plain', 'plain words\0'))).toMatchObject({
      how: 'text-only',
      text: 'plain words',
    });
    const page = await safeView(
      part('a.html', 'application/octet-stream', '<script>x()</script><p>Sign in</p>'),
    );
    expect(page).toMatchObject({ how: 'text-only', why: expect.stringContaining('Only its words') });
    expect(page?.text.trim()).toBe('Sign in');
    expect(await safeView(part('a.exe', 'application/octet-stream', 'MZ'))).toBeNull();
    expect(await safeView(part('a.docx', 'application/msword', 'PK'))).toBeNull();
    expect(await safeView(part('a.zip', 'application/zip', zipped({ 'a.txt': 'plain' })))).toBeNull();
  });
});
