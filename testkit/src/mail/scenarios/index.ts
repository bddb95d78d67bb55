/** The fifteen scenarios, in their order. */
import type { MailScenario } from './cast.ts';
import { VENDOR_FREEMAIL } from './s01-vendor-freemail.ts';
import { LOOKALIKE } from './s02-lookalike.ts';
import { FAN_OUT } from './s03-invoice-fan-out.ts';
import { COMPROMISED_OFFICE } from './s04-compromised-office.ts';
import { WORD_INVOICE } from './s05-word-invoice.ts';
import { PASSWORD_EXPIRY } from './s06-password-expiry.ts';
import { HIJACKED_THREAD } from './s07-hijacked-thread.ts';
import { FORGED_THREAD } from './s08-forged-thread.ts';
import { OFFICIAL } from './s09-official.ts';
import { PAYMENT_CHANGE } from './s10-payment-change.ts';
import { QR_CODE } from './s11-qr.ts';
import { CARRIERS } from './s12-carriers.ts';
import { VOTER_INBOX } from './s13-voter-inbox.ts';
import { BULLETIN } from './s14-bulletin.ts';
import { NO_BAD_LINK } from './s15-no-bad-link.ts';

/** All of them. */
export const MAIL_SCENARIOS: readonly MailScenario[] = [
  VENDOR_FREEMAIL,
  LOOKALIKE,
  FAN_OUT,
  COMPROMISED_OFFICE,
  WORD_INVOICE,
  PASSWORD_EXPIRY,
  HIJACKED_THREAD,
  FORGED_THREAD,
  OFFICIAL,
  PAYMENT_CHANGE,
  QR_CODE,
  CARRIERS,
  VOTER_INBOX,
  BULLETIN,
  NO_BAD_LINK,
];
