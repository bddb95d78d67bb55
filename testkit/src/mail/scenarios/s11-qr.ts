/**
 * Scenario 11: "enrol again for the state voter system" with a QR code: as a picture, in a PDF, cut into two pictures, in block characters,
 * as SVG. Twin: codes that lead to the office's own site, a known vendor's or the association's.
 */
import type { Draw } from '../draw.ts';
import { cropped, pngFile } from '../files/bitmap.ts';
import { pdfFile } from '../files/pdf.ts';
import { qrBitmap, qrBlocks, qrSvg } from '../files/qr.ts';
import { escapeHtml, letterHtml, letterText } from '../letter/render.ts';
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan } from '../plan.ts';
import type { MailFile } from '../post/entity.ts';
import { FREE_HOSTS, ORGANISATIONS } from '../world/organisations.ts';
import {
  attackerDomain,
  attackerName,
  type Cast,
  contactOf,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

const SUBJECTS = [
  'Re-enroll your second factor',
  'MFA for the voter registration system',
  'Authenticator reset {place}',
  'Scan to keep access',
  'State system: new sign-in on {November 20|Monday}',
  'Verification needed: {address}',
  'Security enrollment',
  'Your token expires',
];

const ATTACKS = [
  `# Second factor expires

{given}, your registration for the state voter system ends {today|tomorrow}. Scan the code with your phone's camera and follow the steps.`,
  `Dear {place} user,

all accounts of the state system must enroll again in multi-factor authentication. For your safety this only works on your mobile device: {point your camera at|scan} the code.`,
  `Hello {given},

your authenticator was reset by an administrator. To set it up again use the QR code below within {24|48} hours. After this your access is suspended.`,
  `Notice: sign-ins from {place} without the new token are refused starting Monday. The code below is personal. Do not share it.`,
  `{given},

during the update of the statewide registration software we could not carry over your phone. Please link it again, see the picture.`,
  `Election security team

Two-step verification for {address} is incomplete. Scan, sign in, approve. Done.`,
];

const TWINS = [
  `Hi {given},

the flyer for poll worker recruiting is ready. The code on it leads to our sign-up page; please check that it works on your phone.`,
  `Registration for the fall training is open. Scan the code or go to [our site]({url}). Lunch is included.`,
  `Good morning {given},

we put a code on each return envelope so voters find the instructions. Here's the proof. It leads to {url}.`,
  `{given}, for the counter: a sign with a QR code to the sample ballot page. Print on letter size.`,
  `The parking permit for the conference is below. Show the code at the gate of the garage.`,
  `Dear members,

vote for next year's board with the code in the attached sheet, or on paper at the meeting.`,
];

/** Ways in which the code is carried. */
const WAYS = ['inline', 'pdf', 'split', 'blocks', 'svg', 'attached'] as const;

/** Scenario 11. */
export const QR_CODE: MailScenario = { id: 's11-qr-code', attack, twin };

function attack(cast: Cast) {
  const { draw, office } = cast;
  const domain = attackerDomain(cast, attackerName(cast), draw.any(['own', 'bulk', 'm365']));
  const to = draw.any([office.clerk, ...office.staff]);
  const host = draw.random.chance(0.4)
    ? `mfa-${draw.letters(5)}.${draw.own(FREE_HOSTS)}`
    : `${draw.own(['mfa', 'auth', 'login', 'enroll'])}.${attackerName(cast)}`;
  const url = `https://${host}/${draw.letters(6)}?u=${encodeURIComponent(to.address)}`;
  const way = WAYS[(cast.variant >> 1) % WAYS.length] as (typeof WAYS)[number];
  const said = letterTo(cast, { subjects: SUBJECTS, templates: ATTACKS, to });
  return [
    planned(cast, {
      role: 'attack',
      why: `a QR code (${way}) leads to ${host}`,
      route: routeOf(domain),
      from: {
        name: draw.own([
          'State Voter System',
          'MFA Service',
          'Election IT Support',
          'Microsoft Authenticator',
        ]),
        address: `${draw.own(['no-reply', 'mfa', 'security', 'support'])}@${domain.name}`,
      },
      style: 'card',
      has: 'both',
      ...said,
      ...carried(draw, url, way, said.body),
    }),
  ];
}

function twin(cast: Cast) {
  const { draw, office } = cast;
  const association =
    ORGANISATIONS.find(({ name }) => name.startsWith('Association')) ?? draw.any(office.vendors);
  const organisation = draw.any([association, ...office.vendors]);
  const { person, route } = contactOf(cast, organisation);
  const url = draw.any([
    `https://www.${organisation.domains[0]}/register`,
    `https://${office.domain.name}/pollworkers`,
  ]);
  const way = WAYS[(cast.variant >> 1) % WAYS.length] as (typeof WAYS)[number];
  const said = letterTo(cast, {
    subjects: [
      'Flyer with QR code',
      'Fall training',
      'Proof: return envelope',
      'Counter sign',
      'Parking at the conference',
      'Board election',
    ],
    templates: TWINS,
    slots: { url },
    signed: signatureOf(draw, person, organisation.name),
  });
  return [
    planned(cast, {
      role: 'twin',
      why: `a QR code (${way}) that leads where it should: ${url}`,
      route,
      from: partyOf(person),
      style: 'bare',
      has: 'both',
      ...said,
      ...carried(draw, url, way, said.body),
    }),
  ];
}

function carried(
  draw: Draw,
  url: string,
  way: (typeof WAYS)[number],
  body: string,
): Pick<MailPlan, 'files' | 'body' | 'html'> {
  const scale = draw.any([4, 5, 6, 8]);
  const html = (inner: string) =>
    letterHtml(body, 'card', { accent: '#1a4480' }).replace('</td>', `${inner}</td>`);
  const picture = (bytes: Buffer, contentId?: string): MailFile => ({
    name: `${draw.own(['image001', 'code', 'qr', 'scan'])}${draw.random.below(90)}.png`,
    type: 'image/png',
    bytes,
    ...(contentId === undefined ? {} : { contentId }),
  });
  if (way === 'pdf') {
    const bytes = pdfFile({ lines: letterText(body).split('\n').slice(0, 6), picture: qrBitmap(url, scale) });
    return {
      body,
      files: [
        {
          name: draw.own(['Enrollment.pdf', 'MFA setup.pdf', 'Code.pdf', 'Instructions.pdf']),
          type: 'application/pdf',
          bytes,
        },
      ],
    };
  }
  if (way === 'blocks') {
    const rows = qrBlocks(url);
    return {
      body: `${body}\n\n${rows.map((row) => `| ${row}`).join('\n')}`,
      html: html(`<pre style="line-height:1;font-family:monospace">${rows.map(escapeHtml).join('\n')}</pre>`),
    };
  }
  if (way === 'svg')
    return { body, files: [{ name: 'code.svg', type: 'image/svg+xml', bytes: Buffer.from(qrSvg(url)) }] };
  const whole = qrBitmap(url, scale);
  if (way === 'attached') return { body, files: [picture(pngFile(whole))] };
  const id = `${draw.letters(10)}@${draw.letters(6)}`;
  if (way === 'inline')
    return {
      body,
      html: html(`<p><img src="cid:${id}" width="220"></p>`),
      files: [picture(pngFile(whole), id)],
    };
  const half = Math.floor(whole.height / 2);
  const files = [
    picture(pngFile(cropped(whole, 0, half)), `a${id}`),
    picture(pngFile(cropped(whole, half, whole.height)), `b${id}`),
  ];
  return {
    body,
    files,
    html: html(
      `<div style="line-height:0"><img src="cid:a${id}" style="display:block"><img src="cid:b${id}" style="display:block"></div>`,
    ),
  };
}
