/**
 * Scenario 1: a vendor's name over a freemail address, with a user guide that carries a macro. As in 2016, when a copy of a vendor's
 * manual went to 122 addresses of local governments. Twin: the vendor's own domain and a document without a macro.
 */
import type { Draw } from '../draw.ts';
import { DOCM_TYPE, DOCX_TYPE, wordFile } from '../files/word.ts';
import { signatureOf } from '../letter/signature.ts';
import type { MailPlan } from '../plan.ts';
import { FREEMAIL, type MailOrganisation } from '../world/organisations.ts';
import { givenName } from '../world/people.ts';
import { type Cast, contactOf, freemailRoute, type MailScenario, partyOf, planned } from './cast.ts';

const SUBJECTS = [
  'New {word} User Guides',
  '{word}: {updated|revised} operator manual for November',
  'Documentation for your {word} equipment',
  'Please install: {word} quick reference {2026|Nov 2026}',
  '{vendor} - customer notice and new guide',
  'RE: {word} handbook you asked for',
];

const ATTACKS = [
  `Dear customer,

The {new|2026} user guides for {word} are {ready|out}. They describe the {changes|new steps} in the software that your office uses for {thing}.

To {take|follow} the guide, open the attached document and choose Enable Content when Word asks. Without it the pictures stay empty.`,
  `Hello {given},

we {noticed|saw} that {place} still works from the previous {word} manual. The one attached replaces it, and it {has to be|must be} in use before logic and accuracy testing.

If you see a yellow bar on top of the page, press "Enable Editing" and then "Enable Content", so that the {tables|diagrams} load.`,
  `Good {morning|afternoon},

Attached is the updated {word} guide. Several counties {had trouble|reported problems} at opening last time, so please have every poll worker lead read pages 3 to 7.

The file is protected for our customers. Word will show a security warning: that is normal, allow it.`,
  `{given} -

quick one from {vendor} support. Field bulletin on {thing} is in the attachment, {has to be acknowledged|we need your OK} by Friday. Macros have to be on or the sign-off button at the end won't work.`,
  `To all {word} jurisdictions:

A {setting|default} in the current release can delay closing of polls. The procedure that avoids it is described in the attached guide. Please {circulate|hand it on} in your office.

Activate the document's contents to see your county's {own settings|configuration}.`,
  `Hi,

per our support agreement here comes the new handbook for {word}. It is an interactive document: after opening allow the contents, pick your county in the list, done.

Any trouble, answer to this address and {not|please not} to the old support line, which is being moved.`,
];

const TWINS = [
  `Hello {given},

The new user guide for {word} is attached. It replaces the one from spring; what changed is on page 2.

Nothing has to be installed. If you would rather have it on paper, tell me how many {copies|binders} you need and we bring them when we are there for testing.`,
  `Hi {given},

as {promised|discussed on the phone}, here is the {word} quick reference for your poll workers. Feel free to print it.

I am in {place} next week and can walk through it with you.`,
  `Dear {given},

Please find attached release notes and operator guide for {thing}. The certified version did not change.

Questions go to the support line on your maintenance card, as always.`,
  `{given},

here's the handbook in Word so your office can cut out what you don't use. {The pdf is on the customer portal too.|Marcy has the same file if you lose it.}

See you at the users' meeting!`,
  `Good morning {given},

attached are the guides for early voting setup. They are the same for all our counties this year.

Let me know when your {warehouse|storage room} is open so that the technician can deliver the spare batteries.`,
  `Hello,

this is our regular documentation mail to {place}. You get it because you are listed as the contact for {thing}. The attached file is the complete manual.`,
];

/** Macros that only say something: what matters is that they start by themselves. */
const MACROS = [
  'Sub AutoOpen()\n  Dim s\n  Set s = CreateObject("WScript.Shell")\n  s.Run "notepad.exe", 1, False\nEnd Sub',
  'Private Sub Document_Open()\n  Call Prepare\nEnd Sub\nSub Prepare()\n  MsgBox "guide"\n  Shell "cmd.exe /c echo guide", vbHide\nEnd Sub',
  'Sub AutoOpen()\n  Dim x As Object\n  Set x = GetObject("winmgmts:root\\cimv2:Win32_Process")\n  x.Create "calc.exe"\nEnd Sub',
  'Sub Document_Open()\n  Dim h: Set h = CreateObject("MSXML2.XMLHTTP")\n  h.Open "GET", "http://guide.invalid/a", False\nEnd Sub',
];

