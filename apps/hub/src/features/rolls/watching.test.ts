import { describe, expect, it } from 'vitest';
import { NightsOfTest } from './nights.fixture.ts';
import { watchedDays, watchRoll } from './watching.ts';

const AT = Date.parse('2026-10-06T09:00:00Z');

describe('watching a sealed day', () => {
  it('finds nothing to watch before a night was sealed', async () => {
    const state = new NightsOfTest({ voters: 300, days: 1, seed: 5 });
    expect((await watchRoll(state.paths, AT)).isErr()).toBe(true);
    (await state.begin()).okOrThrow();
    expect((await watchRoll(state.paths, AT)).okOrThrow()).toBeNull();
    expect(await watchedDays(state.paths, 14)).toEqual([]);
  });

  it('names a new registration that may be somebody who is there already, and keeps what it found', async () => {
    const state = new NightsOfTest({ voters: 1_500, days: 1, seed: 1_017, attacks: ['twin'] });
    (await state.begin()).okOrThrow();
    await state.play(1);
    const watched = (await watchRoll(state.paths, AT)).okOrThrow()!;
    const attack = state.truth.attacks.find(({ caughtBy }) => caughtBy === 'watching')!;
    const twins = watched.findings.filter(({ kind }) => kind === 'near-duplicate');
    for (const record of attack.records) {
      expect(twins.filter(({ sentence }) => sentence.includes(record))).not.toEqual([]);
    }
    expect(watched.day).toBe('2026-10-05');
    expect(await watchedDays(state.paths, 14)).toEqual([watched]);
  });
});
