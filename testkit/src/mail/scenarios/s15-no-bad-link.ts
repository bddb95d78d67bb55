/**
 * Scenario 15: nothing in it is a bad address: a code to type in at the real sign-in page (device code, RFC 8628), an application that wants
 * consent, or a number to call. Twin: notices that large hosts really send about sign-ins and renewals.
 */
import type { MailPlan } from '../plan.ts';
import {
  attackerDomain,
  attackerName,
  type Cast,
  freemailRoute,
  letterTo,
  type MailScenario,
  planned,
  routeOf,
} from './cast.ts';

const SUBJECTS = [
  'Join the briefing: your code {code}',
  'Renewal of {thing} ({sum})',
  'App approval needed for {place}',
  'Order {number} confirmed',
  'Your meeting access',
  'Subscription renewed today',
  'Consent requested: Election Calendar Sync',
  'Device pairing for the clerk office',
];

const DEVICE = [
  `Hi {given},

for the state briefing please pair your computer: go to [microsoft.com/devicelogin](https://microsoft.com/devicelogin), type the code {code} and pick your {work|office} account. The code is good for {ten|15} minutes.`,
  `Dear {place} team,

the new conference room unit needs to be linked once. Visit https://login.microsoftonline.com/common/oauth2/deviceauth , enter {code} and sign in. It's the standard Microsoft page.`,
  `{given}, I invited you to the secure channel of election officials. Enter this code where Microsoft asks for it: {code} ([open the page](https://microsoft.com/devicelogin)). Let me know when done so I can admit you.`,
  `Use access code {code} on the Microsoft device page (https://aka.ms/devicelogin) to read the shared canvass folder. You will be asked to approve once.`,
];

const CONSENT = [
  `Hello,

the calendar of election deadlines now syncs by itself. An approval is required for {place}: [review permissions](https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id={client}&response_type=code&scope=offline_access%20Mail.ReadWrite%20Contacts.Read&redirect_uri=https%3A%2F%2F{host}%2Fcb)`,
  `{given}, please accept the document viewer for {office}, otherwise nobody sees the attachments of the state: [Accept](https://accounts.google.com/o/oauth2/v2/auth?client_id={client}&scope=https%3A%2F%2Fmail.google.com%2F&response_type=code&redirect_uri=https%3A%2F%2F{host}%2Foauth)`,
  `Your administrator added "Ballot Mail Archive". It needs your consent to read and send mail on your behalf: [Continue](https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id={client}&scope=Mail.Read%20Mail.Send%20offline_access&prompt=consent&redirect_uri=https%3A%2F%2F{host}%2F)`,
  `A one-time approval connects your mailbox with the statewide help desk. Choose your county account at [sign in with Google](https://accounts.google.com/o/oauth2/auth?client_id={client}&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.modify&redirect_uri=https%3A%2F%2F{host}%2Fr) and press Allow.`,
];

const CALL = [
  `# Payment received

Thank you for renewing {thing}. {sum} {was|will be} charged to your account within 24 hours. If you did not order this call our billing desk at {phone}.`,
  `Invoice {number}

| Product: election server protection, 3 years
| Amount: {sum}

Questions or cancellation: {phone} (toll free, day and night)`,
  `Hello {given}, your election server renewal goes through this evening. To stop the automatic payment of {sum} speak with us: {phone}.`,
  `Order {number} is confirmed and will be debited from {place}'s card. Need a refund? Our agents help you by phone only, {phone}. Have your computer switched on.`,
];

const TWINS = [
  `A new sign-in to {address} was seen on a Windows computer near Missouri. If this was you, there is nothing to do. Otherwise check recent activity at https://myaccount.microsoft.com/ .`,
  `Your verification settings were changed by you on the security page. You will find the list of changes under [My Account](https://myaccount.google.com/notifications).`,
  `The subscription of {place} renews on the first of next month. Invoices are in the admin center as always. No action is required.`,
  `Hi {given},

weekly digest: three messages in your quarantine, all of them newsletters. You can [review them](https://security.microsoft.com/quarantine) when you have time.`,
  `Storage of {place}: 41 % in use. This summary is sent to administrators every month. [Admin console](https://admin.google.com/)`,
  `A meeting was recorded and put into the channel Clerks. [Open in Teams](https://teams.microsoft.com/l/message/19)`,
];

/** Hosts whose notices the twins are. */
const NOTIFIERS = [
  { name: 'Microsoft account team', address: 'account-security-noreply@accountprotection.microsoft.com' },
  { name: 'Google', address: 'no-reply@accounts.google.com' },
  { name: 'Microsoft 365', address: 'o365mc@microsoft.com' },
  { name: 'Microsoft Teams', address: 'noreply@email.teams.microsoft.com' },
] as const;

/** Scenario 15. */
export const NO_BAD_LINK: MailScenario = { id: 's15-no-bad-link', attack, twin };

function attack(cast: Cast): MailPlan[] {
  const { draw } = cast;
  const kind = (cast.variant >> 1) % 3;
  const isFree = draw.random.chance(0.3);
  const domain = attackerDomain(cast, attackerName(cast), draw.any(['own', 'm365', 'google']));
  const route = isFree ? freemailRoute(cast) : routeOf(domain);
  const templates = [DEVICE, CONSENT, CALL][kind] as readonly string[];
  return [
    planned(cast, {
      role: 'attack',
      why: [
        'a code that lets a stranger sign in at the real page',
        'an application that wants to read the mailbox',
        'a number to call about a payment that never was',
      ][kind] as string,
      route,
      from: {
        name: draw.own([
          'State Election Briefing',
          'Billing Department',
          'Microsoft 365 Support',
          'Renewal Desk',
          'IT Onboarding',
          'Secure Meetings',
        ]),
        address: `${draw.own(['service', 'team', 'invite', 'orders'])}${draw.random.integer(1, 99)}@${route.domain.name}`,
      },
      ...letterTo(cast, { subjects: SUBJECTS, templates, slots: slotsOf(cast) }),
    }),
  ];
}

function twin(cast: Cast): MailPlan[] {
  const { draw, world } = cast;
  const from = draw.any(NOTIFIERS);
  const name = from.address.split('@')[1] as string;
  const domain = world.domains.domain(name, name.includes('google') ? 'google' : 'm365', 'reject');
  return [
    planned(cast, {
      role: 'twin',
      why: `a notice that ${name} really sent`,
      route: routeOf(domain, 'bulk'),
      from,
      style: 'card',
      has: 'both',
      ...letterTo(cast, {
        subjects: [
          'New sign-in',
          'Security info changed',
          'Your subscription renews',
          'Quarantine digest',
          'Storage summary',
          'Recording available',
        ],
        templates: TWINS,
        slots: slotsOf(cast),
      }),
    }),
  ];
}

function slotsOf(cast: Cast): Record<string, string | number> {
  const { draw, office } = cast;
  const letters = 'BCDFGHJKLMNPQRSTVWXYZ23456789';
  return {
    code: draw.letters(9, letters),
    client: `${draw.letters(8, '0123456789abcdef')}-${draw.letters(4, '0123456789abcdef')}-4abc-9def-${draw.letters(12, '0123456789abcdef')}`,
    host: attackerName(cast),
    number: draw.random.integer(100_000, 999_999),
    sum: draw.dollars(250, 900),
    phone: `(888) 555-01${draw.random.integer(10, 99)}`,
    thing: draw.any(office.vendors).thing,
  };
}
