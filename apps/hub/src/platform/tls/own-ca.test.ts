import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodePem, parseCertificate, parseRevocationList } from '@bellwether/basics';
import { describe, expect, it } from 'vitest';
import { bundle, killChild, startChild } from '../testing/child.ts';
import { Clock, DAY, freshRequest, inFolder, leafOf, requestPem, shake } from './own.fixture.ts';
import { openOwnCa } from './own.ts';
import type { OwnCa } from './own-ca.ts';
import { newOwnKey } from './own-keys.ts';

/** Opens the CA, which is there or can be made. */
async function opened(folder: string, clock = new Clock()): Promise<OwnCa> {
  return (await openOwnCa(folder, clock.now)).okOrThrow();
}

async function codeOf(folder: string, clock = new Clock()): Promise<string> {
  const found = await openOwnCa(folder, clock.now);
  return found.isErr() ? found.error.code : 'opened';
}

describe('the own CA', () => {
  it('is made once, for ten years, and is the same at the next start', async () => {
    await inFolder(async (folder) => {
      const clock = new Clock();
      const first = await opened(folder, clock);
      const second = await opened(folder, clock);
      const ca = leafOf(first.certificate);

      expect(second.certificate).toBe(first.certificate);
      expect(first.fingerprint).toBe(ca.fingerprint256);
      expect(first.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      expect(ca.ca).toBe(true);
      expect(new Date(ca.validTo).getTime() - clock.time).toBeGreaterThan(3_650 * DAY);
      expect(new Date(ca.validFrom).getTime()).toBeLessThan(clock.time);
    });
  });

  it('is another one in another folder, with another name', async () => {
    await inFolder(async (folder) => {
      const [one, other] = [await opened(join(folder, 'a')), await opened(join(folder, 'b'))];

      expect(leafOf(one.certificate).subject).not.toBe(leafOf(other.certificate).subject);
    });
  });

  it('is closed to everybody else: folders 0700, files 0600', async () => {
    await inFolder(async (folder) => {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      await opened(folder);
      const modes = ['.', 'own', 'own/ca.pem', 'own/revoked.pem'].map(
        (path) => statSync(join(folder, path)).mode,
      );

      expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600', '600']);
      expect(readdirSync(join(folder, 'own')).sort()).toEqual(['ca.pem', 'revoked.pem']);
    });
  });

  it('says so when it is damaged, and never makes another in its place', async () => {
    await inFolder(async (folder) => {
      await opened(folder);
      const [ca, revoked] = [join(folder, 'own/ca.pem'), join(folder, 'own/revoked.pem')];
      const [caText, revokedText] = [readFileSync(ca, 'utf8'), readFileSync(revoked, 'utf8')];
      await opened(join(folder, 'b'));
      const other = readFileSync(join(folder, 'b/own/ca.pem'), 'utf8');
      const certificate = (text: string): number => text.indexOf('-----BEGIN CERTIFICATE');
      const mixed = caText.slice(0, certificate(caText)) + other.slice(certificate(other));
      const cases: (() => void)[] = [
        () => rmSync(ca),
        () => writeFileSync(ca, ''),
        () => writeFileSync(ca, caText.slice(0, -100)),
        () => writeFileSync(ca, caText.slice(0, certificate(caText))),
        () => writeFileSync(ca, caText.slice(certificate(caText))),
        () => writeFileSync(ca, mixed),
        () => writeFileSync(ca, other),
        () => rmSync(revoked),
        () => writeFileSync(revoked, revokedText.slice(0, -100)),
        () => writeFileSync(revoked, readFileSync(join(folder, 'b/own/revoked.pem'))),
      ];
      for (const damage of cases) {
        damage();
        expect(await codeOf(folder)).toBe('TLS_OWN_CA_DAMAGED');
        writeFileSync(ca, caText, { mode: 0o600 });
        writeFileSync(revoked, revokedText, { mode: 0o600 });
        chmodSync(ca, 0o600);
        chmodSync(revoked, 0o600);
        expect(await codeOf(folder)).toBe('opened');
      }
    });
  });

  it('clears away what a start that was killed had begun', async () => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, '.own-0123456789abcdef.new'), { recursive: true });
      writeFileSync(join(folder, '.own-0123456789abcdef.new/ca.pem'), 'half');
      await opened(folder);
      writeFileSync(join(folder, 'own/.0123456789abcdef.new'), 'half');
      await opened(folder);

      expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
        'own',
        'own/ca.pem',
        'own/revoked.pem',
      ]);
    });
  });

  it('is refused when others may read its key', async () => {
    await inFolder(async (folder) => {
      await opened(folder);
      chmodSync(join(folder, 'own/ca.pem'), 0o644);

      expect(await codeOf(folder)).toBe('TLS_KEY_OPEN');
    });
  });

  it('says so where it cannot be kept', async () => {
    await inFolder(async (folder) => {
      writeFileSync(folder, 'a file where the folder belongs');

      expect(await codeOf(folder)).toBe('TLS_FILE_UNWRITABLE');
    });
  });

  it('ends after ten years, and certifies nobody beyond that', async () => {
    await inFolder(async (folder) => {
      const clock = new Clock();
      const ca = await opened(folder, clock);
      clock.time = ca.notAfter - 10 * DAY;
      const late = (await ca.issueClient((await freshRequest()).pem, 'agent of 29019')).okOrThrow();
      clock.time = ca.notAfter;
      const over = await ca.issueClient((await freshRequest()).pem, 'agent of 29019');

      expect(late.notAfter).toBe(ca.notAfter);
      expect(over.isErr() && over.error.code).toBe('TLS_OWN_CA_OVER');
      expect(await codeOf(folder, clock)).toBe('TLS_OWN_CA_OVER');
    });
  });
});

