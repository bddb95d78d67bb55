import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from './account.ts';
import { type WatchOptions, watch } from './watch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const OPTIONS: WatchOptions = {
  paths: [],
  surface: undefined,
  format: undefined,
  decisions: undefined,
  verdicts: undefined,
  history: undefined,
  year: 2026,
  zone: undefined,
  columns: undefined,
  workers: 1,
};

async function* pipe(...chunks: (Buffer | string)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** Watches in this thread; `stdin` is what `-` reads. */
function watching(options: Partial<WatchOptions>, stdin: AsyncIterable<Buffer> = pipe()) {
  return watch(
    { ...OPTIONS, ...options },
    { stdin, now: Date.UTC(2026, 10, 1), clock: () => 0, progress: () => {}, stopped: () => false },
  );
}

/** The account of what can be read to its end. */
async function accountOf(options: Partial<WatchOptions>, stdin?: AsyncIterable<Buffer>): Promise<Account> {
  const report = (await watching(options, stdin)).okOrThrow();
  expect(report?.failures).toEqual([]);
  return report!.account;
}

/** All that does not name the inputs. */
function bare({ files, through, ...rest }: Account) {
  const formats = new Set(files.map(({ format }) => format));
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  return { ...rest, lines, formats, through: through.map(({ file: _file, line: _line, ...what }) => what) };
}

function file(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A Zstandard frame of stored blocks (RFC 8878, 3.1.1.2). */
function zstd(text: string): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  for (let at = 0; at < text.length; at += 100_000) {
    const header = Buffer.alloc(3);
    const block = Buffer.from(text.slice(at, at + 100_000));
    header.writeUIntLE((block.length << 3) | (at + 100_000 >= text.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

/** A packet that was dropped, `second` seconds into 7 October. */
function packet(second: number, source: string, port: number): string {
  const time = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return `Oct  7 ${time} fw1 kernel: [1.5] DROP: IN=eth0 OUT= MAC=00:16 SRC=${source} DST=198.18.0.9 LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=25313 PROTO=TCP SPT=52220 DPT=${port} WINDOW=1024 RES=0x00 SYN URGP=0`;
}

/** Packets of some sources, among them one that scans. */
function packets(n: number): string[] {
  return Array.from({ length: n }, (_, i) =>
    i % 5 === 0 ? packet(i, '203.0.113.7', 1000 + i) : packet(i, `192.0.${i % 3}.${i % 200}`, 22),
  );
}

describe('watching', { timeout: 60_000 }, () => {
  it('accounts for every line, and the account balances', async () => {
    const path = file('fw.log', `${packets(200).join('\n')}\nnot of this format\n\n`);
    const account = await accountOf({ paths: [path] });

    expect(account).toMatchObject({
      schema: 'bellwether/account@1',
      lines: 202,
      unreadable: 1,
      ignored: 1,
      contacts: 200,
      balanced: true,
      lostAtSensor: 0,
      surface: null,
      files: [{ path, format: 'netfilter', lines: 202, unreadable: 1 }],
    });
  });

  it('tells the same of a file, of the file compressed, and of what comes through a pipe', async () => {
    const text = `${packets(3000).join('\n')}\n`;
    const plain = await accountOf({ paths: [file('fw.log', text)] });
    const gzipped = await accountOf({ paths: [file('fw.log.gz', gzipSync(text))] });
    const zstandard = await accountOf({ paths: [file('fw.log.zst', zstd(text))] });
    const piped = await accountOf({ paths: ['-'] }, pipe(text.slice(0, 77_777), text.slice(77_777)));
    const both = await accountOf({ paths: ['-'] }, pipe(gzipSync(text)));

    expect(plain).toMatchObject({ contacts: 3000, balanced: true });
    for (const other of [gzipped, zstandard, piped, both]) expect(bare(other)).toEqual(bare(plain));
  });

  it('tells the same of a log and of its rotated pieces, in whatever order they are named', async () => {
    const lines = packets(1500);
    const whole = await accountOf({ paths: [file('whole.log', lines.join('\n'))] });
    const pieces = [
      file('fw.log', lines.slice(1000).join('\n')),
      file('fw.log.1', lines.slice(500, 1000).join('\n')),
      file('fw.log.2.gz', gzipSync(lines.slice(0, 500).join('\n'))),
    ];

    expect(bare(await accountOf({ paths: pieces }))).toEqual(bare(whole));
    expect(bare(await accountOf({ paths: pieces.toReversed() }))).toEqual(bare(whole));
  });

  it('reads a last line without an end, Windows line ends, and a byte order mark', async () => {
    const text = `\u00ef\u00bb\u00bf${packets(20).join('\r\n')}`;

    expect(await accountOf({ paths: [file('fw.log', Buffer.from(text, 'latin1'))] })).toMatchObject({
      lines: 20,
      contacts: 20,
      unreadable: 0,
    });
  });

  it('counts a line of a megabyte as one that cannot be read', async () => {
    const lines = packets(30);
    lines.splice(10, 0, 'x'.repeat(1_000_000));

    expect(await accountOf({ paths: [file('fw.log', lines.join('\n'))] })).toMatchObject({
      lines: 31,
      contacts: 30,
      unreadable: 1,
      balanced: true,
    });
  });

  it('takes an empty file for what it is: a log that was rotated a moment ago', async () => {
    const empty = file('fw.log', '');
    const full = file('fw.log.1', packets(10).join('\n'));

    expect(await accountOf({ paths: [empty, full] })).toMatchObject({
      lines: 10,
      files: [{ format: 'empty', lines: 0 }, { format: 'netfilter' }],
    });
    expect(await accountOf({ paths: [empty] })).toMatchObject({ lines: 0, from: null, balanced: true });
  });

  it('reads on what a damaged archive holds, and says where it ends', async () => {
    const whole = gzipSync(packets(20_000).join('\n'));
    const path = file('fw.log.gz', whole.subarray(0, whole.length >> 1));
    const report = (await watching({ paths: [path] })).okOrThrow();

    expect(report?.failures).toMatchObject([
      { code: 'WATCH_ARCHIVE_DAMAGED', reason: expect.stringContaining(path) },
    ]);
    expect(report?.account).toMatchObject({ balanced: true, files: [{ stopped: 'WATCH_ARCHIVE_DAMAGED' }] });
    expect(report?.account.contacts).toBeGreaterThan(1000);
  });

  it('goes by the header that is in force, wherever in a file it changes', async () => {
    const header = (fields: string): string =>
      `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${fields}\n`;
    const rows = (n: number, row: (i: number) => string): string =>
      Array.from({ length: n }, (_, i) => `${row(i)}\n`).join('');
    const text =
      header('ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state') +
      rows(
        4000,
        (i) => `${1_790_000_000 + i}.5\tC${i}a\t203.0.113.${i % 250}\t5555\t198.18.0.9\t23\ttcp\tREJ`,
      ) +
      header('id.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\tts\tuid') +
      rows(
        4000,
        (i) => `203.0.113.${i % 250}\t5555\t198.18.0.9\t23\ttcp\tREJ\t${1_790_004_000 + i}.5\tC${i}b`,
      );

    expect(await accountOf({ paths: [file('conn.log', text)] })).toMatchObject({
      contacts: 8000,
      unreadable: 0,
      from: '2026-09-21T14:13:20.500Z',
      to: '2026-09-21T16:26:39.500Z',
    });
  });

  it('names the surface by its hash, and knows what it permits', async () => {
    const surface = file('surface.yaml', 'networks: [198.18.0.0/15]\nnever_block: [203.0.113.7/32]\n');
    const decisions = join(folder, 'decisions.ndjson');
    const account = await accountOf({ paths: [file('fw.log', packets(500).join('\n'))], surface, decisions });

    expect(account.surface).toMatch(/^[0-9a-f]{64}$/);
    const decided = readFileSync(decisions, 'utf8').trim();
    expect(decided).not.toContain('203.0.113.7');
  });

  it('writes decisions and verdicts, one JSON object a line', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => packet(i, '203.0.113.7', 1000 + i));
    const [decisions, verdicts] = [join(folder, 'd'), join(folder, 'v')];
    const account = await accountOf({ paths: [file('fw.log', lines.join('\n'))], decisions, verdicts });
    const read = (path: string): unknown[] =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));

    expect(account.verdicts.scan).toBe(1);
    expect(read(verdicts)).toMatchObject([{ source: '203.0.113.7', verdict: 'scan' }]);
    expect(read(decisions).length).toBe(account.decisions);
    expect(readdirSync(folder).sort()).toEqual(['d', 'fw.log', 'v']);
  });
});

describe('watching refuses, before anything is read,', { timeout: 60_000 }, () => {
  const good = (): string => file('good.log', packets(5).join('\n'));

  it.each([
    [
      'a folder',
      'WATCH_INPUT_DIRECTORY',
      () => {
        mkdirSync(join(folder, 'logs'));
        return join(folder, 'logs');
      },
    ],
    ['a file that is not there', 'WATCH_INPUT_MISSING', () => join(folder, 'nothing.log')],
    ['a file that cannot be opened', 'WATCH_INPUT_UNREADABLE', () => join(file('plain', 'x'), 'below.log')],
    [
      'links in a circle',
      'WATCH_INPUT_UNREADABLE',
      () => {
        symlinkSync('loop', join(folder, 'loop'));
        return join(folder, 'loop');
      },
    ],
    [
      'a format that nobody knows',
      'WATCH_FORMAT_UNKNOWN',
      () => file('poem.txt', 'Roses are red,\nviolets are blue.\n'),
    ],
    [
      'binary data',
      'WATCH_FORMAT_UNKNOWN',
      () => file('noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))),
    ],
    ['UTF-16', 'WATCH_ENCODING_UTF16', () => file('win.log', Buffer.from('\ufeffOct  7', 'utf16le'))],
    ['xz', 'WATCH_CONTENT_REFUSED', () => file('fw.xz', Buffer.from('fd377a585a000004', 'hex'))],
    [
      'a packet capture',
      'WATCH_CONTENT_REFUSED',
      () => file('x.pcap', Buffer.from('d4c3b2a102000400', 'hex')),
    ],
    [
      'a tar archive in gzip',
      'WATCH_CONTENT_REFUSED',
      () => {
        const tar = Buffer.alloc(1024);
        tar.write('ustar', 257);
        return file('logs.tgz', gzipSync(tar));
      },
    ],
    [
      'gzip that is damaged from its first byte',
      'WATCH_ARCHIVE_DAMAGED',
      () => file('x.gz', Buffer.from('1f8b08ffffffffffffffffffffff', 'hex')),
    ],
  ])('%s, and names it', async (_, code, make) => {
    const path = make();
    const refused = await watching({ paths: [good(), path] });

    expect(refused).toMatchObject({ error: { code, reason: expect.stringContaining(path) } });
  });

  it('the same file under two names', async () => {
    const path = good();
    symlinkSync(path, join(folder, 'link.log'));

    expect(await watching({ paths: [path, join(folder, 'link.log')] })).toMatchObject({
      error: { code: 'WATCH_INPUT_TWICE' },
    });
    expect(await watching({ paths: ['-', '-'] }, pipe(packets(3).join('\n')))).toMatchObject({
      error: { code: 'WATCH_INPUT_TWICE' },
    });
  });

  it('names of formats and zones that do not exist', async () => {
    expect(await watching({ paths: [good()], format: 'nonsense' })).toMatchObject({
      error: { code: 'WATCH_FORMAT_UNLISTED' },
    });
    expect(await watching({ paths: [good()], zone: 'Mars/Olympus' })).toMatchObject({
      error: { code: 'WATCH_ZONE_UNKNOWN' },
    });
  });

  it('a surface with mistakes, by their lines, or none at all', async () => {
    const surface = file('surface.yaml', 'networks: [198.18.0.0/15]\nnever_blok: [192.0.2.1]\n');

    expect(await watching({ paths: [good()], surface })).toMatchObject({
      error: { code: 'WATCH_SURFACE_INVALID', reason: expect.stringContaining(`${surface}:2:`) },
    });
    expect(await watching({ paths: [good()], surface: join(folder, 'none.yaml') })).toMatchObject({
      error: { code: 'WATCH_SURFACE_UNREADABLE' },
    });
  });

  it('to begin work whose result could not be written, and leaves nothing behind', async () => {
    const refused = await watching({
      paths: [good()],
      decisions: join(folder, 'd'),
      verdicts: join(folder, 'no', 'v'),
    });

    expect(refused).toMatchObject({ error: { code: 'WATCH_OUTPUT_UNWRITABLE' } });
    expect(readdirSync(folder)).toEqual(['good.log']);
  });
});

describe('watching that is interrupted', { timeout: 60_000 }, () => {
  it('stops, and leaves no file', async () => {
    const path = file('fw.log', packets(60_000).join('\n'));
    const stopped = await watch(
      { ...OPTIONS, paths: [path], decisions: join(folder, 'd') },
      { stdin: pipe(), now: 0, clock: () => 0, progress: () => {}, stopped: () => true },
    );

    expect(stopped).toMatchObject({ value: undefined });
    expect(readdirSync(folder)).toEqual(['fw.log']);
  });
});
