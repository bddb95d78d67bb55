/**
 * Scenario 8: a reply in a conversation that never was. Twin: a colleague's real reply in one that this office's server has not seen.
 */
import { signatureOf } from '../letter/signature.ts';
import { DAY, HOUR } from '../post/clock.ts';
import { newMessageId } from '../post/identifiers.ts';
import { givenName, mailboxOf, personName } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';
import {
  attackerDomain,
  attackerName,
  colleagueOf,
  freemailRoute,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

const FORGED_SUBJECTS = [
  'RE: {place} contract renewal',
  'Re: updated precinct list',
  'RE: RE: voter file request',
  'Re: meeting notes {number}',
  'RE: payment approval',
  'Fwd: Re: signed agreement',
];

const FORGED = [
  `{given},

see below, {he|she} approved it. The signed copy is [here]({url}), I need your countersignature by noon.`,
  `Hi, as agreed in our last exchange I uploaded the list: [precincts.zip]({url}). Please check your lines.`,
  `Following up - did you get a chance to open the [document]({url})? The commission is waiting for {place}.`,
  `Thanks for confirming. Final version for your records: [download]({url}).`,
  `Good to hear from you again {given}. As you asked, the file request is [on our drive]({url}).`,
  `Per the thread below please release the payment. Approval form: [approval]({url})`,
];

const INVENTED = [
  `Thank you. Please go ahead and send it to the clerk, I have no objection.`,
  `Yes, that works for us. Copy {given} on the final version.`,
  `Approved. Let the county know that it can be countersigned.`,
  `I looked it over, looks good. Can you get it to {given} this week?`,
];

const PARTNER = [
  `Hi {given}, bringing you into this since {place} has the same question. Our answer is below.`,
  `{given}, my boss thought you should see this. We do it the way it's written below; nothing to sign, nothing to click.`,
  `Adding {given} from {place}. See below for what the state told us on the phone.`,
  `Looping you in, {given}. Call me if you disagree.`,
];

/** Scenario 8. */
export const FORGED_THREAD: MailScenario = {
  id: 's08-forged-thread',
  attack: (cast) => {
    const { draw, office, world } = cast;
    const to = draw.any([office.clerk, ...office.staff]);
    const name = personName(draw.random);
    const isFree = draw.random.chance(0.25);
    const domain = attackerDomain(cast, attackerName(cast), draw.any(['own', 'google']));
    const route = isFree ? freemailRoute(cast) : routeOf(domain);
    const from = { name, address: `${mailboxOf(name, 0)}@${route.domain.name}` };
    const invented = draw.any([
      world.officials[1],
      world.officials[4],
      { ...office.clerk, name: office.clerk.name },
    ]) as MailPerson;
    const subject = draw.say(FORGED_SUBJECTS, { place: office.place, number: draw.random.integer(2, 30) });
    const earlier = newMessageId(draw, 'm365', 'sos.mo.gov');
    return [
      planned(cast, {
        role: 'attack',
        why: 'the conversation that it answers never was',
        route,
        from,
        ...letterTo(cast, {
          subjects: [subject, subject],
          templates: FORGED,
          slots: {
            url: `https://${draw.own(['docs', 'sign', 'share', 'drive'])}.${attackerName(cast)}/${draw.letters(9)}`,
          },
          to,
          signed: `| ${name}`,
        }),
        inReplyTo: earlier,
        references: [newMessageId(draw, 'm365', 'sos.mo.gov'), earlier],
        quoted: [
          {
            from: partyOf(invented),
            to: from,
            at: cast.at - draw.random.integer(3, 40) * HOUR,
            subject,
            body: draw.say(INVENTED, { given: givenName(to.name) }),
          },
        ],
      }),
    ];
  },
  twin: (cast) => {
    const { draw, office, world } = cast;
    const colleague = colleagueOf(cast);
    const liaison = world.officials[3] as MailPerson;
    const subject = draw.say(
      [
        'RE: provisional envelopes',
        'FW: notice posting times',
        'Re: signature cure form',
        'RE: polling place signs',
      ],
      {},
    );
    const earlier = newMessageId(draw, 'm365', 'sos.mo.gov');
    return [
      planned(cast, {
        role: 'twin',
        why: `${colleague.person.name} of another office passes on a real conversation that this office has not seen`,
        route: colleague.route,
        from: partyOf(colleague.person),
        ...letterTo(cast, {
          subjects: [subject, subject],
          templates: PARTNER,
          to: office.clerk,
          signed: signatureOf(draw, colleague.person, colleague.office.name),
        }),
        cc: [partyOf(liaison)],
        inReplyTo: earlier,
        references: [earlier],
        quoted: [
          {
            from: partyOf(liaison),
            to: partyOf(colleague.person),
            at: cast.at - DAY,
            subject,
            body: draw.say([
              'The form from the manual is fine, there is no newer one.',
              'Posting 24 hours ahead is what the statute asks for.',
              'Keep the envelope with the ballot until certification.',
              'Signs may be reused if the date is covered.',
            ]),
          },
        ],
      }),
    ];
  },
};
