/** How people end their mail: six habits, some of them long. */
import type { Draw } from '../draw.ts';
import { givenName } from '../world/people.ts';
import type { MailPerson } from '../world/world.ts';

/** Closing words of each half. */
const CLOSINGS = [
  'Thanks,',
  'Thank you,',
  'Regards,',
  'Best,',
  'Sincerely,',
  'Kind regards,',
  'Thanks so much!',
  'Have a good one,',
  'Respectfully,',
  'Take care,',
];

/** A line that offices and firms put below everything. */
const NOTICES = [
  'CONFIDENTIALITY NOTICE: This message may be subject to the Missouri Sunshine Law, Chapter 610 RSMo.',
  'This e-mail is meant for the person it is addressed to. If that is not you, please delete it and tell us.',
  'Please think of the trees before you print this message.',
  'Our office is closed on state holidays. Replies may take one business day.',
  'Follow us for reminders about deadlines and polling places.',
  'Election Day is a day to say thank you to a poll worker.',
];

/** A closing with a signature block in the letter's markup. */
export function signatureOf(draw: Draw, person: MailPerson, organisation: string): string {
  const closing = draw.own(CLOSINGS);
  const telephone = draw.telephone();
  switch (draw.random.below(6)) {
    case 0:
      return `| ${closing}\n| ${givenName(person.name)}`;
    case 1:
      return `${closing}\n\n| ${person.name}\n| ${person.title}\n| ${organisation}\n| ${telephone}`;
    case 2:
      return `${closing}\n\n| ${person.name} | ${person.title}\n| ${organisation} | T ${telephone} | ${person.address}\n\n---\n\n${draw.own(NOTICES)}`;
    case 3:
      return `| --\n| ${person.name}, ${person.title}\n| ${organisation}`;
    case 4:
      return `| ${givenName(person.name)}\n| ${draw.any(['Sent from my iPhone', 'Sent from Outlook for Android', 'Sent from my phone, please excuse typos'])}`;
    default:
      return `${closing}\n\n| ${person.name.toUpperCase()}\n| ${person.title}, ${organisation}\n| Office ${telephone}   Fax ${draw.telephone()}\n\n${draw.own(NOTICES)}`;
  }
}
