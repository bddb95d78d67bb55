/**
 * Scenario 2: a domain that looks like a vendor's or a neighbouring office's, with SPF, DKIM and DMARC in order for the lookalike. Twin:
 * the vendor's second domain, which the office has on its list.
 */
import { signatureOf } from '../letter/signature.ts';
import { LOOKALIKES, registrable } from '../world/lookalikes.ts';
import { mailboxOf } from '../world/people.ts';
import {
  attackerDomain,
  type Cast,
  colleagueOf,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

const SUBJECTS = [
  'Delivery window for {thing}',
  '{place}: proof {ready|waiting} for sign-off',
  'Portal move - action for {office}',
  'Your maintenance {agreement|contract} {2026/27|FY27}',
  'Question about your last order',
  'Updated contact sheet',
  'Site survey {results|report} {place}',
  'Signature needed: amendment 2',
];

const ATTACKS = [
  `Hi {given},

our customer portal moves to a new address {this week|tonight}. Please sign in once with your usual name and password so your county's {orders|files} come along:

[!Open the new portal]({url})

After Friday the old page {goes away|will not answer}.`,
  `Good morning {given},

the proofs for {place} are {done|ready}. We need your approval before the press run, otherwise the {date|slot} goes to another county.

Review here: [{url}]({url})`,
  `{given},

I tried to {reach|call} you. The amendment to your agreement needs a signature today, legal is closing the quarter. It takes two minutes: [review and sign]({url}).`,
  `Hello,

as announced at the users' group we replaced our file exchange. Your first package ({thing}, {place}) is here: [{place}_package]({url}). Log in with your e-mail account.`,
  `Dear {given},

while preparing your order we found that the shipping contact in {place} {changed|may be out of date}. Kindly confirm who takes delivery at [this page]({url}), so that nothing is left on the dock before the election.`,
  `{given} -

attached numbers don't fit in mail, so they are on our share: [site survey]({url}). You may be asked to verify your mailbox. Get back to me by noon if anything looks off.`,
  `Hi there,

the state asked all {vendors|suppliers} to renew account details of county contacts before certification. Please {complete|fill in} yours: [!Confirm account]({url})

It closes at 5 pm.`,
  `{given}, hope the training went well.

I put the revised schedule for {thing} online because the file is large: [schedule]({url})

Use your county login when the page asks.`,
];

const TWINS = [
  `Hi {given},

a reminder that mail about service calls comes from this address since last year, and orders from the other one. The technician is in {place} on Thursday between nine and noon.`,
  `Hello {given},

your {thing} order left our warehouse this morning: four boxes, lift gate requested. The driver calls half an hour ahead.`,
  `Good afternoon,

the proofs for {place} are in your portal at [our site]({url}). Take your time until Wednesday; changes after that cost a reprint.`,
  `{given},

here is the list of who does what on our team this season. Please keep it where your poll worker desk can find it. Phone numbers on the sheet did not change.`,
  `Dear {given},

we finished your site survey. Nothing to do from your side, except one outlet in the gym that an electrician should look at. Report is on [our customer page]({url}).`,
  `{given} - thanks for the quick answer yesterday. The agreement is extended as we discussed, paper copy is in the mail.`,
];

/** Scenario 2. */
export const LOOKALIKE: MailScenario = { id: 's02-lookalike', attack, twin };

function attack(cast: Cast) {
  const { draw, office } = cast;
  const colleague = draw.random.chance(0.3) ? colleagueOf(cast) : undefined;
  const vendor = draw.any(office.vendors);
  const real = colleague?.office.domain.name ?? (vendor.domains[0] as string);
  const fitting = LOOKALIKES.map((way, at) => registrable(way(real), at)).map((name) =>
    name === real ? registrable(real.replace('.', '-mail.'), 0) : name,
  );
  const domain = attackerDomain(
    cast,
    draw.own(fitting),
    draw.any(['own', 'm365', 'google']),
    draw.any(['none', 'reject']),
  );
  const person = colleague?.person ?? cast.world.contactOf(vendor, office);
  const address = `${mailboxOf(person.name, 0)}@${domain.name}`;
  const url = `https://${draw.own(['portal', 'files', 'signin', 'docs'])}.${domain.name}/${draw.letters(8)}`;
  const organisation = colleague?.office.name ?? vendor.name;
  return [
    planned(cast, {
      role: 'attack',
      why: `${domain.name} looks like ${real}, and is somebody else's`,
      route: routeOf(domain),
      from: { name: person.name, address },
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: ATTACKS,
        slots: { thing: vendor.thing, url },
        signed: signatureOf(draw, { ...person, address }, organisation),
      }),
    }),
  ];
}

function twin(cast: Cast) {
  const { draw, office, world } = cast;
  const vendor = draw.any(
    office.vendors.filter(({ domains }) => domains.length > 1).concat(office.vendors.slice(0, 1)),
  );
  const place = vendor.domains.length - 1;
  const known = world.contactOf(vendor, office);
  const person = { ...known, address: `${mailboxOf(known.name, 0)}@${vendor.domains[place]}` };
  return [
    planned(cast, {
      role: 'twin',
      why: `${vendor.domains[place]} is a domain of ${vendor.name} that the office has on its list`,
      route: routeOf(world.domainOf(vendor, place)),
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: TWINS,
        slots: { thing: vendor.thing, url: `https://www.${vendor.domains[0]}/customers/${office.leaId}` },
        signed: signatureOf(draw, person, vendor.name),
      }),
    }),
  ];
}
