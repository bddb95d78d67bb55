import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../config.ts';
import { keepCertificate } from '../tls/acme-store.ts';
import { Issuer } from '../tls/issued.fixture.ts';
import { openOwnCa, ownCertificates } from '../tls/own.ts';
import { checkPair } from '../tls/pair.ts';
import { httpsCheck } from './https-check.ts';

const NAME = 'hub.example.gov';
const DAY = 86_400_000;

let issuer: Issuer;
let tls: string;
beforeAll(() => {
  issuer = new Issuer();
  tls = mkdtempSync(join(issuer.folder, 'tls-'));
});
afterAll(() => issuer.remove());

const check = (https: Config['https'], now = Date.now(), folder = tls) =>
  httpsCheck(https === undefined ? {} : { https }, { tls: folder }, now);

describe('the check of HTTPS', () => {
  it('finds nothing wrong where it is not set up', async () => {
    expect(await check(undefined)).toMatchObject({ name: 'https', ok: true });
  });

  it.each([
    [90, 1, true, '88 more days'],
    [90, 75, true, '14 more days'],
    [90, 77, false, '12 more days'],
    [6, 4, true, '1 more day'],
    [6, 5.5, false, '0 more days'],
  ])('tells of a certificate of %i days after %d days: %s', async (days, passed, isWell, words) => {
    const { certificate, key } = issuer.leaf(NAME, { days });

    const found = await check({ name: NAME, certificate, key }, Date.now() + passed * DAY);

    expect(found.ok).toBe(isWell);
    expect(found.detail).toContain(`${NAME} holds for ${words}`);
  });

  it('finds a certificate that ended, one for another name, and a key that all may read', async () => {
    const { certificate, key } = issuer.leaf(NAME);

    expect(await check({ name: NAME, certificate, key }, Date.now() + 91 * DAY)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('it ended on'),
    });
    expect(await check({ name: 'other.example.gov', certificate, key })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('not for other.example.gov'),
    });
    chmodSync(key, 0o644);
    expect(await check({ name: NAME, certificate, key })).toMatchObject({
      ok: false,
      help: expect.stringContaining('chmod 600'),
    });
  });

  it('finds that a directory has issued nothing, then what it issued, and asks nobody', async () => {
    const https = { name: NAME, acme: { directory: 'https://localhost:1/dir' } };
    expect(await check(https)).toMatchObject({ ok: false, detail: 'no certificate was issued yet' });

    const { chain, secret } = issuer.leaf(NAME);
    const pair = checkPair(chain, secret, NAME, Date.now()).okOrThrow();
    await keepCertificate(tls, https.acme.directory, pair);

    expect(await check(https)).toMatchObject({ ok: true });
    expect((await check(https, Date.now() + 80 * DAY)).help).toContain('port 80');
  });

  it('finds the own certificate of the hub, makes none, and finds a CA that is damaged', async () => {
    const folder = mkdtempSync(join(issuer.folder, 'own-'));
    const https = { name: NAME, own: true } as const;
    expect(await check(https, Date.now(), folder)).toMatchObject({ ok: true });
    expect(existsSync(join(folder, 'own'))).toBe(false);

    const ca = (await openOwnCa(folder, Date.now)).okOrThrow();
    await (await ownCertificates(ca, NAME, Date.now)).okOrThrow().close();
    expect((await check(https, Date.now(), folder)).detail).toContain(`for ${NAME} holds for`);

    writeFileSync(join(folder, 'own', 'ca.pem'), 'damaged', { mode: 0o600 });
    expect((await check(https, Date.now(), folder)).ok).toBe(false);
  });
});