describe('a client of the own CA', () => {
  it('is called what the hub says, whatever it asked for', async () => {
    await inFolder(async (folder) => {
      const clock = new Clock();
      const ca = await opened(folder, clock);
      const { key, pem } = await freshRequest('state administrator');
      const issued = (await ca.issueClient(pem, 'agent of 29019')).okOrThrow();
      const leaf = leafOf(issued.certificate);
      const content = parseCertificate(new Uint8Array(leaf.raw)).okOrThrow().content;

      expect(content).toMatchObject({
        subject: 'agent of 29019',
        usages: ['client'],
        names: [],
        authority: false,
      });
      expect(Buffer.from(content.publicKey)).toEqual(Buffer.from(key.publicKey));
      expect(leaf.serialNumber.toLowerCase()).toBe(issued.serial);
      expect(issued.serial).toMatch(/^[0-9a-f]{32}$/);
      expect(Math.round((issued.notAfter - clock.time) / DAY)).toBe(90);
      expect(leaf.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
    });
  });

  it('gets nothing for a request that it cannot stand by', async () => {
    await inFolder(async (folder) => {
      const ca = await opened(folder);
      const { pem } = await freshRequest();
      const borrowed = await requestPem(newOwnKey(), 'a', newOwnKey());
      for (const [request, subject] of [
        ['', 'a'],
        ['not a request', 'a'],
        [pem + pem, 'a'],
        [pem.replace(/.{64}\n/, ''), 'a'],
        [ca.certificate, 'a'],
        [borrowed, 'a'],
        [pem, ''],
        [pem, 'a'.repeat(65)],
        [pem, 'a\nb'],
      ] as const) {
        const issued = await ca.issueClient(request, subject);

        expect(issued.isErr() && issued.error.code).toBe('TLS_REQUEST_REFUSED');
      }
    });
  });

  it('is let in over TLS, and no longer once it was revoked; others are, still', async () => {
    await inFolder(async (folder) => {
      const ca = await opened(folder);
      const server = (await ca.issueServer('hub.example.gov')).okOrThrow();
      const [first, second] = [await freshRequest(), await freshRequest()];
      const one = (await ca.issueClient(first.pem, 'agent of 29019')).okOrThrow();
      const two = (await ca.issueClient(second.pem, 'agent of 29021')).okOrThrow();
      const meet = async (cert: string, key: string): Promise<string> =>
        shake(
          {
            ...server,
            ca: ca.certificate,
            crl: await ca.revocationList(),
            requestCert: true,
            rejectUnauthorized: true,
          } as object,
          { ca: ca.certificate, cert, key },
          'hub.example.gov',
        );

      expect(await meet(one.certificate, first.key.pem)).toBe('CN=agent of 29019');
      (await ca.revokeClient(one.serial)).okOrThrow();
      await expect(meet(one.certificate, first.key.pem)).rejects.toThrow(/alert|reset|closed|hang up/i);
      expect(await meet(two.certificate, second.key.pem)).toBe('CN=agent of 29021');
    });
  });
});

describe('the list of the own CA', () => {
  it('is kept over a restart, counts up, and names nobody twice', async () => {
    await inFolder(async (folder) => {
      const clock = new Clock();
      const ca = await opened(folder, clock);
      await Promise.all(
        ['0a0b', '0c0d', '0a0b', '0e'].map(async (serial) => (await ca.revokeClient(serial)).okOrThrow()),
      );
      const again = await opened(folder, clock);
      const list = await again.revocationList();
      const { content } = parseRevocationList(decodePem(list, 'X509 CRL').okOrThrow()[0]!).okOrThrow();

      expect(content.revoked.map(({ serial }) => Buffer.from(serial).toString('hex'))).toEqual([
        '0a0b',
        '0c0d',
        '0e',
      ]);
      expect(content.number).toBe(4);
      expect(['0a0b', '0e', '0f'].map((serial) => again.isRevoked(serial))).toEqual([true, true, false]);
      expect(readFileSync(join(folder, 'own/revoked.pem'), 'utf8')).toBe(list);
    });
  });

  it('is made anew after a day, and forgets whose certificates have ended by themselves', async () => {
    await inFolder(async (folder) => {
      const clock = new Clock();
      const ca = await opened(folder, clock);
      (await ca.revokeClient('0a')).okOrThrow();
      const first = await ca.revocationList();
      clock.pass(DAY / 2);
      expect(await ca.revocationList()).toBe(first);
      clock.pass(DAY);
      const second = await ca.revocationList();
      expect(second).not.toBe(first);
      expect(second).toBe(await ca.revocationList());
      clock.pass(89 * DAY);
      await ca.revocationList();
      expect(ca.isRevoked('0a')).toBe(true);
      clock.pass(10 * DAY);
      await ca.revocationList();
      expect(ca.isRevoked('0a')).toBe(false);
    });
  });

  it('revokes nobody where that cannot be kept, and says so', async () => {
    await inFolder(async (folder) => {
      const ca = await opened(folder);
      renameSync(join(folder, 'own'), join(folder, 'away'));
      writeFileSync(join(folder, 'own'), 'in the way');
      const revoked = await ca.revokeClient('0a');

      expect(revoked.isErr() && revoked.error.code).toBe('TLS_FILE_UNWRITABLE');
      expect(ca.isRevoked('0a')).toBe(false);
      rmSync(join(folder, 'own'));
      renameSync(join(folder, 'away'), join(folder, 'own'));
      expect((await ca.revokeClient('0a')).isOk()).toBe(true);
    });
  });

  it.each(['', '0', 'abc', '00', '0A', 'zz', '00ab', 'ab'.repeat(21)])(
    'takes no serial that is none: %j',
    async (serial) => {
      await inFolder(async (folder) => {
        const ca = await opened(folder);

        expect(() => ca.revokeClient(serial)).toThrow(RangeError);
      });
    },
  );
});

describe('a hub that is killed', () => {
  it('while it makes its CA or revokes, leaves a whole CA or none, and no revocation is lost', async () => {
    await inFolder(async (folder) => {
      mkdirSync(folder, { recursive: true });
      const program = bundle(new URL('./testing/killed-ca.ts', import.meta.url), folder);
      let made = 0;
      for (let kill = 0; kill < 16; kill += 1) {
        const tls = join(folder, String(kill));
        const child = startChild(program, [tls]);
        await child.lines.next();
        let acknowledged = 0;
        for (let lines = 0; lines < kill - 6; lines += 1) {
          const { value } = await child.lines.next();
          acknowledged = Number(value);
        }
        // The first ones while the CA is made, whenever that is; the others after so many revocations.
        if (kill < 6) await sleep(Math.random() * 30);
        await killChild(child);
        made += existsSync(join(tls, 'own')) ? 1 : 0;
        const ca = await opened(tls);

        for (let n = 1; n <= acknowledged; n += 1) expect(ca.isRevoked(serialOf(n))).toBe(true);
        expect(readdirSync(tls, { recursive: true }).sort()).toEqual([
          'own',
          'own/ca.pem',
          'own/revoked.pem',
        ]);
      }
      expect(made).toBeGreaterThan(8);
    });
  });

  function serialOf(n: number): string {
    return `1${n.toString(16).padStart(5, '0')}`;
  }
});

describe('openssl', () => {
  it('trusts the hub and the client, and finds who was revoked', async () => {
    await inFolder(async (folder) => {
      const ca = await opened(folder);
      const { pem } = await freshRequest();
      const client = (await ca.issueClient(pem, 'agent of 29019')).okOrThrow();
      const server = (await ca.issueServer('hub.example.gov')).okOrThrow();
      (await ca.revokeClient(client.serial)).okOrThrow();
      const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
      write('ca.crt', ca.certificate);
      write('client.crt', client.certificate);
      write('server.crt', server.cert);
      write('list.crl', await ca.revocationList());
      const verify = (...args: string[]): string =>
        execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', 'ca.crt', ...args], {
          cwd: folder,
          encoding: 'utf8',
          stdio: 'pipe',
        });

      expect(verify('-purpose', 'sslserver', '-verify_hostname', 'hub.example.gov', 'server.crt')).toMatch(
        /OK/,
      );
      expect(verify('-purpose', 'sslclient', 'client.crt')).toMatch(/OK/);
      expect(verify('-crl_check', '-CRLfile', 'list.crl', 'server.crt')).toMatch(/OK/);
      expect(() => verify('-crl_check', '-CRLfile', 'list.crl', 'client.crt')).toThrow(/certificate revoked/);
    });
  });
});
