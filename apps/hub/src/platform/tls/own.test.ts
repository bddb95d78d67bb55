import { execFile } from 'node:child_process';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Clock, DAY, inFolder, leafOf, shake } from './own.fixture.ts';
import { openOwnCa, ownCertificates } from './own.ts';
import type { OwnCa } from './own-ca.ts';
import type { CertificateSource, ServingCertificate } from './tls-types.ts';

const NAME = 'hub.example.gov';

async function inOwn(
  run: (ca: OwnCa, clock: Clock, folder: string) => Promise<void>,
  clock = new Clock(),
): Promise<void> {
  await inFolder(async (folder) => {
    await run((await openOwnCa(folder, clock.now)).okOrThrow(), clock, folder);
  });
}

async function source(ca: OwnCa, clock: Clock, name = NAME, every = 1): Promise<CertificateSource> {
  return (await ownCertificates(ca, name, clock.now, { every })).okOrThrow();
}

/** The next certificate that a source tells of. */
function next(certificates: CertificateSource): Promise<ServingCertificate> {
  return new Promise((resolve) => certificates.onChange(resolve));
}

/** Until the source says so. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('HTTPS with the own CA', () => {
  it('is trusted by a client that trusts the CA, under the name of the hub only', async () => {
    await inOwn(async (ca, clock) => {
      const certificates = await source(ca, clock);
      const { cert, key } = certificates.current!;

      expect(await shake({ cert, key }, { ca: ca.certificate }, NAME)).toBe('nobody');
      await expect(shake({ cert, key }, { ca: ca.certificate }, 'localhost')).rejects.toThrow(/altnames/);
      await expect(shake({ cert, key }, {}, NAME)).rejects.toThrow(/self-signed certificate/);
      expect(leafOf(cert).subjectAltName).toBe(`DNS:${NAME}`);
      expect(certificates.fingerprint).toBe(leafOf(ca.certificate).fingerprint256);
      expect(certificates.trouble).toBeNull();
      await certificates.close();
    });
  });

  it('is trusted by openssl, which is shown the CA too', async () => {
    await inOwn(async (ca, clock, folder) => {
      const certificates = await source(ca, clock);
      writeFileSync(join(folder, 'ca.crt'), ca.certificate);
      const server = createServer(certificates.current!);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const asked = promisify(execFile)('openssl', [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', NAME, '-verify_hostname', NAME],
        ...['-CAfile', join(folder, 'ca.crt'), '-verify_return_error', '-showcerts'],
      ]);
      asked.child.stdin!.end('Q\n');
      const { stdout } = await asked;
      server.close();
      await certificates.close();

      expect(stdout).toContain('Verify return code: 0 (ok)');
      expect(stdout.replaceAll('\r', '')).toContain(ca.certificate.trim());
    });
  });

  it('serves the same after a restart, and another under another name', async () => {
    await inOwn(async (ca, clock, folder) => {
      const first = await source(ca, clock);
      await first.close();
      const again = await source((await openOwnCa(folder, clock.now)).okOrThrow(), clock);
      const renamed = await source(ca, clock, 'other.example.gov');

      expect(again.current!.cert).toBe(first.current!.cert);
      expect(leafOf(renamed.current!.cert).subjectAltName).toBe('DNS:other.example.gov');
      expect(statSync(join(folder, 'own/server.pem')).mode & 0o777).toBe(0o600);
      await again.close();
      await renamed.close();
    });
  });

  it('serves under a name that is too long for a subject', async () => {
    await inOwn(async (ca, clock) => {
      const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.gov`;
      const certificates = await source(ca, clock, name);

      expect(await shake(certificates.current!, { ca: ca.certificate }, name)).toBe('nobody');
      await certificates.close();
    });
  });

  it.each(['', '*.example.gov', '192.0.2.7', 'hub example', 'a..b', 'hub\n'])(
    'takes no name that is none: %j',
    async (name) => {
      await inOwn(async (ca, clock) => {
        const refused = await ownCertificates(ca, name, clock.now);

        expect(refused.isErr() && refused.error.code).toBe('TLS_CERTIFICATE_INVALID');
      });
    },
  );

  it('makes a new certificate where the one that was kept is damaged, or of another CA', async () => {
    await inOwn(async (ca, clock, folder) => {
      const path = join(folder, 'own/server.pem');
      const first = await source(ca, clock);
      await first.close();
      await inOwn(async (other, _, elsewhere) => {
        await (await source(other, clock)).close();
        const text = readFileSync(path, 'utf8');
        for (const damage of [
          '',
          text.slice(0, 300),
          readFileSync(join(elsewhere, 'own/server.pem'), 'utf8'),
        ]) {
          writeFileSync(path, damage);
          const again = await source(ca, clock);

          expect(again.current!.cert).toMatch(ca.certificate);
          expect(await shake(again.current!, { ca: ca.certificate }, NAME)).toBe('nobody');
          await again.close();
        }
      }, clock);
    });
  });
});

describe('the certificate of the hub', () => {
  it('is renewed after sixty of its ninety days, with another key, and not before', async () => {
    await inOwn(async (ca, clock, folder) => {
      const certificates = await source(ca, clock);
      const first = certificates.current!;
      const told: ServingCertificate[] = [];
      certificates.onChange((certificate) => told.push(certificate));
      expect(Math.round((first.notAfter - clock.time) / DAY)).toBe(90);
      clock.pass(59 * DAY);
      const same = await source(ca, clock);
      expect(same.current!.cert).toBe(first.cert);
      await same.close();
      expect(told).toEqual([]);
      const changed = next(certificates);
      clock.pass(1.1 * DAY);
      const second = await changed;

      expect(certificates.current).toBe(second);
      expect(leafOf(second.cert).publicKey.equals(leafOf(first.cert).publicKey)).toBe(false);
      expect(second.key).not.toBe(first.key);
      expect(Math.round((second.notAfter - clock.time) / DAY)).toBe(90);
      await certificates.close();
      expect(readFileSync(join(folder, 'own/server.pem'), 'utf8')).toBe(second.key + second.cert);
    });
  });

  it('is renewed at the start after a long stop', async () => {
    await inOwn(async (ca, clock) => {
      const first = await source(ca, clock);
      await first.close();
      clock.pass(200 * DAY);
      const again = await source(ca, clock);

      expect(again.current!.notAfter).toBeGreaterThan(clock.time + 89 * DAY);
      await again.close();
    });
  });

  it('is made anew when the clock was set back to before it began', async () => {
    await inOwn(async (ca, clock) => {
      const certificates = await source(ca, clock);
      const changed = next(certificates);
      clock.pass(-DAY);

      expect(new Date(leafOf((await changed).cert).validFrom).getTime()).toBeLessThan(clock.time);
      await certificates.close();
    });
  });

  it('is served though it cannot be kept, says so, and is kept as soon as that works', async () => {
    await inOwn(async (ca, clock, folder) => {
      const troubles: (string | null)[] = [];
      const options = { every: 1, onTrouble: (trouble: string | null) => troubles.push(trouble) };
      renameSync(join(folder, 'own'), join(folder, 'away'));
      writeFileSync(join(folder, 'own'), 'in the way');
      const certificates = (await ownCertificates(ca, NAME, clock.now, options)).okOrThrow();

      expect(await shake(certificates.current!, { ca: ca.certificate }, NAME)).toBe('nobody');
      expect(certificates.trouble).toMatch(/cannot be kept/);
      rmSync(join(folder, 'own'));
      renameSync(join(folder, 'away'), join(folder, 'own'));
      await until(() => certificates.trouble === null);
      await certificates.close();
      expect(readFileSync(join(folder, 'own/server.pem'), 'utf8')).toContain(certificates.current!.cert);
      expect(troubles.at(-1)).toBeNull();
    });
  });

  it('says half a year before that its CA will end, and does not outlive it', async () => {
    await inOwn(async (ca, clock) => {
      clock.time = ca.notAfter - 20 * DAY;
      const certificates = await source(ca, clock);

      expect(certificates.trouble).toMatch(/^The own CA of the hub ends on 20\d\d-\d\d-\d\d\./);
      expect(certificates.current!.notAfter).toBe(ca.notAfter);
      await certificates.close();
    });
  });
});
