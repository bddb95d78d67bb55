/** Signals of links and forms. Points are first guesses from the literature until they are measured; `why` says so. */
import type { SignalEntry } from '../../signal.ts';

/** Codes of this step. */
export const LINK_SIGNALS = {
  'link-text-differs': {
    text: 'A link says {shown}, but it leads to {leads}.',
    points: 3,
    why: 'rspamd fires on 2.7 % of real lures and 0.6 % of good mail for it (research); mailing services rewrite links too.',
  },
  'link-has-recipient': {
    text: 'The address of the reader stands inside the link to {host}, so that the page can show it.',
    points: 2,
    why: 'Pages that ask for a password fill in the address; newsletters put a number there, seldom the address.',
  },
  'link-free-host': {
    text: 'A link leads to {host}, where anybody can make a page within minutes.',
    points: 1,
    why: 'Many lures live there, and so do many honest forms: it weighs with others.',
  },
  'link-shortened': {
    text: 'A link is shortened ({host}), so that nobody sees where it leads.',
    points: 1,
    why: 'The same for short addresses.',
  },
  'link-to-number': {
    text: 'A link leads to a number instead of a name ({host}).',
    points: 3,
    why: 'No office, vendor or agency links to a bare address.',
  },
  'link-hides-host': {
    text: 'A link is written so that it looks like another place: it leads to {host}.',
    points: 4,
    atLeast: 'banner',
    why: 'A name before @ in an address has no honest use in mail.',
  },
  'link-to-login': {
    text: 'A link leads to a page at which one signs in, at {host}.',
    points: 1,
    why: 'Services lead to their own such pages; it weighs with what is asked, and by whom.',
  },
  'link-elsewhere': {
    text: 'A link leads to {host}, which does not belong to the sender.',
    points: 0,
    why: 'Usual by itself, and so not told; it weighs with others.',
  },
  'link-runs': {
    text: 'A link does not lead to a page: it runs a program or opens a page inside the message ({scheme}).',
    points: 4,
    atLeast: 'banner',
    why: 'javascript: and data: pages have no honest use in mail.',
  },
  'link-led-on': {
    text: 'A link goes through {through} first, and leads to {host}.',
    points: 0.5,
    why: 'Gateways rewrite honest links too; an open redirect of a well-known name hides the target.',
  },
  'form-asks-password': {
    text: 'The message itself asks for a password.',
    points: 6,
    atLeast: 'hold',
    why: 'Nobody honest asks for a password inside of a message.',
  },
  'form-leads-elsewhere': {
    text: 'What is typed into the message goes to {host}.',
    points: 2,
    why: 'Forms in mail are rare; those of surveys go to their own service.',
  },
  'picture-is-link': {
    text: 'The message is a picture that is a link, with hardly any words.',
    points: 2,
    why: 'Pictures of words get past filters; so do some posters of events.',
  },
  'words-hidden': {
    text: 'The message holds {count} words that no reader sees.',
    points: 2,
    why: 'rspamd sees many invisible parts in 23.8 % of real lures (research); newsletters hide a line of preview.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;
