/** Inside an office and between offices: conversations of clerks, machines that send scans, sharing notices, forms of the office's own site. */
import { jpegFile, logoBitmap, pngFile } from '../files/bitmap.ts';
import { pdfFile } from '../files/pdf.ts';
import { DOCX_TYPE, wordFile } from '../files/word.ts';
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan } from '../plan.ts';
import { HOUR } from '../post/clock.ts';
import { newMessageId } from '../post/identifiers.ts';
import { type Cast, colleagueOf, letterTo, partyOf, planned, routeOf } from '../scenarios/cast.ts';
import { personName } from '../world/people.ts';
import type { MailOffice, MailPerson } from '../world/world.ts';

const TALK_SUBJECTS = [
  'Provisional envelopes',
  'Question on {statute|the manual}',
  'Poll worker pay',
  'Early voting hours',
  'Extra signs?',
  'Lunch Thursday',
  'Test deck',
  'Canvass date',
  'Can we borrow ballot bags',
  'Cart keys',
];

const TALK = [
  `Hi {given}, how many provisional envelopes did you order last time? We ran out at two locations and I don't want that again.`,
  `{given}, do you open at 7 or at 8 for early voting? The paper printed both.`,
  `Morning! Our county commission asks what others pay judges and supervisors. We are at {$150|$165|$180} a day. And you?`,
  `Can we borrow six ballot bags for the bond issue? I'd send somebody to get them and bring them back the same week.`,
  `{given} - I read the section on curbside voting three times and still don't know who signs. Did you ask the state?`,
  `Lunch on Thursday? The new place by the courthouse has pie.`,
  `We test Tuesday at 9. Party observers are invited, and you are welcome to watch how we do the new deck.`,
  `Heads-up: somebody calls offices around here and says they are from the state and need the names of our drop box drivers. I hung up. Did you get it too?`,
  `Could you send me your checklist for election night? Ours is from 2018 and it shows.`,
  `{given}, the canvass is moved to the 17th because of the holiday. Please tell your board.`,
];

const BACK = [
  `We ordered 400 and used 260. I'd go with that.`,
  `At eight, the paper got it wrong. They will print a correction.`,
  `Sure, come by any time. They are in the basement, ask for the key.`,
  `Not yet. I'll ask on the call on Friday and let you know.`,
  `Yes!! Same here. I told the sheriff just in case.`,
  `Attached. Half of it is crossed out but you get the idea.`,
];

/** Colleagues in two offices, up to three messages; now and then from an office that uses freemail. */
export function clerksTalk(cast: Cast): readonly MailPlan[] {
  const { draw, office } = cast;
  const small = cast.world.offices.filter(({ addresses }) => addresses.length > 0);
  const isFree = draw.random.chance(0.15);
  const other = isFree ? fromFreemail(cast, draw.any(small)) : colleagueOf(cast);
  const to = draw.any([office.clerk, office.clerk, ...office.staff]);
  const letter = letterTo(cast, {
    subjects: TALK_SUBJECTS,
    templates: TALK,
    to,
    signed: signatureOf(draw, other.person, other.office.name),
  });
  const first = planned(cast, {
    role: 'everyday',
    why: 'colleagues talk',
    route: other.route,
    from: partyOf(other.person),
    ...letter,
  });
  if (draw.random.chance(0.5)) return [first];
  const answered = newMessageId(draw, 'm365', office.domain.name);
  const file = wordFile({
    paragraphs: ['Checklist', 'Open the doors', 'Count the seals', 'Call the results in'],
  });
  const again = planned(cast, {
    role: 'everyday',
    why: 'colleagues talk on',
    at: cast.at + draw.random.integer(3, 60) * HOUR,
    route: other.route,
    from: partyOf(other.person),
    ...letterTo(cast, {
      subjects: [`Re: ${letter.subject}`, `RE: ${letter.subject}`],
      templates: BACK,
      to,
      signed: signatureOf(draw, other.person, other.office.name),
    }),
    inReplyTo: answered,
    references: [first.messageId, answered],
    quoted: [
      {
        from: partyOf(to),
        to: partyOf(other.person),
        at: cast.at + HOUR,
        subject: `Re: ${letter.subject}`,
        body: draw.say(BACK),
      },
      {
        from: partyOf(other.person),
        to: partyOf(to),
        at: cast.at,
        subject: letter.subject,
        body: letter.body,
      },
    ],
    files: draw.random.chance(0.3) ? [{ name: 'Checklist.docx', type: DOCX_TYPE, bytes: file }] : [],
  });
  return [first, again];
}

