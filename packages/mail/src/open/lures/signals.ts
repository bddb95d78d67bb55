/** Signals of what a message asks for. Words are cheap: none holds a message alone. */
import type { SignalEntry } from '../../signal.ts';

const BY_SENDER = 'Honest mail asks for it too; it weighs with who asks and where the answer goes.';

/** Codes of this step. */
export const LURE_SIGNALS = {
  'asks-to-sign-in': {
    text: 'It asks the reader to sign in or to confirm an account ("{words}").',
    points: 1.5,
    why: BY_SENDER,
  },
  'threatens-account': {
    text: 'It says that an account or a password is about to be lost ("{words}").',
    points: 1.5,
    why: BY_SENDER,
  },
  'asks-for-payment-change': {
    text: 'It asks to pay to another account from now on ("{words}").',
    points: 3,
    atLeast: 'banner',
    why: 'The dearest fraud of all, and rare in honest mail: worth a telephone call each time.',
  },
  'asks-for-payment': { text: 'It is about a payment ("{words}").', points: 0.5, why: BY_SENDER },
  'asks-for-favour': {
    text: 'It asks for a favour without saying which ("{words}").',
    points: 1.5,
    why: BY_SENDER,
  },
  'asks-for-records': {
    text: 'It asks for records that criminals sell or use ("{words}").',
    points: 1.5,
    why: 'Tax forms of a whole staff are asked for within a firm each January, by those who know where they are.',
  },
  'asks-to-call': { text: 'It asks to call a telephone number ("{words}").', points: 1, why: BY_SENDER },
  'tells-of-charge': { text: 'It tells of a charge or a renewal ("{words}").', points: 0.5, why: BY_SENDER },
  'bill-with-number': {
    text: 'It is a bill with a telephone number to cancel it.',
    points: 1.5,
    why: 'Shape of call-back lures, whatever their words; shops write so as well, to who bought something.',
  },
  'asks-for-code': {
    text: 'It gives a code to type in at a sign-in page ("{words}").',
    points: 2,
    why: BY_SENDER,
  },
  'asks-for-consent': {
    text: 'It asks to allow a program something ("{words}").',
    points: 1,
    why: BY_SENDER,
  },
  hurries: { text: 'It hurries the reader ("{words}").', points: 0.5, why: BY_SENDER },
  'asks-for-silence': { text: 'It asks the reader to tell nobody ("{words}").', points: 1.5, why: BY_SENDER },
  'shares-document': {
    text: 'It says that a document or a message waits behind a link ("{words}").',
    points: 0.5,
    why: BY_SENDER,
  },
  'asks-to-enable': {
    text: 'It asks to switch on what runs inside of a document ("{words}").',
    points: 4,
    atLeast: 'banner',
    why: 'Macros have to be switched on by the reader; no honest guide asks for it by mail.',
  },
  'asks-to-scan': { text: 'It asks to scan a code with a telephone ("{words}").', points: 1, why: BY_SENDER },
  'link-device-code': {
    text: 'It leads to the page where a stranger’s device is given the reader’s account ({url}).',
    points: 4,
    atLeast: 'hold',
    why: 'Whoever starts a device sign-in does so at their own screen; nobody is sent there by mail.',
  },
  'link-consent': {
    text: 'It leads to the page where a program is given the reader’s mailbox ({url}).',
    points: 3,
    atLeast: 'banner',
    why: 'Honest programs ask from within; some invitations come by mail.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;
