/** Bytes of messages: what goes in comes out, however it is cut, and what lies about its lines is found. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDoubtfulLines, withExtraDots, withoutExtraDots, withoutForgedMarks } from './message.ts';
import { type Room, Wire } from './wire.ts';

/** Texts of the bytes that matter, with a line end at the end. */
const lines = fc
  .array(fc.constantFrom('.', '..', '\r\n', '\n', '\r', 'x', 'é', '\0', '.\r\n', '\r\n.'))
  .map((parts) => Buffer.from(`${parts.join('')}\r\n`, 'latin1'));

async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const far = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  return { near, far };
}

describe('dots', () => {
  it('are the same once more were added and taken away', () => {
    fc.assert(
      fc.property(lines, (message) => {
        expect(withoutExtraDots(withExtraDots(message)).equals(message)).toBe(true);
      }),
    );
  });

  it('never end a message early', () => {
    fc.assert(
      fc.property(lines, (message) => {
        const sent = Buffer.concat([Buffer.from('\r\n'), withExtraDots(message)]);
        expect(sent.includes('\r\n.\r\n')).toBe(false);
      }),
    );
  });
});

describe('a message on a wire', () => {
  it('is taken whole wherever it is cut, and what comes after it is a command', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(40), { maxLength: 5 }), async (message, cuts) => {
        const { near, far } = await pair();
        const wire = new Wire(near);
        const room: Room = { left: 1_000 };
        far.setNoDelay(true);
        const sent = Buffer.concat([withExtraDots(message), Buffer.from('.\r\nNOOP\r\n')]);
        let from = 0;
        for (const to of [...cuts.toSorted((a, b) => a - b), sent.length]) {
          far.write(sent.subarray(from, to));
          // A turn of the loop, so that it comes in parts.
          await new Promise((resolve) => setImmediate(resolve));
          from = Math.max(from, to);
        }
        const taken = await wire.message(1_000, room);
        expect(taken?.kind === 'message' && withoutExtraDots(taken.bytes).equals(message)).toBe(true);
        expect(await wire.line()).toBe('NOOP');
        expect(room.left).toBe(1_000 - withExtraDots(message).length);
        far.destroy();
        near.destroy();
      }),
      { numRuns: 60 },
    );
  });

  it('is read to its end and not kept where it is too large, or too many are on their way', async () => {
    for (const [most, left, kind] of [
      [10, 1_000, 'too-large'],
      [1_000, 10, 'no-room'],
    ] as const) {
      const { near, far } = await pair();
      const wire = new Wire(near);
      const room: Room = { left };
      far.write(`${'x'.repeat(500)}\r\n.\r\nRSET\r\n`);
      expect(await wire.message(most, room)).toEqual({ kind });
      expect([await wire.line(), room.left]).toEqual(['RSET', left]);
      far.destroy();
      near.destroy();
    }
  });

  it('is none where its sender leaves before the end', async () => {
    const { near, far } = await pair();
    const room: Room = { left: 1_000 };
    far.end('Subject: x\r\n\r\nhalf\r\n.');
    expect(await new Wire(near).message(1_000, room)).toBeNull();
    expect(room.left).toBe(1_000);
    near.destroy();
  });
});

describe('lines that lie', () => {
  it.each([
    ['A: b\r\n\r\none\ntwo\r\n', true],
    ['A: b\r\n\r\none\r.\r\n', true],
    ['A: b\rX-Bellwether: deliver\r\n\r\nx\r\n', true],
    ['\nA: b\r\n', true],
    ['A: b\r\n\r\none\rtwo\r\n', false],
    ['A: b\r\n\r\none\r\n.two\r\n', false],
    ['', false],
  ])('are found: %j', (text, isDoubtful) => {
    expect(hasDoubtfulLines(Buffer.from(text))).toBe(isDoubtful);
  });
});

describe('marks in our name', () => {
  const cleaned = (text: string): string =>
    withoutForgedMarks(Buffer.from(text), ['mx.office.example']).toString();

  it('are taken off with their folded lines, however they are written', () => {
    expect(
      cleaned(
        'X-BELLWETHER-Why\t: a\r\n b\r\n\tc\r\nA: x-bellwether: stays\r\nAuthentication-Results:\r\n MX.office.example; x\r\nB: c\r\n\r\nx-bellwether: in the text\r\n',
      ),
    ).toBe('A: x-bellwether: stays\r\nB: c\r\n\r\nx-bellwether: in the text\r\n');
  });

  it('are none where others wrote it, and the bytes are then the same', () => {
    for (const text of [
      '',
      '\r\nX-Bellwether: x\r\n',
      'Authentication-Results: other.example; x\r\n\r\n',
      'no colon\r\n',
    ])
      expect(cleaned(text)).toBe(text);
  });

  it('are found after a line that is no header', () => {
    expect(cleaned('nonsense\r\nX-Bellwether: deliver\r\n\r\n')).toBe('nonsense\r\n\r\n');
  });
});
