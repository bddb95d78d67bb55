import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { type Cidr, formatCidr, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { LIMITS, sparedWithinLimits, withinLimits } from './limits.ts';
import type { Order } from './order.ts';
import { OrderBook, readOrder } from './order-reading.ts';

const NOW = Date.UTC(2026, 10, 3);
const HOUR = 3_600_000;
const keys = generateKeyPairSync('ed25519');
const check = async (text: Uint8Array, signature: Uint8Array): Promise<boolean> =>
  signature.length === 64 && verify(null, text, keys.publicKey, signature);
const of = { hub: 'ab'.repeat(32), office: '29001' };
const net = (text: string): Cidr => parseCidr(text).okOrThrow();

function lineOf(order: object, key = keys.privateKey): string {
  const text = JSON.stringify(order, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && 'family' in value ? formatCidr(value as Cidr) : value,
  );
  return JSON.stringify({ order: text, signature: sign(null, Buffer.from(text), key).toString('base64') });
}

const order = (change: Partial<Order>): Order => ({
  schema: 'bellwether/order@1',
  ...of,
  sequence: 1,
  at: NOW,
  isWhole: true,
  add: [],
  spare: [],
  lift: [],
  ...change,
});
const block = (id: string, change: Partial<Block> = {}): Block => ({
  id,
  network: net('203.0.113.5'),
  covers: 'all',
  from: NOW,
  until: NOW + HOUR,
  reason: 'scan',
  ...change,
});

describe('an order', () => {
  it('is read as it was signed', async () => {
    const sent = order({
      add: [block('1'), block('2', { network: net('2001:db8::/64'), covers: 'private' })],
      spare: [{ id: 's1', network: net('192.0.2.7'), until: NOW + HOUR }],
      lift: ['7'],
    });
    expect((await readOrder(lineOf(sent), of, check)).okOrThrow()).toEqual({ order: sent, unreadable: [] });
  });

  it('is not taken with any byte changed, nor by another key', async () => {
    const line = lineOf(order({ add: [block('1')] }));
    await fc.assert(
      fc.asyncProperty(fc.nat(line.length - 1), fc.constantFrom(...'0aZ"{'), async (at, character) => {
        fc.pre(line[at] !== character);
        const changed = `${line.slice(0, at)}${character}${line.slice(at + 1)}`;
        expect((await readOrder(changed, of, check)).isErr()).toBe(true);
      }),
    );
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(await readOrder(lineOf(order({}), other), of, check)).toMatchObject({
      error: { code: 'BLOCKS_ORDER_UNSIGNED' },
    });
  });

  it('for another office or by another hub is not taken', async () => {
    for (const change of [{ office: '29003' }, { hub: 'cd'.repeat(32) }])
      expect(await readOrder(lineOf(order(change)), of, check)).toMatchObject({
        error: { code: 'BLOCKS_ORDER_ELSEWHERE' },
      });
  });

  it('with one value that is none loses that one alone, and says so', async () => {
    const bad = [
      { ...block('2'), network: '203.0.113.5/99' },
      { ...block('3'), until: 'soon' },
      null,
      { id: '' },
    ];
    const read = (
      await readOrder(lineOf(order({ add: [block('1'), ...(bad as never[]), block('9')] })), of, check)
    ).okOrThrow();
    expect(read.order.add.map(({ id }) => id)).toEqual(['1', '9']);
    expect(read.unreadable).toHaveLength(4);
  });

  it('with its signature spelled another way is not taken', async () => {
    const line = lineOf(order({}));
    const last = line.length - '=="}'.length - 1;
    const other = `${line.slice(0, last)}${String.fromCharCode(line.charCodeAt(last) + 1)}${line.slice(last + 1)}`;
    expect(await readOrder(other, of, check)).toMatchObject({ error: { code: 'BLOCKS_ORDER_UNSIGNED' } });
  });

  it.each([
    '',
    '{',
    '[]',
    '{"order":1}',
    '{"order":"{}","signature":"AA=="}',
    '{"order":"{}","signature":"AAAAA"}',
  ])('is none: %s', async (line) => {
    expect((await readOrder(line, of, check)).isErr()).toBe(true);
  });
});

describe('the list of orders', () => {
  it('is what the hub meant, however often lines are repeated, and asks where one is missing', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(ids, ids), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 30 }),
        (steps, replays) => {
          const meant = new Set<string>();
          const sent = steps.map(([add, lift], i): Order => {
            const own = lift.filter((id) => !add.includes(id));
            for (const id of add) meant.add(id);
            for (const id of own) meant.delete(id);
            return order({ sequence: i + 1, isWhole: false, add: add.map((id) => block(id)), lift: own });
          });
          const book = new OrderBook();
          for (const [i, each] of sent.entries()) {
            expect(book.take(each)).toBe('taken');
            const replay = sent[replays[i] ?? 0];
            if (replay !== undefined && replay.sequence <= book.sequence)
              expect(book.take(replay)).toBe('known');
          }
          expect([...book.blocks.keys()].sort()).toEqual([...meant].sort());
          expect(book.take(order({ sequence: book.sequence + 2, isWhole: false }))).toBe('gap');
          // An older whole list would bring back what was lifted.
          expect(book.take(order({ sequence: book.sequence - 1, add: [block('old')] }))).toBe('known');
          expect(book.blocks.has('old')).toBe(false);
          expect(book.take(order({ sequence: book.sequence + 9, add: [block('new')] }))).toBe('taken');
          expect([...book.blocks.keys()]).toEqual(['new']);
        },
      ),
    );
  });

  it('forgets what is over', () => {
    const book = new OrderBook();
    book.take(order({ add: [block('1'), block('2', { until: NOW + 2 * HOUR })] }));
    book.forgetOver(NOW + HOUR);
    expect([...book.blocks.keys()]).toEqual(['2']);
  });
});

