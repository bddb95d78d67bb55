/** Signals of the past. */
import type { SignalEntry } from '../signal.ts';

/** Codes of this step. */
export const RELATE_SIGNALS = {
  'first-contact': {
    text: 'This office has no record of {domain}.',
    points: 1,
    why: 'Most lures come from strangers, and so does much good mail: it tells twice as much as nothing.',
  },
  'first-from-address': {
    text: 'This is the first message from {address}, though others at {domain} have written before.',
    points: 0.5,
    why: 'An account that is taken over has written before; a made-up one at a real domain has not.',
  },
  'thread-made-up': {
    text: 'It says that it answers an earlier message, but this office has neither sent nor received that message.',
    points: 2,
    why: 'Scenario "forged thread" (Trellix 2022). Good mail does it too where somebody is added to a conversation: it never holds alone.',
  },
  'subject-answers-nothing': {
    text: 'The subject begins like an answer ("{prefix}"), but there is nothing that it answers.',
    points: 1,
    why: 'Mail programs that answer name the message; some forms and copiers do not.',
  },
  'thread-from-elsewhere': {
    text: 'It answers a message that this office wrote to {expected}, but it comes from {domain}.',
    points: 4,
    why: 'Scenario "hijacked thread" (Trellix 2022): the quoted mail is real, the sender is not. Colleagues of other firms answer too.',
  },
  'many-offices': {
    text: 'The same sender or the same links or files reached {count} other offices within the hour.',
    points: 2,
    why: 'FBI PIN 2022-03-29: one lure to nine states within hours. Bulletins do it too, so it never holds alone.',
  },
  'known-campaign': {
    text: 'It belongs to a campaign against election offices that was seen before ({campaign}).',
    points: 8,
    atLeast: 'hold',
    why: 'Somebody has looked at it: a report, a warning, an indicator.',
  },
  correspondent: {
    text: 'This office has written to {address} before, and the message is really from there.',
    points: -3,
    why: 'Only where the author is vouched for (SPF, DKIM, DMARC): a name alone takes nothing off.',
  },
  'answers-ours': {
    text: 'It answers a message that this office sent to {domain}.',
    points: -3,
    why: 'Message ids of ours are known only to whom we wrote; a mailbox that was taken over knows them too, so it is no pass.',
  },
} as const satisfies Readonly<Record<string, SignalEntry>>;
