/** A saved sheet, made by the hub and judged by the built verifier: the same words, or none. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SheetAnswer, SheetFile } from '@bellwether/api';
import { canonicalFields, leafOfReceipt, parseReceipt, readTyped } from '@bellwether/rolls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { type TestHub, testHub } from '../people/people.fixture.ts';
import { changeOf, fieldsOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import { rollsRoutes } from './routes.ts';

const OWN = '29001';
const SHEET = `rolls/sheets/${OWN}/${TODAY}/1`;
const VERIFIER = fileURLToPath(new URL('../../../../verifier/dist/bellwether-verify.js', import.meta.url));

let records: TestPeople;
let hub: TestHub;
let clerk: Awaited<ReturnType<TestHub['newcomer']>>;
let neighbour: typeof clerk;
let file: SheetFile;
const roll = new RollOfTest();
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  records = await startPeople();
  hub = testHub(
    records,
    (end) => void ends.push(end),
    [],
    (auth) => [
      rollsRoutes({
        db: records.db,
        auth,
        rolls: () => roll.rolls ?? null,
        progress: () => null,
        names: async () => (place) => `Office ${place}`,
        witnessedSize: () => 0n,
        recomputed: () => new Map(),
        statement: async () => null,
        rules: { elections: [], legalHold: null },
        now: () => records.time,
      }),
    ],
  );
  clerk = await hub.newcomer('clerk', OWN);
  neighbour = await hub.newcomer('clerk', '29003');
  await roll.begin();
  await roll.capture([
    changeOf('1000', OWN),
    changeOf('1001', OWN, 'removed'),
    changeOf('1900', OWN, 'new'),
    changeOf('1002', OWN),
  ]);
  await clerk.browser.tell(`${SHEET}/refusals`, { records: ['1002'], why: 'nobody here did this' });
  file = (await clerk.browser.get(`${SHEET}/file`)).json() as SheetFile;
}, 60_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await records.stop();
});

/** What the verifier says of a file. */
function judged(shown: unknown) {
  const path = join(roll.data, 'sheet.json');
  writeFileSync(path, JSON.stringify(shown));
  const { stdout } = spawnSync(process.execPath, [VERIFIER, 'sheet', path, '--json'], { encoding: 'utf8' });
  return JSON.parse(stdout) as { answer: string; words?: string[]; root?: string; changes?: number };
}

/** The file after a hub has lied in it. */
function lied(change: (file: { -readonly [K in keyof SheetFile]: SheetFile[K] }) => void): unknown {
  const copy = structuredClone(file);
  change(copy);
  return copy;
}

describe('a saved sheet', () => {
  it('gives a program that does not ask the hub the words that the desk shows, and the root that is signed', async () => {
    const shown = (await clerk.browser.get(SHEET)).json() as SheetAnswer;
    const signing = roll.rolls.signingOf({ office: OWN, day: TODAY, sequence: 1 }).okOrThrow();
    expect(judged(file)).toMatchObject({
      answer: 'yes',
      words: shown.words,
      root: signing.entry.root,
      changes: 3,
    });
  });

  it('holds neither the words nor the groups of which the sheet shows nothing, and is given to its office only', async () => {
    expect(file).not.toHaveProperty('words');
    const moved = file.changes.find(({ recordId }) => recordId === '1000')!;
    expect(moved.sealed.groups.identity).toEqual({ commitment: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(moved)).not.toContain('1970-01-01');
    expect((await neighbour.browser.get(`${SHEET}/file`)).statusCode).toBe(404);
  });

  it('gives no words where a hub shows one thing and has another signed', () => {
    const at = file.changes.findIndex(({ recordId }) => recordId === '1000');
    const open = (shown: SheetFile) =>
      shown.changes[at]!.sealed.groups.public as { opening: string; fields: Record<string, string> };
    const lies = {
      'a field that is shown': lied(({ changes }) => {
        changes[at]!.fields[0]!.after = '1 OTHER ST';
      }),
      'a field that is shown and sealed': lied((shown) => {
        shown.changes[at]!.fields[0]!.after = '1 OTHER ST';
        open(shown).fields['address.street'] = '1 OTHER ST';
      }),
      'an opening': lied((shown) => {
        open(shown).opening = '00'.repeat(32);
      }),
      'the root': lied((shown) => {
        shown.root = Buffer.alloc(32, 7).toString('base64');
      }),
      'a change left out': lied((shown) => {
        shown.changes.splice(at, 1);
      }),
      'a change called refused': lied(({ changes }) => {
        changes[at]!.refused = true;
      }),
      'another record': lied(({ changes }) => {
        changes[at]!.sealed.handle = '11'.repeat(32);
      }),
      'another batch': lied((shown) => {
        shown.batch++;
      }),
    };
    for (const [lie, shown] of Object.entries(lies)) expect([lie, judged(shown).answer]).toEqual([lie, 'no']);
  });

  it('that is sealed becomes letters: a receipt that opens the public group, and a bare notice to the old address', async () => {
    const letters = `rolls/receipts/${OWN}/${TODAY}/1`;
    records.time += 6 * 60_000;
    expect((await clerk.browser.get(letters)).json().code).toBe('AUTH_STEP_UP');
    await clerk.browser.stepUp(clerk.device);
    expect((await clerk.browser.get(letters)).json().code).toBe('ROLL_NOT_SEALED');
    (await roll.signAs(OWN, { office: OWN, day: TODAY, sequence: 1 })).okOrThrow();
    await roll.reconcile();
    (await roll.rolls.sealPending()).okOrThrow();
    const page = (await clerk.browser.get(letters)).body;
    const typed = [...page.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text!);
    // Fields in a voter's words; this hub has no HTTPS, so no address of it is printed.
    expect(page).toContain('<li>Last name:');
    expect(page).toContain('your state’s page for checking a record.');
    // One is new, one moved; one was removed, and one refused.
    expect(typed).toHaveLength(2);
    const { state } = roll.rolls.held.fold;
    for (const text of typed) {
      const receipt = parseReceipt(roll.hasher, readTyped(text).okOrThrow()).okOrThrow();
      const id = receipt.version === 2 ? '1000' : '1900';
      const open = canonicalFields(fieldsOf(id, OWN, 'OAK ST'), 'public');
      expect(leafOfReceipt(roll.hasher, receipt, open)).toEqual(state.leafAt(state.find(receipt.handle)));
    }
    const notice = page.split('<article>').find((part) => part.includes('moved away'))!;
    expect(notice).toContain('1000 ELM ST');
    expect(notice).not.toMatch(/OAK|<pre|<svg/);
    expect(page).not.toContain('1970-01-01');
    expect((await neighbour.browser.get(letters)).statusCode).toBe(403);
    const acts = await records.db
      .selectFrom('trail')
      .select('about')
      .where('act', '=', 'rolls.letters')
      .execute();
    expect(acts).toEqual([{ about: `sheet:${OWN}/${TODAY}.1` }]);
  });

  it('is not made of protected voters', async () => {
    const guarded = ['2001', '2002', '2003', '2004'].map((id) => ({
      ...changeOf(id, '29003', 'removed'),
      isProtected: true,
    }));
    await roll.capture([changeOf('1000', OWN), ...guarded]);
    const administrator = await hub.newcomer('administrator', 'state');
    const state = await administrator.browser.get(`rolls/sheets/state/${TODAY}/1/file`);
    expect([state.statusCode, state.json().code]).toEqual([409, 'ROLL_SHEET_GUARDED']);
  });
});
