import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePem, pemOf } from './pem.ts';

const bytes = Uint8Array.from({ length: 100 }, (_, n) => n);
const text = pemOf('CERTIFICATE', bytes);

describe('PEM', () => {
  it('is what openssl writes: 64 characters on a line', () => {
    expect(text.split('\n').map(({ length }) => length)).toEqual([27, 64, 64, 8, 25, 0]);
    expect(text).toBe(
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,64}/g)!
        .join('\n')}\n-----END CERTIFICATE-----\n`,
    );
  });

  it('comes back, one block or several, also with the line ends of Windows', () => {
    const block = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 16 }), (blocks) => {
        const written = blocks.map((der) => pemOf('X509 CRL', der)).join('');
        const expected = blocks.map((der) => Buffer.from(der).toString('hex'));
        for (const spelled of [written, written.replaceAll('\n', '\r\n')]) {
          const back = decodePem(spelled, 'X509 CRL').okOrThrow();

          expect(back.map((der) => Buffer.from(der).toString('hex'))).toEqual(expected);
        }
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a line end', '\n'],
    ['no line end at the end', text.slice(0, -1)],
    ['words before it', `my certificate:\n${text}`],
    ['words behind it', `${text}that was it\n`],
    ['words behind it, and no line end', `${text}that was it`],
    ['an empty line between', `${text}\n${text}`],
    ['another label', text.replaceAll('CERTIFICATE', 'X509 CRL')],
    ['another label at its end', text.replace('END CERTIFICATE', 'END X509 CRL')],
    ['no end', text.slice(0, text.indexOf('-----END'))],
    ['headers, as old keys have them', text.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
    ['a blank', text.replace('\n', ' \n')],
    ['line ends of two kinds', text.replace('\n', '\r\n')],
    ['line ends of old machines', text.replaceAll('\n', '\r')],
    ['lines of another length', text.replace(/(.{60})(.{4})\n/, '$1\n$2')],
    ['all on one line', pemOf('CERTIFICATE', bytes).replace(/(.{64})\n/g, '$1')],
    ['no content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['a character of another alphabet', text.replace('AAEC', 'AA-C')],
    ['no padding', text.replaceAll('=', '')],
    ['bits behind the end', '-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----\n'],
    ['seventeen blocks', text.repeat(17)],
    ['more than there can be', text.repeat(20_000)],
  ])('is refused: %s', (_, spelled) => {
    expect(decodePem(spelled, 'CERTIFICATE').isErr()).toBe(true);
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, inside) => {
        const spelled = `${before}-----BEGIN CERTIFICATE-----\n${inside}\n-----END CERTIFICATE-----\n`;
        const found = decodePem(spelled, 'CERTIFICATE');

        if (found.isOk()) expect(found.value.map((der) => pemOf('CERTIFICATE', der)).join('')).toBe(spelled);
      }),
    );
  });
});
