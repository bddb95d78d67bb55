import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS_NEEDED, agreedWith, milterAnswer, STEPS_WANTED } from './answers.ts';
import { milterCommand } from './commands.ts';
import { MilterPackets, PACKET_BYTES, packetBytes } from './frames.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (data: Uint8Array) => String.fromCharCode(...data);
const command = (letter: string, data: string) => milterCommand({ letter, data: bytes(data) });

describe('commands of a mail server', () => {
  test('the offer of Postfix 3.7 is read and agreed to', () => {
    const offer = command('O', '\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff');
    expect(offer).toEqual({ kind: 'negotiate', version: 6, actions: 0x1ff, steps: 0x1fffff });
    expect(agreedWith({ version: 6, actions: 0x1ff, steps: 0x1fffff })).toEqual({
      kind: 'negotiate',
      actions: ACTIONS_NEEDED,
      steps: STEPS_WANTED,
    });
  });

  test('a server that cannot hold messages, or is older, is not agreed with', () => {
    expect(agreedWith({ version: 6, actions: 0x11, steps: 0x1fffff })).toBeNull();
    expect(agreedWith({ version: 2, actions: 0x3f, steps: 0x7f })).toBeNull();
  });

  test('connections are read over IPv4, IPv6 and from nobody known', () => {
    expect(command('C', 'mx.example\x004\x01\xbb192.0.2.7\0')).toEqual({
      kind: 'connect',
      name: 'mx.example',
      address: '192.0.2.7',
    });
    expect(command('C', 'mx\x006\x01\xbbIPv6:2001:db8::7\0')).toMatchObject({ address: '2001:db8::7' });
    expect(command('C', 'unknown\0U')).toMatchObject({ kind: 'connect', address: null });
  });

  test('addresses lose their brackets; a bounce has an empty one', () => {
    expect(command('M', '<a@b.example>\0SIZE=10\0')).toEqual({
      kind: 'mail',
      address: 'a@b.example',
      parameters: ['SIZE=10'],
    });
    expect(command('M', '<>\0')).toMatchObject({ address: '' });
  });

  test('a header keeps the bytes of its value and the space before it', () => {
    expect(command('L', 'Subject\0 caf\xe9\x80\0')).toEqual({
      kind: 'header',
      name: 'Subject',
      value: ' caf\xe9\x80',
    });
  });

  test('macros are read by their names without braces', () => {
    const read = command('D', 'Mi\x004FQ1\0{auth_authen}\0clerk\0');
    expect(read).toMatchObject({ kind: 'macros', about: 'M' });
    expect(read.kind === 'macros' && [...read.values]).toEqual([
      ['i', '4FQ1'],
      ['auth_authen', 'clerk'],
    ]);
  });

  test.each([
    ['O', '\0\0\0\x06'],
    ['D', ''],
    ['D', 'Mi\0'],
    ['C', 'mx'],
    ['C', 'mx\x009\0\0x\0'],
    ['H', 'no end'],
    ['M', ''],
    ['L', 'Subject\0'],
    ['L', '\0value\0'],
    ['Q', 'more'],
    ['D', `M${'a\0'.repeat(300)}`],
    ['?', ''],
  ])('what is cut off or unknown (%s, %j) is nonsense with a reason', (letter, data) => {
    expect(command(letter, data)).toMatchObject({ kind: 'nonsense', why: expect.stringMatching(/.{8}/u) });
  });

  test('no bytes make the reader throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...'OCHMRTLNBEDAQKUX'),
        fc.uint8Array({ maxLength: 80 }),
        (letter, data) => {
          expect(milterCommand({ letter, data }).kind).toBeTypeOf('string');
        },
      ),
    );
  });
});

describe('packets', () => {
  test('however the stream is cut, the packets are the same', () => {
    const packet = fc.tuple(fc.constantFrom(...'CHMLBE'), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (sent, cuts) => {
          const stream = sent.flatMap(([letter, data]) => [...packetBytes(letter, data)]);
          const packets = new MilterPackets();
          const got: string[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            for (const { letter, data } of packets.take(Uint8Array.from(stream.slice(at, at + size)))) {
              got.push(letter + text(data));
            }
            at += size;
          }
          expect(got).toEqual(sent.map(([letter, data]) => letter + text(data)));
          expect(packets.isInside).toBe(false);
        },
      ),
    );
  });

  test('a packet that is too long, or empty, ends the reading before its data is kept', () => {
    for (const length of [0, PACKET_BYTES + 1, 0xffffffff]) {
      const packets = new MilterPackets();
      const head = new Uint8Array(4);
      new DataView(head.buffer).setUint32(0, length);
      expect(packets.take(head)).toEqual([]);
      expect(packets.broken).toContain(String(length));
      expect(packets.take(packetBytes('Q'))).toEqual([]);
    }
  });

  test('a long packet that comes a byte at a time is whole', () => {
    const sent = packetBytes(
      'B',
      Uint8Array.from({ length: 5_000 }, (_, index) => index % 251),
    );
    const packets = new MilterPackets();
    const got = [...sent].flatMap((byte) => packets.take(Uint8Array.of(byte)));
    expect(got).toEqual([{ letter: 'B', data: sent.subarray(5) }]);
  });

  test('a peer that stops in the middle of a packet is seen', () => {
    const packets = new MilterPackets();
    packets.take(packetBytes('H', bytes('mx\0')).subarray(0, 6));
    expect(packets.isInside).toBe(true);
  });
});

describe('answers', () => {
  test('bytes are as documented', () => {
    expect(text(milterAnswer({ kind: 'continue' }))).toBe('\0\0\0\x01c');
    expect(text(milterAnswer({ kind: 'refuse', reason: 'No.' }))).toBe('\0\0\0\x0fy550 5.7.1 No.\0');
    expect(text(milterAnswer({ kind: 'insert-header', at: 0, name: 'X', value: 'y' }))).toBe(
      '\0\0\0\x0ai\0\0\0\0X\0 y\0',
    );
    expect(text(milterAnswer({ kind: 'remove-header', nth: 2, name: 'X' }))).toBe(
      '\0\0\0\x08m\0\0\0\x02X\0\0',
    );
    expect(text(milterAnswer({ kind: 'negotiate', actions: 0x31, steps: 1 }))).toBe(
      '\0\0\0\x0dO\0\0\0\x06\0\0\0\x31\0\0\0\x01',
    );
  });

  test('a reason cannot end its line, add a header or hold a percent sign', () => {
    const sent = text(milterAnswer({ kind: 'refuse', reason: 'a\r\nb\0c 5% é' })).slice(5);
    expect(sent).toBe('550 5.7.1 a??b?c 5 percent ?\0');
    const header = text(milterAnswer({ kind: 'add-header', name: 'X', value: 'a\r\nBcc: x\0' })).slice(5);
    expect(header).toBe('X\0 a??Bcc: x?\0');
  });
});
