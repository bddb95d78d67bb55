/** Clerks see, refuse and sign sheets with passkeys, over HTTP; nobody sees or signs what is another office's. */

import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type {
  ExtractsAnswer,
  NightAnswer,
  NightsAnswer,
  RollsAnswer,
  SheetAnswer,
  SheetSigning,
  SheetSummary,
  SheetsAnswer,
  SignerAnswer,
  SignerSigning,
  SignersAnswer,
} from '@bellwether/api';
import { encodeBase64 } from '@bellwether/evidence';
import { signerKeyId } from '@bellwether/rolls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import type { Authenticator } from '../../platform/auth/testing/authenticator.ts';
import { type Browser, PAGE, type TestHub, testHub } from '../people/people.fixture.ts';
import { passkeySigner } from './passkey-signers.ts';
import { writeJson } from './roll-files.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import { rollsRoutes } from './routes.ts';
import { askForSigner } from './signer-requests.ts';

const OWN = '29001';
const OTHER = '29003';
const SHEET = `rolls/sheets/${OWN}/${TODAY}/1`;

let records: TestPeople;
let hub: TestHub;
let roll: RollOfTest;
let clerk: Awaited<ReturnType<TestHub['newcomer']>>;
let neighbour: typeof clerk;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  records = await startPeople();
  roll = new RollOfTest();
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
  neighbour = await hub.newcomer('clerk', OTHER);
  const passkeys = await records.db.selectFrom('passkeys').selectAll().execute();
  const signers = [clerk, neighbour].map(({ person }, at) => {
    const passkey = passkeys.find((one) => one.person === person)!;
    return passkeySigner(roll.hasher, passkey, [OWN, OTHER][at]!, [PAGE])!;
  });
  await roll.begin(signers);
}, 60_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await records.stop();
});

async function signWith(browser: Browser, device: Authenticator, sheet: string, root: string) {
  const { challenge, passkeys, site } = await browser.tell<SheetSigning>(`${sheet}/signing`);
  const shown = device.show({ challenge, rpId: site, allowCredentials: passkeys.map((id) => ({ id })) });
  const { signature, authenticatorData, clientDataJSON } = shown.response;
  return browser.post(`${sheet}/signature`, {
    root,
    passkey: shown.id,
    signature,
    authenticatorData,
    clientData: clientDataJSON,
  });
}

