import { type Cidr, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockView, type ViewChange, type ViewTakes } from './block-view.ts';
import type { DecidedBlock } from './sendable.ts';

const NOW = Date.UTC(2026, 10, 3, 18);
const MINUTE = 60_000;
const PUBLIC: ViewTakes = { guards: 'public', sees: 'packets', ranges: 'as-they-are', most: 50_000 };

function block(id: number, network: string, minutes: number, more: Partial<DecidedBlock> = {}): DecidedBlock {
  const cidr: Cidr = parseCidr(network).okOrThrow();
  return {
    ...{ id: String(id), network: cidr, covers: 'all', seen: 'packets', reason: 'scan' },
    ...{ from: NOW, until: NOW + minutes * MINUTE },
    ...more,
  };
}

/** A book that a test writes. */
function book(...blocks: readonly DecidedBlock[]) {
  return { version: blocks.length, blocks: new Map(blocks.map((one) => [Number(one.id), one])) };
}

function valuesOf(view: BlockView): string[] {
  return [...view.entries.keys()].sort();
}

function told({ deleted, added }: ViewChange) {
  const minutes = (until: number) => Math.round((until - NOW) / MINUTE);
  return {
    deleted: deleted.map(({ value, until }) => `${value} ${minutes(until)}`).sort(),
    added: added.map(({ value, until }) => `${value} ${minutes(until)}`).sort(),
  };
}

describe('what a bouncer holds', () => {
  it('is each value once, with its latest end', () => {
    const view = new BlockView(PUBLIC);
    view.update(book(block(1, '192.0.2.7', 30), block(2, '192.0.2.7', 60), block(3, '192.0.2.7', 10)), NOW);

    expect([...view.entries.values()].map(({ id }) => id)).toEqual(['2']);
  });

  it('are clients behind a proxy only where it sees them, and with it whoever sends packets', () => {
    const blocks = book(block(1, '192.0.2.7', 30), block(2, '192.0.2.8', 30, { seen: 'client' }));
    const [firewall, server] = [new BlockView(PUBLIC), new BlockView({ ...PUBLIC, sees: 'client' })];
    firewall.update(blocks, NOW);
    server.update(blocks, NOW);

    expect(valuesOf(firewall)).toEqual(['192.0.2.7']);
    expect(valuesOf(server)).toEqual(['192.0.2.7', '192.0.2.8']);
  });

  it('are blocks of private services only where it guards private services', () => {
    const blocks = book(block(1, '192.0.2.7', 30), block(2, '192.0.2.8', 30, { covers: 'private' }));
    const open = new BlockView(PUBLIC);
    const inner = new BlockView({ ...PUBLIC, guards: 'private' });
    open.update(blocks, NOW);
    inner.update(blocks, NOW);

    expect(valuesOf(open)).toEqual(['192.0.2.7']);
    expect(valuesOf(inner)).toEqual(['192.0.2.7', '192.0.2.8']);
  });

  it('is each address of a network where its set takes addresses only, and what cannot be so is counted', () => {
    const view = new BlockView({ ...PUBLIC, ranges: 'expanded' });
    view.update(
      book(block(1, '192.0.2.0/24', 30), block(2, '192.0.2.9', 60), block(3, '2001:db8::/64', 30)),
      NOW,
    );

    expect(view.entries.size).toBe(256);
    expect(view.entries.get('192.0.2.255')!.id).toBe('1');
    expect(view.entries.get('192.0.2.9')!.id).toBe('2');
    expect(view.leftOut).toBe(1);
  });

  it('is no more than it has room for: halves are joined, then what ends soonest is left out and counted', () => {
    const view = new BlockView({ ...PUBLIC, most: 2 });
    view.update(
      book(
        block(1, '192.0.2.0', 30),
        block(2, '192.0.2.1', 20),
        block(3, '192.0.2.9', 60),
        block(4, '192.0.2.5', 5),
      ),
      NOW,
    );

    expect(valuesOf(view)).toEqual(['192.0.2.0/31', '192.0.2.9']);
    expect(view.entries.get('192.0.2.0/31')!.until).toBe(NOW + 20 * MINUTE);
    expect(view.leftOut).toBe(1);
  });

  it('begins when a block begins, and ends with its last second', () => {
    const view = new BlockView(PUBLIC);
    const blocks = book(block(1, '192.0.2.7', 30, { from: NOW + MINUTE }));
    view.update(blocks, NOW);
    expect(valuesOf(view)).toEqual([]);
    view.update(blocks, NOW + MINUTE);
    expect(valuesOf(view)).toEqual(['192.0.2.7']);
    view.update(blocks, NOW + 30 * MINUTE - 1_000);
    expect(valuesOf(view)).toEqual(['192.0.2.7']);
    view.update(blocks, NOW + 30 * MINUTE - 999);
    expect(valuesOf(view)).toEqual([]);
  });
});