function fromFreemail(
  cast: Cast,
  office: MailOffice,
): { office: MailOffice; person: MailPerson; route: ReturnType<typeof routeOf> } {
  const address = office.addresses[0] as string;
  const route = routeOf(cast.world.domains.domain(address.split('@')[1] as string));
  return { office, person: { ...office.clerk, address }, route };
}

/** The copier and the telephone system. */
export function machines(cast: Cast): readonly MailPlan[] {
  const { draw, office } = cast;
  const number = draw.random.integer(1_000, 9_999);
  const isScan = draw.random.chance(0.6);
  const to = draw.any([office.clerk, ...office.staff]);
  const slots = { number, seconds: draw.random.integer(10, 59), phone: draw.telephone() };
  const said = isScan
    ? letterTo(cast, {
        to,
        slots,
        subjects: ['Scanned from MFP-{number}', 'Scan_{number}', 'Message from WorkCentre', 'Scan to e-mail'],
        templates: [
          'Please open the attached document. It was scanned and sent to you using a multifunction printer.\n\n| Device: Clerk office 2nd floor\n| Pages: 3',
          'Scan date: today. Number of images: {number}. Resolution 300 dpi. Do not reply to this address.',
          'Your scanned file is attached.',
          'TASKalfa sent this. File format: PDF MMR(G4).',
        ],
      })
    : letterTo(cast, {
        to,
        slots,
        subjects: [
          'Voice message from {phone}',
          'Voicemail (0:{seconds})',
          'New message in mailbox 214',
          'Missed call {phone}',
        ],
        templates: [
          'You have a voice message from {phone}, {seconds} seconds. The recording is attached.',
          'Mailbox 214 has one new message.\n\n| From: {phone}\n| Length: 0:{seconds}',
          'Caller {phone} left a message: "Hi, this is about the ballot I asked for, please call me back."',
          'A call from {phone} was not answered. No message was left.',
        ],
      });
  const pdf = pdfFile({ lines: ['', 'Scanned page'], producer: 'WorkCentre C8145' });
  const sound = Buffer.concat([
    Buffer.from(
      'RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x08\x00\x00',
      'latin1',
    ),
    draw.bytes(2_048),
  ]);
  const file = isScan
    ? { name: `Scan_${number}.pdf`, type: 'application/pdf', bytes: pdf }
    : { name: 'message.wav', type: 'audio/wav', bytes: sound };
  const sender = isScan
    ? { name: 'Copier 2nd floor', address: `copier@${office.domain.name}` }
    : { name: 'Phone system', address: `voicemail@${office.domain.name}` };
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a machine of the office',
      route: { ...routeOf(office.domain, 'copier'), signs: office.domain.hosting !== 'own' },
      from: sender,
      ...said,
      has: 'plain',
      files: [file],
    }),
  ];
}

/** Sharing and meeting notices as the office's own cloud sends them. */
export function sharingNotices(cast: Cast): readonly MailPlan[] {
  const { draw, office, world } = cast;
  const colleague = draw.any([office.clerk, ...office.staff]);
  const isOutside = draw.random.chance(0.4);
  const outside = colleagueOf(cast);
  const who = isOutside ? outside.person : colleague;
  const tenant = (isOutside ? outside.office : office).domain.name.replace(/[^a-z]/g, '');
  const url = `https://${tenant}.sharepoint.com/:x:/s/Elections/${draw.letters(30)}`;
  const domain = world.domains.domain('sharepointonline.com', 'm365', 'reject');
  const said = letterTo(cast, {
    slots: { who: who.name, url },
    subjects: [
      '{who} shared "Poll worker roster" with you',
      '{who} mentioned you in a comment',
      '{who} invited you to edit a file',
      'Reminder: {who} shared a folder',
    ],
    templates: [
      '{who} shared a file with you.\n\n[!Open](<url>)\n\nThis link works for the people whom it was sent to.',
      '# Poll worker roster.xlsx\n\n{who} wrote: please check the phone numbers of your precincts.\n\n[!Go to comment](<url>)',
      '{who} invited you to edit a file.\n\n[Supply list](<url>)',
      'You have not opened the folder yet that {who} shared last week.\n\n[!Open folder](<url>)',
    ].map((text) => text.replace('<url>', '{url}')),
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a real sharing notice of the cloud that both offices use',
      route: routeOf(domain, 'bulk'),
      from: { name: `${who.name} (via SharePoint)`, address: 'no-reply@sharepointonline.com' },
      replyTo: partyOf(who),
      ...said,
      style: 'card',
      has: 'both',
    }),
  ];
}

