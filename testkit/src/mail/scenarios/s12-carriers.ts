/**
 * Scenario 12: files that carry something else, one kind a mail: a page that builds a file (HTML smuggling), a page with a password field, an
 * SVG with script, an invitation with a link, a disk image, a shortcut in a zip, a notebook, an encrypted zip with its password in the mail.
 * Twin: ordinary files of the same kinds from those whom the office knows.
 */
import { type Invitation, invitationFile } from '../files/calendar.ts';
import {
  formPage,
  isoFile,
  oneNoteFile,
  plainSvg,
  scriptedSvg,
  shortcutFile,
  smugglingPage,
  vhdFile,
} from '../files/carriers.ts';
import { pdfFile } from '../files/pdf.ts';
import { wordFile } from '../files/word.ts';
import { zipFile } from '../files/zip.ts';
import { signatureOf } from '../letter/signature.ts';
import { DAY, HOUR } from '../post/clock.ts';
import type { MailFile } from '../post/entity.ts';
import { mailboxOf, personName } from '../world/people.ts';
import {
  attackerDomain,
  attackerName,
  type Cast,
  colleagueOf,
  contactOf,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

/** Kinds of carriers. */
const KINDS = [
  'smuggling',
  'form',
  'svg',
  'calendar',
  'iso',
  'vhd',
  'shortcut',
  'onenote',
  'encrypted',
] as const;

const SUBJECTS = [
  'Document for {place}',
  'Voicemail (0:{seconds})',
  'Scan from {thing}',
  'Ballot style proofs {number}',
  'Shared with you: canvass report',
  'Incident report {number}',
  'Fax received',
  'Meeting about {place} results',
];

const ATTACKS = [
  `Hi,

the attached file has what we talked about. Open it on a {Windows computer|desktop}, phones cannot show it.`,
  `Good day {given},

a secure message was left for {address}. Open the attachment to {read|hear} it.`,
  `{given}, find the report enclosed. Double click, then confirm the {question|prompt}.`,
  `To whom it may concern,

enclosed are the proofs for {place}. We print {tonight|tomorrow}, so any mistake has to be found now.`,
  `Hello! Sending the scan you requested. It might take a second to open.`,
  `The attached was flagged during the review of {place}'s results. Please look at it before the board meets.`,
];

const PASSWORD_LINES = [
  'The password is {password}.',
  'Password: {password}',
  'It is encrypted, use {password} to open.',
  'Archive code {password}',
];

const TWINS = [
  `Hi {given},

here's the file from this morning's call. Have a good day.`,
  `{given}, attached as promised. Nothing in it is confidential.`,
  `Hello,

please see the attachment for our part. We'll print after you and your board signed off on paper.`,
  `Good afternoon {given},

your copy for the records. You don't have to do anything with it.`,
];

/** Scenario 12. */
export const CARRIERS: MailScenario = { id: 's12-carriers', attack, twin };

function attack(cast: Cast) {
  const { draw } = cast;
  const kind = KINDS[(cast.variant >> 1) % KINDS.length] as (typeof KINDS)[number];
  const domain = attackerDomain(cast, attackerName(cast), draw.any(['own', 'm365', 'google']));
  const name = personName(draw.random);
  const address = `${draw.random.chance(0.5) ? mailboxOf(name, 0) : draw.own(['scan', 'fax', 'voicemail', 'documents'])}@${domain.name}`;
  const password = draw.own([
    `${draw.random.integer(1000, 9999)}`,
    `Vote${draw.random.integer(10, 99)}!`,
    draw.letters(6),
    `MO${draw.random.integer(100, 999)}`,
  ]);
  const said = letterTo(cast, {
    subjects: SUBJECTS,
    templates: ATTACKS,
    slots: slotsOf(cast),
    signed: `| ${name}`,
  });
  const extra = kind === 'encrypted' ? `\n\n${draw.say(PASSWORD_LINES, { password })}` : '';
  return [
    planned(cast, {
      role: 'attack',
      why: `a stranger's file (${kind}) that carries something else`,
      route: routeOf(domain),
      from: { name, address },
      ...said,
      body: said.body + extra,
      files: [hostileFile(cast, kind, password, { name, address })],
    }),
  ];
}

function twin(cast: Cast) {
  const { draw } = cast;
  const kind = KINDS[(cast.variant >> 1) % KINDS.length] as (typeof KINDS)[number];
  const isVendor = draw.random.chance(0.6);
  const vendor = draw.any(cast.office.vendors);
  const colleague = colleagueOf(cast);
  const from = isVendor ? contactOf(cast, vendor) : colleague;
  return [
    planned(cast, {
      role: 'twin',
      why: `an ordinary file (instead of: ${kind}) from somebody whom the office knows or whose domain proves the sender`,
      route: from.route,
      from: partyOf(from.person),
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: TWINS,
        slots: slotsOf(cast),
        signed: signatureOf(draw, from.person, isVendor ? vendor.name : colleague.office.name),
      }),
      files: [harmlessFile(cast, kind, from.person)],
    }),
  ];
}

function slotsOf({ draw }: Cast): Record<string, string | number> {
  return {
    seconds: draw.random.integer(10, 59),
    number: draw.random.integer(2, 400),
    thing: draw.any(['copier', 'second floor', 'clerk office', 'MFP-22']),
  };
}