const MAILBOXES = [
  '{slug}.support',
  'support.{slug}',
  '{slug}elections',
  '{slug}-customercare',
  '{slug}.manuals',
  'help.{slug}2026',
];

/** Names of the file. */
const FILES = [
  'New {word} User Guides',
  '{word}_Operator_Manual_Nov2026',
  '{word} quick guide',
  '{word} field bulletin 26-11',
  'Handbook {word}',
  '{word}-County-Setup',
];

/** Scenario 1. */
export const VENDOR_FREEMAIL: MailScenario = {
  id: 's01-vendor-freemail',
  attack: (cast) => {
    const { draw, office } = cast;
    const vendor = draw.any(office.vendors);
    const provider = draw.own(FREEMAIL);
    const slug = (vendor.words[0] as string).toLowerCase().replace(/[^a-z]/g, '');
    const name = draw.own([
      `${vendor.words[0]} Support`,
      vendor.name,
      `${vendor.name} Customer Care`,
      `${vendor.words[0]} Elections`,
    ]);
    const address = `${draw.say(MAILBOXES, { slug })}@${provider}`;
    const person = { name, title: 'Customer Support', address };
    return [
      message(cast, vendor, ATTACKS, {
        role: 'attack',
        why: `${vendor.name} never writes from ${provider}; the guide carries a macro that starts by itself`,
        route: freemailRoute(cast, provider),
        from: { name, address },
        signature: draw.random.chance(0.5) ? `| ${name}` : signatureOf(draw, person, vendor.name),
        macro: draw.own(MACROS),
      }),
    ];
  },
  twin: (cast) => {
    const vendor = cast.draw.any(cast.office.vendors);
    const { person, route } = contactOf(cast, vendor);
    return [
      message(cast, vendor, TWINS, {
        role: 'twin',
        why: `${vendor.name} sends its guide from its own domain, signed, without a macro`,
        route,
        from: partyOf(person),
        signature: signatureOf(cast.draw, person, vendor.name),
      }),
    ];
  },
};

function message(
  cast: Cast,
  vendor: MailOrganisation,
  templates: readonly string[],
  rest: Pick<MailPlan, 'role' | 'why' | 'route' | 'from'> & {
    readonly signature: string;
    readonly macro?: string;
  },
): MailPlan {
  const { draw, office } = cast;
  const to = draw.any([office.clerk, ...office.staff]);
  const word = draw.any(vendor.words);
  const slots = {
    word,
    vendor: vendor.name,
    thing: vendor.thing,
    place: office.place,
    given: givenName(to.name),
  };
  const { signature, macro, ...told } = rest;
  return planned(cast, {
    ...told,
    to: [partyOf(to)],
    subject: draw.say(SUBJECTS, slots),
    body: `${draw.say(templates, slots)}\n\n${signature}`,
    files: [guide(draw, draw.say(FILES, slots), slots, macro)],
  });
}

function guide(draw: Draw, name: string, slots: { word: string; thing: string }, macro: string | undefined) {
  const paragraphs = [
    `${slots.word} user guide`,
    `This guide is about ${slots.thing}. Read it before you unpack the equipment.`,
    macro === undefined
      ? 'Chapter 1: opening the polls.'
      : 'Contents are protected. Enable Content to view them.',
    `Revision ${draw.random.integer(2, 40)}`,
  ];
  const bytes = wordFile(macro === undefined ? { paragraphs } : { paragraphs, macro });
  return macro === undefined
    ? { name: `${name}.docx`, type: DOCX_TYPE, bytes }
    : { name: `${name}.docm`, type: DOCM_TYPE, bytes };
}
