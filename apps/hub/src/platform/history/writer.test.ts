import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISPOSITIONS, Flag, RULES } from '@bellwether/contacts';
import { type FormatName, generateContacts } from '@bellwether/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, batchesOfLog, batchOf, ruleOf } from './entries.fixture.ts';
import { HistoryUnwritable } from './errors.ts';
import type { HistoryWriter } from './history-types.ts';
import { openHistoryWriter } from './writer.ts';

const MORNING = Date.UTC(2026, 9, 7, 8);

let folder: string;
let writer: HistoryWriter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub's history-"));
  writer = await openHistoryWriter(folder);
  writer.name(0, '29095', "the office's fw");
  writer.name(3, 'state', 'web');
});
afterEach(() => {
  writer.close();
  rmSync(folder, { recursive: true });
});

function generated(format: FormatName, lines: number, seed: number) {
  return batchesOfLog(format, (sink) => generateContacts({ lines, seed, formats: [format] }, sink));
}

describe('a fresh file', () => {
  it('tells of each entry what its line says, whose it is, and what it stands for', async () => {
    const four = { time: MORNING, line: 4, repeat: 2, late: true };
    const six = {
      time: MORNING + 1,
      line: 5,
      source: '2001:db8:0:7:0:0:ffff:1',
      destination: '2001:db8:1:0:0:0:0:10',
      port: 443,
    };
    writer.take(0, batchOf([four]), 0, 1, 1);
    writer.take(3, batchOf([six]), 0, 1, 1_000_001);
    const file = (await writer.flush(7, 9))!;

    expect(file).toEqual({
      path: 'fresh/7-9.parquet',
      day: null,
      fromStep: 7,
      toStep: 9,
      rows: 2,
      bytes: readFileSync(join(folder, file.path)).length,
      first: MORNING,
      last: MORNING + 1,
    });
    const common = {
      entry: '0',
      source_port: 40_000,
      protocol: 6,
      kind: 'packet',
      outcome: 'denied',
      status: null,
      disposition: 'refused',
      rule: 'denied',
      content: 0,
      stake: 0,
    };
    expect(await ask(folder, [file.path], 'FROM h')).toEqual([
      {
        ...common,
        time: '2026-10-07 08:00:00+00',
        stream: 0,
        authority: '29095',
        sensor: "the office's fw",
        line: '5',
        source_key: String(0xcb007107),
        source_low: null,
        source: '203.0.113.7',
        destination: '198.51.100.10',
        destination_port: 22,
        units: 3,
        late: true,
      },
      {
        ...common,
        time: '2026-10-07 08:00:00.001+00',
        stream: 3,
        authority: 'state',
        sensor: 'web',
        line: '1000006',
        source_key: String(0x2001_0db8_0000_0007n),
        source_low: String(0xffff_0001n),
        source: '2001:db8:0:7::ffff:1',
        destination: '2001:db8:1::10',
        destination_port: 443,
        units: 1,
        late: false,
      },
    ]);
  });

  it('has every contact of generated logs, and none that is no contact of its own', async () => {
    const told = new Map<string, number>();
    let rows = 0;
    for (const format of ['netfilter', 'sshd', 'nginx'] as const) {
      for (const batch of generated(format, 20_000, 3)) {
        // Every seventh proves to be detail of another.
        for (let row = 0; row < batch.count; row += 7) batch.flags[row]! &= ~Flag.counted;
        writer.take(0, batch, 0, batch.count, 1);
        for (let row = 0; row < batch.count; row++) {
          if ((batch.flags[row]! & Flag.counted) === 0) continue;
          rows++;
          const name = DISPOSITIONS[RULES[batch.rule[row]!]!.disposition]!;
          told.set(name, (told.get(name) ?? 0) + 1 + batch.repeat[row]!);
        }
      }
    }
    expect(writer.rows).toBe(rows);
    const file = (await writer.flush(1, 1))!;

    expect(file.rows).toBe(rows);
    const sums = (await ask(
      folder,
      [file.path],
      'SELECT disposition, sum(units)::INT AS units FROM h GROUP BY ALL',
    )) as { disposition: string; units: number }[];
    expect(new Map(sums.map(({ disposition, units }) => [disposition, units]))).toEqual(told);
    const [{ most }] = (await ask(folder, [file.path], 'SELECT max(stake) AS most FROM h')) as [
      { most: number },
    ];
    expect(most).toBeCloseTo(6.99, 4);
  });

  it('takes back what is settled anew and enters it again, each entry with a number of its own', async () => {
    const batch = batchOf([{ time: MORNING, line: 0 }]);
    writer.take(0, batch, 0, 1, 1);
    writer.resettle(0, batch, 0, 1, ruleOf('denied'), ruleOf('reply'));
    writer.resettle(0, batch, 0, 1, ruleOf('reply'), ruleOf('denied'));
    const { path } = (await writer.flush(2, 2))!;

    expect(await ask(folder, [path], 'SELECT disposition, units FROM h')).toEqual([
      { disposition: 'refused', units: 1 },
      { disposition: 'refused', units: -1 },
      { disposition: 'reply', units: 1 },
      { disposition: 'reply', units: -1 },
      { disposition: 'refused', units: 1 },
    ]);
    expect(await ask(folder, [path], 'SELECT count(DISTINCT entry)::INT AS n FROM h')).toEqual([{ n: 5 }]);
  });

  it.each([Number.NaN, -1, 1e18, Number.POSITIVE_INFINITY])(
    'holds contacts without a source, or of time %d',
    async (time) => {
      const batch = batchOf([{ time, line: 0 }]);
      batch.flags[0]! |= 2;
      writer.take(0, batch, 0, 1, 1);
      const file = (await writer.flush(1, 2))!;

      expect([file.first, file.last]).toEqual([Number.NaN, Number.NaN]);
      expect(await ask(folder, [file.path], 'SELECT time, source, source_key FROM h')).toEqual([
        { time: null, source: null, source_key: null },
      ]);
    },
  );

  it('is the same, byte for byte, when its steps are replayed', async () => {
    const batches = generated('netfilter', 10_000, 5);
    const write = async () => {
      for (const batch of batches) writer.take(0, batch, 0, batch.count, 1);
      const { path } = (await writer.flush(10, 12))!;
      return readFileSync(join(folder, path));
    };
    const first = await write();
    writer.close();
    writer = await openHistoryWriter(folder);
    writer.name(0, '29095', "the office's fw");

    expect((await write()).equals(first)).toBe(true);
  });

  it('does not appear where nothing waits, or what waited was dropped', async () => {
    const batch = batchOf([{ time: MORNING, line: 0 }]);
    writer.take(0, batch, 0, 1, 1);
    writer.drop();

    expect(writer.rows).toBe(0);
    expect(await writer.flush(1, 1)).toBeUndefined();
    writer.take(0, batch, 0, 1, 1);
    expect((await writer.flush(2, 2))?.rows).toBe(1);
    expect(readdirSync(join(folder, 'fresh'))).toEqual(['2-2.parquet']);
  });
});

describe('a writer whose disk fails', () => {
  it('says so, keeps what waits, and can go on', async () => {
    writeFileSync(join(folder, 'fresh'), 'no folder');
    writer.take(0, batchOf([{ time: MORNING, line: 0 }]), 0, 1, 1);
    await expect(writer.flush(1, 1)).rejects.toThrow(HistoryUnwritable);
    expect(writer.rows).toBe(1);

    rmSync(join(folder, 'fresh'));
    expect((await writer.flush(1, 1))?.rows).toBe(1);
  });

  it('leaves nothing out in silence: rows of a stream without a name are not written', async () => {
    writer.take(99, batchOf([{ time: MORNING, line: 0 }]), 0, 1, 1);

    await expect(writer.flush(1, 1)).rejects.toThrow('a stream has no name');
    writer.name(99, 'state', 'dns');
    expect((await writer.flush(1, 1))?.rows).toBe(1);
  });
});
