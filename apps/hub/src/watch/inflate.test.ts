import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InflateFailure, inflate, RATIO_FREE } from './inflate.ts';
import { MAX_WINDOW, ZstdFrames } from './zstd-frames.ts';

const TEXT = Buffer.from(
  Array.from(
    { length: 20_000 },
    (_, i) => `Oct  9 22:33:20 fw1 kernel: DROP: SRC=192.0.2.${i % 256} ID=${i * 7}\n`,
  ).join(''),
);

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function inflated(bytes: Buffer, compression: 'gzip' | 'zstd', chunk = 1000): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of inflate(inChunks(bytes, chunk), compression, 'x.log'))
    parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** What came, how it ended, and the most that one step gave. */
async function untilFailure(chunks: AsyncIterable<Buffer>, compression: 'gzip' | 'zstd') {
  let bytes = 0;
  let largest = 0;
  try {
    for await (const part of inflate(chunks, compression, 'x.log')) {
      bytes += part.length;
      largest = Math.max(largest, part.length);
    }
  } catch (error) {
    if (!(error instanceof InflateFailure)) throw error;
    return { bytes, largest, code: error.problem.code, reason: error.problem.reason };
  }
  return { bytes, largest, code: undefined, reason: '' };
}

/** A Zstandard frame of stored and run-length blocks (RFC 8878, 3.1.1.2), written by hand. */
function zstdFrame(
  blocks: readonly (Buffer | { readonly byte: number; readonly times: number })[],
  windowLog = 17,
): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3])];
  blocks.forEach((block, i) => {
    const last = i === blocks.length - 1 ? 1 : 0;
    const header = Buffer.alloc(3);
    if (Buffer.isBuffer(block)) {
      header.writeUIntLE((block.length << 3) | last, 0, 3);
      parts.push(header, block);
    } else {
      header.writeUIntLE((block.times << 3) | 2 | last, 0, 3);
      parts.push(header, Buffer.from([block.byte]));
    }
  });
  return Buffer.concat(parts);
}

describe('a gzip file', { timeout: 60_000 }, () => {
  it('is unpacked, several members one after the other, whatever the chunks', async () => {
    const half = TEXT.length >> 1;
    const members = Buffer.concat([gzipSync(TEXT.subarray(0, half)), gzipSync(TEXT.subarray(half))]);

    for (const chunk of [17, 100_000])
      expect((await inflated(members, 'gzip', chunk)).equals(TEXT)).toBe(true);
  });

  it('that is cut off gives what came before, and says that it is cut off', async () => {
    const whole = gzipSync(TEXT);
    const end = await untilFailure(inChunks(whole.subarray(0, whole.length - 2000), 1000), 'gzip');

    expect(end).toMatchObject({ code: 'WATCH_ARCHIVE_DAMAGED', reason: expect.stringContaining('x.log') });
    expect(end.bytes).toBeGreaterThan(0);
  });

  it('with a changed byte is damaged', async () => {
    const changed = gzipSync(TEXT);
    changed[changed.length >> 1]! ^= 0x40;

    expect(await untilFailure(inChunks(changed, 1000), 'gzip')).toMatchObject({
      code: 'WATCH_ARCHIVE_DAMAGED',
    });
  });

  it('that is a bomb is stopped when it has outgrown any log', async () => {
    const end = await untilFailure(
      inChunks(gzipSync(Buffer.alloc(96 * 1024 * 1024), { level: 9 }), 1000),
      'gzip',
    );

    expect(end.code).toBe('WATCH_ARCHIVE_BOMB');
    expect(end.bytes).toBeLessThan(RATIO_FREE + 8 * 1024 * 1024);
  });
});

