/** Signals that mean more together than their points add up to. Each row names what has to be there, one of each group. */
import type { Signal, SignalCode, SignalEntry } from '../signal.ts';

/** Who it is from: somebody new, somebody who is not who they seem, somebody nobody vouches for. */
const STRANGER: readonly SignalCode[] = [
  'first-contact',
  'first-from-address',
  'thread-made-up',
  'subject-answers-nothing',
];

/** A link whose owner cannot be told, or that hides where it leads. */
const DOUBTFUL_LINK: readonly SignalCode[] = [
  'link-free-host',
  'link-shortened',
  'link-has-recipient',
  'link-text-differs',
  'link-to-number',
  'link-led-on',
];

/** What a lure wants: the password. */
const WANTS_ACCOUNT: readonly SignalCode[] = [
  'asks-to-sign-in',
  'threatens-account',
  'asks-for-code',
  'asks-for-consent',
];

type Joined = SignalEntry & { readonly oneOfEach: readonly (readonly SignalCode[])[] };

/** Whose name it has, and is not. */
const PRETENDER: readonly SignalCode[] = [
  'lookalike-edit',
  'lookalike-ending',
  'lookalike-words',
  'lookalike-part',
  'person-elsewhere',
  'person-with-role',
  'organisation-elsewhere',
  'not-proven',
  'answer-goes-elsewhere',
  'answer-to-freemail',
];

/** A document that is a door. */
const DOOR: readonly SignalCode[] = ['file-link-only'];

/** Codes of it. */
export const TOGETHER_SIGNALS = {
  'stranger-wants-account': {
    text: 'Somebody who never wrote before asks the reader to sign in, at a place whose owner cannot be told.',
    points: 3,
    oneOfEach: [STRANGER, WANTS_ACCOUNT, DOUBTFUL_LINK],
    why: 'A lure for passwords in three traits; services that ask to sign in write from their own domain and lead there.',
  },
  'asks-account-there': {
    text: 'It asks the reader to sign in, and leads to a page of somebody else where one signs in.',
    points: 3.5,
    oneOfEach: [WANTS_ACCOUNT, ['link-to-login']],
    why: 'Scenario of the voter whose evidence waits behind a sign-in: at a public mailbox a stranger alone says nothing.',
  },
  'pretender-wants-something': {
    text: 'Somebody with the name of another one asks for money, a favour or a password.',
    points: 2.5,
    oneOfEach: [
      PRETENDER,
      [...WANTS_ACCOUNT, 'asks-for-payment-change', 'asks-for-payment', 'asks-for-favour', 'shares-document'],
    ],
    why: 'Who pretends, pretends for something.',
  },
  'stranger-looks-alike': {
    text: 'Nobody there has ever written before, and the name is nearly that of somebody whom this office knows.',
    points: 1.5,
    oneOfEach: [STRANGER, ['lookalike-edit', 'lookalike-ending', 'lookalike-words']],
    why: 'Scenario "lookalike": second names of firms that really write are soon no strangers any more, or are put on the list.',
  },
  'stranger-bills': {
    text: 'Somebody who never wrote before sends a bill, and wants to be called about it.',
    points: 4.5,
    oneOfEach: [STRANGER, ['bill-with-number']],
    why: 'Scenario "call-back", by its shape.',
  },
  'login-on-free-host': {
    text: 'It leads to a page at which one signs in, at a place where anybody can make pages.',
    points: 5,
    oneOfEach: [['link-to-login'], ['link-free-host']],
    why: 'Firms have their own places to sign in.',
  },
  'stranger-wants-favour': {
    text: 'Somebody who never wrote before wants a favour or records, and does not say more.',
    points: 2.5,
    oneOfEach: [
      STRANGER,
      ['asks-for-favour'],
      ['asks-for-records', 'hurries', 'asks-for-silence', 'asks-for-payment-change'],
    ],
    why: 'Scenario of the official at their desk, where the name is on no list.',
  },
  'stranger-calls': {
    text: 'Somebody who never wrote before tells of a charge and asks to call a number.',
    points: 3.5,
    oneOfEach: [STRANGER, ['tells-of-charge', 'asks-for-payment'], ['asks-to-call']],
    why: 'Scenario "call-back": no link, no file, a number to call.',
  },
  'stranger-changes-payment': {
    text: 'Somebody whom this office does not write with asks to pay to another account.',
    points: 3,
    oneOfEach: [STRANGER, ['asks-for-payment-change']],
    why: 'Scenario "payment change": the dearest fraud, and it comes from an address that the office has never seen.',
  },
  'stranger-wants-consent': {
    text: 'Somebody who never wrote before asks to let a program into the mailbox.',
    points: 3,
    oneOfEach: [STRANGER, ['link-consent']],
    why: 'Scenario "consent": programs are chosen by the office, not by a message.',
  },
  'stranger-in-thread': {
    text: 'Somebody who never wrote before answers a conversation that this office does not know, and brings a link.',
    points: 4,
    oneOfEach: [
      ['first-contact'],
      ['thread-made-up'],
      ['link-elsewhere', 'file-link-only', 'file-locked', 'link-free-host'],
    ],
    why: 'Scenario "forged thread" (Trellix 2022). Who is drawn into a conversation is mostly drawn in by somebody known.',
  },
  'document-is-door': {
    text: 'A document holds nothing but a way to somewhere else, and the message asks to open or to pay.',
    points: 3,
    oneOfEach: [DOOR, ['shares-document', 'asks-for-payment', 'link-to-login', ...WANTS_ACCOUNT]],
    why: 'FBI PIN 2022-03-29: "INVOICE INQUIRY.PDF", also from accounts that were really taken over.',
  },
  'stranger-brings-door': {
    text: 'Somebody who never wrote before sends a document that only leads to somewhere else.',
    points: 1.5,
    oneOfEach: [STRANGER, DOOR],
    why: 'The same without words.',
  },
  'stranger-brings-code': {
    text: 'Somebody who never wrote before sends a code for a telephone.',
    points: 3,
    oneOfEach: [STRANGER, ['code-link', 'code-hidden']],
    why: 'Scenario "QR code". Posters of strangers have codes too, and are for nobody in the office.',
  },
  'stranger-invites': {
    text: 'Somebody who never wrote before invites to a meeting, and the invitation leads to a page of their own.',
    points: 4.5,
    oneOfEach: [STRANGER, ['calendar-link']],
    why: 'Calendars show invitations of strangers by themselves; meetings are held at a few known services.',
  },
} as const satisfies Readonly<Record<SignalCode, Joined>>;

/** Proven to be somebody whom the office knows: then nobody is a stranger, though it be their first message. */
const KNOWN: readonly SignalCode[] = ['really-theirs', 'correspondent', 'answers-ours'];

/** What follows from all signals of a message. */
export function togetherSignals(signals: readonly Signal[]): Signal[] {
  const codes = new Set(signals.map(({ code }) => code));
  if (KNOWN.some((code) => codes.has(code))) for (const code of STRANGER) codes.delete(code);
  return Object.entries<Joined>(TOGETHER_SIGNALS)
    .filter(([, { oneOfEach }]) => oneOfEach.every((group) => group.some((code) => codes.has(code))))
    .map(([code]) => ({ code }));
}
