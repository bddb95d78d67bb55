/** Words of the page of one source. */
import type { SourceAnswer } from '@bellwether/api';

export const SOURCE = {
  back: 'Search its contacts',
  verdicts: {
    unknown: {
      name: 'Nothing is held against it',
      text: 'What it did does not tell it apart from a visitor. It is not blocked.',
    },
    scan: {
      name: 'It looks for what is open',
      text: 'It fails at one thing after another, far more often than a visitor does.',
    },
    attempt: {
      name: 'It tries to get in',
      text: 'It guesses passwords, or sends what is meant to break something.',
    },
    intrusion: {
      name: 'It got in',
      text: 'It reached something that it should not have reached. Call the office now.',
    },
  } satisfies Record<SourceAnswer['verdict'], { name: string; text: string }>,
  facts: {
    contacts: 'Contacts',
    targets: 'Things that it reached for',
    offices: 'Offices',
    first: 'First seen',
    last: 'Last seen',
    campaign: 'Campaign',
  },
  noMoment: 'not known',
  spared: (why: string) => `It is never blocked: ${why}.`,
  drill: (title: string, number: number) =>
    `We used this address for a drill of our own: ${title} (number ${number}). Its contacts count like any others.`,
  scanner: (name: string) =>
    `It scans for research, says ${name}. That explains it; it is blocked like any other all the same.`,
  decisions: {
    title: 'Blocks',
    none: 'It was never blocked.',
    rule: 'Why',
    from: 'From',
    until: 'Ends',
    evidence: 'Rests on',
    evidenceText: (contacts: string, targets: string) => `${contacts} with ${targets}`,
    wrong: 'How often this is wrong',
    forgeable: 'Somebody could have sent these in its name, so the block is short.',
    covers: {
      all: 'Covers everything',
      private: 'Covers what is not for the public; public pages stay open to it',
    },
  },
  walk: {
    title: 'How it came to this',
    intro:
      'Each contact makes it more or less likely that this is no visitor. Above a line, something is done. The lines are so high that a visitor hardly ever crosses one.',
    label: 'Odds that this source is no visitor, after each of its contacts',
    table: 'Its contacts',
    odds: 'Odds',
    /** Names of the lines, by the hub's own word for each. */
    lines: {
      watch: 'Watched',
      block: 'Blocked',
      'block-long': 'Blocked for long',
    } as Readonly<Record<string, string>>,
    none: 'No contact of it is kept any more.',
    columns: {
      time: 'Time',
      became: 'What became of it',
      to: 'To',
      where: 'Office and sensor',
      why: 'Why',
      odds: 'Odds',
    },
  },
} as const;