describe('sheets over HTTP', () => {
  it('are seen by their office, and by no other', async () => {
    await roll.capture([changeOf('1000', OWN), changeOf('1001', OWN), changeOf('2000', OTHER)]);
    const mine = (await clerk.browser.get('rolls/sheets')).json() as SheetsAnswer;
    expect(mine.sheets.map(({ office }) => office)).toEqual([OWN]);
    const sheet = (await clerk.browser.get(SHEET)).json() as SheetAnswer;
    expect(sheet.changes.map(({ recordId }) => recordId).sort()).toEqual(['1000', '1001']);
    expect(sheet.words).toHaveLength(4);
    expect((await neighbour.browser.get(SHEET)).statusCode).toBe(404);
    expect((await neighbour.browser.post(`${SHEET}/signing`)).statusCode).toBe(404);
    expect(
      (await neighbour.browser.post(`${SHEET}/refusals`, { records: ['1000'], why: 'x' })).statusCode,
    ).toBe(403);
    const roll1 = (await clerk.browser.get('rolls')).json() as RollsAnswer;
    expect(roll1.offices.map(({ office, awaiting }) => [office, awaiting])).toEqual([[OWN, 2]]);
  });

  it('are refused in part, and signed with a passkey that the log knows', async () => {
    const before = (await clerk.browser.get(SHEET)).json() as SheetAnswer;
    await clerk.browser.tell(`${SHEET}/refusals`, { records: ['1001'], why: 'nobody here did this' });
    const after = (await clerk.browser.get(SHEET)).json() as SheetAnswer;
    expect(after.words).not.toEqual(before.words);
    const old = await signWith(clerk.browser, clerk.device, SHEET, before.root);
    expect([old.statusCode, old.json().code]).toEqual([409, 'ROLL_SHEET_CHANGED']);
    const signed = await signWith(clerk.browser, clerk.device, SHEET, after.root);
    expect(signed.statusCode, signed.body).toBe(200);
    expect(signed.json() as SheetSummary).toMatchObject({ state: 'partly', signatures: 1 });
    expect(roll.rolls.held.fold.lastSequence(OWN, 'office')).toBe(1);
    const acts = await records.db
      .selectFrom('trail')
      .select(['act', 'about'])
      .where('act', 'like', 'rolls.%')
      .execute();
    expect(acts).toEqual([
      { act: 'rolls.refuse', about: `sheet:${OWN}/${TODAY}.1` },
      { act: 'rolls.sign', about: `sheet:${OWN}/${TODAY}.1` },
    ]);
  });

  it('that are large are shown to a second office after the first has signed, and no sooner', async () => {
    const day = '2026-11-04';
    const sheet = `rolls/sheets/${OWN}/${day}/1`;
    await roll.capture(
      Array.from({ length: 6 }, (_, i) => changeOf(`101${i}`, OWN)),
      day,
    );
    expect((await neighbour.browser.get(sheet)).statusCode).toBe(404);
    const { root } = (await clerk.browser.get(sheet)).json() as SheetAnswer;
    expect((await signWith(clerk.browser, clerk.device, sheet, root)).json()).toMatchObject({
      state: 'awaiting',
      signatures: 1,
    });
    expect((await neighbour.browser.get(sheet)).statusCode).toBe(200);
    expect((await signWith(neighbour.browser, neighbour.device, sheet, root)).json()).toMatchObject({
      state: 'signed',
      signatures: 2,
    });
  });

  it('cannot be signed by somebody who only reads', async () => {
    const analyst = await hub.newcomer('analyst', 'state');
    expect((await analyst.browser.get('rolls/sheets')).statusCode).toBe(200);
    expect((await analyst.browser.post(`${SHEET}/signing`)).statusCode).toBe(403);
    const observer = await hub.newcomer('observer', 'state');
    expect((await observer.browser.get('rolls/sheets')).statusCode).toBe(403);
  });

  it('are signed for a new office by a key that two others endorsed, each with a passkey', async () => {
    const key = generateKeyPairSync('ed25519')
      .publicKey.export({ format: 'der', type: 'spki' })
      .subarray(-32);
    const rest = { place: '29007', scheme: 'ed25519', site: '', origins: [] } as const;
    const parts = { ...rest, publicKey: encodeBase64(Uint8Array.from(key)) };
    const fresh = { id: signerKeyId(roll.hasher, parts), ...parts };
    (await roll.rolls.act((holding) => askForSigner(holding, fresh))).okOrThrow();
    const endorse = async ({ browser, device }: typeof clerk) => {
      const { challenge, passkeys, site } = await browser.tell<SignerSigning>('rolls/signers/endorsing', {
        key: fresh.id,
        act: 'add',
      });
      const allowCredentials = passkeys.map((id) => ({ id }));
      const { id, response } = device.show({ challenge, rpId: site, allowCredentials });
      const { signature, authenticatorData, clientDataJSON: clientData } = response;
      const answer = { passkey: id, signature, authenticatorData, clientData };
      return browser.post(`rolls/signers/add/${fresh.id}/endorsements`, answer);
    };
    const row = async ({ browser }: typeof clerk) => {
      const { signers } = (await browser.get('rolls/signers')).json() as SignersAnswer;
      return signers.find((one) => one.key === fresh.id);
    };
    expect(await row(clerk)).toMatchObject({ state: 'asked', mayEndorse: true, mayWithdraw: false });
    expect((await endorse(clerk)).json()).toMatchObject({ countsFrom: null });
    expect(await row(neighbour)).toMatchObject({ state: 'asked', endorsed: [`Office ${OWN}`] });
    const late = (await endorse(neighbour)).json() as SignerAnswer;
    expect(Date.parse(late.countsFrom!)).toBe(roll.now + 73 * 3_600_000);
    expect(await row(clerk)).toMatchObject({ state: 'waits', mayEndorse: false, mayWithdraw: true });
    const nobody = { passkey: 'x', signature: 'x', authenticatorData: 'x', clientData: 'x' };
    const refused = await clerk.browser.post(`rolls/signers/revoke/${fresh.id}/endorsements`, nobody);
    expect(refused.json()).toMatchObject({ code: 'ROLL_SIGNER_UNKNOWN' });
  });

  it('become nights, which tell everybody how many and an office which', async () => {
    await roll.reconcile([
      {
        handle: '00'.repeat(32),
        recordId: '1002',
        office: OWN,
        fields: ['public.name.last'],
        kind: 'changed',
      },
      {
        handle: '11'.repeat(32),
        recordId: '2002',
        office: OTHER,
        fields: ['public.name.last'],
        kind: 'changed',
      },
    ]);
    (await roll.rolls.sealPending()).okOrThrow();
    const { nights } = (await clerk.browser.get('rolls/nights')).json() as NightsAnswer;
    expect(nights).toMatchObject([{ epoch: 1, unauthorised: 2, changed: 7 }]);
    const night = (await clerk.browser.get('rolls/nights/1')).body;
    expect(night).toContain('"1002"');
    expect(night).not.toContain('2002');
    expect(night).not.toContain(OTHER);
  });
});

