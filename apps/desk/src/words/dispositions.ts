/** What became of a contact, in words for people; and the few groups in which charts show it. */
import type { DispositionName, Dispositions } from '@bellwether/api';

/** Every disposition, in the order of the account. */
export const DISPOSITIONS: readonly DispositionName[] = [
  'refused',
  'blocked',
  'served',
  'authorised',
  'test',
  'reply',
  'unsettled',
  'through',
];

/** Name on screen, and what it means. */
export const DISPOSITION_WORDS: Readonly<Record<DispositionName, { name: string; meaning: string }>> = {
  refused: { name: 'Refused', meaning: 'Turned away, or nobody answered.' },
  blocked: { name: 'Blocked', meaning: 'Stopped by a block that was decided before.' },
  served: { name: 'Served', meaning: 'Got what is there for everybody, such as a public page.' },
  authorised: { name: 'Authorized', meaning: 'Staff, or others who may use it.' },
  test: { name: 'Test', meaning: 'Part of a test that was agreed on.' },
  reply: { name: 'Reply', meaning: 'An answer to something that our side asked.' },
  unsettled: { name: 'Being looked at', meaning: 'Cannot be told yet: a person has to look.' },
  through: { name: 'Got through', meaning: 'Reached something that it should not have reached.' },
};

/** A group of dispositions that a chart shows as one colour with one pattern. */
export type Group = {
  readonly key: 'stopped' | 'served' | 'known' | 'open' | 'through';
  readonly name: string;
  readonly of: readonly DispositionName[];
};

/** Groups from the bottom of a bar to its top: what matters most lies where all bars end. */
export const GROUPS: readonly Group[] = [
  { key: 'stopped', name: 'Stopped', of: ['refused', 'blocked'] },
  { key: 'served', name: 'Served', of: ['served', 'authorised'] },
  { key: 'known', name: 'Tests and replies', of: ['test', 'reply'] },
  { key: 'open', name: 'Being looked at', of: ['unsettled'] },
  { key: 'through', name: 'Got through', of: ['through'] },
];

/** Contacts of one group. */
export function inGroup(group: Group, dispositions: Dispositions): number {
  return group.of.reduce((sum, name) => sum + dispositions[name], 0);
}

/** All contacts. */
export function allContacts(dispositions: Dispositions): number {
  return DISPOSITIONS.reduce((sum, name) => sum + dispositions[name], 0);
}
