import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { outcomeOf, testHub } from './people.fixture.ts';

let records: TestPeople;
beforeAll(async () => {
  records = await startPeople();
});
afterEach(() => records.empty());
afterAll(() => records.stop());

const why = 'their laptop was stolen';

describe('signing somebody else out', () => {
  it('ends all their sessions and nothing else, and stands in the trail with its reason', async () => {
    const hub = testHub(records, onTestFinished);
    const dana = await hub.newcomer('administrator', 'state');
    const sam = await hub.newcomer('clerk', '29001');
    const phone = hub.browser();
    await phone.signIn(sam.device);

    const answer = await dana.browser.post(`people/${sam.person}/sign-out`, { why });

    expect(outcomeOf(answer)).toBe('200');
    for (const browser of [sam.browser, phone]) {
      expect(outcomeOf(await browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    }
    expect(outcomeOf(await sam.browser.signIn(sam.device))).toBe('200');
    expect(outcomeOf(await dana.browser.get('own'))).toBe('200');
    expect(records.acts).toContainEqual(
      expect.objectContaining({ act: 'session.end-all', place: '29001', why, after: { ended: 2 } }),
    );
  });

  it('of another office, of the state, or of nobody is not a clerk’s; nor is their own', async () => {
    const hub = testHub(records, onTestFinished);
    const sam = await hub.newcomer('clerk', '29001');
    const others = [await hub.newcomer('clerk', '29003'), await hub.newcomer('analyst', 'state')];

    const asked = [...others.map(({ person }) => person), 'AAAAAAAAAAAAAAAA', sam.person];
    const answers = await Promise.all(
      asked.map((person) => sam.browser.post(`people/${person}/sign-out`, { why })),
    );

    expect(answers.map(outcomeOf)).toEqual([
      '404 AUTH_PERSON_UNKNOWN',
      '404 AUTH_PERSON_UNKNOWN',
      '404 AUTH_PERSON_UNKNOWN',
      '403 AUTH_NOT_YOURS',
    ]);
    for (const { browser } of others) expect(outcomeOf(await browser.get('own'))).toBe('200');
  });

  it.each(['idle', 'constructor', '__proto__'])('takes any reason as a text: %s', async (text) => {
    const hub = testHub(records, onTestFinished);
    const dana = await hub.newcomer('administrator', 'state');
    const sam = await hub.newcomer('clerk', '29001');

    await dana.browser.post(`people/${sam.person}/sign-out`, { why: text });

    expect(outcomeOf(await sam.browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect(hub.fatal).toEqual([]);
  });
});
