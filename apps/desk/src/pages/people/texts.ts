/** Words of the page People. */
import type { CodeWish } from '@bellwether/api';
import { counted } from '../../words/formats.ts';

/** Who did something, where it is no person whom the reader can look up. */
export const WHO_WORDS = {
  machine: 'whoever runs the hub’s computer',
  hub: 'Bellwether itself',
  directory: (name: string) => `the sign-in of ${name}`,
  key: (number: string) => `key ${number}`,
  unknown: 'somebody of another office',
} as const;

/** How places are called. */
export const PLACE_WORDS = {
  state: 'The state',
  everywhere: 'all offices at once',
  numbered: (place: string) => `Office ${place}`,
} as const;

export const PEOPLE = {
  title: 'People',
  titleAt: (place: string) => `People: ${place}`,
  all: 'All people',
  intro: 'Who may come in here, what they may do, and until when. Each change stands in the trail.',
  place: 'Office',
  everywhere: 'All that I may see',
  find: 'Find a person',
  show: 'Show',
  shown: {
    here: 'Here now',
    invited: 'Invited, not in yet',
    removed: 'Removed',
  },
  list: 'List of people',
  none: 'Nobody is like this now.',
  noneHere: 'Nobody has a role here yet. “Invite a person” lets somebody in.',
  invite: 'Invite a person',
  states: { invited: 'Invited', active: 'Active', removed: 'Removed' },
  details: (name: string) => `Details and changes: ${name}`,
  more: 'Details',
  less: 'Close',
  columns: { name: 'Name', roles: 'May do', state: 'State', seen: 'Last seen', more: 'Details' },
  never: 'never',
  noRole: 'No role now',
  role: (role: string, place: string) => `${role}, ${place}`,
  allOffices: 'all offices',
  until: 'until',
  you: 'you',
} as const;

export const PERSON = {
  facts: {
    phone: 'Phone',
    noPhone: 'not written down',
    passkeys: 'Passkeys',
    seen: 'Last seen',
    code: 'Code that was read to them',
    codeUntil: 'works until',
  },
  roles: 'Roles',
  given: (by: string) => `Given by ${by} on`,
  why: (why: string) => `“${why}”`,
  end: {
    name: 'End this role',
    says: (name: string) =>
      `${name} can no longer do what this role allows, from now on. Their other roles stay.`,
    why: 'Why does it end?',
    confirm: 'End the role',
    done: (name: string) => `The role of ${name} has ended.`,
  },
  give: 'Give another role',
  givenNow: (name: string) => `${name} has the new role.`,
  code: {
    enrol: { name: 'Make a new code', says: 'for their first sign-in' },
    passkey: { name: 'Code for another device', says: 'beside those that they have' },
    recover: { name: 'They lost every device', says: 'their other passkeys then work no longer' },
  } satisfies Record<CodeWish['purpose'], { name: string; says: string }>,
  withdraw: 'Withdraw the code',
  withdrawn: (name: string) => `The code of ${name} works no longer.`,
  signOut: {
    name: 'Sign out everywhere',
    says: (name: string) =>
      `${name} is signed out at once, on every device, and may sign in again with their passkey. Good where a device was left open, or is lost for a while.`,
    why: 'Why are they signed out?',
    confirm: 'Sign them out now',
    done: (name: string) => `${name} is signed out on every device.`,
  },
  remove: {
    name: 'Remove this person',
    says: (name: string) =>
      `${name} is signed out at once, on every device. Their passkeys, codes and roles end. What they did stays in the trail. To let them in again, invite them anew.`,
    why: 'Why are they removed?',
    confirm: 'Remove them now',
    done: (name: string) => `${name} is removed and signed out.`,
  },
  own: 'This is you. Nobody changes their own rights: somebody else who may does it for you.',
  ownLink: 'Your devices and sign-ins',
  notYours:
    'They have a role that is not yours to give: the state office makes codes for them and removes them.',
  removed: 'Nothing is left to change. To let them in again, invite them anew.',
} as const;

