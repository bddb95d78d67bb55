/** Words of the page of the log. */
import { counted } from '../../words/formats.ts';

export const LOG = {
  title: 'Log',
  intro:
    'Each seal, each signed sheet and each new signer is an entry of this log. Entries are only added. Nothing of a voter’s record stands in it.',
  witnesses: 'Who signs that it only grows',
  published: (entries: string, all: string) =>
    `${entries} of ${all} entries are published, with enough witnesses.`,
  allPublished: (all: string) => `All ${all} entries are published, with enough witnesses.`,
  unwitnessed: (all: string) =>
    `${all} entries are published. Nobody outside of this office has seen them yet.`,
  unpublished: 'Nothing is published yet: not enough witnesses have signed.',
  waits: (cosigned: number, of: number) =>
    `A checkpoint waits: ${counted(cosigned, 'witness has', 'witnesses have')} signed so far, of ${of}.`,
  since: 'It waits since',
  nothingWaits: 'Nothing waits.',
  quorum: (rule: string) => `Enough is: ${rule}.`,
  noPolicy: 'No rule says yet who has to sign. Until one does, what stands here could be taken back.',
  facts: {
    title: 'Where it stands',
    size: 'Entries',
    root: 'Root of all of them',
    published: 'Published entries',
    publishedRoot: 'Root of the published',
    none: 'None yet',
  },
  key: {
    title: 'The key to compare',
    text: 'Whoever checks this log needs this line. Read it to them by phone, or give it to them on paper. It is no secret; it only has to be the right one.',
    label: 'Key of the log',
    origin: 'Name of the log',
  },
  verifier: {
    title: 'What others check with',
    text: (version: string, index: string) =>
      `Version ${version} of the checker. Its SHA-256 stand in entry ${index}, so that nobody can be given another one unseen. Whoever has a copy compares it with these.`,
    save: 'Save the offline checker',
  },
  proof: {
    title: 'Take a proof away',
    text: 'A proof is a small file. With it, anybody can check on the offline page that an entry stands in the log, without asking us.',
    label: 'Number of the entry',
    hint: (last: string) => `From 0 to ${last}. On the page of a night you find the number of its seal.`,
    wrong: (last: string) => `Give a whole number from 0 to ${last}.`,
    none: 'There is none before the first checkpoint is published.',
    button: 'Save the proof',
    waiting: 'Saving',
    done: 'The proof is saved.',
  },
} as const;
