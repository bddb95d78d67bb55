/** Targeted messages that others published (Sublime Security, MIT: testdata/mail/sublime/dev), judged as shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeMail } from '@bellwether/mail';
import { expect, it } from 'vitest';
import { noDns } from '../dns/resolver.ts';
import { groundOf, NOBODY } from '../ground.ts';

const FOLDER = join(import.meta.dirname, '../../../../../../testdata/mail/sublime/dev');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'));

const person = (name: string, title: string, address: string) => ({ name, title, addresses: [address] });

/** As an office states its own people: three of the eight pretend to be one of them, and one says nothing else that is wrong. */
const OFFICE = {
  ...NOBODY,
  own: '29001',
  offices: [
    {
      ...{ office: '29001', name: 'Sublime Security', domains: ['sublimesecurity.com'] },
      ...{ publicMailboxes: [], addresses: [] },
    },
  ],
  people: [
    person('Josh Kamdjou', 'Chief Executive', 'josh@sublimesecurity.com'),
    person('Ian Thiel', 'Founder', 'ian@sublimesecurity.com'),
  ],
};

async function heldOf(list: typeof NOBODY): Promise<string[]> {
  const held: string[] = [];
  for (const name of NAMES) {
    // Each alone: what one says teaches nothing about the next.
    const ground = groundOf(list, noDns, null);
    const envelope = { client: null, helo: '', from: null, to: [], account: null };
    const bytes = readFileSync(join(FOLDER, name));
    const judged = await judgeMail({ bytes, envelope, hook: 'file', office: list.own, at: 0 }, ground);
    if (['hold', 'block'].includes(judged.okOrThrow().judgement.decision)) held.push(name);
  }
  return held;
}

it('are all held where the office says who its people are', async () => {
  expect(NAMES).toHaveLength(8);
  expect(await heldOf(OFFICE)).toEqual(NAMES);
});

it('are held but for one where nobody said so: a link to a shared document from a mail provider, in friendly words', async () => {
  const held = await heldOf(NOBODY);
  expect(NAMES.filter((name) => !held.includes(name))).toEqual(['emls_reported_phish.eml']);
});
