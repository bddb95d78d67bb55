/**
 * Scenario 3: a stranger sends nine offices a short PDF within the hour, each copy in other words, with one link to a page that asks for a
 * password. As in October 2021, told by the FBI in March 2022. Twin: a known vendor's monthly invoice.
 */
import { pdfFile } from '../files/pdf.ts';
import { signatureOf } from '../letter/signature.ts';
import { DAY, spokenDay } from '../post/clock.ts';
import { personName } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';
import {
  attackerDomain,
  attackerName,
  contactOf,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
} from './cast.ts';
import { lureCopies, nineOffices } from './fan-out.ts';

const INVOICES = [
  `Hi {given},

attached is the {month} invoice for {thing}. Terms are {net 30|30 days} as always.`,
  `Dear {given},

please find invoice {number} for {thing} attached. Total: {sum}. You can pay by check or the way you usually do.`,
  `Hello {place} team,

invoice {number} ({month}) is attached. Past invoices are on [your account page]({url}).`,
  `{given}, this month's bill for {thing}: {sum}. Same PO number as {before|last month}. Thank you for your business.`,
];

/** Scenario 3. */
export const FAN_OUT: MailScenario = {
  id: 's03-invoice-fan-out',
  attack: (cast) => {
    const name = personName(cast.draw.random);
    const domain = attackerDomain(cast, attackerName(cast), cast.draw.any(['own', 'm365', 'google']));
    const person = {
      name,
      title: 'Accounts',
      address: `${cast.draw.own(['billing', 'accounts', 'ar', 'office'])}@${domain.name}`,
    };
    return lureCopies(
      cast,
      person,
      domain,
      nineOffices(cast, []),
      'a stranger sends nine offices the same short PDF within the hour',
    );
  },
  twin: (cast) => {
    const vendor = cast.draw.any(cast.office.vendors);
    const { person, route } = contactOf(cast, vendor);
    const to = cast.office.staff[2] as MailPerson;
    return [2, 1, 0].map((months) => {
      const at = cast.at - months * 30 * DAY;
      const number = `${cast.draw.random.integer(10_000, 99_999)}`;
      const slots = {
        number,
        month: spokenDay(at).split(' ')[0] as string,
        thing: vendor.thing,
        sum: cast.draw.dollars(300, 9_000),
        url: `https://www.${vendor.domains[0]}/account`,
      };
      return planned(
        { ...cast, at },
        {
          role: months === 0 ? 'twin' : 'before',
          why: `${vendor.name} sends its invoice every month from its own domain`,
          at,
          route,
          from: partyOf(person),
          ...letterTo(cast, {
            subjects: [
              'Invoice {number}',
              '{month} invoice, {place}',
              'Your invoice {number}',
              'Invoice for {thing}',
            ],
            templates: INVOICES,
            slots,
            to,
            signed: signatureOf(cast.draw, person, vendor.name),
          }),
          files: [
            {
              name: `Invoice_${number}.pdf`,
              type: 'application/pdf',
              bytes: pdfFile({
                lines: [
                  vendor.name,
                  `Invoice ${number}`,
                  `Bill to: ${cast.office.name}`,
                  `${vendor.thing}: ${slots.sum}`,
                  'Due in 30 days. Thank you.',
                ],
                links: [{ words: `www.${vendor.domains[0]}`, url: slots.url }],
              }),
            },
          ],
        },
      );
    });
  },
};
