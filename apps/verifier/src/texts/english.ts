/** What is said in English. */
import type { CheckpointFound, FindingOf } from '../checking/findings.ts';
import { explainFailure } from '../errors.ts';
import { grouped, minuteOfIso, type Said, type Sentences } from './texts.ts';

function num(number: number | string): string {
  return grouped(number, ',');
}

function count(number: number, one: string, many: string): string {
  return `${num(number)} ${number === 1 ? one : many}`;
}

function cosigned({ witnesses, of, at }: CheckpointFound): string {
  return `${num(witnesses.length)} of ${count(of, 'witness', 'witnesses')} signed it. Enough of them had signed by ${minuteOfIso(at)} UTC: ${some(witnesses)}.`;
}

/** Names that a person can still read at a glance. */
const NAMES_SHOWN = 8;

function some(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

const WITNESSES_LIMIT =
  'It does not prove that the witnesses are independent. That is why the policy names who they are.';
const GENESIS_LIMIT = 'It does not prove that the first list, at the beginning, was right.';
const TRUTH_LIMIT = 'It does not prove that a change that an office signed was true.';
const TWICE_LIMIT = 'Changes that were made and undone between two readings of the list are not seen.';

const CHECK_WORDS: Readonly<Record<string, string>> = {
  signatures: 'all changes are signed',
  versions: 'each change follows on the one before',
  mass: 'no mass change went through on one signature',
  quiet: 'the quiet period was kept',
  signers: 'new signers waited as long as they have to',
};

function policySaid({ hash, logs, witnesses, quorum, genesis }: FindingOf<'policy'>): Said {
  return {
    title: 'This policy can be used.',
    facts: [
      `Its SHA-256 is ${hash}.`,
      `It is for ${logs.join(', ') || 'no log'}, with ${count(witnesses, 'witness', 'witnesses')}. Needed: ${quorum}.`,
      'No two groups of witnesses that share nobody can both be enough.',
      ...(genesis === null
        ? []
        : [`The roll of the log begins with the entry whose SHA-256 is ${genesis}. Pin it with --genesis.`]),
    ],
    limits: [
      'It does not prove that this is the policy you should use. Compare the hash with a witness, by phone.',
    ],
  };
}

function checkpointSaid({ checkpoint }: FindingOf<'checkpoint'>): Said {
  return {
    title: 'This checkpoint holds.',
    facts: [
      `The log ${checkpoint.origin} had ${num(checkpoint.size)} entries. Its root is ${checkpoint.root}.`,
      cosigned(checkpoint),
    ],
    limits: [
      'It says nothing of what stands in the log. For that, use a proof or a replay.',
      WITNESSES_LIMIT,
    ],
  };
}

function proofSaid({ checkpoint, index, entry }: FindingOf<'proof'>): Said {
  return {
    title: `Entry ${num(index)} is in the log.`,
    facts: [
      `The log ${checkpoint.origin} holds it among ${num(checkpoint.size)} entries.`,
      cosigned(checkpoint),
      ...(entry === null ? [] : [`The entry reads: ${entry}`]),
    ],
    limits: [
      'It does not prove that what the entry says is true. It proves that it was said, and cannot be taken back.',
      WITNESSES_LIMIT,
    ],
  };
}

function receiptSaid(found: FindingOf<'receipt'>): Said {
  const { checkpoint, version, epoch, sealedAt, records, withFields } = found;
  const state =
    sealedAt === null ? 'the first list' : `night ${num(epoch ?? 0)}, sealed at ${minuteOfIso(sealedAt)} UTC`;
  return {
    title: withFields
      ? 'Your record is in the roll, just as you have it.'
      : 'A record with your number is in the roll.',
    facts: [
      `It is one of ${count(records, 'record', 'records')} of ${state}.`,
      ...(withFields
        ? [`Version ${version} with exactly these public fields is what stands there now.`]
        : []),
      `The seal is in the log ${checkpoint.origin}.`,
      cosigned(checkpoint),
    ],
    limits: [
      ...(withFields
        ? [
            'It does not show your other fields, such as your date of birth. They are sealed, but this receipt does not open them.',
          ]
        : ['It does not prove what your record says. Give the fields too for that.']),
      'It does not prove that the poll book of your precinct has the same record.',
      WITNESSES_LIMIT,
    ],
  };
}

function nightSaid({ checkpoint, index, text, isOfLastSeal }: FindingOf<'night'>): Said {
  return {
    title: 'This statement was published, to the letter.',
    facts: [
      `It is entry ${num(index)} of the log ${checkpoint.origin}.`,
      cosigned(checkpoint),
      isOfLastSeal
        ? 'It speaks of the newest night in the log.'
        : 'There is a newer night in the log than the one it speaks of.',
      ...text.split('\n').filter((line) => line !== ''),
    ],
    limits: [
      'It does not prove that each sentence is true. It proves who said it and that it cannot be changed later. A replay checks the numbers of the roll.',
      WITNESSES_LIMIT,
    ],
  };
}

function witnessSaid(found: FindingOf<'witness'>): Said {
  const { checkpoint, witness, time, size, done, notDone, refused, rows, opened } = found;
  const words = (check: string): string => CHECK_WORDS[check] ?? check;
  return {
    title:
      refused.length > 0 ? `${witness} says that something is wrong in the log.` : `${witness} stated this.`,
    facts: [
      `It looked at the log up to ${num(size)} entries, at ${minuteOfIso(time)} UTC, and the log goes on from there.`,
      ...done.map((check) => `It checked: ${words(check)}.`),
      ...refused.map(
        ({ check, entry }) => `It refuses entry ${num(entry)}. This does not hold: ${words(check)}.`,
      ),
      rows === null
        ? 'It did not compare records of its own.'
        : `It compared ${count(rows, 'record', 'records')} of its own, and they match.`,
      ...(opened === null
        ? []
        : [`It compared ${count(opened, 'record', 'records')} that were drawn by lot, and they match.`]),
      cosigned(checkpoint),
    ],
    limits: [
      ...notDone.map((check) => `It did not check this: ${words(check)}.`),
      'It is what this witness says. Replay the log to see for yourself.',
    ],
  };
}

function replaySaid(found: FindingOf<'replay'>): Said {
  const { checkpoint, policyFrom, origin, size, genesis, genesisDay, firstRecords, nights, roots } = found;
  const { batches, items, signatures, lastAt, records, unauthorised, captures, state } = found;
  const bad = unauthorised !== null && unauthorised > 0;
  return {
    title: bad ? 'The log holds. It tells of changes that nobody signed for.' : 'The whole log holds.',
    facts: [
      `All ${num(size)} entries of ${origin} were read and follow the rules.`,
      `It began on ${genesisDay} with ${count(firstRecords, 'record', 'records')}. The SHA-256 of its first entry is ${genesis}.`,
      `${count(items, 'change', 'changes')} in ${count(batches, 'batch', 'batches')}, ${count(signatures, 'signature', 'signatures')}: all are right.`,
      `${num(roots)} of ${count(nights, 'nightly root', 'nightly roots')} computed again: all are the ones that were told.`,
      ...(lastAt === null || records === null
        ? ['No night was sealed yet.']
        : [
            `The last night, sealed at ${minuteOfIso(lastAt)} UTC, has ${count(records, 'record', 'records')}.`,
          ]),
      ...(bad
        ? [
            `On that night the state itself said: ${count(unauthorised, 'record differs', 'records differ')} from what offices signed.`,
          ]
        : []),
      `The state is now ${state}.`,
      ...(checkpoint === null ? [] : [cosigned(checkpoint)]),
      ...(policyFrom === 'log' ? ['The witnesses are those that the log itself names.'] : []),
    ],
    limits: [
      ...(checkpoint === null
        ? ['Nobody witnesses this log yet. You may be shown another one than your neighbor.']
        : []),
      ...(roots < nights ? ['Roots of earlier nights were not computed again (--last).'] : []),
      GENESIS_LIMIT,
      TRUTH_LIMIT,
      ...(captures === 'dumps' ? [TWICE_LIMIT] : []),
      'It does not look into the live database: that is what the reader of the state signs for.',
    ],
  };
}

function sheetSaid({ words, office, day, sequence, changes, root }: FindingOf<'sheet'>): Said {
  return {
    title: words.join(' · '),
    facts: [
      `These four words stand for ${count(changes, 'change', 'changes')}: office ${office}, ${day}, sheet ${num(sequence)}.`,
      `They were computed here, from the file alone. The root is ${root}.`,
      'Compare them with the four words on your screen. If they differ, do not sign, and call your state office.',
    ],
    limits: ['It does not prove that the changes are right. Look at each of them before you sign.'],
  };
}

/** English. */
export const ENGLISH: Sentences = {
  limitsHead: 'What this does not prove',
  failed: explainFailure,
  page: {
    title: 'Check it yourself',
    banner: 'This page works on your own computer. It sends nothing, and it needs no network.',
    intro:
      'See for yourself what a state’s log of voter records says, and who has signed it. You do not have to trust whoever gave you the files.',
    language: 'Language',
    policy: {
      head: '1. Who must have signed',
      help: 'The policy names the witnesses. Get it from a witness you trust, not from the log.',
      label: 'Choose the policy file',
      none: 'No policy yet.',
    },
    used: (name) => `In use: ${name}`,
    pin: {
      summary: 'More: the beginning, and another day',
      genesis: 'SHA-256 of the first entry',
      genesisHelp: '64 digits and letters a to f. A log with another beginning is refused.',
      at: 'Judge as of this time (UTC)',
      atHelp: 'Leave it empty for now. Signatures may be 26 hours old at that time.',
      badGenesis: 'The SHA-256 has 64 digits and letters a to f.',
      badTime: 'Write the time like this: 2026-11-03 02:31.',
    },
    log: {
      head: '2. A copy of the log',
      help: 'Needed for statements, for receipts, and to replay the log. The files stay on your computer.',
      label: 'Choose the folder of the log',
      none: 'No log yet.',
      noCheckpoint: 'There is no log in this folder: a file named checkpoint is missing.',
      chosen: (files) => `In use: ${count(files, 'file', 'files')}`,
      last: 'Compute the root of the last night only (faster)',
      replay: 'Replay the whole log',
      replayNeeds: 'Choose the folder of the log first.',
      stop: 'Stop',
      state: 'Reading the first list',
      entries: 'Replaying the log',
    },
    file: {
      head: '3. What do you want to check?',
      help: 'A proof (.tlog-proof), a checkpoint, a statement, a receipt, or the sheet file of an office.',
      label: 'Choose files',
      drop: 'or drop them here',
      checking: 'Checking',
      words: 'The four words take a moment.',
    },
    entry: {
      label: 'The entry, if the proof does not hold it',
      choose: 'Choose the file of the entry',
      help: 'For proofs only.',
    },
    typed: {
      head: 'Type a receipt',
      help: 'Type the lines of letters as they are printed. Small letters and blanks do not matter.',
      label: 'Letters of the receipt',
      fields: 'What the record should say',
      fieldsHelp: 'If you like: one public field in each line, as name.last: Smith',
      check: 'Check this receipt',
      badField: 'Write each field like this: name.last: Smith',
    },
    results: {
      head: 'Answers',
      none: 'Nothing was checked yet.',
      yes: 'Yes',
      no: 'No',
      open: 'Could not be checked',
      what: 'What to do',
    },
    needsPolicy: 'Choose the policy first (step 1).',
    needsLog: 'Choose the folder of the log first (step 2).',
    unknownFile: 'This file is nothing that can be checked here.',
    oldBrowser: 'This browser cannot check Ed25519 signatures. Use a newer one.',
  },
  found(finding) {
    switch (finding.kind) {
      case 'policy':
        return policySaid(finding);
      case 'checkpoint':
        return checkpointSaid(finding);
      case 'proof':
        return proofSaid(finding);
      case 'receipt':
        return receiptSaid(finding);
      case 'night':
        return nightSaid(finding);
      case 'witness':
        return witnessSaid(finding);
      case 'replay':
        return replaySaid(finding);
      case 'sheet':
        return sheetSaid(finding);
    }
  },
};
