/** Words of the page of agents. */
import { count, counted } from '../../words/formats.ts';

export const AGENTS = {
  title: 'Agents',
  intro:
    'An agent is our program on a computer of an office, mostly its firewall. It sends lines, and it blocks what was decided. The office can say no to each block.',
  blocks: 'What they block',
  off: 'This hub lets no agents in.',
  offText:
    'Somebody who looks after the hub sets `agents.name` and `agents.listen` in bellwether.yaml, and starts it again. Then codes can be made here.',
  spoken: {
    name: (office: string, computer: string) => `${office} (${computer})`,
    none: 'No office has an agent yet.',
    heard: (heard: number, all: number) =>
      `${count(heard)} of ${counted(all, 'agent')} ${heard === 1 ? 'was' : 'were'} heard within three minutes.`,
    silent: (names: string) =>
      `Not heard: ${names}. Call the office: is the computer on, and is the line up? What it blocks holds until it ends.`,
    clock: (names: string) => `The clock is wrong at: ${names}. Set it by NTP, or it may refuse blocks.`,
    unrenewed: (names: string) =>
      `The certificate should have been renewed at: ${names}. Before it ends, ask whoever looks after the computer what hinders it.`,
    waiting: (names: string) => `Lines wait to be sent at: ${names}. Nothing of it is lost.`,
  },
  list: {
    title: 'All agents',
    none: 'When a computer has enrolled, it stands here. Make a code for the first one below.',
    noneHere:
      'When a computer of your office has enrolled, it stands here. The state office makes the code for it.',
    columns: {
      office: 'Office and computer',
      link: 'How it stands',
      heard: 'Last heard',
      backlog: 'Lines that wait',
      version: 'Version',
      clock: 'Its clock',
      until: 'Certificate ends',
      revoke: 'Revoke',
    },
    never: 'never',
    unknown: 'not known',
    since: 'since',
    blocks: {
      enforcing: 'It blocks.',
      none: 'It does not block.',
      damaged: 'Its blocks are not as they should be.',
    },
    certificate: {
      good: '',
      late: 'It should have been renewed.',
      over: 'It is over: enrol the computer again.',
    },
    find: 'Find an office',
    noneFound: 'No agent of such an office.',
    more: (shown: string, all: string) => `${shown} of ${all} agents.`,
    all: 'Show all agents',
  },
  clock: {
    right: 'right',
    ahead: (text: string) => `${text} ahead`,
    behind: (text: string) => `${text} behind`,
  },
  revoked: {
    show: 'Show those that were revoked',
    title: 'Revoked agents',
    columns: { office: 'Office and computer', enrolled: 'Enrolled', revoked: 'Revoked', why: 'Why' },
    by: 'by',
    find: 'Find a revoked agent',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all that were revoked',
  },
  revoke: {
    name: 'Revoke',
    of: (office: string, computer: string) => `${computer}, ${office}`,
    says: (office: string, computer: string) =>
      `“${computer}” of ${office} is cut off at once. It sends nothing more and hears of no new block. What it blocks holds until it ends. To let it in again, make a new code.`,
    why: 'Why is it revoked?',
    confirm: 'Revoke the agent',
    done: (office: string, computer: string) => `“${computer}” of ${office} is revoked.`,
  },
  make: {
    title: 'Let a computer in',
    intro:
      'You make a code here and read it over the phone. Somebody at the office types it on the computer. It takes about five minutes, once our program is installed there.',
    office: 'Which office?',
    officeAny: 'Choose one',
    officeMissing: 'Choose the office first.',
    state: 'The state office itself',
    name: 'What is the computer called?',
    nameHint:
      'As people there say it: “firewall”, “web-1”. Letters and digits, with points and dashes between.',
    nameMissing: 'Use letters and digits, with points and dashes between, 40 at most.',
    button: 'Make a code',
    waiting: 'Making it',
  },
  code: {
    title: (office: string) => `Call ${office} now`,
    codeOf: (computer: string, office: string) => `Code for “${computer}”, ${office}`,
    call: 'Call the number that you know. Not one that called you, and not one from a mail.',
    type: 'Somebody who may change that computer opens a terminal as root and types this line, with the code that you read to them:',
    line: 'The line to type',
    read: 'Read the code group by group. Say each letter as the word below it. Capitals, spaces and dashes do not matter. Never send it by mail or message.',
    code: 'The code',
    wait: (computer: string) =>
      `Stay on the line. The computer says that it is now “${computer}”, and this page says so too. Then they type:`,
    start: 'systemctl enable --now bellwether-agent',
    startLabel: 'The line that starts it',
    left: 'Works for',
    once: 'It works once, and is shown this once. Five wrong tries end it. Whoever hears all of it can enrol in the place of the office.',
    over: 'The code works no longer',
    overText: 'Half an hour is over. Make a new one when you have them on the phone.',
    used: (computer: string, office: string) => `“${computer}” of ${office} is in.`,
    usedText: 'If that was not them, revoke it at once: somebody else heard the code.',
    again: 'Make a new code',
    close: 'Done: close this',
  },
} as const;

/** How an agent stands, with a mark for who sees no color. */
export const LINK_WORDS = {
  away: { name: 'Not heard', mark: '!', sign: 'silent' },
  never: { name: 'Never heard', mark: '!', sign: 'silent' },
  heard: { name: 'Heard', mark: '✓', sign: 'complete' },
  revoked: { name: 'Revoked', mark: '×', sign: 'none' },
} as const;