describe('a block of less than a /64', () => {
  it.each(['2001:db8:1:2::bad', '2001:db8:1:2::/80'])(
    'is read as the /64 that the kernel is given, so that what is never blocked there is seen: %s',
    async (network) => {
      const sent = order({ add: [block('1', { network: net(network) })] });
      const { add } = (await readOrder(lineOf(sent), of, check)).okOrThrow().order;
      expect(add.map((each) => formatCidr(each.network))).toEqual(['2001:db8:1:2::/64']);
      expect(withinLimits(add, { never: [net('2001:db8:1:2::1')], now: NOW })).toMatchObject({
        taken: [],
        refused: [{ id: '1', why: 'never' }],
      });
    },
  );
});

describe('what an office takes from anybody', () => {
  const here = { never: [net('198.18.77.0/24'), net('2001:db8:77::/48')], now: NOW };
  it.each<[Partial<Block>, string]>([
    [{ network: net('0.0.0.0/0') }, 'too-wide'],
    [{ network: net('0.0.0.0/0'), covers: 'private' }, 'too-wide'],
    [{ network: net('203.0.113.0/24') }, 'too-wide'],
    [{ network: net('203.0.112.0/23'), covers: 'private' }, 'too-wide'],
    [{ network: net('2001:db8::/63') }, 'too-wide'],
    [{ network: net('198.18.77.10') }, 'never'],
    [{ network: net('198.18.77.0/24'), covers: 'private' }, 'never'],
    [{ network: net('2001:db8:77:1::/64') }, 'never'],
    [{ until: NOW + LIMITS.longest + 1 }, 'too-long'],
    [{ until: NOW }, 'over'],
    [{ from: NOW + HOUR }, 'not-yet'],
  ])('is not %j', (change, why) => {
    const { taken, refused } = withinLimits([block('1', change), block('2')], here);
    expect(refused).toMatchObject([{ id: '1', state: 'refused', why }]);
    // What is refused costs the others nothing.
    expect(taken.map(({ id }) => id)).toEqual(['2']);
  });

  it('is a /24 of private services, and no more addresses in all than one in a thousand', () => {
    const blocks = Array.from({ length: 20_000 }, (_, i) =>
      block(String(i), {
        network: { family: 4, words: [0, 0, 0, 0x0a00_0000 + i * 256], bits: 24 },
        covers: 'private',
      }),
    );
    const { taken, refused } = withinLimits(blocks, here);
    expect(taken).toHaveLength(2 ** 22 / 256);
    expect(new Set(refused.map(({ why }) => why))).toEqual(new Set(['too-many']));
  });

  it('of a million blocks is as many as it holds, and each of the others is told', () => {
    const blocks = Array.from({ length: 1_000_000 }, (_, i) =>
      block(String(i), { network: { family: 4, words: [0, 0, 0, 0x1000_0000 + i], bits: 32 } }),
    );
    const { taken, refused } = withinLimits(blocks, here);
    expect([taken.length, taken.length + refused.length]).toEqual([LIMITS.most, 1_000_000]);
  });

  it('lets nobody be spared but single sources, for a while', () => {
    const spare = (network: string, until: number) => ({ id: network, network: net(network), until });
    expect(
      sparedWithinLimits(
        [
          spare('192.0.2.7', NOW + HOUR),
          spare('192.0.2.0/24', NOW + HOUR),
          spare('192.0.2.8', NOW + 99 * 24 * HOUR),
          spare('192.0.2.9', NOW - 1),
          spare('2001:db8::/64', NOW + HOUR),
        ],
        NOW,
      ).map(({ id }) => id),
    ).toEqual(['192.0.2.7', '2001:db8::/64']);
  });
});
