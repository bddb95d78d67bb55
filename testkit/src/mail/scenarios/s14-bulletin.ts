/**
 * Scenario 14: a false bulletin of a security agency: forged outright, from a lookalike, or through a sealer nobody trusts, with results of
 * checks that the sender wrote in himself. Twin: the real bulletin through a list, whose footer breaks the agency's signature, sealed by the
 * list that the offices trust.
 */
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan, Route } from '../plan.ts';
import { type MailOrganisation, ORGANISATIONS } from '../world/organisations.ts';
import { TRUSTED_SEALERS } from '../world/world.ts';
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
  '{agency} bulletin {number}: election systems',
  '[{agency}] Urgent advisory for {place}',
  'TLP:AMBER - active exploitation',
  '{agency} notification {number}',
  'Advisory: poll book software',
  'Threat briefing for election offices',
  '{agency}: indicators attached to your network',
  'Weekly summary {number}',
];

const ATTACKS = [
  `# {agency} advisory {number}

We observed malicious activity from {place}'s network. Download the scanner and run it on every computer {before polls open|today}:

[!Download scanner]({url})`,
  `To election officials:

foreign actors have credentials of {office}. Verify whether your account is among them at [the {agency} lookup]({url}).`,
  `TLP:AMBER

A flaw in {thing} is being exploited. Mitigation steps are restricted to members; sign in with your county e-mail to [read the bulletin]({url}).`,
  `{agency} requires all local election offices to confirm a point of contact {within 24 hours|by tonight}. [Confirm here]({url}). Offices that do not will lose access to the sharing portal.`,
  `Dear {given},

a sensor at your office reported beaconing. Our analyst prepared a file for {place}: [case {number}]({url}). Please treat as confidential and do not call your IT vendor.`,
  `Partners,

join today's emergency briefing. Registration with your work account: [register]({url}). Slides are deleted after the call.`,
];

const TWINS = [
  `Members,

this week's summary: two vulnerabilities in firewall products were added to the catalog of exploited ones. Patch if you have them. The public page is [on our site]({url}).`,
  `{agency} weekly notes

- Phishing that uses QR codes goes on.
- Our tabletop exercise moves to January.
- Free scanning of public addresses is still open to new offices: {url}`,
  `Good morning,

for awareness: callers pretend to be from a voting machine company and ask for the serial numbers of modems. Hang up and tell us.`,
  `All,

the recording of the webinar on physical security of drop boxes is available at [the members' page]({url}). No sign-in is needed.`,
];

/** Scenario 14. */
export const BULLETIN: MailScenario = { id: 's14-bulletin', attack, twin };

function agencies(): MailOrganisation[] {
  return ORGANISATIONS.filter(({ name }) =>
    ['CISA', 'MS-ISAC', 'FBI', 'Election Assistance Commission'].includes(name),
  );
}

function attack(cast: Cast): MailPlan[] {
  const { draw, office } = cast;
  const agency = draw.any(agencies());
  const way = (cast.variant >> 1) % 3;
  const real = agency.domains[0] as string;
  const stem = real.split('.')[0] as string;
  const domain = attackerDomain(
    cast,
    way === 1
      ? draw.own([
          `${stem}-alerts.org`,
          `${stem}gov.us`,
          `${stem}-bulletins.com`,
          `alerts-${stem}.net`,
          `${stem}-elections.org`,
          `${stem}.gov-notice.com`,
        ])
      : attackerName(cast),
  );
  const address = `${draw.own(['alerts', 'bulletin', 'notifications', 'soc'])}@${way === 1 ? domain.name : real}`;
  const claimed = `dkim=pass header.d=${real}; spf=pass smtp.mailfrom=${address}; dmarc=pass header.from=${real}`;
  const forged = draw.own([
    `mx.${office.domain.name}; ${claimed}`,
    `mx.google.com; ${claimed}`,
    `${office.domain.name}; ${claimed}`,
    `spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=${real}; dkim=pass header.d=${real}; dmarc=pass action=none header.from=${real};compauth=pass reason=100`,
  ]);
  const usual = routeOf(domain, draw.any(['php', 'bulk']));
  const route: Route = {
    ...usual,
    signs: way === 1,
    envelopeFrom: way === 0 ? address : `bounce@${domain.name}`,
    prepended: [['Authentication-Results', forged]],
    ...(way === 2
      ? { handledBy: { domain, listId: null, footer: '', seal: cast.world.domains.sealKey(domain) } }
      : {}),
  };
  return [
    planned(cast, {
      role: 'attack',
      why: [
        `forges ${real}, with results of checks written by the sender`,
        `${domain.name} is not ${agency.name}`,
        `forges ${real} under an ARC seal of ${domain.name}, whom nobody trusts`,
      ][way] as string,
      route,
      from: {
        name: draw.own([
          agency.name,
          `${agency.name} Alerts`,
          `${agency.words[0]} Operations`,
          `${agency.name} Election Security`,
        ]),
        address,
      },
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: ATTACKS,
        slots: slotsOf(
          cast,
          agency,
          `https://${draw.own(['portal', 'members', 'download', 'cases'])}.${domain.name}/${draw.letters(7)}`,
        ),
      }),
    }),
  ];
}

function twin(cast: Cast): MailPlan[] {
  const { draw, office, world } = cast;
  const agency = draw.any(agencies());
  const { person, route } = contactOf(cast, agency);
  const name = draw.any(TRUSTED_SEALERS.slice(0, 2));
  const list = world.domains.domain(name);
  const said = letterTo(cast, {
    subjects: SUBJECTS,
    templates: TWINS,
    slots: slotsOf(cast, agency, `https://www.${agency.domains[0]}/news`),
    signed: signatureOf(draw, person, agency.name),
  });
  return [
    planned(cast, {
      role: 'twin',
      why: `a real bulletin; the list's footer breaks the signature, and ${name} says under its seal what it saw`,
      route: {
        ...route,
        handledBy: {
          domain: list,
          listId: `clerks.${name}`,
          footer: `clerks mailing list\nclerks@${name}\nYou get this because your office is a member.`,
          seal: world.domains.sealKey(list),
        },
      },
      from: partyOf(person),
      ...said,
      headers: [['Sender', `clerks-bounces@${name}`]],
      to: [
        { name: 'Clerks list', address: `clerks@${name}` },
        { name: '', address: office.clerk.address },
      ],
    }),
  ];
}

function slotsOf(
  { draw, office }: Cast,
  agency: MailOrganisation,
  url: string,
): Record<string, string | number> {
  return {
    agency: agency.words[0] as string,
    number: `${draw.random.integer(26, 26)}-${draw.random.integer(10, 190)}`,
    thing: draw.any(office.vendors).thing,
    url,
  };
}
