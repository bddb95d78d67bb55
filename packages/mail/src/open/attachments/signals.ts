/** Signals of what a message carries. */
import type { SignalEntry } from '../../signal.ts';

const MADE =
  'Scenario "carriers": no lure of the collections at hand brings one, so the points are reasoned, not measured.';

/** Codes of this step. */
export const ATTACHMENT_SIGNALS = {
  'file-program': {
    text: 'It brings a program ({name}).',
    points: 9,
    atLeast: 'hold',
    why: 'Nobody honest sends programs by mail; most mail servers refuse them.',
  },
  'file-shortcut': {
    text: 'It brings a shortcut that would run something ({name}).',
    points: 9,
    atLeast: 'hold',
    why: MADE,
  },
  'file-disk-image': {
    text: 'It brings the image of a disk ({name}), in which programs get past the warnings of Windows.',
    points: 7,
    atLeast: 'hold',
    why: MADE,
  },
  'file-notebook': {
    text: 'It brings a OneNote notebook with a file inside ({name}).',
    points: 6,
    atLeast: 'hold',
    why: MADE,
  },
  'file-macro-runs': {
    text: 'A document brings a program that runs as soon as it is opened ({name}).',
    points: 8,
    atLeast: 'hold',
    why: 'Scenario of 2016: the trojanised user guide. Forms with macros run on a click, not on opening.',
  },
  'file-macro': {
    text: 'A document brings a program inside ({name}).',
    points: 4,
    atLeast: 'banner',
    why: 'Some forms and workbooks of offices have macros.',
  },
  'file-loads-remote': {
    text: 'A document fetches a part of itself from {host} when it is opened ({name}).',
    points: 7,
    atLeast: 'hold',
    why: 'Scenario "remote template": pictures and links are fetched too, templates and objects by attackers.',
  },
  'file-runs-command': {
    text: 'A document runs a command when it is opened ({name}).',
    points: 8,
    atLeast: 'hold',
    why: 'DDE fields and launch actions have no use between offices.',
  },
  'file-builds-file': {
    text: 'A page in the mail puts a file together when it is opened ({name}), where no filter sees it.',
    points: 8,
    atLeast: 'hold',
    why: MADE,
  },
  'file-runs-script': {
    text: 'A page or picture in the mail runs a script when it is opened ({name}).',
    points: 4,
    atLeast: 'banner',
    why: 'Encrypted mail of banks and hospitals is such a page; pictures with scripts are lures.',
  },
  'file-picture-runs': {
    text: 'A picture in the mail runs a script when it is opened ({name}).',
    points: 7,
    atLeast: 'hold',
    why: MADE,
  },
  'file-asks-password': {
    text: 'A page in the mail asks for a password ({name}), and what is typed goes to {host}.',
    points: 8,
    atLeast: 'hold',
    why: 'Nobody honest asks for a password inside of a file.',
  },
  'file-link-only': {
    text: 'A document has hardly any words, and one place to click that leads to {host} ({name}).',
    points: 4,
    why: 'FBI PIN 2022-03-29: "INVOICE INQUIRY.PDF". Flyers and posters do it too, mostly to the place that they are from.',
  },
  'file-link-elsewhere': {
    text: 'A document leads to {host}, which does not belong to the sender ({name}).',
    points: 1,
    why: 'Usual in newsletters, rare in invoices.',
  },
  'file-locked-password': {
    text: 'It brings a locked file, and the password beside it ({name}), so that filters cannot look inside.',
    points: 6,
    atLeast: 'hold',
    why: MADE,
  },
  'file-locked': {
    text: 'It brings a locked file that nobody can look into ({name}).',
    points: 1.5,
    why: 'Tax forms and personnel files are locked for good reason; their password comes another way.',
  },
  'file-name-turned': {
    text: 'The name of a file is written so that its end reads differently ({name}).',
    points: 7,
    atLeast: 'hold',
    why: 'Letters that turn the direction have no honest use in names of files.',
  },
  'file-other-kind': {
    text: 'A file is not what its name says ({name} is really {kind}).',
    points: 3,
    atLeast: 'banner',
    why: 'Programs now and then name pictures wrongly; pages and programs never.',
  },
  'file-unopened': {
    text: 'A file could not be looked into to the end ({name}).',
    points: 1.5,
    why: 'Too large, too deep or broken: attackers do it on purpose, and scanners by accident.',
  },
  'code-link': {
    text: 'A picture holds a code for a telephone, which leads to {host}.',
    points: 2,
    why: 'Scenario "QR code": posters and invitations have codes too, lures for passwords move to the telephone by them.',
  },
  'code-hidden': {
    text: 'A code for a telephone is hidden: {how}.',
    points: 2.5,
    atLeast: 'banner',
    why: 'Two halves of a picture, or letters that make a picture, keep filters from reading them; some mail programs write them so.',
  },
  'calendar-link': {
    text: 'An invitation leads to {host}.',
    points: 1.5,
    why: 'Invitations of meetings by wire lead to their few services.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;
