/** Nine copies of a lure within the hour, each in other words, with one link to one host: what scenarios 3 and 4 have in common. */
import { pdfFile } from '../files/pdf.ts';
import type { MailPlan } from '../plan.ts';
import { MINUTE } from '../post/clock.ts';
import { newMessageId } from '../post/identifiers.ts';
import type { MailOffice, MailPerson } from '../world/world.ts';
import { attackerName, type Cast, letterTo, planned, routeOf } from './cast.ts';

/** Offices that get a copy. */
const COPIES = 9;

const SUBJECTS = [
  'INVOICE INQUIRY',
  'Current invoice and payments for report',
  'Open item on {place} account',
  'Past due? please {check|look}',
  'FW: invoice {number}',
  'Statement {number} / {place}',
  'Inquiry regarding invoice {number}',
  'Remittance question',
];

const LURES = [
  `Hello,

attached is an inquiry about an invoice of {place} that {shows as|is still} open. Kindly review and {advise|let me know}.`,
  `Good day {given},

Our auditors asked about the {document|item} in the attachment. Could you check and confirm payment?`,
  `{given}, see attached - is this {one yours|for your office}? Accounts payable could not match it.`,
  `Hi,

Please find the invoice inquiry attached. It opens with your {work|office} e-mail.`,
  `To the {office}:

For our year-end report we {need|require} the status of the attached invoice. A short answer is enough.`,
  `Dear Sir or Madam,

we {have not heard|never heard} back about the attached statement. Follow the instructions in the document, thanks.`,
  `Morning! Sending this again since the first one bounced. It's about the payment listed in the PDF.`,
  `{given} - payments for the report are in the file. Need it back {today|by close of business}.`,
];

/** Each copy begins and ends in its own way, whatever stands between. */
const OPENINGS = [
  'I hope this finds you well.',
  'Thank you for your patience.',
  'Greetings from the accounting side.',
  'Sorry to trouble you {again|this week}.',
  'This is about your office only.',
  'Writing on behalf of our controller.',
  'As you may know, our fiscal year {ends|closes} soon.',
  'We updated our records on {Monday|Tuesday|Wednesday}.',
  'A colleague gave me your name.',
  'Following the call {yesterday|last week}.',
];

const ENDINGS = [
  'Please answer {today|this week}.',
  'Awaiting your {reply|answer}.',
  'Your prompt help is appreciated.',
  'If somebody else handles this, kindly pass it on.',
  'Do not hesitate to write back.',
  'Confirm receipt, please.',
  'Let me know if you {need|want} another copy.',
  'We close the file on {Thursday|Friday}.',
];

const PDF_LINES = [
  ['INVOICE INQUIRY', 'The document is protected. Use the button below to view it.'],
  ['Payment summary', 'This file was shared with you securely.'],
  ['Statement of account', 'Preview is not available. Open the full document online.'],
  ['Remittance advice', 'Sign in with your e-mail address to read this page.'],
] as const;

const PDF_BUTTONS = ['VIEW DOCUMENT', 'Open invoice', 'Access secured PDF', 'Download statement'];

const PDF_NAMES = [
  'INVOICE INQUIRY.PDF',
  'Invoice_{number}.pdf',
  'Current Invoice and Payments.pdf',
  'Statement {number}.pdf',
];

/** The office of the variant and others, nine together. */
export function nineOffices({ world, draw, office }: Cast, but: readonly MailOffice[]): MailOffice[] {
  const others = world.offices.filter((one) => one !== office && !but.includes(one));
  return [office, ...draw.random.shuffle(others)].slice(0, COPIES);
}

/** A copy for each office, minutes apart. */
export function lureCopies(
  cast: Cast,
  person: MailPerson,
  domain: Parameters<typeof routeOf>[0],
  to: readonly MailOffice[],
  why: string,
): MailPlan[] {
  const { draw } = cast;
  const host = attackerName(cast);
  let at = cast.at;
  return to.map((office) => {
    at += draw.random.integer(1, 6) * MINUTE + draw.random.below(50_000);
    const there = { ...cast, office };
    const number = `${draw.random.integer(1_000, 99_999)}`;
    const lines = [...draw.own(PDF_LINES), `Reference ${number}`, office.name];
    const url = `https://${draw.own(['doc', 'view', 'secure', 'my'])}.${host}/${draw.letters(6)}?e=${draw.letters(4)}`;
    const bytes = pdfFile({ lines, links: [{ words: draw.own(PDF_BUTTONS), url }], title: draw.letters(6) });
    const route = routeOf(domain);
    const said = letterTo(there, { subjects: SUBJECTS, templates: LURES, slots: { number } });
    return planned(there, {
      role: 'attack',
      why,
      at,
      route,
      messageId: newMessageId(draw, route.mailer, domain.name),
      from: { name: person.name, address: person.address },
      ...said,
      body: `${draw.say(OPENINGS)}\n\n${said.body}\n\n${draw.say(ENDINGS)}\n\n| ${person.name}`,
      files: [{ name: draw.say(PDF_NAMES, { number }), type: 'application/pdf', bytes }],
    });
  });
}
