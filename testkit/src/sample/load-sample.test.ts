import { describe, expect, it } from 'vitest';
import type { SampleBatch } from './batches.ts';
import { loadSample } from './load-sample.ts';

const SMALL = { seed: 9, scale: 0.05 } as const;

/** A hub that takes its time, each batch another. */
function slowHub() {
  const taken: SampleBatch[] = [];
  const flying = new Set<string>();
  let most = 0;
  let lines = 0;
  let surface = '';
  return {
    seen: () => ({ taken, most, lines, surface }),
    putSurface: async (yaml: string) => {
      surface = yaml;
    },
    post: async (batch: SampleBatch, content: Buffer) => {
      const name = `${batch.authority}/${batch.sensor}`;
      if (surface === '') throw new Error('lines came before the surface');
      if (flying.has(name)) throw new Error(`two batches of ${name} at a time`);
      flying.add(name);
      most = Math.max(most, flying.size);
      for (let turn = batch.bytes % 7; turn >= 0; turn--) await Promise.resolve();
      flying.delete(name);
      taken.push(batch);
      lines += content.toString('latin1').split('\n').length - 1;
      return { duplicate: batch.sequence === 1 };
    },
  };
}

describe('loading a sample', () => {
  it('sends the surface, then every line once, each sensor in its order', async () => {
    const hub = slowHub();
    const loaded = await loadSample(hub.post, hub.putSurface, SMALL);
    const { taken, most, lines, surface } = hub.seen();
    expect(surface).toContain('networks:');
    expect(lines).toBe(loaded.truth.totals.lines);
    expect(taken.length).toBe(loaded.of);
    expect(loaded).toMatchObject({ lines, batches: taken.length, duplicates: loaded.truth.totals.sensors });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
    const last = new Map<string, number>();
    for (const { client, sequence } of taken) {
      expect(sequence).toBe((last.get(client) ?? 0) + 1);
      last.set(client, sequence);
    }
  });

  it('waits as long as the day did, so many times faster', async () => {
    const hub = slowHub();
    let waited = 0;
    const wait = async (milliseconds: number) => {
      waited += milliseconds;
    };
    await loadSample(hub.post, hub.putSurface, { ...SMALL, speed: 1_000, wait });
    const { taken } = hub.seen();
    const times = taken.map(({ at }) => Date.parse(at));
    expect(waited).toBeCloseTo((Math.max(...times) - Math.min(...times)) / 1_000, 3);
  });

  it('ends where a batch is not taken', async () => {
    const hub = slowHub();
    let taken = 0;
    const post = async () => {
      if (++taken === 20) throw new Error('the disk is full');
      return { duplicate: false };
    };
    await expect(loadSample(post, hub.putSurface, SMALL)).rejects.toThrow('the disk is full');
    expect(taken).toBeLessThan(30);
  });
});
