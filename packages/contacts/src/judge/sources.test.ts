import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mix32 } from '../reading/bytes.ts';
import { SourceBit, Sources } from './sources.ts';

/** Meets a source as a shard does, and writes everything that a fold must keep. */
function meet(sources: Sources, key0: number, key1: number, v6: number, time: number): number {
  let slot = sources.find(key0, key1, v6);
  if (slot < 0) slot = sources.add(key0, key1, v6, time);
  sources.setContacts(slot, sources.contacts(slot) + 1);
  sources.setLast(slot, time);
  sources.targets.add(slot, mix32(time));
  return slot;
}

const source = fc.tuple(fc.nat(40), fc.constantFrom(0, 1, 0xffff_ffff), fc.constantFrom(0, SourceBit.v6));

describe('the table of sources', () => {
  it('finds each source again, told apart by both words and by family, through growth and folds', () => {
    const steps = fc.array(
      fc.oneof({ weight: 40, arbitrary: source }, { weight: 1, arbitrary: fc.constant('fold') }),
      {
        maxLength: 400,
      },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const sources = new Sources();
        const plain = new Map<string, { contacts: number; first: number; targets: number }>();
        all.forEach((step, time) => {
          if (typeof step === 'string') {
            sources.fold(
              () => false,
              (slot) => plain.delete(nameOf(sources, slot)),
            );
            return;
          }
          const slot = meet(sources, ...(step as [number, number, number]), time);
          const name = nameOf(sources, slot);
          const known = plain.get(name);
          plain.set(name, {
            contacts: (known?.contacts ?? 0) + 1,
            first: known?.first ?? time,
            targets: (known?.targets ?? 0) + 1,
          });
        });

        expect(sources.count).toBe(plain.size);
        for (let slot = 0; slot < sources.count; slot++) {
          const known = plain.get(nameOf(sources, slot))!;
          expect(
            sources.find(sources.key0(slot), sources.key1(slot), sources.bits(slot) & SourceBit.v6),
          ).toBe(slot);
          expect({ contacts: sources.contacts(slot), first: sources.first(slot) }).toEqual({
            contacts: known.contacts,
            first: known.first,
          });
          if (known.targets <= 16) expect(sources.targets.size(slot)).toBe(known.targets);
        }
      }),
    );
  });

  it('folds the less suspicious half, and of equals those that were silent longest', () => {
    const sources = new Sources(8);
    for (let k = 0; k < 8; k++) {
      const slot = meet(sources, k, 0, 0, k);
      // 6 and 7 are suspicious, 0 is kept though it is not.
      sources.setAny(slot, k >= 6 ? 100 : 1);
    }
    expect(sources.isFull).toBe(true);

    const dropped: number[] = [];
    sources.fold(
      (slot) => sources.key0(slot) === 0,
      (slot) => dropped.push(sources.key0(slot)),
    );

    expect(dropped).toEqual([1, 2, 3, 4]);
    expect([0, 5, 6, 7].every((key) => sources.find(key, 0, 0) >= 0)).toBe(true);
    expect(dropped.some((key) => sources.find(key, 0, 0) >= 0)).toBe(false);
    expect(sources.folded).toBe(4);
  });

  it('gives a slot that was folded away to the next source without a trace of the one before', () => {
    const sources = new Sources(4);
    for (let k = 0; k < 4; k++) {
      const slot = meet(sources, k, 0, 0, k);
      sources.setAny(slot, 9);
      sources.setFirm(slot, 9);
      sources.raiseTier(slot, 3);
      sources.mark(slot, SourceBit.intrusion | SourceBit.friend);
      for (let port = 0; port < 40; port++) sources.targets.add(slot, mix32(port));
      for (let port = 0; port < 9; port++) sources.replies.note(slot, port, 1, 0, 21);
    }
    sources.fold(
      () => false,
      () => undefined,
    );
    const slot = sources.add(99, 0, 0, 50);

    expect([sources.any(slot), sources.firm(slot), sources.tier(slot)]).toEqual([0, 0, 0]);
    expect([sources.bits(slot), sources.contacts(slot), sources.targets.size(slot)]).toEqual([0, 0, 0]);
    expect(sources.replies.note(slot, 1, 1, 0, 21)).toBe(0);
    expect([sources.prefix(slot), sources.next(slot)]).toEqual([-1, -1]);
  });

  it('has bounded memory whatever comes: four hundred thousand sources in room for four thousand', () => {
    const sources = new Sources(4_096);
    let met = 0;
    for (let k = 0; k < 400_000; k++) {
      if (sources.isFull) {
        sources.fold(
          () => false,
          () => undefined,
        );
      }
      meet(sources, mix32(k), 0, 0, k);
      met++;
    }

    expect(sources.count + sources.folded).toBe(met);
    expect(sources.count).toBeLessThanOrEqual(4_096);
    expect(sources.capacity).toBeLessThanOrEqual(4_096);
  });
});

function nameOf(sources: Sources, slot: number): string {
  return `${sources.key0(slot)}:${sources.key1(slot)}:${sources.bits(slot) & SourceBit.v6}`;
}
