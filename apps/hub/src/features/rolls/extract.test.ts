/** Poll books against the sealed roll: what differs is named, and what is sealed can be read as voters read it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractRoot, hexOf, parseEntry, parseExtract } from '@bellwether/rolls';
import { beforeAll, describe, expect, it } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { readExtract } from './extract-reading.ts';
import { sealExtracts } from './extract-sealing.ts';
import { NightsOfTest } from './nights.fixture.ts';

const AT = Date.parse('2026-10-06T09:00:00Z');

describe('a poll book', () => {
  const state = new NightsOfTest({ voters: 1_500, days: 1, seed: 31, attacks: ['pollbook'] });
  const { offices, rows, files } = state.truth.attacks[0]!;
  const [office] = offices;
  const asked = (file: string, because: string | null = null) => ({
    kind: 'poll-book' as const,
    place: office!,
    file,
    because,
  });

  beforeAll(async () => {
    (await state.begin()).okOrThrow();
    await state.play(1);
  });

  it('that was changed is told by record and field, and not sealed', async () => {
    const reading = (await readExtract(state.paths, asked(state.file(files![0]!)), AT)).okOrThrow();
    const of = (kind: string) =>
      reading.differences.filter((one) => one.kind === kind).map(({ recordId }) => recordId);
    expect(of('missing')).toEqual([...rows!.missing].sort());
    expect(of('different')).toEqual([...rows!.different].sort());
    expect(of('extra')).toEqual([...rows!.extra].sort());
    for (const { kind, fields } of reading.differences)
      if (kind === 'different') expect(fields).toEqual(['address.number', 'name.last']);
    expect(reading.state).toBe('differs');
    await state.withRolls(1, async (rolls) => {
      expect((await rolls.act(sealExtracts)).okOrThrow()).toEqual([]);
    });
  });

  it('that is the roll is sealed once: rows, entry, and the line that browsers read', async () => {
    const [head, ...lines] = readFileSync(state.dump(1), 'utf8').trimEnd().split('\r\n');
    const at = (name: string) => head!.split(',').indexOf(name);
    const own = lines.filter((line) => {
      const values = line.split(',');
      return values[at('lea_id')] === office && values[at('status')] !== 'cancelled';
    });
    const file = state.file('book.csv');
    writeFileSync(file, [head, ...own, ''].join('\r\n'));
    const reading = (await readExtract(state.paths, asked(file), AT + 1)).okOrThrow();
    expect(reading).toMatchObject({ differences: [], state: 'open', read: own.length });
    expect(reading.records + reading.leftOut).toBe(own.length);
    await state.withRolls(1, async (rolls) => {
      const [sealed] = (await rolls.act(sealExtracts)).okOrThrow();
      expect((await rolls.act(sealExtracts)).okOrThrow()).toEqual([]);
      const bytes = (await rolls.held.log.entry(BigInt(sealed!.index!))).okOrThrow()!;
      const entry = parseEntry(bytes).okOrThrow();
      expect(entry).toMatchObject({
        type: 'extract',
        kind: 'poll-book',
        place: office,
        rows: reading.records,
        epoch: 1,
      });
      const root = Buffer.from((entry as { readonly root: string }).root, 'base64');
      const kept = Uint8Array.from(readFileSync(join(state.paths.public, 'extract-rows', hexOf(root))));
      expect(Buffer.from(extractRoot(bestHasher(), kept))).toEqual(root);
      expect(parseExtract(bestHasher(), root, kept).okOrThrow().length).toBe(reading.records);
      expect(JSON.parse(readFileSync(join(state.paths.public, 'extracts'), 'utf8'))).toEqual({
        ...{ index: sealed!.index, kind: 'poll-book', place: office },
        ...{ day: '2026-10-05', rows: reading.records },
      });
    });
  });

  it('that differs is sealed where a person says why', async () => {
    const reading = (
      await readExtract(state.paths, asked(state.file(files![0]!), 'it is a draft'), AT + 2)
    ).okOrThrow();
    expect(reading.state).toBe('open');
    await state.withRolls(1, async (rolls) => {
      expect((await rolls.act(sealExtracts)).okOrThrow().map(({ id }) => id)).toEqual([reading.id]);
    });
  });

  it.each([
    ['no column of record numbers', 'a,b\r\n1,2\r\n'],
    ['no public column', 'voter_id,x\r\n1,2\r\n'],
    ['nothing', ''],
  ])('with %s is refused', async (_, text) => {
    const file = state.file('bad.csv');
    writeFileSync(file, text);
    expect((await readExtract(state.paths, asked(file), AT)).isErr()).toBe(true);
  });
});
