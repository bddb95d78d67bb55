/** When something is planted on sheets: where a state says so, and in the sample. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { USUAL_ONE_IN } from '../features/rolls/planted-looks.ts';
import { drillsOf } from './roll.ts';
import { markMapping } from './sample-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-drills-'));
const real = join(folder, 'real.yaml');
const sample = join(folder, 'sample.yaml');
writeFileSync(real, 'schema: bellwether/mapping@1\n');
writeFileSync(sample, 'schema: bellwether/mapping@1\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('planted changes', () => {
  it('are off in a state that has not said otherwise', () => {
    expect(drillsOf({}, real)).toBeNull();
    expect(drillsOf({ rolls: { live: '/srv/voters.csv' } }, real)).toBeNull();
  });

  it('are as frequent as a state says, or as usual', () => {
    expect(drillsOf({ rolls: { drills: { oneIn: 7 } } }, real)).toEqual({ oneIn: 7 });
    expect(drillsOf({ rolls: { drills: {} } }, real)).toEqual({ oneIn: USUAL_ONE_IN });
  });

  it('are on in the sample', async () => {
    await markMapping(sample);
    expect(drillsOf({}, sample)).toEqual({ oneIn: USUAL_ONE_IN });
  });
});
