/** Signals of who a message claims to be from. */
import type { SignalEntry } from '../signal.ts';

/** Codes of this step. */
export const IDENTIFY_SIGNALS = {
  'lookalike-letters': {
    text: '{domain} is written so that it is taken for {real} ({name}), with letters that only look the same.',
    points: 7,
    atLeast: 'hold',
    why: 'Nobody registers such a name by chance.',
  },
  'lookalike-inside': {
    text: '{domain} begins like {real} ({name}), but it ends differently, and the end tells whose it is.',
    points: 7,
    atLeast: 'hold',
    why: 'The whole address of somebody else inside of another one has no honest use.',
  },
  'lookalike-edit': {
    text: '{domain} is nearly {real} ({name}), and not the same.',
    points: 5,
    atLeast: 'banner',
    why: 'One or two letters from a name of the list; short names have neighbours by chance, which are not looked at.',
  },
  'lookalike-ending': {
    text: '{domain} has the name of {real} ({name}) with another ending.',
    points: 4.5,
    atLeast: 'banner',
    why: 'Firms have several endings, which belong on the list; attackers take the ones that are free.',
  },
  'lookalike-words': {
    text: '{domain} carries the name of {name}, whose real address is {real}.',
    points: 4.5,
    atLeast: 'banner',
    why: 'A name with "support", "secure" or "elections" beside it is what lures are sent from, and now and then a firm’s own second name.',
  },
  'lookalike-part': {
    text: '{domain} has the name of {name} in it, whose real address is {real}.',
    points: 2.5,
    why: 'Local papers, fairs and clubs carry such names too.',
  },
  'answer-to-lookalike': {
    text: 'An answer would go to {domain}, which only looks like {real} ({name}).',
    points: 6,
    atLeast: 'hold',
    why: 'Who sends from one place and wants the answer at a lookalike means to be mistaken.',
  },
  'person-elsewhere': {
    text: 'It is shown as from {name}, but {address} is none of their addresses.',
    points: 3.5,
    atLeast: 'banner',
    why: 'Scenario of the official who asks for a favour. People share names, so it does not hold alone.',
  },
  'person-with-role': {
    text: 'It speaks as {name} in their office ("{role}"), from an address that is not theirs.',
    points: 4,
    why: 'Somebody of the same name does not have the same title.',
  },
  namesake: {
    text: 'It is shown with the name of {name}, from an address that nobody has told us; it may be another person.',
    points: 1,
    why: 'At a mailbox where strangers write, people who share a name are likelier than attackers.',
  },
  'organisation-elsewhere': {
    text: 'It is shown as from {name}, but it comes from {domain}, which is not theirs.',
    points: 4,
    atLeast: 'banner',
    why: 'Scenario of the vendor on a free account (2016). Services that send for others do it too, until they are listed.',
  },
  'organisation-word-elsewhere': {
    text: 'The name of {name} is shown with the sender, but it comes from {domain}, which is not theirs.',
    points: 1.5,
    why: 'Reporters and dealers name others as well.',
  },
  'mailbox-named-after': {
    text: 'The address {address} is named after {name}, but anybody can make an address there.',
    points: 3,
    atLeast: 'banner',
    why: 'Some small offices do have such addresses; theirs are on the list.',
  },
  'address-in-name': {
    text: 'It is shown as from {shown}, but it really comes from {address}.',
    points: 3,
    atLeast: 'banner',
    why: 'In 2,075 good messages of SpamAssassin none, in 948 bad ones 4. Lists and services that send for others say "via".',
  },
  'protected-in-name': {
    text: 'It is shown as from {shown}, an address of {name}, but it really comes from {address}.',
    points: 6,
    atLeast: 'hold',
    why: 'An address of somebody on the list is put where readers look, over another one.',
  },
  'not-proven': {
    text: 'It says that it is from {domain} ({name}), but nothing proves it.',
    points: 3,
    atLeast: 'banner',
    why: 'Real mail of those on the list is signed or comes from their servers; some lists break it.',
  },
  'answer-goes-elsewhere': {
    text: 'An answer would not go to {name}, but to {address}.',
    points: 3.5,
    atLeast: 'banner',
    why: 'Vendors have answers go to ticket systems, which are mostly below their own name.',
  },
  'answer-to-freemail': {
    text: 'It comes from {domain}, but an answer would go to {address}, where anybody can make an address.',
    points: 2,
    why: 'In 2,075 good messages of SpamAssassin none, in 948 bad ones 19; member lists and forms of web pages are left out.',
  },
  'really-theirs': {
    text: 'It is really from {name}.',
    points: -1,
    why: 'Proven, and on the list. Accounts are taken over too, so it takes off little.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;