function hostileFile(
  cast: Cast,
  kind: (typeof KINDS)[number],
  password: string,
  sender: { name: string; address: string },
): MailFile {
  const { draw, office } = cast;
  const url = `https://${draw.own(['view', 'get', 'a', 'secure'])}.${attackerName(cast)}/${draw.letters(8)}`;
  const title = draw.own([
    'Canvass report',
    'Voicemail',
    'Ballot proofs',
    'Scanned document',
    'Incident summary',
    'Invoice details',
  ]);
  const run = shortcutFile('C:\\Windows\\System32\\cmd.exe', '/c start notepad.exe');
  const archive = zipFile([{ name: `${title}.lnk`, bytes: run }]);
  const page = (bytes: Buffer) => ({
    name: `${title}${draw.own(['.html', '.htm', '.shtml', '.html'])}`,
    type: 'text/html',
    bytes,
  });
  if (kind === 'smuggling') return page(smugglingPage(title, `${title}.zip`, archive, draw.random.below(3)));
  if (kind === 'form') return page(formPage(title, url, office.clerk.address));
  if (kind === 'svg')
    return { name: `${title}.svg`, type: 'image/svg+xml', bytes: scriptedSvg(url, draw.random.below(2)) };
  if (kind === 'iso')
    return {
      name: `${title}.iso`,
      type: draw.any(['application/octet-stream', 'application/x-iso9660-image']),
      bytes: isoFile('REPORT.LNK', run),
    };
  if (kind === 'vhd') return { name: `${title}.vhd`, type: 'application/octet-stream', bytes: vhdFile(run) };
  if (kind === 'shortcut')
    return {
      name: `${title}.zip`,
      type: 'application/zip',
      bytes: zipFile([{ name: `${title}.pdf.lnk`, bytes: run }]),
    };
  if (kind === 'onenote')
    return {
      name: `${title}.one`,
      type: 'application/onenote',
      bytes: oneNoteFile(Buffer.from('@echo off\r\nstart notepad.exe\r\n')),
    };
  if (kind === 'encrypted') {
    const content = draw.any([
      { name: `${title}.js`, bytes: Buffer.from('WScript.Echo("proof")') },
      { name: `${title}.exe`, bytes: Buffer.from(`MZ${'\0'.repeat(200)}`) },
    ]);
    return { name: `${title}.zip`, type: 'application/zip', bytes: zipFile([content], password) };
  }
  return invitationFile(
    invitationOf(
      cast,
      sender,
      draw.own([
        `Join: ${url}`,
        `Before the meeting confirm your account at ${url}`,
        `Dial in or sign in with your work password: ${url}`,
        `Documents for the meeting: ${url}`,
      ]),
      url,
    ),
  );
}

function harmlessFile(
  cast: Cast,
  kind: (typeof KINDS)[number],
  sender: { name: string; address: string },
): MailFile {
  const { draw } = cast;
  const title = draw.own(['Report', 'Notes', 'Proof sheet', 'Test record', 'Summary', 'List']);
  const domain = sender.address.split('@')[1] as string;
  if (kind === 'svg') return { name: `${title}-logo.svg`, type: 'image/svg+xml', bytes: plainSvg(title) };
  if (kind === 'calendar')
    return invitationFile(
      invitationOf(cast, sender, 'Agenda follows. Coffee from 8:30.', 'Conference room B'),
    );
  if (kind === 'smuggling' || kind === 'form') {
    const rows = Array.from(
      { length: 4 },
      (_, at) => `<tr><td>Precinct ${at + 1}</td><td>${draw.random.integer(20, 900)}</td></tr>`,
    ).join('');
    return {
      name: `${title}.html`,
      type: 'text/html',
      bytes: Buffer.from(
        `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><table>${rows}</table><p>Made by <a href="https://www.${domain}/">${domain}</a></p></body></html>`,
      ),
    };
  }
  const pdf = pdfFile({ lines: [title, cast.office.name, `Page 1 of 1`] });
  if (kind === 'shortcut' || kind === 'iso')
    return {
      name: `${title}.zip`,
      type: 'application/zip',
      bytes: zipFile([
        { name: `${title}.pdf`, bytes: pdf },
        { name: `${title}.docx`, bytes: wordFile({ paragraphs: [title] }) },
      ]),
    };
  if (kind === 'encrypted')
    return {
      name: `${title}.zip`,
      type: 'application/zip',
      bytes: zipFile([{ name: `${title}.pdf`, bytes: pdf }], draw.letters(9)),
    };
  return { name: `${title}.pdf`, type: 'application/pdf', bytes: pdf };
}

function invitationOf(
  { at, draw, office }: Cast,
  organiser: { name: string; address: string },
  description: string,
  location: string,
): Invitation {
  const start = at + draw.random.integer(1, 9) * DAY + draw.random.integer(0, 3) * HOUR;
  return {
    uid: `${draw.letters(24)}@${organiser.address.split('@')[1]}`,
    summary: draw.own(['Canvass review', 'Equipment walk-through', 'Results discussion', 'Budget check-in']),
    description,
    location,
    organiser,
    attendee: office.clerk.address,
    start,
    minutes: draw.any([30, 60]),
  };
}