describe('a sheet with something planted on it', () => {
  const day = '2026-11-05';
  const sheet = `rolls/sheets/${OWN}/${day}/1`;
  const own = ['1003', '1004', '1005', '1006'];
  const seen = async () => (await clerk.browser.get(sheet)).json() as SheetAnswer;
  const acts = async () =>
    (await records.db.selectFrom('trail').select('after').where('act', 'like', 'rolls.%').execute()).length;

  it('shows no words, and gives neither file nor challenge, before all was looked at', async () => {
    roll.drills = { oneIn: 1 };
    await roll.reopen();
    await roll.capture(
      own.map((id) => changeOf(id, OWN)),
      day,
    );
    const answer = await seen();
    expect(answer).toMatchObject({ words: [], root: '', test: null, sheet: { changes: 5 } });
    expect(answer.changes).toHaveLength(5);
    for (const before of [
      await clerk.browser.get(`${sheet}/file`),
      await clerk.browser.post(`${sheet}/signing`),
      await clerk.browser.post(`${sheet}/signature`, {
        ...{ root: '', passkey: 'x', signature: 'x', authenticatorData: 'x', clientData: 'x' },
      }),
    ])
      expect([before.statusCode, before.json().code]).toEqual([409, 'ROLL_SHEET_UNLOOKED']);
    const listed = (await clerk.browser.get('rolls/sheets')).json() as SheetsAnswer;
    expect(listed.sheets.find((one) => one.day === day)).toMatchObject({ changes: 5 });
    const { offices } = (await clerk.browser.get('rolls')).json() as RollsAnswer;
    expect(offices).toMatchObject([{ office: OWN, awaiting: 5 }]);
    expect((await neighbour.browser.post(`${sheet}/looked`)).statusCode).toBe(403);
  });

  it('takes a refusal of it, of which the trail knows nothing, and tells it when all was looked at', async () => {
    const record = (await seen()).changes.find(({ recordId }) => !own.includes(recordId))!.recordId;
    const before = await acts();
    const refused = await clerk.browser.tell<SheetSummary>(`${sheet}/refusals`, {
      ...{ records: [record], why: 'nobody here did this' },
    });
    expect(refused).toMatchObject({ changes: 5, state: 'awaiting' });
    expect((await seen()).changes.filter((one) => one.refused).map(({ recordId }) => recordId)).toEqual([
      record,
    ]);
    expect(await clerk.browser.tell(`${sheet}/looked`)).toEqual({ noticed: true });
    expect(await acts()).toBe(before);
    const after = await seen();
    expect(after).toMatchObject({ test: { recordId: record }, sheet: { changes: 4 } });
    expect(after.words).toHaveLength(4);
    expect(await clerk.browser.tell(`${sheet}/looked`)).toEqual({ noticed: null });
    const signed = await signWith(clerk.browser, clerk.device, sheet, after.root);
    expect(signed.json()).toMatchObject({ state: 'signed', changes: 4 });
    const trail = await records.db.selectFrom('trail').select(['about', 'why', 'after']).execute();
    expect(JSON.stringify(trail)).toContain(`${OWN}/${day}.1`);
    expect(JSON.stringify(trail)).not.toContain(record);
  });

  it('counts for the state alone, and not below five', async () => {
    const analyst = await hub.newcomer('analyst', 'state');
    const told = async ({ browser }: typeof clerk) =>
      ((await browser.get('rolls')).json() as RollsAnswer).planted;
    for (const date of ['06', '07', '08', '09']) {
      expect(await told(analyst)).toBeNull();
      await roll.capture(
        ['1007', '1008', '1009'].map((id) => changeOf(id, OWN, 'changed', `${date} ST`)),
        `2026-11-${date}`,
      );
      const looked = await clerk.browser.tell(`rolls/sheets/${OWN}/2026-11-${date}/1/looked`);
      expect(looked).toEqual({ noticed: false });
    }
    expect(await told(analyst)).toMatchObject({ planted: 5, noticed: 1 });
    expect(await told(clerk)).toBeNull();
  });
});

