/** The second hand: openings go to those entitled, and a false reconcile is caught by rows that the hub never had. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatNote, KeyKind, type NoteKey, noteKey, signText } from '@bellwether/evidence';
import {
  formatOpeningsRequest,
  formatWitnessStatement,
  type Mapping,
  minuteText,
  type OpeningsHead,
  OpeningsReader,
  parseMapping,
  type Recomputation,
  STATE,
} from '@bellwether/rolls';
import { beforeAll, describe, expect, it } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import type { Book } from './book.ts';
import { NightsOfTest, ORIGIN } from './nights.fixture.ts';
import { OpeningsDoor } from './openings-asked.ts';
import { compareOpenings } from './openings-check.ts';
import { makeOpenings } from './openings-made.ts';
import type { Rolls } from './rolls.ts';
import { isOpenable, recordsByOffice } from './second-hand.ts';
import { nightlyStatement, recomputedLately } from './statement.ts';

async function openingsOf(rolls: Rolls, whose: OpeningsHead['whose']) {
  const { pieces } = (await makeOpenings(rolls.held, whose)).okOrThrow();
  const reader = new OpeningsReader();
  for (const piece of pieces()) reader.takePiece(piece).okOrThrow();
  return reader.readToEnd().okOrThrow();
}

function signerOf(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const key: NoteKey = noteKey(bestHasher(), name, KeyKind.note, raw);
  return {
    key,
    sign: async (message: Uint8Array) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

async function signedBy(signer: ReturnType<typeof signerOf>, text: string): Promise<string> {
  return formatNote({ text, signatures: [await signText(text, 0n, signer)] });
}

describe('a false reconcile', () => {
  // The hub is fed a copy without what was changed; everybody else reads the database.
  const state = new NightsOfTest({ voters: 900, days: 1, seed: 7, attacks: ['false-reconcile'] });
  const attacked = state.truth.attacks[0]!;
  const copy = state.file('copy.csv');
  let mapping: Mapping;

  beforeAll(async () => {
    (await state.begin()).okOrThrow();
    mapping = parseMapping(readFileSync(state.file('mapping.yaml'), 'utf8')).okOrThrow();
    const idOf = (line: string): string => line.split(',')[0]!;
    const before = new Map(
      readFileSync(state.dump(0), 'utf8')
        .split('\r\n')
        .map((line) => [idOf(line), line]),
    );
    const lines = readFileSync(state.dump(1), 'utf8').split('\r\n');
    writeFileSync(
      copy,
      lines
        .map((line) => (attacked.records.includes(idOf(line)) ? before.get(idOf(line))! : line))
        .join('\r\n'),
    );
    await state.capture(1);
    await state.signAll(1);
    const newest = await state.withLog(async (log) => log.newest!);
    writeFileSync(join(state.paths.log, 'checkpoint'), newest);
    const night = (await state.reconcile(1, { live: copy })).okOrThrow();
    expect(night.unauthorised).toEqual([]);
    await state.seal(1);
  }, 60_000);

  const comparedIn = async (
    rolls: Rolls,
    whose: OpeningsHead['whose'],
    live: string,
  ): Promise<Recomputation> =>
    (await compareOpenings(bestHasher(), await openingsOf(rolls, whose), mapping, live)).okOrThrow();
  const compared = async (whose: OpeningsHead['whose'], live: string): Promise<Recomputation> =>
    state.withRolls(1, (rolls) => comparedIn(rolls, whose, live));

  it('is caught by each office whose records were changed, and by the auditors of drawn ones', async () => {
    const caught = new Set<string>();
    await state.withRolls(1, async (rolls) => {
      const book = rolls.held.records as Book;
      const offices = new Set(attacked.records.map((id) => book.officeAt(book.index.find(id))));
      for (const office of offices) {
        for (const one of (await comparedIn(rolls, { office }, state.dump(1))).differences) {
          expect(one.kind).toBe('differs');
          expect(Object.keys(one.fields).some((field) => field.includes('party'))).toBe(true);
          caught.add(one.recordId);
        }
      }
    });
    const { differences } = await compared('auditors', state.dump(1));
    // Nobody opens protected voters: what was changed of them is found by the state alone.
    const openable = await state.withRolls(1, async ({ held }) => {
      const book = held.records as Book;
      return attacked.records.filter((id) => isOpenable(book, book.index.find(id)));
    });
    expect(openable.length).toBeGreaterThan(10);
    expect([...caught].sort()).toEqual([...openable].sort());
    expect(differences.map(({ recordId }) => recordId)).toEqual([...openable].sort());
  }, 60_000);

  it('leaves nothing to find where the database is what the hub was fed', async () => {
    expect((await compared('auditors', copy)).differences).toEqual([]);
  }, 60_000);

  it('is counted for in the statement as far as others stated the sealed root, with the very number', async () => {
    await state.withRolls(1, async (rolls) => {
      const { held } = rolls;
      const last = held.seals.at(-1)!;
      const root = Buffer.from(last.entry.after, 'base64');
      const counts = [...recordsByOffice(held.records as Book)];
      const [[first, own], [second, others]] = [counts[0]!, counts[1]!];
      const { head } = await openingsOf(rolls, 'auditors');
      const noteOf = async (witness: string, rows: number | null, opened: number | null, by = witness) => {
        const stated = (count: number | null) =>
          count === null ? null : { count, root: Uint8Array.from(root) };
        const checks = { signatures: 'ok', versions: 'ok', mass: 'ok', quiet: 'ok', signers: 'ok' } as const;
        const text = formatWitnessStatement({
          ...{ witness, origin: ORIGIN, size: 9n, root: new Uint8Array(32), from: 0n, checks },
          ...{ time: minuteText(held.now()), rows: stated(rows), opened: stated(opened) },
        });
        return { witness: `${by}/checks`, note: await signedBy(signerOf(`${by}/checks`), text) };
      };
      const secondHands = { offices: { a: first, b: second }, auditors: ['press', 'league'] };
      const handsWith = async (...notes: readonly { witness: string; note: string }[]) =>
        (await nightlyStatement(held, { name: 'M', knocks: null, notes, secondHands })).hands;
      const all = last.entry.records;
      const of = Object.keys(held.fold.genesis.offices).filter((office) => office !== STATE).length;
      expect(await handsWith()).toEqual({ offices: [0, of], records: [0, all] });
      expect(await handsWith(await noteOf('a', own, null))).toEqual({
        offices: [1, of],
        records: [own, all],
      });
      expect(await handsWith(await noteOf('b', others - 1, null))).toEqual({
        offices: [0, of],
        records: [0, all],
      });
      expect(await handsWith(await noteOf('a', own, null, 'b'))).toEqual({
        offices: [0, of],
        records: [0, all],
      });
      expect(await handsWith(await noteOf('x', own, null))).toEqual({ offices: [0, of], records: [0, all] });
      const both = [await noteOf('press', null, head.count), await noteOf('league', null, head.count)];
      // Two auditors do not double, and what an office has recomputed counts once.
      expect((await handsWith(...both)).records).toEqual([head.count, all]);
      expect((await handsWith(...both, await noteOf('a', own, null))).records).toEqual([head.count, all]);
      const at = Date.parse(minuteText(held.now()));
      const lately = recomputedLately([...both, await noteOf('c', null, null)], last.entry.after, held.now());
      expect(lately.map(({ witness }) => witness)).toEqual(['press', 'league']);
      expect(lately.map((one) => Date.parse(one.at))).toEqual([at, at]);
      expect(recomputedLately(both, held.fold.genesis.root, held.now())).toEqual([]);
    });
  }, 60_000);
});

describe('a request for openings', () => {
  const NOW = Date.parse('2026-11-03T02:31:30Z');
  const [office, press, stranger] = ['office-017', 'press', 'stranger'].map((name) =>
    signerOf(`${name}/checks`),
  );
  const hands = { offices: { 'office-017': '29001' }, auditors: ['press'] };
  const doorAt = (clock: { now: number }) =>
    new OpeningsDoor([office!.key, press!.key, signerOf('idle/checks').key], hands, () => clock.now);
  const textOf = (witness: string, time = '2026-11-03T02:31Z') =>
    formatOpeningsRequest({ witness, origin: ORIGIN, seal: 9n, time });
  const asked = async (clock: { now: number }, door: OpeningsDoor, note: string) => {
    clock.now = NOW;
    return door.admitRequest(Uint8Array.from(Buffer.from(note)));
  };

  it('is admitted once, for the office of the witness or for what auditors get', async () => {
    const clock = { now: NOW - 3_600_000 };
    const door = doorAt(clock);
    const note = await signedBy(office!, textOf('office-017'));
    expect((await asked(clock, door, note)).okOrThrow().whose).toEqual({ office: '29001' });
    expect(await asked(clock, door, note)).toMatchObject({ error: { code: 'ROLL_OPENINGS_AGAIN' } });
    const other = await signedBy(press!, textOf('press'));
    expect((await asked(clock, door, other)).okOrThrow().whose).toBe('auditors');
  });

  it.each([
    ['a stranger', stranger!, textOf('stranger'), 'ROLL_OPENINGS_STRANGER'],
    ['a witness in the name of another', press!, textOf('office-017'), 'ROLL_OPENINGS_STRANGER'],
    ['a clock that is late', office!, textOf('office-017', '2026-11-03T02:21Z'), 'ROLL_OPENINGS_CLOCK'],
    ['a clock that is ahead', office!, textOf('office-017', '2026-11-03T02:42Z'), 'ROLL_OPENINGS_CLOCK'],
    ['another text', office!, 'openings, please\n', 'ROLL_OPENINGS_MALFORMED'],
  ])('of %s is refused', async (_what, signer, text, code) => {
    const clock = { now: NOW - 3_600_000 };
    expect(await asked(clock, doorAt(clock), await signedBy(signer, text))).toMatchObject({
      error: { code },
    });
  });

  it('from before the hub started is refused: it may have been answered', async () => {
    const clock = { now: NOW };
    const note = await signedBy(office!, textOf('office-017'));
    expect(await asked(clock, doorAt(clock), note)).toMatchObject({ error: { code: 'ROLL_OPENINGS_AGAIN' } });
  });
});
