/**
 * Scenario 7: a conversation is taken over: the genuine earlier mail is quoted and its Message-ID named, but the sender's domain is one
 * edit away and a link to "absentee applications" is new. Twin: the contractor's real reply.
 */
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan, Quoted } from '../plan.ts';
import { HOUR } from '../post/clock.ts';
import { newMessageId } from '../post/identifiers.ts';
import { oneEditAway, registrable } from '../world/lookalikes.ts';
import { FREE_HOSTS, type MailOrganisation, ORGANISATIONS } from '../world/organisations.ts';
import { givenName } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';
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

const TOPICS = [
  'Absentee applications week of {day}',
  'Batch {number} from the library table',
  'Applications from the fairgrounds drive',
  'Pickup of completed applications',
  'Signature questions on {number} forms',
  'Drive at the community college',
];

const EARLIER = [
  `Hi {given},

we collected {number} absentee applications at the library. I would like to bring them in {on Thursday|tomorrow}. Does ten o'clock work?`,
  `Hello {given},

the table at the fairgrounds went well. {number} applications, a few with unreadable phone numbers. Shall we sort those out first?`,
  `{given}, quick question: do you want the forms in order of precinct or of date? We have {number} of them.`,
  `Good morning,

here is the count for this week: {number} applications. We keep them locked up until your courier comes.`,
];

const ANSWERS = [
  `Thursday is fine. Come to the side door, the front is closed for painting.

{given}`,
  `Please sort them by precinct. And thank you, this is a great help.`,
  `Bring them whenever you're ready. {given}`,
  `Set the unreadable ones aside and we will call the voters. Thanks!`,
];

const HIJACKS = [
  `Hi {given},

since the pickup did not work out I scanned them. The applications are here: [absentee applications.zip]({url}). Could you process them today? Voters are asking.`,
  `{given}, one more batch came in. Too big for mail, download: [Applications_batch2]({url})

Password is the {zip code|year}.`,
  `Thanks! The list with the problem signatures is [in this folder]({url}). Some voters are quite upset, so I'd be grateful if you looked {this morning|right away}.`,
  `Following up on the below. My manager wants the forms to reach you before the cut-off, so please get them from [our transfer page]({url}) and confirm.`,
  `As discussed, scans of all forms: [view files]({url}). Sign in with your office mail to open them.`,
  `Sorry for the delay, we had trouble with the scanner. Here they are finally - [application scans]({url}).`,
];

const REPLIES = [
  `Great, see you then. I'll have them in two banker boxes, rubber-banded by precinct.`,
  `Will do. {Two|Three} of our volunteers come along to carry. Thank you, {given}!`,
  `Perfect. I'll leave the tally sheet on top.`,
  `Noted. We are at the senior center next, so expect about forty more next week.`,
];

/** Scenario 7. */
export const HIJACKED_THREAD: MailScenario = {
  id: 's07-hijacked-thread',
  attack: (cast) => {
    const { draw } = cast;
    const thread = threadOf(cast);
    const { person, organisation, first, quoted } = thread;
    const domain = attackerDomain(
      cast,
      registrable(oneEditAway(organisation.domains[0] as string, draw.random.below(8)), 0),
      draw.any(['own', 'm365', 'google']),
      draw.any(['none', 'reject']),
    );
    const host = draw.random.chance(0.5) ? `${draw.letters(8)}.${draw.own(FREE_HOSTS)}` : attackerName(cast);
    const from = { name: person.name, address: person.address.replace(/@.*/, `@${domain.name}`) };
    const route = routeOf(domain);
    return [
      first,
      answerTo(cast, thread, {
        role: 'attack',
        why: `${domain.name} takes over a genuine conversation with ${organisation.domains[0]}`,
        route,
        from,
        messageId: newMessageId(draw, route.mailer, domain.name),
        ...letterTo(cast, {
          subjects: [thread.reply, thread.reply],
          templates: HIJACKS,
          slots: {
            url: `https://${host}/${draw.own(['absentee', 'applications', 'dl', 'files'])}/${draw.letters(7)}.zip`,
          },
          to: thread.to,
          signed: signatureOf(draw, { ...person, ...from }, organisation.name),
        }),
        quoted,
      }),
    ];
  },
  twin: (cast) => {
    const thread = threadOf(cast);
    const { person, organisation, first, quoted, route } = thread;
    return [
      first,
      answerTo(cast, thread, {
        role: 'twin',
        why: `${person.name} really answers in the conversation`,
        route,
        from: partyOf(person),
        messageId: newMessageId(cast.draw, route.mailer, route.domain.name),
        ...letterTo(cast, {
          subjects: [thread.reply, thread.reply],
          templates: REPLIES,
          to: thread.to,
          signed: signatureOf(cast.draw, person, organisation.name),
        }),
        quoted,
      }),
    ];
  },
};

type Thread = {
  readonly person: MailPerson;
  readonly organisation: MailOrganisation;
  readonly route: ReturnType<typeof routeOf>;
  readonly to: MailPerson;
  readonly first: MailPlan;
  readonly reply: string;
  readonly answerId: string;
  readonly quoted: readonly Quoted[];
};

/** A conversation with a contractor: their mail, the office's answer (which only its quotation shows). */
function threadOf(cast: Cast): Thread {
  const { draw, office } = cast;
  const organisation = draw.any(ORGANISATIONS.filter(({ kind }) => kind === 'contractor'));
  const { person, route } = contactOf(cast, organisation);
  const to = draw.any([office.clerk, ...office.staff]);
  const slots = { number: draw.random.integer(12, 160), day: 'October 5' };
  const signed = signatureOf(draw, person, organisation.name);
  const letter = letterTo(cast, { subjects: TOPICS, templates: EARLIER, slots, to, signed });
  const at = cast.at - draw.random.integer(20, 70) * HOUR;
  const first = planned(cast, {
    role: 'before',
    why: 'the genuine start of the conversation',
    at,
    route,
    from: partyOf(person),
    ...letter,
  });
  const reply = `Re: ${letter.subject}`;
  const quoted: readonly Quoted[] = [
    {
      from: partyOf(to),
      to: partyOf(person),
      at: at + 2 * HOUR,
      subject: reply,
      body: draw.say(ANSWERS, { given: givenName(to.name) }),
    },
    { from: partyOf(person), to: partyOf(to), at, subject: letter.subject, body: letter.body },
  ];
  return {
    person,
    organisation,
    route,
    to,
    first,
    reply,
    quoted,
    answerId: newMessageId(draw, office.domain.hosting === 'google' ? 'gmail' : 'm365', office.domain.name),
  };
}

function answerTo(cast: Cast, thread: Thread, sketch: Parameters<typeof planned>[1]): MailPlan {
  return planned(cast, {
    ...sketch,
    inReplyTo: thread.answerId,
    references: [thread.first.messageId, thread.answerId],
  });
}