/** The form on the office's site, which a web host sends in the name of the office: SPF fits the host, nothing is signed. */
export function webForm(cast: Cast): readonly MailPlan[] {
  const { draw, office, world } = cast;
  const host = world.domains.domain('govsites-hosting.example', 'own', null);
  const name = personName(draw.random);
  const slots = { name, phone: draw.telephone(), number: draw.random.integer(1, 999) };
  const said = letterTo(cast, {
    slots,
    subjects: [
      'Contact form: {name}',
      'New submission - Ballot question',
      'Website message #{number}',
      'Form "Ask the clerk" was filled in',
    ],
    templates: [
      '| Name: {name}\n| Phone: {phone}\n| Question: Where can I drop off my ballot on Saturday?',
      '| Field: Value\n| Your name: {name}\n| Message: The link to the sample ballot on your page goes to last year.',
      '{name} ({phone}) writes:\n\nCan I still become a poll worker? I am retired and have time.',
      'A visitor filled in your form.\n\n| {name}\n| {phone}\n| Please mail me a registration card.',
    ],
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: "the office's own web form",
      route: { ...routeOf(host, 'webform'), signs: false, envelopeFrom: 'www-data@govsites-hosting.example' },
      from: { name: `${office.place} website`, address: `website@${office.domain.name}` },
      replyTo: { name, address: `${name.toLowerCase().replace(' ', '')}@gmail.com` },
      ...said,
      to: [{ name: '', address: office.publicMailboxes[0] as string }],
      has: 'plain',
    }),
  ];
}

/** Mail from home, with a photo. */
export function fromHome(cast: Cast): readonly MailPlan[] {
  const { draw, world } = cast;
  const name = personName(draw.random);
  const said = letterTo(cast, {
    signed: draw.any(['| XO', `| ${name.split(' ')[0]}`, '| Sent from my iPhone']),
    subjects: ['dinner', 'pick up?', 'photos from sunday', 'Fwd: soccer schedule', 'dog', 'this weekend'],
    templates: [
      'Can you pick up milk and the dry cleaning? I am late.',
      'Look what she made at school today :)',
      'Grandma wants to know if you come on Sunday or if the election eats that too',
      'The vet says the dog is fine. He ate a sock.',
      'practice moved to 5:30, can you drive or shall i',
      'the Millers asked about the lake house, last week of the month. I said you are busy until certification',
    ],
  });
  const photo = {
    name: `IMG_${draw.random.integer(1000, 9999)}.jpeg`,
    type: 'image/jpeg',
    bytes: jpegFile(draw.bytes(1_500)),
  };
  return [
    planned(cast, {
      role: 'everyday',
      why: 'family',
      route: routeOf(world.domains.domain('icloud.com'), 'apple'),
      from: { name, address: `${name.toLowerCase().replace(' ', '')}@icloud.com` },
      ...said,
      files: draw.random.chance(0.5) ? [photo] : [],
    }),
  ];
}

/** A logo as signatures and newsletters have it. */
export function logoFile(cast: Cast): { name: string; type: string; bytes: Buffer; contentId: string } {
  const id = `logo${cast.draw.letters(8)}@mail`;
  return {
    name: 'image001.png',
    type: 'image/png',
    bytes: pngFile(logoBitmap(cast.draw.bytes(18))),
    contentId: id,
  };
}
