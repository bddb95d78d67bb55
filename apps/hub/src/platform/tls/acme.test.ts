import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../up/testing/free-port.ts';
import { type AcmeConfig, type AcmeOptions, openAcme } from './acme.ts';
import { Issuer } from './issued.fixture.ts';
import { type Pebble, type PebbleOptions, startPebble } from './pebble.fixture.ts';
import type { CertificateSource, HttpsConfig } from './tls-types.ts';

const NAME = 'hub.example.gov';
const DAY = 86_400_000;

let issuer: Issuer;
let shared: Pebble;
beforeAll(async () => {
  issuer = new Issuer();
  shared = await startPebble(issuer, {
    refusedNonces: 20,
    blocked: ['blocked.example.gov'],
    life: 90 * 86_400,
  });
});
afterAll(async () => {
  await shared.stop();
  issuer.remove();
});

const newFolder = (): string => mkdtempSync(join(issuer.folder, 'hub-'));

async function pebble(options: PebbleOptions): Promise<Pebble> {
  const started = await startPebble(issuer, options);
  onTestFinished(() => started.stop());
  return started;
}

type Chosen = Partial<Omit<AcmeConfig, 'acme'>> & {
  readonly of?: Pebble;
  readonly folder?: string;
  readonly acme?: Partial<NonNullable<HttpsConfig['acme']>>;
  readonly options?: AcmeOptions;
  readonly now?: () => number;
};

/** Opens the source in a folder, with Pebble as its directory; ends with the test. */
async function opened(chosen: Chosen = {}): Promise<CertificateSource> {
  const { of = shared, folder = newFolder(), now = Date.now, options = {}, name = NAME } = chosen;
  const { directory, ca, challengePort: port } = of;
  const config = { name, acme: { directory, ca, port, ...chosen.acme } };
  const where = chosen.host === undefined ? config : { ...config, host: chosen.host };
  const source = (
    await openAcme(where, folder, now, { lookEvery: 10, wakeEvery: 10, chance: () => 0, ...options })
  ).okOrThrow();
  onTestFinished(() => source.close());
  return source;
}

/** Long enough for the busiest machine: it is only waited for what does not come. */
const patient = { timeout: 60_000 };

const first = (source: CertificateSource) =>
  expect.poll(() => (source.current === null ? source.trouble : 'issued'), patient).toBe('issued');
const trouble = (source: CertificateSource) => expect.poll(() => source.trouble, patient);

describe('a certificate from a directory', () => {
  it('is had with some of its nonces refused, and taken by who trusts the directory', async () => {
    const source = await opened({ acme: { contact: 'it@example.gov' } });
    expect(source.current).toBeNull();
    await first(source);

    const server = createTlsServer({ ...source.current! }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername: NAME, ca: await shared.root() });
    await once(socket, 'secureConnect');
    socket.destroy();

    expect(source).toMatchObject({ trouble: null, fingerprint: null });
    expect(source.current!.notAfter - Date.now()).toBeGreaterThan(89 * DAY);
  });

  it('is told to who serves it', async () => {
    const source = await opened();
    const told: string[] = [];
    source.onChange(({ cert }) => void told.push(cert));

    await first(source);

    expect(told).toEqual([source.current!.cert]);
  });

  it('is kept for the owner alone, and served at the next start without asking', async () => {
    const folder = newFolder();
    const before = await opened({ folder });
    await first(before);
    const kept = join(folder, 'acme-certificate.json');
    await expect.poll(() => existsSync(kept) && statSync(kept).mode & 0o777, patient).toBe(0o600);
    await before.close();
    expect(statSync(join(folder, 'acme-account.pem')).mode & 0o777).toBe(0o600);

    // Port 1 answers nothing: whoever asked would say so.
    const of = { ...shared, challengePort: 1 };
    const after = await opened({ folder, of });

    expect(after.current?.cert).toBe(before.current?.cert);
  });

  it('is renewed when two thirds of its life are over, with a new key and the same account', async () => {
    const folder = newFolder();
    let ahead = 0;
    const source = await opened({ folder, now: () => Date.now() + ahead });
    await first(source);
    const { cert, key } = source.current!;
    const account = readFileSync(join(folder, 'acme-account.pem'), 'utf8');

    ahead += 59 * DAY;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(source.current?.cert).toBe(cert);

    ahead += 2 * DAY;
    await expect.poll(() => source.current?.cert, patient).not.toBe(cert);
    expect(source.current?.key).not.toBe(key);
    expect(readFileSync(join(folder, 'acme-account.pem'), 'utf8')).toBe(account);
    expect(new X509Certificate(source.current!.cert).checkHost(NAME)).toBe(NAME);
  });

  it.each([
    ['of another directory', { directory: 'https://localhost:1/dir' }],
    ['for another name', { name: 'other.example.gov' }],
    ['that ended', { now: () => Date.now() + 91 * DAY }],
  ] as readonly [string, Chosen & { readonly directory?: string }][])(
    '%s is not served',
    async (_, { directory, ...change }) => {
      const folder = newFolder();
      const before = await opened({ folder });
      await first(before);
      await before.close();

      const of = { ...shared, challengePort: 1, directory: directory ?? shared.directory };
      const after = await opened({ folder, of, ...change });

      expect(after.current).toBeNull();
    },
  );

  it('that was damaged on the disk is replaced', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'acme-certificate.json'), '{"schema":', { mode: 0o600 });

    await first(await opened({ folder }));
  });
});