describe('what came and went, and lists that differ', () => {
  it('are told with their records to their office, and counted for others', async () => {
    const at = '2026-11-03T15:00:00.000Z';
    const undone = [OWN, OTHER].map((office, i) => ({
      recordId: `700${i}`,
      office,
      fields: ['office'],
      times: [at],
    }));
    await roll.reconcile([], { captures: 'audit-table', undone });
    const { epoch } = (await roll.rolls.sealPending()).okOrThrow();
    const { paths } = roll.rolls.held;
    for (const [i, place] of [`${OWN}/EAST`, OTHER].entries())
      await writeJson(join(paths.extracts, `${i}.json`), {
        ...{
          schema: 'bellwether/extract-reading@1',
          id: `${i}`,
          kind: 'poll-book',
          place,
          epoch,
          generation: '0',
        },
        ...{ at, read: 9, records: 10, leftOut: 0, fields: [], because: null, state: 'differs', index: null },
        differences: [{ recordId: `800${i}`, kind: 'missing', fields: [] }],
      });

    const night = (await clerk.browser.get(`rolls/nights/${epoch}`)).json() as NightAnswer;
    expect(night.undone).toEqual({ all: 2, records: [{ ...undone[0], by: [] }] });
    const { extracts } = (await clerk.browser.get('rolls/extracts')).json() as ExtractsAnswer;
    expect(extracts).toMatchObject([
      {
        office: OWN,
        precinct: 'EAST',
        missing: 1,
        extra: 0,
        rows: 9,
        registrations: 10,
        state: 'differs',
        entry: null,
      },
    ]);
    expect(JSON.stringify(extracts)).not.toContain('8001');
    const theirs = (await neighbour.browser.get('rolls/extracts')).json() as ExtractsAnswer;
    expect(theirs.extracts.map(({ precinct, differences }) => [precinct, differences[0]!.recordId])).toEqual([
      [null, '8001'],
    ]);
  });

  it('cannot be told where whole lists are compared', async () => {
    await roll.reconcile();
    const { epoch } = (await roll.rolls.sealPending()).okOrThrow();
    expect(((await clerk.browser.get(`rolls/nights/${epoch}`)).json() as NightAnswer).undone).toBeNull();
  });
});
