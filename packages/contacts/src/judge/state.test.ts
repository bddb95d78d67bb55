import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Fields that a snapshot leaves out, and why that loses nothing. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // Given by whoever makes the judge.
  'shards.ts #options': 'given',
  'shards.ts #copy': 'given',
  'shards.ts #mine': 'given',
  'shards.ts #isAlone': 'given',
  'shards.ts #ledger': 'emptied at the end of each step',
  'shards.ts #findings': 'emptied at the end of each stretch',
  'shards.ts #place': 'written before it is read, row by row',
  'shard.ts #findings': 'emptied at the end of each stretch',
  'blocks.ts #sources': 'told by the shard',
  'blocks.ts #surface': 'given',
  'blocks.ts #tally': 'told by the shards',
  'blocks.ts #findings': 'emptied at the end of each stretch',
  'commons.ts #surface': 'given',
  'commons.ts decided': 'drained at the end of each step',
  'commons.ts through': 'drained at the end of each step',
  'commons.ts moved': 'drained at the end of each step',
  'commons.ts throughUnlisted': 'not counted live',
  'surges.ts #surface': 'given',
  'surges.ts list': 'drained at the end of each step',
  'keyed.ts #limit': 'given',
  'keyed.ts #life': 'given',
  'labels.ts #limit': 'given',
  'prefixes.ts #limit': 'given',
  'routes.ts #limit': 'given',
  'sources.ts #limit': 'given',
  'targets.ts #size': 'given',
  // Made anew from what is told.
  'shards.ts #sensorNumber': 'made from the files',
  'shards.ts #isShared': 'made from the files',
  'shards.ts #trusted': 'made from the files',
  'shards.ts #sensors': 'made from the files',
  'sources.ts #w': 'the same memory as #d',
  'sources.ts #index': 'made from the records',
  'prefixes.ts #index': 'made from the keys',
};

/** What a class of a file declares, and the text of its `state`. */
type Stateful = { readonly file: string; readonly fields: readonly string[]; readonly state: string };

function statefulClasses(): Stateful[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('state') && !file.includes('.test.'))
    .flatMap((file) => {
      // What stands in a comment is not told.
      const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
      return text
        .split(/^(?=(?:export )?class )/m)
        .slice(1)
        .map((body) => ({
          file,
          // Fields stand two spaces in and are no methods.
          fields: [...body.split('\n}\n')[0]!.matchAll(/^ {2}(?:readonly )?(#?\w+)(?::| =)/gm)].map(
            ([, name]) => name!,
          ),
          state: /^ {2}state\(io: StateIo.*?^ {2}\}$/ms.exec(body)?.[0] ?? '',
        }))
        .filter(({ state }) => state !== '');
    });
}

describe('the state of each class that remembers', () => {
  const classes = statefulClasses();

  it('names every field, or it is known why not', () => {
    const forgotten = classes.flatMap(({ file, fields, state }) =>
      fields
        .filter((field) => !new RegExp(`this\\.${field}\\b`).test(state))
        .filter((field) => !new RegExp(`\\{ ${field} \\} = this`).test(state))
        .map((field) => `${file} ${field}`),
    );

    expect(forgotten.toSorted()).toEqual(Object.keys(LEFT_OUT).toSorted());
  });

  it('is looked at for all of them', () => {
    expect(classes.length).toBeGreaterThanOrEqual(20);
    expect(classes.flatMap(({ fields }) => fields).length).toBeGreaterThan(120);
  });
});