describe('a Zstandard file', { timeout: 60_000 }, () => {
  it('is unpacked: stored and run-length blocks, several frames, what is to be skipped, whatever the chunks', async () => {
    const skipped = Buffer.concat([Buffer.from([0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')]);
    const file = Buffer.concat([
      zstdFrame([Buffer.from('one\n'), { byte: 45, times: 5 }, Buffer.from('\ntwo\n')]),
      skipped,
      zstdFrame([Buffer.from('three\n')]),
    ]);

    for (const chunk of [1, 2, 7, 1000]) {
      expect((await inflated(file, 'zstd', chunk)).toString()).toBe('one\n-----\ntwo\nthree\n');
    }
  });

  it('as the zstd command writes it is unpacked', async () => {
    expect((await inflated(RECORDED, 'zstd', 13)).equals(RECORDED_TEXT)).toBe(true);
  });

  it('that is cut off gives what came before, and says that it is cut off', async () => {
    const file = zstdFrame([Buffer.from('one\n'), Buffer.from('two\n')]);
    const end = await untilFailure(inChunks(file.subarray(0, -2), 3), 'zstd');

    expect(end).toMatchObject({ code: 'WATCH_ARCHIVE_DAMAGED' });
  });

  it('that is none is damaged', async () => {
    expect(await untilFailure(inChunks(Buffer.from('Oct  9 22:33:20 fw1'), 5), 'zstd')).toMatchObject({
      code: 'WATCH_ARCHIVE_DAMAGED',
      bytes: 0,
    });
  });

  it('that is a bomb is stopped, and never makes more than 128 KiB at once', async () => {
    async function* bomb(): AsyncGenerator<Buffer> {
      const blocks = Array.from({ length: 4000 }, () => ({ byte: 120, times: 128 * 1024 }));
      yield* inChunks(zstdFrame(blocks), 64 * 1024);
    }
    const end = await untilFailure(bomb(), 'zstd');

    expect(end.code).toBe('WATCH_ARCHIVE_BOMB');
    expect(end.largest).toBeLessThanOrEqual(128 * 1024);
    expect(end.bytes).toBeLessThan(RATIO_FREE + 1024 * 1024);
  });

  it('that asks for more memory than is granted is refused before any is taken', async () => {
    const end = await untilFailure(inChunks(zstdFrame([Buffer.from('x')], 31), 100), 'zstd');

    expect(end).toMatchObject({ code: 'WATCH_ARCHIVE_WINDOW', bytes: 0 });
    expect(end.reason).toContain(`${MAX_WINDOW / 1024 / 1024} MiB`);
  });

  it('with a block larger than the standard allows is damaged', async () => {
    const end = await untilFailure(inChunks(zstdFrame([{ byte: 1, times: 2_000_000 }], 27), 100), 'zstd');

    expect(end).toMatchObject({ code: 'WATCH_ARCHIVE_DAMAGED', bytes: 0 });
  });

  it('is cut into the same pieces, whatever the chunks', () => {
    const file = Buffer.concat([RECORDED, zstdFrame([Buffer.from('a'), { byte: 1, times: 9 }])]);
    const cut = (size: number) => {
      const frames = new ZstdFrames();
      const pieces: string[] = [];
      for (let at = 0; at < file.length; at += size) {
        for (const { bytes, first, last } of frames.push(file.subarray(at, at + size))) {
          pieces.push(`${bytes.length} ${first} ${last} ${createHash('sha256').update(bytes).digest('hex')}`);
        }
      }
      expect(frames).toMatchObject({ complete: true, fault: undefined });
      return pieces;
    };

    const pieces = cut(file.length);
    for (const size of [1, 2, 3, 5, 64]) expect(cut(size)).toEqual(pieces);
  });
});

/** What RECORDED holds. */
const RECORDED_TEXT = Buffer.from(
  Array.from({ length: 600 }, (_, i) => `line ${i} of 600: ${(i * i) % 97}\n`).join(''),
);

/** Written by `zstd -19` (1.5.4), with its checksum. */
const RECORDED = Buffer.from(
  [
    'KLUv/WQSLc01ADqnKBIToJckBxaFpKp+/94VEZEUXnEzBiABHQEZASF2ro5cwXHJL99XrJcIr3rXpmskXPpYplhSyK3flrTWSEs0',
    '67I4wbJMNSGVI6pXDFeOVhOsLKs4qh4q0VCjUNL4qYspqZRJSh81ImoLVD2TiEyxmD6Jp06cJk1hGkkk6ZKlSpQmSUGaIAkKepCD',
    'GsSgIAVNCOqMZEKMPvVM5+J4m1MzDdOPSEQY0l2ilkVlFHGySzxByIkQElME/fg42oaGwS46iuAQMvflsbjIX/tbP8Lru6lL4Zfx',
    'L5aGx1tkv+bQlnlCdgRPGVJHdOK1uJz2rGgdVWnoP7wIpaB56uZIuZH1KCLGAv2ZyIJjnY/1NF3LfTZam8JCjEiRJ7RfohVUCyo6',
    'dRKDJNPLNM57vjrsJAAhCBDCgwEHghAIMECgQPxQpCdOEkMEkZxAjwTuESg+CFwEgdEgsAsCAyUhsJ/ZVGZnzLzPLs+ms3KmzYJm',
    'CrOObER2hcy77LRsWllPmWQyStYFWXRCYouY+NjumKcxkrEQi02K0SH2ma+VTxMf+6/jL7if8PP3xfSJhK8ebxNvJDz9nmlPqtD7',
    '50nljcETTXfpONFZ3k24c7Rjx1jnUDcROstwHOEenOjcaE7ak7uMk8SZgdNnG5Fti63+JuIt1s3nJtuCtXXCxo6mEa0N7XONtjZV',
    'C0GNnOaRtgdNnCBsEYRFg7AuCAuTMKxf2FRhZwjzZnTJaGLUj+RR6EgcdaPR6Aojb0SniKYh6i+SWMSKOoqiC4kWROKEdgl5IkQ+',
    'FMKhqSGaoc9CrUKaEK5/N2ZXpG5Nd5s7IlcPrjmtJBLt/1bqdmwrYvu1HLWW0E4M6xA2WMZZh9mJshaynLEXKwrsOKtUHuvlq+TV',
    '7KpzHdm6aa3DKjJqTFQ/VLkabLVTlaWqmdpK/QSVntBJQkNEKPlQj0P3hooMQhdBaDQI7YLhUBLD/sOph2eHHofXhqNhw1AjDCJU',
    'CHvhWHhV6FF4TjiVsA9CyQQpwS6C0YeDa1BkcF/QoyAZgiHmnOSk4/z8bH1qerI8OzuDdUo4/TFjYoqEWd/cbI7U1GmaMyVJMP8p',
    'pVKOUYpePig5QWkJyomgLEPJGNIh5ESQlpMcky8pIjmOlOqBvMwoyWjGqH8c8bh1rDmKbIxp9MMogRgciMEEIhuIGrZVADwz3mUs',
    'xscLj6MddxxzY4nGfRhPR3yK2AvxdfFY3IpFcZhYEjeIZ8KXhL0Inw9PHe4bljDMhTuFoyG8mHtyi3Hvvz2+yd4heE+7ad2fcLdj',
    'a8Rmw+7cDrYttX3asdkisutgb1OPSK1Hbb6WLK1/1tLVo2pRqD80R2hL0BOnHaZLM0g7Rk+ItgSaM/NlFsU8fpb6nS+cpc2zHuaR',
    'kTeR65BFLscs+5WFcvDkjmQ2yJoJbiX4E8H0gycHh2gwyWDPgncFiyF4wXQRTKPBtAumU0mnPafTTU9NvTC9RjoibUh1abBUlZbS',
    'mfSS1AvSc6JTifYRlTxKR7tGo4xFp6gYovu8HnnJeEP8nfzSfT98270avWx4O+MGiysRhImoI8Dh5+93I36TklZrE5AAXiD7oJwP',
    'KaSjxV5ICp/BWxNuJFw9YAJHKgu4AW7hQ20iBKqObaoCW0buBuwQPjgrPqxETx4rWHBD0H37A26eAR1SQ9ZyhXAU6XoOidtQ8UG2',
    '4qmqIjOrYFZx+3BtjKyYubDBCBw8eJBEuoSrk4uEBfxjnqopkpWqAzvsAm6YDyvJyNcKRtwwu5XfhJtmCkPIUeSG14LOpWAOfoge',
    'nBUfmVvanQ1/i5yUNWEUU4QfExBTZFRNAZfCE3RdCU/hbeRWeDBl1oSrZVVgS/ns9DE5JteRq7t712xBhQo+kezHiBtfBWRrnRsw',
    'RhA/sIbbwvVWbfKkvZ99N8wNxAwjDr9gNgs2WVhv6jHKkLgZ55MtwYdTkwgVpCueqikrVRfCFjx8EHzfrBAfSsGu93TFB6mKPFYY',
    'qgS7xA/bgLoJTqNM4S5S3bFmdYYRCD+uAhv8EMIqwaiPsNwS3CNuiwfSGrAWjlQFtokPIm/ImStL7pJNQUfGpW1BLVilXKfSijmG',
    'Nr9QRsQVzSbQLeyv6MXp3nN0dfeKQKXvlFEXAq/eNnqhFY1odN1maPdHNDWzTje/QDEvrtKF87egZS10mQX6wuJFRnfZQ+8s5rC4',
    'mzxtrPUhySD30VG7jEDLLPNAfLncbexIv87Xr9Qrzx1DC9jQPhpyvzju1qf06X71LiPQMss8EF8ud1c0BbmHa0OGHzz9YSmj5lkR',
    'f9QTQFFXpZ/tBQ==',
  ].join(''),
  'base64',
);