describe('what changed', () => {
  it('is told from the number that somebody had, and an end that moved as gone and new', () => {
    const view = new BlockView(PUBLIC);
    view.update(book(block(1, '192.0.2.7', 30), block(2, '192.0.2.8', 30)), NOW);
    const had = view.sequence;
    view.update({ ...book(block(1, '192.0.2.7', 90), block(3, '192.0.2.9', 30)), version: 9 }, NOW);

    expect(told(view.since(had)!)).toEqual({
      deleted: ['192.0.2.7 30', '192.0.2.8 30'],
      added: ['192.0.2.7 90', '192.0.2.9 30'],
    });
    expect(told(view.since(view.sequence)!)).toEqual({ deleted: [], added: [] });
  });

  it('is not known for a number from elsewhere', () => {
    const view = new BlockView(PUBLIC);
    view.update(book(block(1, '192.0.2.7', 30)), NOW);
    expect(view.since(view.sequence + 1)).toBeUndefined();
    expect(view.since(-1)).toBeUndefined();
  });

  it('makes the same set, told bit by bit or all at once', () => {
    const someBlock = fc.record({
      last: fc.nat(12),
      bits: fc.constantFrom(30, 31, 32),
      minutes: fc.integer({ min: 1, max: 9 }),
      covers: fc.constantFrom('all' as const, 'private' as const),
    });
    const moment = fc.record({ blocks: fc.array(someBlock, { maxLength: 12 }), asks: fc.boolean() });
    const kind = fc.record({
      guards: fc.constantFrom('public' as const, 'private' as const),
      sees: fc.constantFrom('packets' as const, 'client' as const),
      ranges: fc.constantFrom('as-they-are' as const, 'expanded' as const),
      most: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(kind, fc.array(moment, { minLength: 1, maxLength: 10 }), (takes, moments) => {
        const view = new BlockView(takes);
        const set = new Map<string, number>();
        let cursor: number | undefined;
        let id = 0;
        for (const [minute, { blocks, asks }] of moments.entries()) {
          const made = blocks.map(({ last, bits, minutes, covers }) => {
            const first = last - (last % 2 ** (32 - bits));
            return block(++id, `192.0.2.${first}/${bits}`, minutes, { covers });
          });
          view.update({ ...book(...made), version: minute }, NOW + minute * MINUTE);
          if (!asks && minute < moments.length - 1) continue;
          const change = cursor === undefined ? undefined : view.since(cursor)!;
          for (const { value } of change?.deleted ?? []) set.delete(value);
          for (const { value, until } of change?.added ?? view.entries.values()) {
            // A set that does not take a new end for what it holds.
            if (!set.has(value)) set.set(value, until);
          }
          cursor = view.sequence;
        }
        const whole = [...view.entries.values()].map(({ value, until }): [string, number] => [value, until]);
        expect([...set].sort()).toEqual(whole.sort());
        expect(view.entries.size).toBeLessThanOrEqual(takes.most);
      }),
    );
  });
});
