/**
 * Scenario 10: bank details change, for a vendor, a grant or somebody's pay, with a tax form attached. Twin: mail about money in which
 * nothing changes, from those whom it comes from.
 */
import { pdfFile } from '../files/pdf.ts';
import { signatureOf } from '../letter/signature.ts';
import { LOOKALIKES, registrable } from '../world/lookalikes.ts';
import { ORGANISATIONS } from '../world/organisations.ts';
import { mailboxOf } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';
import {
  attackerDomain,
  type Cast,
  contactOf,
  freemailRoute,
  letterTo,
  type MailScenario,
  partyOf,
  planned,
  routeOf,
} from './cast.ts';

const SUBJECTS = [
  'Updated remittance information',
  'HAVA sub-grant: payment details',
  'Change of bank account',
  'Direct deposit',
  'W-9 and new ACH form',
  'Electronic payment enrollment',
  'Payroll update',
  'Grant drawdown {place}',
];

const VENDOR_LURES = [
  `Hello {given},

please note that our bank account has changed. {All|Any} open invoices of {place} should be paid to the account on the attached form, {from now on|effective today}.`,
  `Dear accounts payable,

due to an audit our old account is {frozen|on hold}. Use the ACH information attached for the payment that is due this week, and confirm when it is scheduled.`,
  `{given}, we moved to {another|a new} bank. W-9 with the details is enclosed. Has the last invoice been paid already? If so please have it recalled.`,
  `Good afternoon,

we no longer accept checks. Attached are our tax form and routing number; update them in your system before the next run.`,
];

const GRANT_LURES = [
  `{given},

the second installment of the HAVA security sub-grant for {place} ({sum}) could not be delivered. Send the completed form with account and routing number by {Friday|tomorrow}.`,
  `To grant recipients:

payments move to a new processor. {place} has {sum} waiting. Fill in the attached W-9 and bank form and answer this message.`,
  `Hello {given}, the drawdown of {place} was redirected on your request of last week to the account on the attached sheet. Please approve, otherwise it returns to the treasury.`,
  `Your county is eligible for {sum} more under the election security grant. We need the depositor information of {office} on the attached page.`,
];

const PAYROLL_LURES = [
  `Hi {given},

I changed banks and would like my pay to go to the new account, beginning with this period. What do you need from me? Details attached.`,
  `{given} can you update my direct deposit before payroll closes? My old account is not active any more. Thanks!`,
  `Hello, new banking information for my salary is attached. Please don't send anything to the former account.`,
  `Quick favor: my direct deposit needs to be switched today. I am out of the office, e-mail is best.`,
];

const TWINS = [
  `Hi {given},

here is our W-9 for your files, as every year. Nothing about our payment details has changed.`,
  `{given}, thanks for the check, it arrived today. A receipt is attached.`,
  `Dear {given},

the statement of your sub-grant is attached: {sum} spent, the rest is available until June. No action is needed.`,
  `Hello,

a reminder that reports on the security grant are due at the end of the month, on paper as usual. Your balance is {sum}.`,
  `Hi {given}, the auditor wants last year's W-9s, so here is ours again.`,
  `{given} - invoice total corrected to {sum}, same address and same account as printed on every invoice.`,
];

/** Scenario 10. */
export const PAYMENT_CHANGE: MailScenario = { id: 's10-payment-change', attack, twin };

function attack(cast: Cast) {
  const { draw, office, world } = cast;
  const sum = draw.dollars(4_000, 90_000);
  const to = office.staff[2] as MailPerson;
  const form = {
    name: draw.own(['W-9.pdf', 'Form W9 signed.pdf', 'ACH_Enrollment.pdf', 'New bank details.pdf']),
    type: 'application/pdf',
    bytes: taxForm(
      draw.own(['Name as shown on your tax return', 'Business name', 'Payee', 'Account holder']),
      true,
    ),
  };
  const kind = (cast.variant >> 1) % 3;
  if (kind === 2) {
    const colleague = draw.any([office.clerk, office.staff[0], office.staff[1]]) as MailPerson;
    const provider = draw.own(['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com']);
    return [
      planned(cast, {
        role: 'attack',
        why: `${colleague.name} does not write from ${provider} about pay`,
        route: freemailRoute(cast, provider),
        from: {
          name: colleague.name,
          address: `${mailboxOf(colleague.name, 2)}${draw.letters(3)}@${provider}`,
        },
        ...letterTo(cast, {
          subjects: SUBJECTS,
          templates: PAYROLL_LURES,
          to,
          signed: `| ${colleague.name}`,
        }),
        files: draw.random.chance(0.5) ? [form] : [],
      }),
    ];
  }
  const organisation =
    kind === 0
      ? draw.any(office.vendors)
      : draw.any(ORGANISATIONS.filter(({ name }) => /Administration|Assistance|Secretary/.test(name)));
  const real = organisation.domains[0] as string;
  const name = draw.own(
    LOOKALIKES.map((way, at) => registrable(way(real), at)).map((one) =>
      one === real ? `${real.split('.')[0]}-payments.org` : one,
    ),
  );
  const domain = attackerDomain(cast, name, draw.any(['own', 'm365', 'google']));
  const person = kind === 0 ? world.contactOf(organisation, office) : (world.officials[4] as MailPerson);
  const address = `${mailboxOf(person.name, 0)}@${domain.name}`;
  return [
    planned(cast, {
      role: 'attack',
      why: `new bank details in the name of ${organisation.name}, from ${domain.name}`,
      route: routeOf(domain),
      from: { name: person.name, address },
      ...letterTo(cast, {
        subjects: SUBJECTS,
        templates: kind === 0 ? VENDOR_LURES : GRANT_LURES,
        slots: { sum },
        to,
        signed: signatureOf(draw, { ...person, address }, organisation.name),
      }),
      files: [form],
    }),
  ];
}

function twin(cast: Cast) {
  const { draw, office } = cast;
  const to = office.staff[2] as MailPerson;
  const vendor = draw.random.chance(0.7) ? draw.any(office.vendors) : undefined;
  const from = vendor === undefined ? grants(cast) : contactOf(cast, vendor);
  return [
    planned(cast, {
      role: 'twin',
      why: 'money is spoken of, and nothing about where it goes changes',
      route: from.route,
      from: partyOf(from.person),
      ...letterTo(cast, {
        subjects: [
          'W-9 for your files',
          'Receipt',
          'Sub-grant statement {place}',
          'Grant report reminder',
          'Corrected total',
          'Tax form on request',
        ],
        templates: TWINS,
        slots: { sum: draw.dollars(900, 40_000) },
        to,
        signed: signatureOf(draw, from.person, vendor?.name ?? 'Missouri Secretary of State'),
      }),
      files: [
        {
          name: draw.own(['W9-2026.pdf', 'Receipt.pdf', 'Statement.pdf', 'W-9 form.pdf']),
          type: 'application/pdf',
          bytes: taxForm(vendor?.name ?? 'Secretary of State', false),
        },
      ],
    }),
  ];
}

function grants({ world }: Cast): { person: MailPerson; route: ReturnType<typeof routeOf> } {
  const person = world.officials[4] as MailPerson;
  return { person, route: routeOf(world.domains.domain('sos.mo.gov')) };
}

function taxForm(name: string, withBank: boolean): Buffer {
  const bank = withBank ? ['Bank name', 'Routing number', 'Account number'] : [];
  return pdfFile({
    title: 'W-9',
    lines: ['Form W-9', 'Request for Taxpayer Identification Number and Certification', name],
    fields: ['Name', 'Business name', 'Address', 'TIN', ...bank],
  });
}
