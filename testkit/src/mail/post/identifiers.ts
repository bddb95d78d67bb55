/** Message identifiers and the fields that programs add, by the program. */
import type { Draw } from '../draw.ts';
import type { Mailer } from '../plan.ts';

/** A new identifier, without angle brackets. */
export function newMessageId(draw: Draw, mailer: Mailer, domain: string): string {
  const hex = (count: number) => draw.letters(count, '0123456789abcdef');
  const upper = (count: number) => draw.letters(count, '0123456789ABCDEF');
  if (mailer === 'm365') {
    const server = `${draw.letters(2, 'BCDMPS').toUpperCase()}${draw.random.integer(1, 9)}PR09MB${draw.random.integer(1000, 9999)}`;
    return `${server}${upper(24)}@${server}.namprd09.prod.outlook.com`;
  }
  if (mailer === 'gmail')
    return `CA${draw.letters(50, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')}@mail.gmail.com`;
  if (mailer === 'apple') return `${upper(8)}-${upper(4)}-4${upper(3)}-A${upper(3)}-${upper(12)}@${domain}`;
  if (mailer === 'bulk')
    return `${draw.random.integer(10_000_000, 99_999_999)}.${hex(20)}@geopod-ismtpd-${draw.random.below(9)}.mailcourier.example`;
  return `${hex(8)}-${hex(4)}-4${hex(3)}-9${hex(3)}-${hex(12)}@${domain}`;
}

/** Fields that the program adds. */
export function mailerFields(
  draw: Draw,
  mailer: Mailer,
  subject: string,
  domain: string,
): (readonly [string, string])[] {
  const hex = (count: number) => draw.letters(count, '0123456789abcdef');
  switch (mailer) {
    case 'm365':
      return [
        ['Thread-Topic', subject.replace(/^(?:re|fwd?|aw): */i, '').replace(/[^\x20-\x7e]/g, '?')],
        [
          'Thread-Index',
          `AQH${draw.letters(26, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}==`,
        ],
        ['Accept-Language', 'en-US'],
        ['Content-Language', 'en-US'],
        ['X-MS-Has-Attach', ''],
        ['x-ms-exchange-messagesentrepresentingtype', '1'],
      ];
    case 'thunderbird':
      return [
        ['User-Agent', 'Mozilla Thunderbird'],
        ['Content-Language', 'en-US'],
      ];
    case 'apple':
      return [
        ['X-Mailer', draw.any(['iPhone Mail (23A355)', 'iPad Mail (23A341)', 'Apple Mail (2.3864.100)'])],
      ];
    case 'php':
      return [
        [
          'X-Mailer',
          draw.any(['PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)', 'PHP/8.2.20', 'WPForms']),
        ],
      ];
    case 'bulk':
      return [
        ['Feedback-ID', `${draw.random.integer(100_000, 999_999)}:${hex(8)}:mc`],
        ['List-Unsubscribe', `<https://mailcourier.example/u/${hex(24)}>, <mailto:unsubscribe@${domain}>`],
        ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
        ['Precedence', 'bulk'],
      ];
    case 'copier':
      return [['X-Mailer', 'WorkCentre C8145']];
    case 'webform':
      return [
        ['X-Mailer', 'Forms Processor 4.2'],
        ['Auto-Submitted', 'auto-generated'],
      ];
    case 'gmail':
      return [];
  }
}
