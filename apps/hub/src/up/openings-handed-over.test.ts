/** Openings on a stick, as processes: `rolls openings` writes them, and `rolls check-openings` compares them elsewhere. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SealedNight } from './second-hand.fixture.ts';
import { runCommand } from './testing/running-hub.ts';

const night = new SealedNight();
const { state } = night;
const data = ['--data', state.data, '--json'];

/** Writes openings; what the command said of them. */
async function handOver(out: string, ...whose: readonly string[]) {
  return runCommand(['rolls', 'openings', ...whose, '--out', out, ...data]);
}

/** Compares openings with rows. */
async function compare(openings: string, live: string, ...more: readonly string[]) {
  const files = ['--openings', openings, '--live', live, '--mapping', state.file('mapping.yaml')];
  return runCommand(['rolls', 'check-openings', ...files, ...more]);
}

describe('openings on a stick', () => {
  it('of an office match its rows, and a row that differs is named: exit codes 0 and 3', async () => {
    const [{ office, records }] = night.offices;
    const out = state.file('office.ndjson.gz');
    const handed = await handOver(out, '--office', office);
    expect([handed.code, handed.error]).toEqual([0, '']);
    expect(JSON.parse(handed.out)).toMatchObject({ epoch: 1, count: records.length });
    expect(statSync(out).mode & 0o077).toBe(0);
    const acts = await night.database.query
      .selectFrom('trail')
      .select(['place', 'about'])
      .where('act', '=', 'rolls.openings')
      .execute();
    expect(acts).toEqual([{ place: office, about: `office:${office}` }]);
    // What was written is not written over.
    expect((await handOver(out, '--office', office)).code).toBe(1);

    const same = await compare(out, state.dump(1), '--json');
    expect(same.code, same.error).toBe(0);
    expect(JSON.parse(same.out)).toMatchObject({ matching: records.length, differences: [] });

    const rows = night.rows('other.csv', (lines) =>
      lines.map((line) =>
        line.startsWith(`${records[0]},`) ? line.replace(/^((?:[^,]*,){3})[^,]*/, '$1Otherwise') : line,
      ),
    );
    const differs = await compare(out, rows, '--json');
    expect(differs.code, differs.error).toBe(3);
    const { differences } = JSON.parse(differs.out) as {
      differences: { recordId: string; kind: string; fields: Record<string, string> }[];
    };
    expect(differences).toMatchObject([{ recordId: records[0], kind: 'differs' }]);
    expect(Object.keys(differences[0]!.fields)).toContain('public.name.last');
    const told = await compare(out, rows);
    expect([told.code, told.out]).toEqual([
      3,
      expect.stringContaining(`${records[0]}: your row is not what`),
    ]);
  });

  it('of auditors are those that were drawn, and none that somebody altered is taken: exit code 2', async () => {
    const out = state.file('auditors.ndjson.gz');
    expect((await handOver(out, '--auditors')).code).toBe(0);
    expect((await compare(out, state.dump(1))).code).toBe(0);

    const [head, first, ...rest] = gunzipSync(readFileSync(out)).toString().trimEnd().split('\n');
    const without = [head!.replace(/"count":(\d+)/, (_, count) => `"count":${count - 1}`), ...rest];
    const cut = [head!, first!];

    const wrong = [head!, first!.replace(`"recordId":"`, `"recordId":"9`), ...rest];

    for (const [name, lines] of Object.entries({ without, cut })) {
      const path = state.file(`${name}.ndjson.gz`);
      writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
      const { code, error } = await compare(path, state.dump(1));
      expect([name, code]).toEqual([name, 2]);
      expect(error).toContain('ROLLS_OPENINGS_MALFORMED');
    }
    // Under another number it is a record that nobody has.
    const path = state.file('wrong.ndjson');
    writeFileSync(path, `${wrong.join('\n')}\n`);
    expect((await compare(path, state.dump(1))).code).toBe(3);
  });

  it('are asked for in full, and of files that are there: exit code 2', async () => {
    for (const args of [['openings', '--auditors', '--office', '29001', '--out', 'x'], ['check-openings']]) {
      expect((await runCommand(['rolls', ...args])).code).toBe(2);
    }
    const { code, error } = await compare(state.file('nowhere.gz'), state.dump(1));
    expect([code, error]).toEqual([2, expect.stringContaining('ROLLS_OPENINGS_MALFORMED')]);
  });
});
