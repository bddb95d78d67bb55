/** Words of the pages of mail. */
import type { KeptMail, MailAnswer, MailChecked, MailHookRow, MailReportRow } from '@bellwether/api';
import { count, counted } from '../../words/formats.ts';

const LISTS = {
  find: 'Find a sender, a subject or an office',
  noneFound: 'None fits that.',
  more: (shown: string, all: string) => `${shown} of ${all}.`,
  all: 'Show all of them',
} as const;

/** Seconds as people say them. */
export function lay(seconds: number): string {
  if (seconds < 90) return counted(Math.round(seconds), 'second');
  if (seconds < 5_400) return counted(Math.round(seconds / 60), 'minute');
  return counted(Math.round(seconds / 3_600), 'hour');
}

export const MAIL = {
  title: 'Mail',
  intro:
    'Every message is judged: delivered, delivered with a mark, held for somebody to look at, or refused. A held message is never lost, and one click lets it go.',
  ways: { check: 'Check a message that you have', protected: 'Whom attackers pretend to be' },
  spoken: ({ counts, waiting }: MailAnswer) =>
    counts.received === 0 && waiting === 0
      ? 'No message was told of within seven days.'
      : `Of ${counted(counts.received, 'message')} in seven days, ${count(counts.held)} ${counts.held === 1 ? 'was' : 'were'} held and ${count(counts.blocked)} refused. ${waiting === 0 ? 'None waits for somebody to look.' : `${counted(waiting, 'message')} ${waiting === 1 ? 'is' : 'are'} held now.`}`,
  spokenToClerk: (kept: number) =>
    kept === 0
      ? 'No message was kept from you within seven days.'
      : `${counted(kept, 'message')} ${kept === 1 ? 'was' : 'were'} kept from you. Below is why. If one of them is fine, let it go.`,
  mistakes: (mistakes: number) =>
    mistakes === 0
      ? 'Nobody had to let a message go within seven days.'
      : `We held ${counted(mistakes, 'good message')} by mistake. Somebody let ${mistakes === 1 ? 'it' : 'them'} go, and we learn from ${mistakes === 1 ? 'it' : 'them'}.`,
  unchecked: (unchecked: number) =>
    `${counted(unchecked, 'message')} could not be checked in time and came through with a mark that says so.`,
  report: {
    title: 'Something looks wrong?',
    text: 'Forward it as an attachment to the address for reports of your state. In Outlook: choose the message, press Ctrl+Alt+F. You get an answer within a minute. Do not click on anything in it.',
  },
  kept: {
    ...LISTS,
    title: 'Kept from people',
    intro: 'The latest first. Nothing in a message can harm you here: look at it before you let it go.',
    none: 'Nothing is kept from anybody.',
    columns: { message: 'Message', office: 'For', why: 'Why', state: 'Now', act: 'Let it go' },
    noSubject: '(no subject)',
    look: 'Look at it',
    noReason: 'It could not be read twice, so a person has to look.',
    states: {
      held: 'Held',
      releasing: 'On its way',
      released: 'Let go',
      refused: 'Refused; its sender was told',
    } satisfies Record<KeptMail['state'], string>,
    lay: (seconds: number) => `It lay in the mailbox for ${lay(seconds)}.`,
    trouble: (why: string) => `It could not be let go: ${why}`,
  },
  release: {
    name: 'Let it go',
    says: 'The message goes to whom it was for. Do this only if you know who sent it, or asked them by telephone.',
    why: 'Why is it fine?',
    confirm: 'Let the message go',
    done: 'The message is on its way. We learn from it.',
  },
  campaigns: {
    title: 'The same at several offices',
    intro:
      'Messages that belong together: the same file, the same link, nearly the same words, or the same sender.',
    none: 'Nothing came to more than one office.',
    columns: {
      what: 'Message',
      when: 'First and last',
      offices: 'Offices',
      messages: 'Messages',
      kept: 'Kept back',
      pulled: 'Moved out of mailboxes',
    },
  },
  reports: {
    title: 'Reported by people',
    intro:
      'On a report alone nothing moves. What our check holds for fraud is moved out of all mailboxes at once; the rest waits for a person.',
    none: 'Nobody reported a message within seven days.',
    right: (right: number, wrong: number) =>
      `${counted(right, 'report')} ${right === 1 ? 'was' : 'were'} right, ${count(wrong)} ${wrong === 1 ? 'was' : 'were'} about good mail. Both help.`,
    columns: { what: 'Message', who: 'Who', outcome: 'What became of it' },
    outcomes: {
      'pulled-back': 'Fraud: moved out of all mailboxes',
      waits: 'Waits for a person',
      inline: 'Only its text came: asked to send it as an attachment',
      fine: 'It was fine',
      bad: 'It was fraud',
    } satisfies Record<MailReportRow['outcome'], string>,
    within: (seconds: number) => `within ${lay(seconds)}`,
    bad: {
      name: 'It was fraud',
      says: 'What is like it is moved out of the mailboxes of all offices, and held from now on. We learn from it.',
      confirm: 'Say that it was fraud',
    },
    fine: { name: 'It was fine', says: 'We learn from it.', confirm: 'Say that it was fine' },
    done: 'Thank you. It is written down, and we learn from it.',
  },
  warned: {
    title: 'Did somebody warn you?',
    intro:
      'A vendor, an agency or another state says that a link or a file is fraud. Mail that has it is moved out of the mailboxes of all offices, and held from now on.',
    value: 'The link, or the SHA-256 of the file',
    valueHint: 'The whole link: https://host/path. Do not open it.',
    why: 'Who warned you, and of what',
    whyHint: 'Owners of mailboxes are told this sentence.',
    missing: 'Enter the link, or the SHA-256.',
    whyMissing: 'Enter who warned you.',
    button: 'Hold it and move it',
    done: 'It is held from now on. What was delivered is being moved; the campaign shows it.',
  },
  account: {
    title: 'The account',
    intro: 'Every message is in one of these: received = delivered + marked + held + refused + not checked.',
    none: 'Nothing was told of yet.',
    columns: {
      day: 'Day',
      received: 'Received',
      delivered: 'Delivered',
      marked: 'Marked',
      held: 'Held',
      blocked: 'Refused',
      unchecked: 'Not checked',
    },
    putOff: (putOff: number) =>
      `${counted(putOff, 'time')} a sender was asked to come again, while nothing could be checked. What came again is counted above.`,
    rechecked: (rechecked: number) =>
      `${counted(rechecked, 'message')} that could not be checked when ${rechecked === 1 ? 'it' : 'they'} came ${rechecked === 1 ? 'was' : 'were'} checked later. What was fraud is moved out of mailboxes.`,
  },
  hooks: {
    ...LISTS,
    find: 'Find an office',
    title: 'Where mail is judged',
    intro: 'Before delivery, nothing bad reaches a mailbox. After delivery, it lies there until it is moved.',
    none: 'No mail server and no mailbox tells us anything yet. docs/how/mail.md says how to begin.',
    columns: {
      office: 'Office',
      hook: 'How',
      acts: 'Acts',
      received: 'Messages',
      exposed: 'What was bad lay in mailboxes',
      heard: 'Last heard',
    },
    names: {
      milter: 'Mail server asks (milter)',
      proxy: 'Between mail servers (proxy)',
      imap: 'Mailboxes (IMAP)',
      graph: 'Microsoft 365',
      gmail: 'Google Workspace',
      file: 'Files',
    } satisfies Record<MailHookRow['hook'], string>,
    acts: { before: 'before delivery', after: 'after delivery' },
    exposed: (median: number, most: number) => `half of it ${lay(median)}, at most ${lay(most)}`,
    never: 'never',
  },
  look: {
    title: 'A message, safely',
    back: 'Back to all messages',
    from: 'It says that it is from',
    to: 'For',
    when: 'When',
    state: 'Now',
    why: 'Why it was kept',
    text: 'What it says',
    noText: 'The message itself is not kept here. The mail server that holds it has it.',
    links: 'Where its links lead',
    linksIntro: 'These are words here, not links. Do not type them into a browser.',
    noLinks: 'It has no links.',
    link: (text: string, host: string) => `“${text}” leads to ${host}`,
    bare: (host: string) => `A link to ${host}`,
    files: 'Its files',
    noFiles: 'It has no files.',
    file: (name: string, bytes: number) =>
      `${name === '' ? 'A file without a name' : name}, ${count(Math.ceil(bytes / 1_024))} KB`,
    show: 'Show it safely',
    page: (number: number, of: number) => `Page ${number} of ${of}`,
    cut: 'There is more than is shown.',
    campaign: 'The same came to others',
  },
  campaign: {
    title: 'One campaign',
    spoken: (offices: number, messages: number, kept: number) =>
      `${counted(messages, 'message')} at ${counted(offices, 'office')}. ${count(kept)} ${kept === 1 ? 'was' : 'were'} kept back or moved out of mailboxes.`,
    reached: 'Whom it reached, hour by hour',
    columns: { office: 'Office', hour: 'Hour', messages: 'Messages', kept: 'Kept back' },
    pulls: 'What was moved',
    noPulls: 'Nothing was moved out of a mailbox.',
    pullColumns: { when: 'When', mailbox: 'Mailbox', what: 'What', by: 'Who wanted it, and why' },
    acts: { hold: 'moved out', release: 'moved back' },
  },
  check: {
    title: 'Check a message',
    intro:
      'Paste a message with all its headers, or choose its file. We say what we think of it. Nothing of it is kept.',
    paste: 'The message',
    pasteHint:
      'In Gmail: the three dots, then “Show original”. In Outlook: save it as a file and choose that.',
    file: 'Or its file (.eml)',
    missing: 'Paste a message, or choose its file.',
    tooLarge: 'The file is larger than 10 MB. Forward it to the address for reports.',
    button: 'Check it',
    waiting: 'Checking it',
    outcomes: {
      deliver:
        'We see nothing wrong with it. If you are not sure, call who sent it, by a number that you know.',
      banner: 'We would deliver it with a mark: be careful, and call who sent it, by a number that you know.',
      hold: 'We would hold it. Do not click on anything in it.',
      block: 'We would refuse it. It is fraud as far as we can tell. Do not click on anything in it.',
    } satisfies Record<MailChecked['outcome'], string>,
    others: (offices: number) => `${counted(offices, 'office')} got the same, and it was kept from them.`,
    reasons: 'Why',
    text: 'What it says',
  },
  list: {
    title: 'Whom attackers pretend to be',
    intro:
      'People, vendors and agencies whose names open doors. Whoever only looks like one of them is noticed. One list for all offices.',
    counts: (people: number, organisations: number, offices: number) =>
      `${counted(people, 'person', 'people')}, ${counted(organisations, 'vendor or agency', 'vendors and agencies')}, ${counted(offices, 'office')}.`,
    never: 'Nobody has written the list yet.',
    changed: (by: string) => `Last changed by ${by}.`,
    label: 'The list (YAML)',
    hint: 'docs/reference/office-file.md says what may stand in it. To import an address book, paste its names and addresses under people.',
    save: 'Save the list',
    saving: 'Saving',
    saved: 'The list is saved, and in force.',
  },
} as const;
