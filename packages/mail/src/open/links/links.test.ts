import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../read/read-message.ts';
import { viewHtml } from '../../read/view-html.ts';
import { linksOf } from './links.ts';
import { isSharedHost } from './shared-hosts.ts';
import { targetOf } from './target.ts';

const RSPAMD = new URL('../../../../../testdata/mail/rspamd/', import.meta.url).pathname;

function noticed(html: string, text = '', to = 'clerk@boone.example') {
  const message = readMessage(Buffer.from(`To: ${to}\r\n\r\n${text}`)).okOrThrow();
  const { links, signals } = linksOf(message, viewHtml(html), 'sender.example');
  return { hosts: links.map(({ host }) => host), codes: signals.map(({ code }) => code), signals };
}
const WORDS = '<p>one two three four five six seven eight nine ten eleven twelve thirteen</p>';

describe('where an address leads', () => {
  it.each([
    ['https://Boone.Example./x', 'boone.example'],
    ['  hTTps:\\\\boone.example\\x', 'boone.example'],
    ['//boone.example/x', 'boone.example'],
    ['www.boone.example', 'www.boone.example'],
    ['ht\ttps://boo\nne.example', 'boone.example'],
    ['https://boone\u200b.example/', 'boone.example'],
    ['http://3221226219/x', '192.0.2.235'],
    ['http://0xC0.0x00.2.0353/', '192.0.2.235'],
    ['https://b\u043Eone.example/', 'xn--bone-55d.example'],
    ['https://good.example@evil.example/', 'evil.example'],
    ['https://evil.example%2f@good.example', 'good.example'],
  ])('is what a browser makes of %j', (href, host) => {
    expect(targetOf(href)?.host).toBe(host);
  });

  it.each([
    [
      'https://nam10.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fa&data=05',
      'evil.example',
    ],
    ['https://www.google.com/url?q=https://evil.example/a&sa=D', 'evil.example'],
    ['https://urldefense.com/v3/__https://evil.example/a__;!!abc', 'evil.example'],
    ['https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a&d=x', 'evil.example'],
    ['https://www.google.com/amp/s/evil.example/a', 'evil.example'],
    [
      `https://www.bing.com/ck/a?u=a1${Buffer.from('https://evil.example/a').toString('base64url')}`,
      'evil.example',
    ],
    ['https://ads.example/click?x=1&to=https://evil.example/a', 'evil.example'],
    [
      'https://a.example/?u=https%3A%2F%2Fb.example%2F%3Fu%3Dhttps%253A%252F%252Fevil.example',
      'evil.example',
    ],
  ])('is looked for behind what only leads on: %j', (href, host) => {
    const target = targetOf(href)!;
    expect(target.host).toBe(host);
    expect(target.through.length).toBeGreaterThan(0);
  });

  it.each([
    '#top',
    '/path',
    'page.html',
    'mailto:a@b.example',
    'tel:+1573',
    'cid:1',
    '',
    'http://',
    'not a link',
  ])('is nowhere for %j', (href) => {
    expect(targetOf(href)).toBeUndefined();
  });

  it('is found in bounded steps, whatever the address', () => {
    const address = fc.string({
      unit: fc.constantFrom(...'htps:/.?&=@%2Fu\\ #[]0x"'.split('')),
      maxLength: 200,
    });
    fc.assert(
      fc.property(address, (href) => (targetOf(`https://a.example/?u=${href}`)?.through.length ?? 0) <= 5),
    );
    let deep = 'https://end.example';
    for (let i = 0; i < 12; i++) deep = `https://h${i}.example/?u=${encodeURIComponent(deep)}`;
    expect(targetOf(deep)?.through.length ?? 0).toBeLessThanOrEqual(5);
  });
});

