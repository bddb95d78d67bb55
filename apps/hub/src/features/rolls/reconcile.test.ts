import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NightsOfTest } from './nights.fixture.ts';
import { namesIn } from './roll-files.ts';

const SEEDS = [3, 11];

describe('a night of the roll', () => {
  it.each(SEEDS)('finds nothing on quiet days, and counts what was signed (seed %i)', async (seed) => {
    const state = new NightsOfTest({ voters: 1_500, days: 3, seed });
    (await state.begin()).okOrThrow();
    for (const { night, records, changed, fromFeeds } of state.truth.nights) {
      const sealed = await state.play(night);

      expect(sealed.unauthorised).toEqual([]);
      expect(sealed).toMatchObject({ epoch: night, read: records, records, sealed: true, awaiting: 0 });
      expect(sealed.authorised + sealed.fromFeeds).toBe(changed);
      expect(sealed.fromFeeds).toBe(fromFeeds);
    }
  });

  it.each(SEEDS)(
    'names exactly the records and fields of each attack on the database (seed %i)',
    async (seed) => {
      const state = new NightsOfTest({
        voters: 1_500,
        days: 3,
        seed,
        attacks: ['update', 'delete', 'insert', 'replay'],
      });
      (await state.begin()).okOrThrow();
      const mapping = readFileSync(state.file('mapping.yaml'), 'utf8');
      for (const { night } of state.truth.nights) {
        const { unauthorised } = await state.play(night);

        // What was done stays unauthorised until somebody explains it.
        const done = state.truth.attacks.filter((attack) => attack.night <= night);
        const records = new Set(done.flatMap((attack) => attack.records));
        expect(new Set(unauthorised.map(({ recordId }) => recordId))).toEqual(records);
        for (const { kind, records: hit, fields } of done) {
          const found = unauthorised.filter(({ recordId }) => hit.includes(recordId));
          if (kind === 'delete') expect(found.every((one) => one.kind === 'removed')).toBe(true);
          if (kind === 'insert') expect(found.every((one) => one.kind === 'new')).toBe(true);
          if (kind !== 'update' && kind !== 'replay') continue;
          const columns = new Set(
            found.flatMap((one) => one.fields).map((field) => columnOf(mapping, field)),
          );
          expect(columns).toEqual(new Set(fields));
        }
      }
    },
  );

  it('lets a change wait for its office three business days, and no longer', async () => {
    const state = new NightsOfTest({ voters: 1_500, days: 4, seed: 5 });
    (await state.begin()).okOrThrow();
    const { changed } = state.truth.nights[0]!;

    const first = (await state.reconcile(1)).okOrThrow();
    expect(first).toMatchObject({ awaiting: changed, unauthorised: [], authorised: 0 });

    const late = (await state.reconcile(1, { now: state.momentOf(5) })).okOrThrow();
    expect(late.awaiting).toBe(0);
    expect(late.unauthorised).toHaveLength(changed);
  });

  it('finds what was signed and is not in the database any more', async () => {
    const state = new NightsOfTest({ voters: 1_500, days: 2, seed: 5 });
    (await state.begin()).okOrThrow();
    await state.capture(1);
    await state.signAll(1);

    const undone = (await state.reconcile(1, { live: state.dump(0) })).okOrThrow();

    expect(undone.unauthorised).toHaveLength(state.truth.nights[0]!.changed);
  });

  it('names a record number that stands twice', async () => {
    const state = new NightsOfTest({ voters: 500, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();
    const lines = readFileSync(state.dump(0), 'utf8').split('\r\n');
    writeFileSync(state.dump(1), lines.slice(0, -1).concat(lines[9]!, '').join('\r\n'));

    const { unauthorised } = (await state.reconcile(1)).okOrThrow();

    expect(unauthorised).toMatchObject([{ recordId: lines[9]!.split(',')[0], kind: 'duplicate' }]);
  });

  it('reads the same from a packed dump, and from records as NIST spells them', async () => {
    for (const format of ['csv', 'vri-json'] as const) {
      const state = new NightsOfTest({ voters: 500, days: 1, seed: 9, attacks: ['update'], format });
      // Without transactions each change is asked of a clerk.
      const mapping = readFileSync(state.file('mapping.yaml'), 'utf8');
      writeFileSync(state.file('mapping.yaml'), mapping.replace(/^transactions:.*$/m, ''));
      (await state.begin()).okOrThrow();
      writeFileSync(`${state.dump(1)}.gz`, gzipSync(readFileSync(state.dump(1))));

      const plain = (await state.reconcile(1)).okOrThrow();
      const packed = (await state.reconcile(1, { live: `${state.dump(1)}.gz` })).okOrThrow();

      expect(plain).toMatchObject({ awaiting: state.truth.nights[0]!.changed, unauthorised: [] });
      expect(packed.awaiting).toBe(plain.awaiting);
      expect(packed.root).toBe(plain.root);
    }
  });

  it.each([
    ['cut in half', (text: string) => text.slice(0, text.length / 2), /last line does not end/],
    ['cut between two rows', cutBetweenRows, /live registrations/],
    ['without a column', (text: string) => text.replace('dl_last4', 'other'), /dl_last4/],
    ['with a column twice', (text: string) => text.replace('dl_last4', 'ssn_last4'), /twice/],
    [
      'with a zero byte',
      (text: string) => text.replace('active', 'act\0ve'),
      /line 2: a zero byte|zero byte \(about line/,
    ],
    [
      'with a value too many',
      (text: string) => text.replace('active', 'active,'),
      /line \d+: it has 27 values/,
    ],
  ])('refuses a dump %s, and leaves no night behind', async (_, damage, why) => {
    const state = new NightsOfTest({ voters: 500, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();
    writeFileSync(state.dump(1), damage(readFileSync(state.dump(1), 'utf8')));

    const refused = await state.reconcile(1);

    expect(refused.isErr() && refused.error.detail).toMatch(why);
    expect(await namesIn(state.paths.nights)).toEqual([]);
    expect(await namesIn(state.paths.books)).toEqual(['0']);
  });

  it('refuses mixed encodings, with the line', async () => {
    const state = new NightsOfTest({ voters: 500, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();
    const bytes = readFileSync(state.dump(1));
    const second = bytes.indexOf('\n', bytes.indexOf('\n') + 1);
    bytes[bytes.indexOf('active', second)] = 0xe9;
    writeFileSync(state.dump(1), bytes);

    const refused = await state.reconcile(1);

    expect(refused.isErr() && refused.error.detail).toMatch(/line 3: not in UTF-8/);
  });

  it('seals nothing when a byte of the book was changed', async () => {
    const state = new NightsOfTest({ voters: 500, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();
    const path = `${state.paths.books}/0/rows`;
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);

    const refused = await state.reconcile(1);

    expect(refused.isErr() && refused.error).toMatchObject({ code: 'ROLL_DAMAGED' });
  });
});

function cutBetweenRows(text: string): string {
  return text.slice(0, text.indexOf('\n', text.length / 2) + 1);
}

/** The column that a field is read from. */
function columnOf(mapping: string, field: string): string {
  const [, name] = /^[a-z]+\.(.+)$/.exec(field)!;
  const line = mapping.split('\n').find((each) => each.startsWith(`    ${name}: `))!;
  return /column: ([a-z0-9_]+)|: ([a-z0-9_]+)$/
    .exec(line)!
    .slice(1)
    .find((column) => column !== undefined)!;
}
