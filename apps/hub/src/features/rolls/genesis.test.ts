import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle, killChild, startChild } from '../../platform/testing/child.ts';
import { openBook } from './book.ts';
import { usualPolicy } from './genesis-policy.ts';
import { NightsOfTest, ORIGIN } from './nights.fixture.ts';
import { namesIn } from './roll-files.ts';

/** How long a step lives before it is killed, in ms: from its first file to its end, and a little beyond. */
const LIVES = [10, 60, 150, 300, 600];

describe('a genesis', () => {
  it('holds every live registration, and padding that stands for nobody', async () => {
    const state = new NightsOfTest({ voters: 500, days: 1, seed: 5 });
    const { head } = (await state.begin()).okOrThrow();

    expect(head).toMatchObject({ epoch: 0, records: 500, leaves: 580, generation: '0' });
    const book = (await openBook(state.paths, '0')).okOrThrow();
    expect(book.padding).toHaveLength(80);
    const [, first] = readFileSync(state.dump(0), 'utf8').split('\r\n');
    const ordinal = book.index.find(first!.split(',')[0]!);
    expect(book.officeAt(ordinal)).toBe(first!.split(',')[1]);
    expect(book.fieldsAt(ordinal)?.public['name.last']).toBe(first!.split(',')[3]!.toUpperCase());
    book.close();
  });

  it('happens once', async () => {
    const state = new NightsOfTest({ voters: 300, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();

    const again = await state.begin();

    expect(again.isErr() && again.error.code).toBe('ROLL_EXISTS');
  });

  it('never takes the place of voters whose roll is lost', async () => {
    const state = new NightsOfTest({ voters: 300, days: 1, seed: 5 });
    mkdirSync(state.paths.vault, { mode: 0o700 });
    writeFileSync(join(state.paths.vault, 'voter-keys'), 'keys');

    const begun = await state.begin();

    expect(begun.isErr() && begun.error.code).toBe('ROLL_EXISTS');
    expect(readFileSync(join(state.paths.vault, 'voter-keys'), 'utf8')).toBe('keys');
  });

  it.each([
    ['a number that stands twice', (text: string) => `${text}${text.split('\r\n')[1]}\r\n`, /stands twice/],
    ['half a dump', (text: string) => text.slice(0, text.length / 2), /does not end/],
    ['a missing column', (text: string) => text.replace('date_of_birth', 'born'), /date_of_birth/],
    ['no registration', (text: string) => text.slice(0, text.indexOf('\n') + 1), /no live registration/],
    ['nothing', () => '', /empty/],
  ])('is refused for %s, and nothing is written', async (_, damage, why) => {
    const state = new NightsOfTest({ voters: 300, days: 1, seed: 5 });
    const whole = readFileSync(state.dump(0), 'utf8');
    writeFileSync(state.dump(0), damage(whole));

    const begun = await state.begin();

    expect(begun.isErr() && begun.error.detail).toMatch(why);
    for (const path of [state.paths.head, state.paths.books, state.paths.vault, state.paths.mapping]) {
      expect(existsSync(path)).toBe(false);
    }
    expect(await namesIn(state.paths.rolls)).toEqual([]);
    expect(await state.withLog(async ({ size }) => size)).toBe(0n);
    // And nothing stands in the way of the right one.
    writeFileSync(state.dump(0), whole);
    (await state.begin()).okOrThrow();
  });

  it.each([
    ['a signer without a key', [{ place: 'state' }], /signer 1 needs/],
    ['offices without a signer', [], /nobody signs for/],
    ['no list', {}, /no list/],
  ])('is refused for %s', async (_, signers, why) => {
    const state = new NightsOfTest({ voters: 300, days: 1, seed: 5 });
    writeFileSync(state.file('signers.json'), JSON.stringify(signers));

    const begun = await state.begin({ signers: state.file('signers.json') });

    expect(begun.isErr() && begun.error.detail).toMatch(why);
    expect(existsSync(state.paths.vault)).toBe(false);
  });

  it('knows the quiet periods of general elections', () => {
    expect(usualPolicy('2026-10-04').quiet).toEqual([
      { from: '2026-08-05', to: '2026-11-03' },
      { from: '2028-08-09', to: '2028-11-07' },
    ]);
  });
});

describe('a kill at any moment', () => {
  it('leaves nothing of a genesis, or all of it', { timeout: 120_000 }, async () => {
    for (const life of LIVES) {
      const state = new NightsOfTest({ voters: 2_000, days: 1, seed: 5 });
      mkdirSync(state.paths.logPrivate, { recursive: true, mode: 0o700 });
      await killedAfter(life, state, 'genesis', 0);

      const begun = await state.begin();

      expect(begun.isErr() ? begun.error : { code: 'ROLL_EXISTS' }).toMatchObject({ code: 'ROLL_EXISTS' });
      expect(await state.withLog(async ({ size }) => size)).toBe(1n);
      const night = (await state.reconcile(0)).okOrThrow();
      expect(night).toMatchObject({ read: 2_000, changed: 0, unauthorised: [] });
    }
  });

  it('leaves no night of a reconcile, or a whole one', { timeout: 120_000 }, async () => {
    const state = new NightsOfTest({ voters: 2_000, days: 1, seed: 5 });
    (await state.begin()).okOrThrow();
    await state.capture(1);
    await state.signAll(1);
    for (const life of LIVES) {
      await killedAfter(life, state, 'reconcile', 1);

      const night = (await state.reconcile(1)).okOrThrow();

      expect(night).toMatchObject({ epoch: 1, unauthorised: [], awaiting: 0 });
    }
    expect(await state.seal(1)).toMatchObject({ sealed: true });
    // What was cut off is gone with the books before.
    const { generation } = JSON.parse(readFileSync(state.paths.head, 'utf8'));
    expect(await namesIn(state.paths.books)).toEqual([generation]);
  });
});

const programs = mkdtempSync(join(tmpdir(), 'bellwether-steps-'));
afterAll(() => rmSync(programs, { recursive: true }));
let program: string | undefined;

async function killedAfter(life: number, state: NightsOfTest, step: string, night: number): Promise<void> {
  program ??= bundle(new URL('testing/roll-step.ts', import.meta.url), programs);
  const moment = String(state.momentOf(night));
  const child = startChild(program, [step, state.data, state.dump(night), state.folder, ORIGIN, moment]);
  expect((await child.lines.next()).value).toBe('begun');
  await sleep(life);
  await killChild(child);
}
