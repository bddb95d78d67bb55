import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../up/testing/free-port.ts';
import { openCertificates } from './certificates.ts';
import { Issuer } from './issued.fixture.ts';
import type { CertificateOptions, CertificateSource, HttpsConfig } from './tls-types.ts';

const NAME = 'hub.example.gov';

/** Long enough for the busiest machine: it is only waited for what does not come. */
const patient = { timeout: 60_000 };

let issuer: Issuer;
beforeAll(() => {
  issuer = new Issuer();
});
afterAll(() => issuer.remove());

async function opened(
  config: Omit<HttpsConfig, 'name'>,
  options?: CertificateOptions,
): Promise<CertificateSource> {
  const folder = mkdtempSync(join(issuer.folder, 'hub-'));
  const source = (await openCertificates({ name: NAME, ...config }, folder, Date.now, options)).okOrThrow();
  onTestFinished(() => source.close());
  return source;
}

describe('the certificate of the hub comes', () => {
  it('from the files that are named', async () => {
    const { certificate, key, cert } = issuer.leaf(NAME);

    expect((await opened({ certificate, key })).current?.cert).toBe(cert);
  });

  it('from the directory that is named, on the loopback without an administrator', async () => {
    const directory = `https://localhost:${await freePort()}/dir`;
    const source = await opened({ acme: { directory } });

    expect(source.current).toBeNull();
    await expect.poll(() => source.trouble, patient).toContain('did not answer');
  });

  it('from the directory, elsewhere only with an administrator, and says so', async () => {
    const directory = `https://localhost:${await freePort()}/dir`;
    const told: (string | null)[] = [];
    const onTrouble = (trouble: string | null): void => void told.push(trouble);

    const waiting = await opened({ host: '0.0.0.0', acme: { directory } }, { onTrouble });
    await expect.poll(() => waiting.trouble, patient).toContain('there is no administrator yet');
    expect(told).toEqual([waiting.trouble]);

    const hasAdministrator = () => true;
    const going = await opened({ host: '0.0.0.0', acme: { directory } }, { hasAdministrator });
    await expect.poll(() => going.trouble, patient).toContain('did not answer');
  });

  it('from the hub itself, with the fingerprint that people compare', async () => {
    const source = await opened({ own: true });

    expect(source.current?.cert).toContain('BEGIN CERTIFICATE');
    expect(source.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });
});
