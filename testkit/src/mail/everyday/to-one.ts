/** What comes to one office from outside: invitations, orders, signatures asked for, reporters and candidates. */
import { invitationFile } from '../files/calendar.ts';
import { pdfFile } from '../files/pdf.ts';
import { DOCX_TYPE, wordFile } from '../files/word.ts';
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan } from '../plan.ts';
import { DAY, HOUR, spokenDay } from '../post/clock.ts';
import {
  type Cast,
  colleagueOf,
  contactOf,
  freemailRoute,
  letterTo,
  partyOf,
  planned,
  routeOf,
} from '../scenarios/cast.ts';
import { mailboxOf, personName } from '../world/people.ts';

/** Invitations to meetings. */
export function invitations(cast: Cast): readonly MailPlan[] {
  const { draw, office, at } = cast;
  const { person, route, office: other } = colleagueOf(cast);
  const isOnline = draw.random.chance(0.5);
  const start = at + draw.random.integer(2, 12) * DAY;
  const summary = draw.own([
    'Regional call',
    'Logic and accuracy test',
    'Budget talk',
    'Poll worker class',
    'Canvass board',
    'ADA survey',
  ]);
  const said = letterTo(cast, {
    slots: { day: spokenDay(start) },
    signed: signatureOf(draw, person, other.name),
    subjects: [summary, `Invitation: ${summary}`],
    templates: [
      'See you on {day}. Tell me if it does not work for you.',
      '{given}, I put this on the calendar so we do not forget.',
      isOnline ? 'Join by the link in the invitation.' : 'We meet in the courthouse basement on {day}.',
      'Moved to {day}, sorry about the change.',
    ],
  });
  const invitation = invitationFile({
    uid: `${draw.letters(30)}@${other.domain.name}`,
    summary,
    description: isOnline
      ? `Join: https://teams.microsoft.com/l/meetup-join/19%3ameeting_${draw.letters(20)}`
      : 'Bring your badge.',
    location: isOnline ? 'Microsoft Teams Meeting' : 'Courthouse',
    organiser: partyOf(person),
    attendee: office.clerk.address,
    start: start - (start % HOUR),
    minutes: 60,
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a meeting invitation of a colleague',
      route,
      from: partyOf(person),
      ...said,
      to: [partyOf(office.clerk)],
      files: [invitation],
    }),
  ];
}

/** Orders and deliveries, month by month, with vendors whom the office knows. */
export function vendorBusiness(cast: Cast): readonly MailPlan[] {
  const { draw, office } = cast;
  const vendor = draw.any(office.vendors);
  const { person, route } = contactOf(cast, vendor);
  const number = draw.random.integer(20_000, 60_000);
  const slots = {
    number,
    thing: vendor.thing,
    sum: draw.dollars(200, 12_000),
    url: `https://www.${vendor.domains[0]}/orders/${number}`,
  };
  const said = letterTo(cast, {
    to: draw.any([office.clerk, ...office.staff]),
    slots,
    signed: signatureOf(draw, person, vendor.name),
    subjects: [
      'Order {number} shipped',
      'Service visit',
      'Invoice {number}',
      'Statement',
      'Your quote for {thing}',
      'Certificate of insurance',
    ],
    templates: [
      'Order {number} left us today. Track it on [our page]({url}).',
      'Invoice {number} over {sum} is attached. Thank you for your business!',
      'Our technician comes on Wednesday between 9 and 12 for {thing}. Please have the key to the storage room ready.',
      'Attached is the quote over {sum} that you asked for. It is good for 60 days.',
      'Hi {given}, the insurance certificate for your county file is attached.',
      'Statement of your account: {sum} open, due in 30 days. Details are on [your order page]({url}).',
    ],
  });
  const bytes = pdfFile({ lines: [vendor.name, `No. ${number}`, office.name, slots.sum] });
  return [
    planned(cast, {
      role: 'everyday',
      why: `business with ${vendor.name}, whom the office knows`,
      route,
      from: partyOf(person),
      ...said,
      files: draw.random.chance(0.7)
        ? [
            {
              name: draw.own([`Invoice ${number}.pdf`, `${number}.pdf`, 'Statement.pdf', 'Quote.pdf']),
              type: 'application/pdf',
              bytes,
            },
          ]
        : [],
    }),
  ];
}

