/**
 * Scenario 5: an invoice in Word whose only payload is a relationship: a template that Word fetches, or a link. No macro is in it. Twin: a
 * vendor's document with an ordinary link to its own site.
 */
import { DOCX_TYPE, wordFile } from '../files/word.ts';
import { signatureOf } from '../letter/signature.ts';
import { mailboxOf, personName } from '../world/people.ts';
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
  'Invoice for ballot stock',
  'Invoice {number} attached',
  'Billing - {place}',
  'Order confirmation and invoice',
  'Payment requested {number}',
  'Your order with us',
];

const ATTACKS = [
  `Good afternoon,

attached please find our invoice for the materials delivered to {place}. {We would appreciate|Kindly arrange} payment within ten days.`,
  `{given},

invoice is in the Word file, since your office {could not open|had trouble with} our PDF. Please {process|handle} it with this week's run.`,
  `Hello from accounting,

the amount for {place} was corrected. The new invoice replaces the one you have. Let me know once it is {approved|in the system}.`,
  `Dear {office},

we are closing our books. See the attached invoice {number} and tell us when it will be paid, {please|if you can}.`,
  `Hi {given}, resending the invoice from last month as requested by phone. If it opens in protected view click Enable Editing.`,
  `Greetings,

your purchase {number} has shipped, the invoice is enclosed as a document. Details are inside.`,
];

const TWINS = [
  `Hi {given},

the quote you asked for is attached as a Word file so that you can put it into the board packet.`,
  `Dear {given},

attached is our order form for {thing}. The price list it mentions is on our site.`,
  `{given} - the maintenance checklist for {thing}, in Word so you can tick the boxes. Link at the bottom goes to the parts page.`,
  `Hello,

here is the draft of the service agreement for {place}. Please mark your changes in the file; our lawyer reads it on Monday.`,
];

const TEXTS = [
  ['Invoice', 'Description: printed goods', 'Loading contents from the server, please wait.'],
  ['INVOICE {number}', 'If this page stays empty choose Enable Editing.', 'View details of this invoice'],
  ['Tax invoice {number}', 'Ballot paper 80 lb, cut and packed', 'See remittance instructions'],
  ['Billing statement', 'Protected by document security', 'Click here to display the invoice'],
] as const;

/** Scenario 5. */
export const WORD_INVOICE: MailScenario = { id: 's05-word-relationship', attack, twin };

function attack(cast: Cast) {
  const { draw } = cast;
  const domain = attackerDomain(cast, attackerName(cast), draw.any(['own', 'm365', 'google']));
  const name = personName(draw.random);
  const person = { name, title: 'Accounts Receivable', address: `${mailboxOf(name, 0)}@${domain.name}` };
  const number = draw.random.integer(10_000, 99_999);
  const paragraphs = draw.own(TEXTS).map((text) => draw.fill(text, { number }));
  const elsewhere = `https://${draw.own(['cdn', 'files', 'docs', 'static'])}.${attackerName(cast)}/${draw.letters(10)}`;
  const isTemplate = cast.variant % 4 < 2;
  const bytes = wordFile({
    paragraphs,
    ...(isTemplate ? { template: `${elsewhere}.dotm` } : { link: `${elsewhere}/login` }),
  });
  return [
    planned(cast, {
      role: 'attack',
      why: isTemplate
        ? 'the document fetches its template from a stranger'
        : 'the document does nothing but lead to a page of a stranger',
      route: routeOf(domain),
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: ATTACKS,
        slots: { number },
        signed: signatureOf(
          draw,
          person,
          draw.own(['Harlan Paper & Print', 'Summit Supply LLC', 'North Fork Forms', 'Delmar Office Goods']),
        ),
      }),
      files: [
        {
          name: draw.own([
            `Invoice_${number}.docx`,
            `INV${number}.docx`,
            `Invoice ${number} revised.docx`,
            `Statement-${number}.docx`,
          ]),
          type: DOCX_TYPE,
          bytes,
        },
      ],
    }),
  ];
}

function twin(cast: Cast) {
  const { draw } = cast;
  const vendor = draw.any(cast.office.vendors);
  const { person, route } = contactOf(cast, vendor);
  const number = draw.random.integer(10_000, 99_999);
  const bytes = wordFile({
    paragraphs: [
      vendor.name,
      `Prepared for ${cast.office.name}`,
      `More about ${vendor.thing}: www.${vendor.domains[0]}`,
    ],
    link: `https://www.${vendor.domains[0]}/products`,
  });
  return [
    planned(cast, {
      role: 'twin',
      why: `${vendor.name} sends a document whose link leads to its own site`,
      route,
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: ['Quote {number}', 'Order form', 'Checklist for {thing}', 'Draft agreement {place}'],
        templates: TWINS,
        slots: { number, thing: vendor.thing },
        signed: signatureOf(draw, person, vendor.name),
      }),
      files: [
        {
          name: draw.own([
            `Quote ${number}.docx`,
            'Order form.docx',
            'Checklist.docx',
            'Agreement draft.docx',
          ]),
          type: DOCX_TYPE,
          bytes,
        },
      ],
    }),
  ];
}
