/** docs/reference/rights.md, from the table: who may do what, with a sentence for each of them. */
import { COLUMNS, PASSING, RIGHTS, STEP_UP, VERBS, type Verb } from './rights.ts';

type Column = (typeof COLUMNS)[number];

/** Who they are. */
const WHO: Readonly<Record<Column, string>> = {
  administrator: 'Runs Bellwether for the state: lets people in, and sets it up.',
  analyst: 'Works at the state office on what was seen, at every office.',
  navigator: 'Helps some offices with their security, and works on what was seen there.',
  clerk: 'Runs an office: sees and answers what concerns it, and lets in deputies and vendors.',
  deputy: 'Works in an office, and sees and answers what concerns it.',
  vendor: 'Looks after systems of an office or of the state, for as long as that work goes on.',
  auditor: 'Checks for a while what was done, at one office or at the state.',
  observer: 'Sees how much came and what became of it, and no single contact.',
  machine: 'Whoever can read the data folder of the hub, with its token, on the machine itself.',
  sensor: 'A program with a key (`bwk_...`) for the lines of one place.',
  bouncer: 'A firewall or web server of one place, with a key (`bwk_...`) to read what is blocked.',
};

/** What each verb is. */
const WHAT: Readonly<Record<Verb, string>> = {
  'account.read': 'See how much came, from which sensor, and what became of it.',
  'contacts.read': 'Search the single contacts.',
  'contacts.export': 'Take the contacts away as CSV.',
  'sources.read': 'See what one source did, and what is thought of it.',
  'incidents.read': 'See what needs a person.',
  'incidents.change': 'Take an incident on, close it, or open it again.',
  'decisions.read': 'See which sources are blocked, why and until when.',
  'surface.read': 'See what is offered and to whom, and what nobody has answered yet.',
  'surface.answer': 'Answer whether something that was reached is ours.',
  'surface.write': 'State a whole new surface.',
  'lines.send': 'Send lines of sensors.',
  'blocks.read': 'Read what is to be turned away, as firewalls and web servers take it.',
  'blocks.undo': 'Lift a block before its end, at every office, with a reason.',
  'appeals.read': 'See who was kept from services for voters and let in again.',
  'appeals.answer': 'Let a caller in to services for voters, by the digits they read out, or end it.',
  'agents.read': 'See the agents of offices: when they were heard, and what they enforce.',
  'agents.change': 'Make a code by which an agent enrols, or revoke an agent.',
  'drills.read': 'See what we missed when we tried ourselves.',
  'drills.run': 'Have a drill drawn and sealed, and tell that it ran.',
  'mail.read': 'See what was kept from whom in the mail, and have a message checked.',
  'mail.release': 'Let a held message go, and say of a reported one whether it was fraud.',
  'mail.write': 'Say whom attackers pretend to be: the list of people, vendors and agencies.',
  'mail.tell': 'Tell what became of messages, and be told which to let go.',
  'keys.read': 'See which programs have a key.',
  'keys.change': 'Make a key for a program, or withdraw it.',
  'people.read': 'See who has access.',
  'people.invite': 'Invite somebody, or give somebody a role.',
  'people.change': 'End a role, take somebody out, or read out a code for another device.',
  'people.recover': 'Agree that an administrator who lost every passkey gets in again.',
  'visits.read': 'See who looked at the data of a place.',
  'trail.read': 'See what was done, by whom and why.',
  'trail.export': 'Take the whole trail away, to be checked elsewhere.',
  'state.configure': 'Set up the hub: its name, its offices, its address.',
  'rolls.read': 'See tonight’s statement of the roll, sheets of changes, and records that differ.',
  'rolls.sign': 'Sign or refuse the changes that their office made.',
  'rolls.letters': 'Print receipts for voters whose change is sealed.',
  'rolls.operate': 'Read the live database again, seal, let signers come and go.',
  'rolls.erase': 'Destroy the key of one voter, together with a second person.',
  'evidence.read': 'See the log, its witnesses, and take proofs away.',
  'sample.clear': 'Take the sample state out, with everything that is not people.',
};

/** The page. */
export function rightsMarkdown(): string {
  return [
    '# Who may do what',
    '',
    'Written by `npm run docs` from `apps/hub/src/platform/auth/rights.ts`, the only place where the hub decides about',
    'rights; a test keeps the two together. A role is held at the state or at one office. Held at the state it reaches',
    'every office, held at an office that office and nothing else: not the other offices, and not what belongs to the',
    'state. Each route of the [API](api.md) says which of these verbs it is; one that says none cannot be added.',
    '',
    '## Who',
    '',
    '| | |',
    '|---|---|',
    ...COLUMNS.map((column) => `| ${column} | ${WHO[column]}${lasting(column)} |`),
    '',
    'Before there is an administrator with a passkey, the machine may do all that an administrator may. Afterwards its',
    'token sends lines and opens nothing else.',
    '',
    '## What',
    '',
    'What is marked with * is done only by somebody who has shown their passkey within the last five minutes.',
    '',
    `| | ${COLUMNS.join(' | ')} | |`,
    `|---|${COLUMNS.map(() => ':-:|').join('')}---|`,
    ...VERBS.map(rowOf),
    '',
  ].join('\n');
}

function lasting(column: Column): string {
  return [...PASSING].some((role) => role === column) ? ' Always ends, within three months.' : '';
}

function rowOf(verb: Verb): string {
  const cells = RIGHTS[verb].map((may) => (may ? 'yes' : ' '));
  return `| \`${verb}\`${STEP_UP.has(verb) ? ' *' : ''} | ${cells.join(' | ')} | ${WHAT[verb]} |`;
}