describe('a link', () => {
  it.each([
    [
      'shows another place',
      '<a href="https://evil.example/">https://boone.example/login</a>',
      'link-text-differs',
    ],
    ['shows another name', '<a href="https://evil.example/">boonecountymo.gov</a>', 'link-text-differs'],
    [
      'holds the reader',
      '<a href="https://evil.example/?e=clerk@boone.example">here</a>',
      'link-has-recipient',
    ],
    [
      'holds the reader in base64',
      `<a href="https://evil.example/#${Buffer.from('clerk@boone.example').toString('base64')}">here</a>`,
      'link-has-recipient',
    ],
    [
      'holds the reader in hex',
      `<a href="https://evil.example/${Buffer.from('clerk@boone.example').toString('hex')}">here</a>`,
      'link-has-recipient',
    ],
    ['leads to a number', '<a href="http://192.0.2.7/x">here</a>', 'link-to-number'],
    ['hides its place', '<a href="https://boone.example@evil.example/">here</a>', 'link-hides-host'],
    ['runs', '<a href="javascript:go()">here</a>', 'link-runs'],
    ['is a page itself', '<a href="data:text/html;base64,PGI+">here</a>', 'link-runs'],
    ['is free', '<a href="https://login-x.pages.dev/a">here</a>', 'link-free-host'],
    ['is short', '<a href="https://bit.ly/3x">here</a>', 'link-shortened'],
    ['leads on', '<a href="https://www.google.com/url?q=https://evil.example/">here</a>', 'link-led-on'],
  ])('that %s is told', (_, html, code) => {
    expect(noticed(WORDS + html).codes).toContain(code);
  });

  it.each([
    ['shows its own place', '<a href="https://www.boone.example/vote?id=1">boone.example</a>'],
    ['shows words', '<a href="https://boone.example/">Click here. See invoice.pdf</a>'],
    ['shows a file', '<a href="https://boone.example/f">Sample_Ballot.pdf</a>'],
    ['is a mailbox', '<a href="mailto:clerk@boone.example">clerk@boone.example</a>'],
    ['shows a sentence with a name', '<a href="https://evil.example/">visit boone.example today</a>'],
    ['holds a number of the reader', '<a href="https://news.example/u/8842710?utm=clerk">stop</a>'],
  ])('that %s is not', (_, html) => {
    expect(noticed(WORDS + html).codes).toEqual([]);
  });

  it('in plain text is one too, without the stop at its end', () => {
    expect(
      noticed('', 'See https://evil.example/a(b). Or www.boone.example, or mail@boone.example').hosts,
    ).toEqual(['evil.example', 'www.boone.example']);
  });

  it('behind a gateway that the words still show is the same place', () => {
    const safe = 'https://nam10.safelinks.protection.outlook.com/?url=https%3A%2F%2Fboone.example%2Fa';
    expect(noticed(`${WORDS}<a href="${safe}">https://boone.example/a</a>`).codes).toEqual(['link-led-on']);
  });
});

describe('a page in a message', () => {
  it('that asks for a password, or sends what is typed elsewhere, is told', () => {
    const html = '<form action="https://evil.example/p"><input type=email><input type=password></form>';
    expect(noticed(WORDS + html).codes).toEqual(['form-asks-password', 'form-leads-elsewhere']);
  });

  it('that is a picture, or hides words, is told', () => {
    expect(noticed('<a href="https://evil.example/"><img src="cid:1"></a>').codes).toEqual([
      'picture-is-link',
    ]);
    expect(noticed(`${WORDS}<a href="https://boone.example/"><img src="cid:1"></a>`).codes).toEqual([]);
    const hidden = `<div style="display:none">${'word '.repeat(80)}</div>`;
    expect(noticed(WORDS + hidden).signals).toEqual([{ code: 'words-hidden', values: { count: '80' } }]);
  });
});

describe('real messages whose names say what they are', () => {
  it.each([
    ['phishing1', ['link-text-differs']],
    ['phishing2', ['link-text-differs']],
    ['phishing3', ['link-text-differs']],
    ['phishing_query_nested_fire', ['link-led-on', 'link-text-differs']],
    ['phishing_query_safe', ['link-led-on']],
    ['url_suspect_long_user', ['link-hides-host']],
    ['url_suspect_multiple_at', ['link-hides-host']],
    ['url_suspect_user_no_password', ['link-hides-host']],
    ['url_suspect_numeric_ip', ['link-to-number']],
    ['url_suspect_numeric_ip_user', ['link-hides-host', 'link-to-number']],
    ['url_suspect_email_user', []],
    ['url_suspect_normal', []],
  ])('%s', (name, codes) => {
    const message = readMessage(readFileSync(`${RSPAMD}${name}.eml`)).okOrThrow();
    const told = linksOf(message, viewHtml(message.html), 'sender.example').signals.map(({ code }) => code);
    expect(told.sort()).toEqual(codes);
  });

  it('and hosts where everybody has pages are told from others', () => {
    const hosts = [
      'x.github.io',
      'docs.google.com',
      'a.b.blob.core.windows.net',
      'bit.ly',
      'google.com',
      'sos.mo.gov',
    ];
    expect(hosts.filter(isSharedHost)).toEqual(hosts.slice(0, 4));
  });
});
