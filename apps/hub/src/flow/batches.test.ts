import { describe, expect, it } from 'vitest';
import { Batches } from './batches.ts';

describe('batches that were acknowledged', () => {
  it('are known by number and content', () => {
    const batches = new Batches();
    batches.add('office-box', 4, 'aa');

    expect(batches.look('office-box', 4, 'aa')).toBe('same');
    expect(batches.look('office-box', 4, 'bb')).toBe('changed');
    expect(batches.look('office-box', 5, 'bb')).toBe('new');
  });

  it('are looked up elsewhere when nobody can tell here', () => {
    const batches = new Batches();
    batches.add('office-box', 4, 'aa');

    expect(batches.look('office-box', 3, 'aa')).toBe('unknown');
    expect(batches.look('another', 1, 'aa')).toBe('unknown');
    for (let sequence = 5; sequence < 400; sequence++) batches.add('office-box', sequence, 'cc');
    expect(batches.look('office-box', 4, 'aa')).toBe('unknown');
  });
});
