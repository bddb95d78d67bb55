/** Words of the page of blocks. */
import { count, counted } from '../../words/formats.ts';
import type { Standing } from './standing.ts';

export const BLOCKS = {
  title: 'Blocks',
  intro:
    'What was decided, and what really happens. Each computer that blocks reads it in its own firewall and tells it here, at least once a minute.',
  agents: 'The computers that do it',
  spoken: {
    name: (office: string, computer: string) => `${office} (${computer})`,
    decided: (decided: number) =>
      decided === 0
        ? 'Nothing is blocked now.'
        : `${counted(decided, 'block')} ${decided === 1 ? 'is' : 'are'} decided.`,
    enforcing: (enforcing: number, asked: number) =>
      `${count(enforcing)} of ${counted(asked, 'computer')} ${enforcing === 1 ? 'enforces what it was' : 'enforce what they were'} told.`,
    exceptions: (refused: number, missing: number) =>
      `Refused at offices: ${refused === 0 ? 'none' : count(refused)}. Missing in a firewall: ${missing === 0 ? 'none' : count(missing)}.`,
    nobody: 'No computer with our agent enforces them.',
    silent: (names: string) =>
      `Not heard: ${names}. What they block holds until it ends, but nobody can say that it does. Call the office.`,
    damaged: (names: string) =>
      `Not as it should be: ${names}. They mend it by themselves within half a minute. If it stays, see why below, and call the office.`,
    behind: (names: string) => `Have not told yet that they took the last change: ${names}.`,
    none: (computers: number) =>
      `${counted(computers, 'more computer')} ${computers === 1 ? 'does' : 'do'} not block: nobody asked for it, or no order has come yet.`,
    atClients: (blocks: number) =>
      `${counted(blocks, 'more block')} ${blocks === 1 ? 'is of a client' : 'are of clients'} behind a proxy: only web servers and proxies with a key are told.`,
    lifted: (lifted: number) =>
      `${counted(lifted, 'block')} ${lifted === 1 ? 'was' : 'were'} lifted by a person within the last day.`,
  },
  each: {
    title: 'Each computer',
    intro: 'Those that need a person stand first. Numbers are of the last report.',
    none: 'No office has a computer with our agent yet. Make a code for one under “Agents”.',
    columns: {
      office: 'Office and computer',
      standing: 'How it stands',
      heard: 'Last heard',
      decided: 'Told to block',
      enforced: 'Read back',
      refused: 'Refused',
      missing: 'Missing',
      vetoes: 'Said no to',
    },
    never: 'never',
    find: 'Find an office',
    noneFound: 'No computer of such an office.',
    more: (shown: string, all: string) => `${shown} of ${all} computers.`,
    all: 'Show all computers',
    says: (why: string) => `It says: ${why}`,
    order: (at: number, last: number) => `It has order ${count(at)} of ${count(last)}.`,
  },
  exceptions: {
    title: 'Blocks that are not enforced',
    intro: 'Each at the computer that does not enforce it, and why.',
    none: 'Every computer that we hear enforces all that it was told.',
    columns: { block: 'Blocked', where: 'Where', state: 'What', why: 'Why' },
    unknown: (number: string) => `Block ${number}`,
    states: { refused: 'Refused', missing: 'Missing' },
    missing: 'It was written, and was not there when the computer looked. It is written again by itself.',
    detail: (detail: string) => `It says: ${detail}`,
    veto: (why: string) => `Their reason: ${why}`,
    find: 'Find an address or an office',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all of them',
    unlisted: (listed: string, all: string) => `${listed} of ${all} are listed.`,
  },
  inForce: {
    title: 'What is blocked',
    intro:
      'The newest first. Services for voters stay open to everybody, whatever stands here. If somebody is blocked who should not be, undo it.',
    none: 'Nothing is blocked now. When something is, it stands here with the reason and its end.',
    columns: { value: 'Blocked', why: 'Why', covers: 'From what', until: 'Ends', undo: 'Undo' },
    covers: { all: 'Everything but services for voters', private: 'What is not for the public' },
    client: 'Only behind a proxy: web servers and proxies with a key are told, no firewall.',
    wrong: 'How often wrong:',
    find: 'Find an address or a reason',
    noneFound: 'Nothing in this list fits that. If it is an address, it is not blocked by what is listed.',
    more: (shown: string, all: string) => `${shown} of ${all} blocks.`,
    all: 'Show all of them',
    unlisted: (listed: string, all: string) =>
      `The newest ${listed} of ${all} are listed. Look for another one by its address, under “Contacts”.`,
  },
  undo: {
    name: 'Undo',
    says: (value: string) =>
      `${value} is let in again at every office, as soon as its computers hear of it. It can be blocked anew if it goes on.`,
    why: 'Why is it lifted?',
    confirm: 'Lift the block',
    done: (value: string, told: number) =>
      `The block of ${value} is lifted. ${
        told === 0
          ? 'No office listens now: each hears of it when it connects.'
          : `${counted(told, 'office')} ${told === 1 ? 'was' : 'were'} told at once. Others hear of it when they connect.`
      } Firewalls that ask for a list hear of it when they ask next.`,
  },
  bouncers: {
    title: 'Other firewalls and web servers',
    intro:
      'They ask for blocks with a key, and do it themselves. What they hold is what they say. Nobody reads it back, so they are not in the numbers above.',
    columns: {
      name: 'Office and key',
      asked: 'Last asked',
      kind: 'What it is',
      active: 'Says it holds',
      dropped: 'Says it turned away',
    },
    never: 'never',
    silent: 'It says nothing of itself',
    said: 'Said',
    find: 'Find an office or a key',
    noneFound: 'None fits that.',
    more: (shown: string, all: string) => `${shown} of ${all}.`,
    all: 'Show all of them',
  },
} as const;

/** How a computer stands, with a mark for who sees no color. */
export const STANDING_WORDS: Readonly<
  Record<Standing, { readonly name: string; readonly mark: string; readonly sign: string }>
> = {
  unheard: { name: 'Not heard', mark: '!', sign: 'silent' },
  never: { name: 'Never heard', mark: '!', sign: 'silent' },
  damaged: { name: 'Not as it should be', mark: '×', sign: 'silent' },
  behind: { name: 'Last change not told yet', mark: '~', sign: 'incomplete' },
  well: { name: 'Blocks what it was told', mark: '✓', sign: 'complete' },
  none: { name: 'Does not block', mark: '–', sign: 'none' },
};

const REFUSALS: Readonly<Record<string, string>> = {
  veto: 'The office said no.',
  never: 'It touches an address that is never blocked there, such as one of the office itself.',
  'too-wide': 'It covers more addresses at once than an office takes.',
  'too-long': 'It would last longer than an office takes.',
  over: 'It had ended when it came.',
  'not-yet': 'It begins later than the clock there says. One of the clocks is wrong.',
  'too-many': 'More is blocked there than one computer takes.',
  'too-fast': 'Too many new blocks came within an hour.',
  kernel: 'The firewall did not take it.',
};

/** Why a block was refused, by the code of it; of a code that is not known, the code. */
export function refusalText(code: string): string {
  return Object.hasOwn(REFUSALS, code) ? (REFUSALS[code] as string) : `${code}.`;
}
