/** Answers about mail: a week of it, with a lure at three offices, one message that is fine, and two reports. */
import type {
  KeptMail,
  KeptMailDetail,
  MailAnswer,
  MailCampaignAnswer,
  MailCampaignRow,
  MailChecked,
  MailView,
  ProtectedAnswer,
} from '@bellwether/api';
import { at } from './day.ts';

function kept(id: number, more: Partial<KeptMail> = {}): KeptMail {
  return {
    ...{
      id,
      at: at(id),
      hook: 'milter',
      office: '29019',
      officeName: 'Boone County',
      outcome: 'hold',
      state: 'held',
    },
    ...{ where: 'queue', score: 0.97, from: 'billing@poll-pads.example', fromName: 'Poll Pads Billing' },
    ...{
      to: ['clerk@boone.example'],
      subject: `Invoice ${4_400 + id}`,
      campaign: 'a1b2c3d4e5f6',
      exposed: 0,
    },
    reasons: [
      {
        code: 'lookalike-edit',
        text: 'poll-pads.example is nearly pollpads.example (Poll Pads), and not the same.',
      },
      { code: 'first-contact', text: 'This office has no record of poll-pads.example.' },
    ],
    ...{ isKept: true, released: null, trouble: null },
    ...more,
  };
}

/** `GET /mail/kept`. */
export const KEPT: readonly KeptMail[] = [
  kept(5),
  kept(4, {
    office: '29001',
    officeName: 'Adair County',
    to: ['clerk@adair.example'],
    outcome: 'block',
    state: 'refused',
    where: 'nowhere',
  }),
  kept(3, {
    ...{ subject: 'Lunch on Friday', from: 'pat@home.example', fromName: 'Pat', campaign: null },
    ...{ trouble: 'Postfix does not hold it any more: somebody else let it go, or deleted it' },
  }),
  kept(2, {
    hook: 'imap',
    where: 'folder',
    exposed: 1_420,
    reasons: [{ code: 'pulled-back', text: 'A clerk reported it.' }],
  }),
  kept(1, {
    ...{ subject: 'Ballot paper order', state: 'released', campaign: null },
    released: { at: at(9), by: 'Chris Walker', why: 'We ordered it.' },
  }),
];

const CAMPAIGN: MailCampaignRow = {
  ...{
    id: 'a1b2c3d4e5f6',
    firstAt: at(2),
    lastAt: at(5),
    subject: 'Invoice 4405',
    from: 'billing@poll-pads.example',
  },
  ...{ offices: 3, messages: 4, kept: 4, pulled: 1, released: 0 },
};

const counts = (share: number) => ({
  ...{
    received: 100 * share,
    delivered: 90 * share,
    marked: 5 * share,
    held: 3 * share,
    blocked: 2 * share,
    unchecked: 0,
  },
});

/** `GET /mail`. */
export const MAIL_ANSWER: MailAnswer = {
  ...{
    at: at(24),
    from: at(-144),
    counts: { ...counts(7), received: 701, unchecked: 1 },
    putOff: 2,
    rechecked: 1,
  },
  days: Array.from({ length: 7 }, (_, day) => ({
    day: `2026-10-${String(day + 1).padStart(2, '0')}`,
    counts: day === 0 ? { ...counts(1), received: 101, unchecked: 1 } : counts(1),
  })),
  hooks: [
    {
      ...{ hook: 'milter', office: '29019', officeName: 'Boone County', acts: 'before', lastHeard: at(23) },
      ...{ received: 601, exposed: null },
    },
    {
      ...{ hook: 'imap', office: '29001', officeName: 'Adair County', acts: 'after', lastHeard: at(22) },
      ...{ received: 100, exposed: { median: 40, most: 1_420 } },
    },
  ],
  ...{ waiting: 3, mistakes: 1, campaigns: [CAMPAIGN], reportedRight: 1, reportedWrong: 0 },
  reports: [
    {
      ...{ id: 2, at: at(6), reporter: 'clerk@boone.example', office: '29019', officeName: 'Boone County' },
      ...{ subject: 'New bank account', outcome: 'waits', seconds: null, isKept: true },
    },
    {
      ...{ id: 1, at: at(3), reporter: 'deputy@adair.example', office: '29001', officeName: 'Adair County' },
      ...{ subject: 'Invoice 4402', outcome: 'pulled-back', seconds: 4, isKept: true },
    },
  ],
};

/** `GET /mail/kept/5`. */
export const KEPT_DETAIL: KeptMailDetail = {
  message: kept(5),
  text: 'Dear clerk,\n\nyour invoice is overdue. Sign in to see it.\n\nPoll Pads',
  links: [
    {
      text: 'https://pollpads.example/pay',
      host: 'poll-pads-pay.example',
      url: 'https://poll-pads-pay.example/login?u=clerk',
    },
  ],
  parts: [
    { number: 1, name: 'invoice.pdf', type: 'application/pdf', bytes: 48_200 },
    { number: 2, name: '', type: 'application/octet-stream', bytes: 900 },
  ],
};

/** `GET /mail/kept/5/parts/1`: a page of one white point. */
export const VIEW: MailView = {
  ...{ how: 'pictures', why: null, text: 'INVOICE 4405', cut: true },
  pages: ['iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='],
};

/** `GET /mail/campaigns/a1b2c3d4e5f6`. */
export const CAMPAIGN_ANSWER: MailCampaignAnswer = {
  campaign: CAMPAIGN,
  reached: [
    { office: '29019', officeName: 'Boone County', hour: at(5), messages: 2, kept: 2 },
    { office: '29001', officeName: 'Adair County', hour: at(4), messages: 1, kept: 1 },
  ],
  pulls: [
    {
      ...{
        at: at(3),
        act: 'hold',
        office: '29001',
        officeName: 'Adair County',
        mailbox: 'deputy@adair.example',
      },
      ...{ subject: 'Invoice 4402', by: 'deputy@adair.example', why: 'it is fraudulent.' },
    },
  ],
};

/** `GET /mail/protected`. */
export const PROTECTED: ProtectedAnswer = {
  yaml: 'own: state\noffices: []\npeople:\n  - { name: Jane Roe, title: Secretary of State, addresses: [jane.roe@sos.example] }\n',
  ...{ version: 3, changedAt: at(1), by: 'Pat Miller', people: 1, organisations: 0, offices: 0 },
};

/** `POST /mail/check`. */
export const CHECKED: MailChecked = {
  ...{ outcome: 'hold', score: 0.97, from: 'Poll Pads <billing@poll-pads.example>', subject: 'Invoice 4405' },
  ...{
    reasons: kept(5).reasons,
    campaign: 'a1b2c3d4e5f6',
    offices: 3,
    text: 'Dear clerk, your invoice is overdue.',
  },
};

/** What is answered at a path below /api/v1; undefined: it is not about mail. */
export function cannedMail(path: string): unknown {
  switch (path) {
    case 'mail':
      return MAIL_ANSWER;
    case 'mail/kept':
      return { messages: KEPT, total: KEPT.length };
    case 'mail/kept/5':
      return KEPT_DETAIL;
    case 'mail/kept/5/parts/1':
      return VIEW;
    case 'mail/campaigns/a1b2c3d4e5f6':
      return CAMPAIGN_ANSWER;
    case 'mail/protected':
      return PROTECTED;
    default:
      return undefined;
  }
}