describe('a directory', () => {
  it('that is away at the start is told, and asked again until it is there', async () => {
    const [port, challengePort] = [await freePort(), await freePort()];
    let time = Date.now();
    const of = { ...shared, directory: `https://localhost:${port}/dir`, challengePort };
    const source = await opened({ of, now: () => time });
    await trouble(source).toContain(`localhost:${port} did not answer: ECONNREFUSED`);
    expect(source.current).toBeNull();

    await pebble({ port, challengePort });
    time += 3_600_000;

    await expect.poll(() => source.current, patient).not.toBeNull();
    expect(source.trouble).toBeNull();
  });

  it('that cannot reach the hub says so, and it is asked again, ever more seldom', async () => {
    let time = Date.now();
    const troubles: (string | null)[] = [];
    const elsewhere = await freePort();
    const source = await opened({
      now: () => time,
      acme: { port: elsewhere },
      options: { onTrouble: (one) => void troubles.push(one) },
    });

    await trouble(source).toContain('No certificate was issued by the directory.');
    expect(source.trouble).toContain('(connection)');
    expect(source.current).toBeNull();
    expect(troubles).toHaveLength(1);
    const orders = () => shared.log().split('Added order').length;
    const before = orders();
    time += 44_000;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(orders()).toBe(before);
    time += 2_000;
    await expect.poll(orders, patient).toBe(before + 1);
  });

  it('that issues nothing for the name says so', async () => {
    const source = await opened({ name: 'blocked.example.gov' });

    await trouble(source).toContain('(rejectedIdentifier)');
  });

  it('that asks for an account from elsewhere is told', async () => {
    const source = await opened({ of: await pebble({ external: true }) });

    await trouble(source).toContain('asks for an account that was made elsewhere');
  });

  it('whose certificate nobody vouches for is not spoken with', async () => {
    const other = new Issuer();
    onTestFinished(() => other.remove());

    const source = await opened({ acme: { ca: other.root.certificate } });

    await trouble(source).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT/);
  });

  it('may refuse every nonce: it is not asked for ever', async () => {
    const source = await opened({ of: await pebble({ refusedNonces: 100 }) });

    await trouble(source).toContain('(badNonce)');
  });

  it('is not asked while the question could only be answered where others reach it, before there is an administrator', async () => {
    let hasAdministrator = false;
    const options = { hasAdministrator: () => hasAdministrator };
    const source = await opened({ host: '0.0.0.0', options });
    await trouble(source).toContain('there is no administrator yet');
    expect(source.current).toBeNull();

    hasAdministrator = true;

    await expect.poll(() => source.current, patient).not.toBeNull();
  });

  it('is left in the middle of an order when the hub stops', async () => {
    const source = await opened();

    await source.close();

    expect(source.current).toBeNull();
  });
});

describe('the files of the account', () => {
  it.each([
    ['damaged', 'no key', 0o600, 'TLS_FILE_UNREADABLE'],
    ['open to others', '', 0o644, 'TLS_KEY_OPEN'],
  ])('are not replaced when they are %s', async (_, text, mode, code) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'acme-account.pem'), text, { mode });
    const config = { name: NAME, acme: { directory: shared.directory } };

    const source = await openAcme(config, folder, Date.now);

    expect(source.isErr() && source.error.code).toBe(code);
    expect(readFileSync(join(folder, 'acme-account.pem'), 'utf8')).toBe(text);
  });
});
