/** The sample state in a hub, against the truth that is written beside it. */
import type { ContactsAnswer, OfficesAnswer, SurfaceAnswer, TodayAnswer } from '@bellwether/api';
import { DISPOSITIONS } from '@bellwether/contacts';
import { generateSample, type Sample, type SampleTruth } from '@bellwether/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeSilence } from '../features/watch/jobs.ts';
import { folderAt } from '../platform/folder.ts';
import { readConnection } from '../platform/postgres/connection.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { SEED } from './sample.ts';
import { RunningHub, removeFolder, scratchFolder } from './testing/running-hub.ts';

const scratch = scratchFolder('sample');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data, args: ['--sample'] });
let db: Database;
let sample: Sample;
let truth: SampleTruth;

/** What the account holds of a sensor. */
type Told = {
  readonly name: string;
  readonly lines: number;
  readonly repeated: number;
  readonly contacts: number;
  readonly knocks: number;
  readonly late: number;
  readonly lost: number;
  readonly through: number;
  readonly unsettled: number;
};

let told: ReadonlyMap<string, Told>;

beforeAll(async () => {
  await hub.startWell();
  db = openDatabase(readConnection(folderAt(data))!);
  const { rows: facts } = await db.pool.query<{ date: string }>(
    "SELECT value->>'date' AS date FROM facts WHERE name = 'sample'",
  );
  sample = generateSample({ seed: SEED, date: facts[0]!.date }, { write: () => {} });
  truth = sample.truth;
  told = new Map((await tellings()).map((one) => [one.name, one]));
});

afterAll(async () => {
  await db?.close();
  await hub.stop();
  removeFolder(scratch);
});

async function tellings(): Promise<Told[]> {
  const { rows } = await db.pool.query<Told>(
    `SELECT s.authority || '/' || s.name AS name, sum(h.lines)::int AS lines, sum(h.repeated)::int AS repeated,
            sum(h.contacts)::int AS contacts, sum(h.knocks)::int AS knocks, sum(h.late)::int AS late,
            sum(h.lost)::int AS lost, sum(h.through)::int AS through, sum(h.unsettled)::int AS unsettled
     FROM account_hours h JOIN sensors s ON s.id = h.sensor GROUP BY s.id`,
  );
  return rows;
}

function toldBy(authority: string, sensor: string): Told {
  return told.get(`${authority}/${sensor}`)!;
}

describe('the sample state in a hub', () => {
  it('holds every line of every sensor, and the contacts that they tell of', async () => {
    expect([...told.keys()].sort()).toEqual(
      truth.sensors.map((one) => `${one.authority}/${one.sensor}`).sort(),
    );
    for (const { authority, sensor, lines, repeated, contacts, format } of truth.sensors) {
      const counted = toldBy(authority, sensor);
      expect(counted).toMatchObject({ lines, repeated });
      // A daemon tells of attempts at a password that are more than the connections which the truth counts.
      if (format === 'sshd') expect(counted.contacts - contacts).toBeLessThanOrEqual(repeated);
      else expect(counted).toMatchObject({ contacts });
    }
    expect(await hub.account()).toMatchObject({ lines: truth.totals.lines, unreadable: 0, balanced: true });
  });

  it('names the one thing that came through, at its authority, its sensor, and its line', async () => {
    const [only] = truth.through;
    expect(truth.through).toHaveLength(1);
    expect(await hub.incidents('through')).toMatchObject([
      { authority: only!.authority, sensor: only!.sensor, line: only!.line, source: only!.source, count: 1 },
    ]);
    for (const { authority, sensor, through } of truth.sensors) {
      expect(toldBy(authority, sensor)).toMatchObject({ through });
    }
    const { body } = await hub.ask<TodayAnswer>('/api/v1/today');
    expect(body).toMatchObject({ sample: true, through: [{ line: only!.line }] });
    expect(body.account.dispositions.through).toBe(1);
  });

  it('asks exactly about the services that nobody listed', async () => {
    const { body } = await hub.ask<SurfaceAnswer>('/api/v1/surface');
    const asked = body.questions.map(({ authority, sensor, destination, port, contacts }) => {
      return { authority, sensor, destination, port, contacts };
    });
    expect(inOrder(asked)).toEqual(inOrder(truth.unlisted));
    for (const { authority, sensor, unsettled } of truth.sensors) {
      expect(toldBy(authority, sensor)).toMatchObject({ unsettled });
    }
  });

  it('tells of the offices: without a sensor, cut off, silent, lossy, and told twice', async () => {
    const { body } = await hub.ask<OfficesAnswer>('/api/v1/offices');
    const without = body.offices.filter(({ state }) => state === 'none').map(({ leaId }) => leaId);
    expect(without.sort()).toEqual([...truth.withoutSensor].sort());
    expect(without).toHaveLength(45);

    const { cutOff, sameLink, bestEffort } = truth;
    expect(toldBy(cutOff.authority, 'firewall').late).toBeGreaterThan(0);
    const twice = sameLink.sensors.map((sensor) => toldBy(sameLink.authority, sensor));
    const knocks = twice.reduce((sum, one) => sum + one.knocks, 0);
    const contacts = twice.reduce((sum, one) => sum + one.contacts, 0);
    const really = truth.authorities.find(({ authority }) => authority === sameLink.authority)!;
    expect(knocks).toBeGreaterThanOrEqual(really.knocks);
    expect(knocks).toBeLessThan(really.knocks * 1.01);
    expect(contacts).toBe(really.contacts);

    const [lossy] = truth.sensors.filter(({ lost }) => lost > 0);
    expect(lossy).toMatchObject(bestEffort);
    expect(await hub.incidents('sensor-losses')).toMatchObject([{ ...bestEffort, count: lossy!.lost }]);
    // The hub looks by itself four times a minute; here it is asked to look now.
    await noticeSilence(db, Date.now());
    const { authority, sensor } = truth.silent;
    expect(await hub.incidents('sensor-silent')).toMatchObject([{ authority, sensor, state: 'open' }]);
  });

  it('has the same contacts in its history as in its account, by disposition', async () => {
    const account = await hub.account();
    await hub.contacts(account.contacts);
    for (const name of DISPOSITIONS) {
      const { body } = await hub.ask<ContactsAnswer>(`/api/v1/contacts?limit=1&disposition=${name}`);
      expect({ name, total: body.total }).toEqual({ name, total: account.dispositions[name] });
    }
  });

  it('is there at once when the hub starts again, and is not loaded a second time', async () => {
    const before = await tellings();
    await db.close();
    await hub.stop();
    await hub.startWell();
    expect(hub.logged).not.toContain('Loading');
    db = openDatabase(readConnection(folderAt(data))!);
    expect(inOrder(await tellings())).toEqual(inOrder(before));
  });
});

/** Sorted by what they say. */
function inOrder<T>(list: readonly T[]): T[] {
  const text = (one: T): string => JSON.stringify(Object.entries(one as object).sort());
  return [...list].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