export const ROLE_FORM = {
  invite: 'Invite a person',
  inviteIntro:
    'You get a code of twelve digits to read to them over the phone. With it they make their device their own.',
  give: (name: string) => `Another role for ${name}`,
  name: 'Full name',
  nameHint: 'As it stands on their badge. They see it before they make their passkey.',
  phone: 'Phone number that you know',
  phoneHint: 'From your own list or their letterhead, not from a mail or a call of today.',
  place: 'Where',
  placeFirst: 'Choose the office',
  state: 'The state (all offices)',
  role: 'What they may do',
  roleFirst: 'Choose where first: then the roles stand here.',
  ends: 'Ends by itself within three months.',
  until: 'Last day',
  untilOr: 'Last day (if it should end by itself)',
  untilHint: (last: string) =>
    `People from outside need one, ${last} at the latest. On that evening their access ends.`,
  untilFree: 'Leave it empty for people who work here.',
  why: 'Why',
  whyOr: 'Why (if there is something to say)',
  whyHint: 'It stands in the trail. For people from outside the office reads it too.',
  submit: 'Invite, and show the code',
  submitGive: 'Give the role',
  waiting: 'Asking the hub',
  leave: 'Leave it',
  faults: {
    name: 'Write the name.',
    phone: 'Write the number.',
    place: 'Choose where.',
    role: 'Choose a role.',
    until: 'Choose the last day: people from outside need one.',
    why: 'Write why, in a few words.',
    past: 'This day is over. Choose a later one.',
    far: 'This is too far away. Choose a day within three months.',
    short: 'Write a little more: at least three letters.',
  },
} as const;

export const PHONE_CODE = {
  title: (name: string) => `Call ${name} now`,
  steps: {
    call: (phone: string | null) =>
      phone === null
        ? 'Call the number that you know. Not one that called you, and not one from a mail.'
        : `Call ${phone}, if that is the number that you know. Not one that called you, and not one from a mail.`,
    sayTitle: 'Say:',
    say: (me: string | null, address: string, until: string) =>
      `This is ${me ?? 'the state office'}. On the device that you want to use, open ${address}. Type the code that I read to you now. It works once, until ${until}.`,
    hubAddress: 'the address of Bellwether and choose “I have a code from the state office”',
    read: 'Read the code, four digits at a time. Never send it by mail or message.',
    wait: (name: string) =>
      `Stay on the line. They see the name ${name} before they go on. If another name is there, they press “That is not me”, and you withdraw the code.`,
  },
  code: 'The code',
  codeOf: (name: string) => `Code for ${name}`,
  once: 'It is shown this once. Whoever has it can come in as this person.',
  left: 'Works for',
  over: 'The code works no longer',
  overText: 'Fifteen minutes are over. Make a new one when you have them on the phone.',
  used: (name: string) => `The code was used. ${name} is at it now, or is in already.`,
  usedText: 'If it was not them, remove the person at once: somebody else has the code.',
  again: 'Make a new code',
  againSaid: 'A new code is here. The old one works no longer.',
  withdraw: 'Withdraw the code',
  close: 'Done: close this',
} as const;

export const RECOVERIES = {
  title: 'Waiting for you',
  intro:
    'They say that they lost every passkey, and used a printed code. An administrator comes in again only if a second one agrees.',
  asked: 'Asked',
  from: 'from',
  until: 'Can be agreed to until',
  first: 'Call them on the number that you know first.',
  number: (phone: string) => `In the list: ${phone}.`,
  tick: (name: string) => `I called ${name}, knew the voice, and they asked for it`,
  tickMissing: 'Call them first, then tick this.',
  agree: 'Agree, and show the code',
  refuse: 'Refuse',
  refuseSays: (name: string) =>
    `${name} gets no code. If it was not them who asked, somebody has their printed codes: they should make new ones.`,
  refuseConfirm: 'Refuse it',
  refused: (name: string) => `Refused: ${name} was not let in.`,
} as const;

/** How many of the list are shown. */
export function shownOf(count: number): string {
  return counted(count, 'person', 'people');
}