/** Reporters, candidates, students, churches that are polling places: strangers with good reasons. */
export function strangersWithReasons(cast: Cast): readonly MailPlan[] {
  const { draw, world } = cast;
  const name = personName(draw.random);
  const domain = world.domains.domain(
    draw.any([
      'kmid-news.com',
      'thecountyherald.com',
      'midstate-university.edu',
      'firstchurchmo.org',
      'lwv-midland.org',
      `vote${name.split(' ')[1]?.toLowerCase()}.com`,
    ]),
    'google',
    'none',
  );
  const isFree = draw.random.chance(0.35);
  const route = isFree ? freemailRoute(cast) : routeOf(domain);
  const person = {
    name,
    title: draw.any(['Reporter', 'Candidate', 'Student', 'Church secretary', 'Volunteer']),
    address: `${mailboxOf(name, 0)}@${route.domain.name}`,
  };
  const said = letterTo(cast, {
    slots: { url: `https://www.${domain.name}/${draw.letters(6)}` },
    signed: signatureOf(draw, person, domain.name),
    subjects: [
      'Interview request',
      'Filing paperwork',
      'Our hall on election day',
      'Data for my thesis',
      'Voter guide',
      'Deadline question',
    ],
    templates: [
      'Hi {given}, I write about how {place} gets ready for the election. Could we talk on the phone today? My last story is [here]({url}).',
      'Good morning, attached is my signed declaration. Please confirm that the filing is complete.',
      'The church hall is booked for a funeral on the day before the election, so your people can only set up after six. Is that fine?',
      'I am a student and compare turnout by precinct. Is there a spreadsheet for 2024? A PDF works too.',
      'Our league prints a voter guide for {place}. Please check polling places and hours in the attached draft until {Friday|Monday}.',
      'Which day is the last one for withdrawing as a candidate? The page and the calendar say different things.',
    ],
  });
  const bytes = wordFile({ paragraphs: ['Draft', 'Polling places and hours'] });
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a stranger with a good reason',
      route,
      from: partyOf(person),
      ...said,
      files: draw.random.chance(0.3)
        ? [{ name: draw.own(['Declaration.docx', 'Draft voter guide.docx']), type: DOCX_TYPE, bytes }]
        : [],
    }),
  ];
}

/** A signature service that a known vendor really uses: the link leads to the service, the vendor's name is in the text. */
export function signatureRequests(cast: Cast): readonly MailPlan[] {
  const { draw, office, world } = cast;
  const vendor = draw.any(office.vendors);
  const { person } = contactOf(cast, vendor);
  const domain = world.domains.domain('signwell-courier.example', 'bulk', 'reject');
  const said = letterTo(cast, {
    slots: {
      who: person.name,
      vendor: vendor.name,
      url: `https://app.signwell-courier.example/d/${draw.letters(22)}`,
    },
    subjects: [
      '{vendor}: maintenance agreement for signature',
      '{who} sent you a document',
      'Reminder: agreement with {vendor}',
      'Completed: agreement with {vendor}',
    ],
    templates: [
      '{who} of {vendor} sent you a document to review and sign.\n\n[!Review document]({url})\n\nQuestions about its content go to {who}, {vendor}.',
      'This is a reminder. The maintenance agreement waits for {given}.\n\n[!Open]({url})',
      'All parties have signed. A copy is kept for you.\n\n[Download a copy]({url})',
      '{vendor} asks for your signature on the delivery schedule. [See the schedule]({url})',
    ],
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: `a signature service that ${vendor.name} uses`,
      route: routeOf(domain, 'bulk'),
      from: { name: `${person.name} via SignWell Courier`, address: 'no-reply@signwell-courier.example' },
      replyTo: partyOf(person),
      ...said,
      style: 'card',
      has: 'both',
    }),
  ];
}
