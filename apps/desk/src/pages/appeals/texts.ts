/** Words of the page of appeals. */
import type { AppealAnswer, AppealRow } from '@bellwether/api';
import { count, counted } from '../../words/formats.ts';

export const APPEALS = {
  title: 'Appeals',
  intro:
    'A voter who is kept waiting or turned away can ask to be let in, on the page that kept them, or by telephone. Nobody has to prove anything. It opens services for voters alone, for a day.',
  spoken: (lastDay: number, holding: number) =>
    lastDay === 0
      ? 'Nobody asked to be let in within the last day.'
      : `${counted(lastDay, 'person', 'people')} asked to be let in within the last day. For ${count(holding)} of all who asked it holds now.`,
  whatItMeans:
    'One or two are chance. Many mean that a block is wrong, or that somebody tries the page out: look at what was held against them.',
  caller: {
    title: 'A caller reads you digits',
    intro:
      'The page that turned them away shows 12 or 22 digits. They are the caller’s address, and no secret. Type them as you hear them: a digit that was heard wrong is noticed.',
    code: 'The digits',
    codeHint: 'Spaces do not matter: 3405 8037 7397',
    codeMissing: 'Type the digits first: 12 of them, or 22.',
    note: 'A note, if there is something to remember',
    noteHint: 'No names of voters, please. Others read it.',
    button: 'Let the caller in',
    waiting: 'Letting them in',
    outcomes: {
      'let-in': (network) =>
        `${network} is let in. Tell the caller to wait a minute, and to load the page again. It holds for a day.`,
      already: (network) =>
        `${network} was let in within the last day already. If the page still turns the caller away, the reason is another one: ask for the words on the page.`,
      'not-held': (network) =>
        `Nothing is held against ${network}. The page should open. If it does not, the service itself may be down.`,
      'too-many': (network) =>
        `So many asked within the hour that ${network} was not let in. Somebody may be trying this out. Call the state office.`,
    } satisfies Record<AppealAnswer['outcome'], (network: string) => string>,
  },
  list: {
    title: 'Who was let in',
    intro: 'The latest first. An address that is no voter can be shut out again.',
    none: 'Nobody was let in yet.',
    stateOnly: 'Addresses of voters are shown to the state office alone.',
    columns: {
      network: 'Address',
      how: 'How they asked',
      against: 'What was held against it',
      until: 'Holds until',
      end: 'End it',
    },
    how: { page: 'On the page', phone: 'By telephone' } satisfies Record<AppealRow['how'], string>,
    by: (name: string) => `${name} took the call.`,
    nothing: 'A block that is over now',
    ended: 'A person ended it.',
    find: 'Find an address or a reason',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all of them',
  },
  end: {
    name: 'End it',
    says: (network: string) =>
      `Services for voters turn ${network} away again, as soon as offices hear of it. Do this only if it is no voter.`,
    confirm: 'Shut it out again',
    done: (network: string) => `${network} is not let in any more.`,
  },
} as const;
