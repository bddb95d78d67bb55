/**
 * Scenario 6: "your password expires today", in the name of the office's own administrators, with a page on a host that gives pages to
 * anybody, the office's name in its path and the addressee in the link. Twin: the notice that administrators really send.
 */
import { signatureOf } from '../letter/signature.ts';
import type { Route } from '../plan.ts';
import { FREE_HOSTS, ORGANISATIONS } from '../world/organisations.ts';
import {
  attackerDomain,
  attackerName,
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
  'Your {domain} password expires today',
  'Action required: {address}',
  'Password notification for {address}',
  '{domain} mailbox: keep current password',
  'IT: sign-in expires in {4|12|24} hours',
  'Mail delivery suspended for {address}',
  'Security update {domain}',
  'Storage limit reached - {address}',
];

const ATTACKS = [
  `# {domain}

The password of {address} {expires|runs out} today. You can {keep|go on using} the same one.

[!Keep current password]({url})

{domain} IT Services`,
  `Dear {given},

Your mailbox password is {90|180} days old and will be reset at midnight. To avoid loss of access confirm it on the staff page:

[https://{domain}/staff/password]({url})

Help desk`,
  `Hello {address},

{7|11|14} messages are held on the server since your sign-in is out of date. [Release messages]({url})

This notice is sent once.`,
  `Notice from the mail administrator

We are moving {office} to the new mail system. All accounts must be {validated|confirmed} before 5 pm or they will be left behind.

[!Validate {address}]({url})`,
  `{given},

our records show you did not renew your password in time for the election blackout period. Please {do it|renew} now: [renew here]({url}). Takes a minute.

County IT`,
  `# Sign-in about to expire

User: {address}

| Organization: {place}
| Status: pending

[!Re-authenticate]({url})`,
  `Your mailbox is {97|98|99}% full. New mail will be refused from tomorrow. [Increase storage]({url}) with your present password.

Administrator, {domain}`,
  `{place} employees,

after {a|the} security review every account has to confirm two things: password and phone. Open [the secure form]({url}) and sign in as {address}.`,
];

const TWINS = [
  `Hi {given},

your network password is due in ten days. Press Ctrl+Alt+Del on your office computer and choose Change a password. We never ask for it in an e-mail.`,
  `All {place} staff,

mail will be down Saturday 10 pm to midnight while we patch the server. You do not have to do anything. Questions: extension 4357.`,
  `Hello,

we changed the rules for passwords: 14 letters at least, no yearly change any more. The policy is on the intranet: [policy]({url}).`,
  `{given},

reminder from IT that your old laptop gets replaced on Tuesday. Leave it on your desk, with the charger. We take care of the files.`,
  `Dear colleagues,

the multi-factor roll-out reaches {office} next week. Someone from IT comes by each desk. Nothing is done by e-mail.`,
  `Staff,

passwords older than one year are listed by our system, and yours is one of them. Change it at your desk when you have time this week, or call us and we do it together. The page is [the one you know]({url}).`,
];

/** Scenario 6. */
export const PASSWORD_EXPIRY: MailScenario = { id: 's06-password-expiry', attack, twin };

function attack(cast: Cast) {
  const { draw, office } = cast;
  const to = draw.any([office.clerk, ...office.staff]);
  const domain = office.domain.name;
  const host = `${draw.own(['mail-portal', 'staff-login', 'webmail', 'owa-secure'])}-${draw.letters(5)}.${draw.own(FREE_HOSTS)}`;
  const mark = Buffer.from(to.address).toString('base64').replace(/=+$/, '');
  const url = draw.own([
    `https://${host}/${domain}/?id=${mark}`,
    `https://${host}/${domain}/login#${mark}`,
    `https://${host}/u/${mark}/${domain}`,
    `https://${host}/?d=${domain}&e=${mark}`,
  ]);
  const isFree = draw.random.chance(0.3);
  const sender = attackerDomain(cast, attackerName(cast), draw.any(['own', 'bulk']));
  const route: Route = isFree
    ? freemailRoute(cast, 'outlook.com')
    : routeOf(sender, draw.any(['php', 'bulk']));
  const address = isFree
    ? `admin.${draw.letters(6)}@outlook.com`
    : `${draw.own(['noreply', 'it', 'postmaster', 'notice'])}@${sender.name}`;
  return [
    planned(cast, {
      role: 'attack',
      why: `pretends to be the administrators of ${domain}, and leads to ${host}`,
      route,
      from: {
        name: draw.own([
          `${domain} IT`,
          `${office.place} Help Desk`,
          `Mail Administrator ${domain}`,
          'IT Service Desk',
        ]),
        address,
      },
      has: draw.any(['html', 'both']),
      hidden: draw.letters(40, 'abcdefghijklmnop qrstuvwxyz '),
      headers: [['X-Priority', '1 (Highest)']],
      ...letterTo(cast, { subjects: SUBJECTS, templates: ATTACKS, slots: { url }, to }),
    }),
  ];
}

function twin(cast: Cast) {
  const { draw, office } = cast;
  const riverbend = ORGANISATIONS.find(({ name }) => name === 'Riverbend IT Group');
  const isVendor = riverbend !== undefined && office.vendors.includes(riverbend);
  const outside = isVendor ? contactOf(cast, riverbend) : undefined;
  const person = outside?.person ?? {
    name: 'IT Department',
    title: 'Information Technology',
    address: `it@${office.domain.name}`,
  };
  return [
    planned(cast, {
      role: 'twin',
      why: isVendor
        ? 'the firm that runs the computers of the office writes from its own domain'
        : 'the administrators write from inside, signed',
      route: outside?.route ?? routeOf(office.domain),
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: [
          'Password policy',
          'Maintenance Saturday',
          'Your network password is due',
          'Laptop replacement',
          'MFA next week',
          'IT news {place}',
        ],
        templates: TWINS,
        slots: { url: `https://intranet.${office.domain.name}/policy` },
        signed: signatureOf(draw, person, isVendor ? 'Riverbend IT Group' : office.place),
      }),
    }),
  ];
}
