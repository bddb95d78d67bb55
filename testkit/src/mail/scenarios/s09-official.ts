/**
 * Scenario 9: somebody writes as the Secretary of State, the director or the clerk, with a reply address on freemail, and asks for a favour;
 * no link, no file. Twin: the official's private address, which the office was told.
 */
import { signatureOf } from '../letter/signature.ts';
import { FREEMAIL } from '../world/organisations.ts';
import { mailboxOf } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';
import {
  attackerDomain,
  attackerName,
  type Cast,
  freemailRoute,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

const SUBJECTS = [
  'Quick question',
  '{given}',
  'Are you at your desk?',
  'Request',
  'Urgent - reply when you see this',
  'Available?',
  'Confidential',
  'Need a hand',
];

const ATTACKS = [
  `Are you {at your desk|in the office}? I need something taken care of before my next meeting. Answer by e-mail, I can't take calls.`,
  `{given},

I am in a closed session and cannot {talk|use the phone}. Can you handle a small purchase for our volunteers today? I will explain.`,
  `Hi {given}, send me your cell number please. There is a task I want to {give|hand} to somebody discreet.`,
  `Good {morning|afternoon} {given},

we plan a surprise for poll workers. I need {eight|ten|twelve} gift cards of $100 each and you would be paid back this week. Keep it between us for now.`,
  `{given} - kindly let me have the current list of your staff with private phone numbers and addresses. Needed for the emergency roster, today.`,
  `Hello,

do you have a moment? I need {place}'s export of registered voters with birth dates for a hearing this afternoon. Reply directly to this message.`,
  `I'm traveling and lost access to my office account. Please write to me here until further notice. First thing: can you process a wire for {place} before {noon|2 pm}?`,
  `{given}, let me know as soon as you get this. It's about the certification of {place} and it is sensitive.`,
];

const TWINS = [
  `{given}, it's me from home, the office mail is down for maintenance. I will be late for our call tomorrow, start without me.`,
  `Hi {given},

my mother is in hospital, so I read mail on this address until Monday. Ask my deputy for anything that can't wait.`,
  `{given} - saw your interview on the evening news. Well done! Have a nice weekend.`,
  `Good morning {given}, can we move our meeting to Thursday? Same room. No need to bring anything.`,
];

/** Scenario 9. */
export const OFFICIAL: MailScenario = { id: 's09-official', attack, twin };

function attack(cast: Cast) {
  const { draw, office, world } = cast;
  const isClerk = draw.random.chance(0.35);
  const official = isClerk ? office.clerk : draw.any(world.officials.slice(0, 3));
  const provider = draw.own(FREEMAIL);
  const way = draw.random.below(3);
  const domain = attackerDomain(cast, attackerName(cast), 'own');
  const free = `${draw.own([`${mailboxOf(official.name, 0)}.office`, 'desk.director', `sos.${mailboxOf(official.name, 1)}`, 'executive.office2026', `${mailboxOf(official.name, 2)}.mo`, 'private.mail.hq'])}@${provider}`;
  const shown = draw.own([
    official.name,
    `${official.title} ${official.name}`,
    official.name,
    `Office of ${official.name}`,
  ]);
  const address =
    way === 0 ? free : way === 1 ? `${mailboxOf(official.name, 0)}@${domain.name}` : official.address;
  const attackerRoute = routeOf(domain, 'php');
  const to = draw.any(office.staff);
  return [
    planned(cast, {
      role: 'attack',
      why:
        way === 2
          ? `forges ${official.address} and wants answers at ${provider}`
          : `${official.name} does not write from there, and answers would go to ${provider}`,
      route:
        way === 0
          ? freemailRoute(cast, provider)
          : way === 1
            ? attackerRoute
            : { ...attackerRoute, signs: false, envelopeFrom: `bounce@${domain.name}` },
      from: { name: shown, address },
      ...(way === 0 ? {} : { replyTo: { name: shown, address: free } }),
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: ATTACKS,
        to,
        signed: draw.own([
          `| ${official.name}\n| ${official.title}`,
          `${official.name}`,
          `| ${official.name}\n| Sent from my iPad`,
          `| Regards\n| ${official.name}`,
        ]),
      }),
      has: draw.any(['plain', 'both']),
    }),
  ];
}

function twin(cast: Cast) {
  const { draw, world, office } = cast;
  const official = draw.any(world.officials);
  const provider = official.privateAddress.split('@')[1] as string;
  const person: MailPerson = { name: official.name, title: official.title, address: official.privateAddress };
  return [
    planned(cast, {
      role: 'twin',
      why: `the private address that ${official.name} told the offices`,
      route: freemailRoute(cast, provider),
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: TWINS,
        to: office.clerk,
        signed: draw.random.chance(0.5)
          ? `| ${official.name}`
          : signatureOf(draw, person, 'Missouri Secretary of State'),
      }),
      has: draw.any(['plain', 'both']),
    }),
  ];
}
