/**
 * Scenario 13: the public mailbox is used: a ballot request, a records request or a dispute of a registration with a hostile file or link.
 * Strangers are normal there. Twin: what voters really send, with scans and photos.
 */
import { jpegFile } from '../files/bitmap.ts';
import { shortcutFile, smugglingPage } from '../files/carriers.ts';
import { pdfFile } from '../files/pdf.ts';
import { DOCM_TYPE, wordFile } from '../files/word.ts';
import { zipFile } from '../files/zip.ts';
import { VOTER_LETTERS, VOTER_SUBJECTS } from '../letter/voters.ts';
import type { MailPlan } from '../plan.ts';
import type { MailFile } from '../post/entity.ts';
import { FREE_HOSTS, FREEMAIL } from '../world/organisations.ts';
import { mailboxOf, personName } from '../world/people.ts';
import { attackerName, type Cast, freemailRoute, letterTo, type MailScenario, planned } from './cast.ts';

const SUBJECTS = [
  'Ballot request - signed form',
  'Public records request {number}',
  'Dispute of my registration',
  'Challenge to voter {number}',
  'Absentee application (scan)',
  'Complaint with evidence',
  'FOIA: list of documents',
  'Proof of address',
];

const ATTACKS = [
  `Hello,

my signed application is in the attached {document|file}. {Please enable editing if the signature does not show.|You may need to allow contents for the signature.}`,
  `Sir or Madam,

under the public records law I request the items on the list that you find here: [list of records]({url}). You have three days to answer.`,
  `My registration was {cancelled|removed} without reason. All evidence including my ID is here: [evidence]({url}). Log in with your mail to see it, I don't want it public.`,
  `I challenge the registrations of the people named in the attached archive. Open it and act before the deadline or I will see you in court.`,
  `Hi I need help with ballot for my grandma, the form is attached, it only opens on a computer. please confirm`,
  `Please find attached the proof of residence for my dispute. If it does not open, use [this copy]({url}).`,
];

/** Scenario 13. */
export const VOTER_INBOX: MailScenario = {
  id: 's13-voter-inbox',
  attack,
  twin: (cast) => [voterMail(cast, 'twin')],
};

function attack(cast: Cast): MailPlan[] {
  const { draw } = cast;
  const host = draw.random.chance(0.5) ? `${draw.letters(9)}.${draw.own(FREE_HOSTS)}` : attackerName(cast);
  const said = letterTo(cast, {
    subjects: SUBJECTS,
    templates: ATTACKS,
    slots: { number: draw.random.integer(10, 990), url: `https://${host}/${draw.letters(5)}/login` },
  });
  const { route, from } = stranger(cast);
  const files = said.body.includes(host) && draw.random.chance(0.6) ? [] : [hostile(cast)];
  return [
    planned(cast, {
      role: 'attack',
      why:
        files.length > 0
          ? `a stranger's ${files[0]?.name.split('.').pop()} that runs something`
          : `a page on ${host} that wants the office's password`,
      route,
      from,
      ...said,
      to: [publicMailbox(cast)],
      files,
    }),
  ];
}

/** A voter's letter to a public mailbox; every second one has a scan or a photo with it. */
export function voterMail(cast: Cast, role: 'twin' | 'everyday'): MailPlan {
  const { draw } = cast;
  const { route, from } = stranger(cast);
  const said = letterTo(cast, {
    subjects: VOTER_SUBJECTS,
    templates: VOTER_LETTERS,
    signed: draw.random.chance(0.6)
      ? `| ${from.name}`
      : `| ${from.name}\n| ${draw.random.integer(1, 990)} ${draw.any(['Oak', 'Elm', 'Main', 'Walnut', 'Cherry'])} St\n| ${draw.telephone()}`,
  });
  const form = pdfFile({
    title: 'Application',
    producer: draw.any(['iOS Version 19.0 Quartz PDFContext', 'Scanner App', 'Acme PDF 3.1']),
    lines: ['Absentee ballot application', from.name, 'Signed'],
  });
  const file: MailFile = draw.random.chance(0.5)
    ? {
        name: draw.any(['application.pdf', 'Scan_0001.pdf', 'form signed.pdf', 'absentee.pdf']),
        type: 'application/pdf',
        bytes: form,
      }
    : {
        name: `IMG_${draw.random.integer(1000, 9999)}.${draw.any(['jpg', 'jpeg', 'JPG'])}`,
        type: 'image/jpeg',
        bytes: jpegFile(draw.bytes(draw.random.integer(300, 5_000))),
      };
  return planned(cast, {
    role,
    why: 'a voter writes to the public mailbox: strangers are normal there',
    route,
    from,
    ...said,
    to: [publicMailbox(cast)],
    files: draw.random.chance(0.5) ? [file] : [],
  });
}

function publicMailbox({ draw, office }: Cast) {
  return { name: '', address: draw.any(office.publicMailboxes) };
}

function stranger(cast: Cast) {
  const { draw } = cast;
  const name = personName(draw.random);
  const provider = draw.any(FREEMAIL);
  const address = `${mailboxOf(name, draw.random.below(3))}${draw.random.chance(0.6) ? draw.random.integer(1, 99) : ''}@${provider}`;
  return { route: freemailRoute(cast, provider), from: { name, address } };
}

function hostile({ draw }: Cast): MailFile {
  const title = draw.own([
    'Application',
    'Ballot_request',
    'Evidence',
    'Records list',
    'Proof of address',
    'voter challenge',
  ]);
  const run = shortcutFile('C:\\Windows\\System32\\mshta.exe', 'about:blank');
  switch (draw.random.below(3)) {
    case 0:
      return {
        name: `${title}.docm`,
        type: DOCM_TYPE,
        bytes: wordFile({
          paragraphs: ['Application', 'Enable Content to show the signature.'],
          macro: draw.own([
            'Sub AutoOpen()\n  Shell "notepad.exe", 1\nEnd Sub',
            'Sub Document_Open()\n  CreateObject("WScript.Shell").Run "calc.exe"\nEnd Sub',
          ]),
        }),
      };
    case 1:
      return {
        name: `${title}.zip`,
        type: 'application/zip',
        bytes: zipFile([{ name: `${title}.pdf.lnk`, bytes: run }]),
      };
    default:
      return {
        name: `${title}.html`,
        type: 'text/html',
        bytes: smugglingPage(
          title,
          `${title}.zip`,
          zipFile([{ name: 'form.lnk', bytes: run }]),
          draw.random.below(3),
        ),
      };
  }
}
