/** The page in English. */
import { FIELD_WORDS } from '@bellwether/rolls';
import { explainFailure } from '@bellwether/verifier/checking';
import type { Words } from './words.ts';

function num(number: number): string {
  return number.toLocaleString('en-US');
}

export const ENGLISH: Words = {
  lang: 'en',
  title: 'Check my registration',
  banner: 'A public page. You need no account, and nothing that you type leaves your browser.',
  intro:
    'Your receipt proves three things: that your registration is in the list of voters as you know it, that independent witnesses signed that list within the last day, and that your poll book has you in it.',
  language: 'Language',
  receipt: {
    head: '1. Your receipt',
    label: 'The letters on your receipt',
    help: 'It came with the last letter from your election office. Type the letters as they stand, large or small. Each line has a check of its own.',
    file: 'Open a receipt that you saved',
    fileHelp: 'Or choose the file, if you were given one.',
    none: 'No receipt? Ask your election office for one: they know you, and this page does not.',
  },
  card: {
    head: '2. What your card says',
    help: 'Type it as it stands on your voter card. Large and small letters are the same. Leave out what is not on it.',
    field: (name) => FIELD_WORDS[name],
  },
  book: {
    head: '3. Your poll book',
    label: 'Where you vote',
    help: 'Poll books are sealed before an election. Choose the one of your precinct.',
    none: 'No poll book was sealed yet. Offices seal them before an election.',
    choose: 'Choose a place',
    place: (place) => (place === 'state' ? 'the whole state' : place.replace('/', ', precinct ')),
  },
  check: 'Check my registration',
  checking: 'Checking',
  answers: 'Answers',
  tags: { yes: 'Yes', no: 'No', open: 'Not answered' },
  noReceipt: {
    head: 'The receipt cannot be read.',
    lines: ['Compare it with your letter, line by line. The letters O and I do not occur: they are 0 and 1.'],
  },
  away: {
    head: 'The list does not answer.',
    lines: ['Try again in a minute. If it stays so, call your election office.'],
  },
  oldBrowser: {
    head: 'This browser is too old for this page.',
    lines: [
      'It cannot check the signatures of witnesses. Use a newer one: Firefox, Chrome, Edge or Safari of 2025.',
    ],
  },
  sealed: {
    question: 'Was the list sealed last night, and did witnesses sign it?',
    yes: ({ origin, records, sealedAt, signed, of, at }) => [
      `${num(signed)} of ${num(of)} witnesses signed it. Enough of them had signed by ${at}.`,
      sealedAt === null
        ? `It is the first list of ${origin}, with ${num(records)} registrations. No night was sealed yet.`
        : `The list of ${origin} was sealed at ${sealedAt}, with ${num(records)} registrations.`,
    ],
  },
  record: {
    question: 'Is my registration in the list, as I know it?',
    yes: (version) => [
      'It is there, and says exactly what you typed.',
      version === 1
        ? 'It was never changed since the list began.'
        : `It is version ${num(version)} of your registration.`,
    ],
  },
  pollBook: {
    question: 'Does my poll book have me in it?',
    yes: ({ place, day, rows }) => [
      `Your registration stands in the poll book of ${place}, sealed on ${day} with ${num(rows)} voters, and says the same.`,
    ],
    none: 'You chose no poll book.',
  },
  before: 'This can be answered only when the question before it is answered with yes.',
  no: {
    sealed: ['Call your election office, and one of the witnesses.'],
    record: [
      'Check first what you typed: one letter more or less makes another answer. Check that the receipt is the newest.',
      'If it stays so, call your election office with the receipt in your hand. You can still vote: ask for a provisional ballot if you have to.',
    ],
    pollBook: [
      'Call your election office now, with the receipt in your hand, so that it is put right before election day.',
      'You can still vote: ask for a provisional ballot if you have to.',
    ],
  },
  open: (error) => {
    const { message, help } = explainFailure(error);
    return [message, help, error.detail];
  },
  limits: {
    head: 'What this does not prove',
    lines: [
      'That what the office was told about you is true.',
      'That the poll book on the table is the file that was sealed. The officials there can check that.',
      'That the witnesses are independent of each other: their names are public, so that you can judge.',
    ],
  },
  learned: {
    head: 'What the server learns',
    lines: [
      'That somebody asked for one group of at least 64 registrations, and for one poll book. Not which of them is yours.',
    ],
  },
  trust: {
    head: 'If you do not trust this page',
    lines: [
      'It comes from the server whose list it checks. The offline checker is one file: save it, compare its SHA-256 with what others published, and check everything without a network.',
    ],
  },
  save: 'Save the offline checker',
  policy: (hash) =>
    `Whose signatures count is told by a policy whose SHA-256 is ${hash}. Compare it with a witness.`,
};
