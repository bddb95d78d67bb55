/**
 * How long it takes to say who a message claims to be from: 116 offices, 200 vendors and agencies and 500 people on the list, messages
 * from strangers and from those who only look like somebody. Once with domains that were never seen, once with domains that were.
 *
 *     npm run bench -- mail-identify [--lines=20000]
 */
import {
  type Authenticated,
  compileList,
  identify,
  type Message,
  type ProtectedList,
} from '@bellwether/mail';
import { readOptions } from './options.ts';
import { table } from './running/table.ts';

/** Messages of a plain run; `--lines=N` takes another number. */
const MESSAGES = 20_000;

/** Our limit, for a domain that was seen before, as most are: microseconds of one core. */
const LIMIT = 50;

/** Sounds that names are made of: nobody's names. */
const SOUNDS = 'ba lo tri ner mav os ter kin dal ro wes pem gru fa sti'.split(' ');

/** What was worked out of authentication, where nobody vouches for the sender. */
const NOBODY_VOUCHES: Authenticated = {
  spf: 'pass',
  spfDomain: 'delivered.example',
  dkim: 'none',
  dkimDomains: [],
  dmarc: 'none',
  policy: null,
  arc: 'none',
  trustedSealer: null,
  sealed: null,
  author: null,
};

const { lines, runs } = readOptions(process.argv.slice(2));
main(lines ?? MESSAGES, runs);

function main(count: number, rounds: number): void {
  const draw = numbers(1);
  const name = (sounds: number): string =>
    Array.from({ length: sounds }, () => SOUNDS[draw(SOUNDS.length)]).join('');
  const list = listOf(name);
  const began = performance.now();
  const index = compileList(list);
  const compiled = performance.now() - began;
  const messages = Array.from({ length: count }, (_, at) => messageOf(at, name, draw));
  const judged = (): number => {
    const before = process.cpuUsage();
    for (const message of messages) identify(message, NOBODY_VOUCHES, index);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  const cold = judged();
  const warm = Array.from({ length: rounds }, judged).toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  const row = (what: string, value: string): string[] => [what, value];
  process.stdout.write(
    table(
      ['what', 'takes'],
      [
        row('list made ready', `${compiled.toFixed(0)} ms`),
        row('message from a domain that was never seen', `${cold.toFixed(1)} µs`),
        row('message from one that was', `${warm.toFixed(1)} µs`),
      ],
    ),
  );
  if (warm > LIMIT) {
    process.stderr.write(`more than ${LIMIT} µs for a message\n`);
    process.exitCode = 1;
  }
}

function listOf(name: (sounds: number) => string): ProtectedList {
  const counties = Array.from({ length: 116 }, () => name(3));
  return {
    own: '1',
    offices: counties.map((county, at) => ({
      office: String(at + 1),
      name: `${capital(county)} County Clerk`,
      domains: [at % 3 === 0 ? `co.${county}.mo.us` : `${county}countymo.gov`],
      publicMailboxes: [`elections@${county}countymo.gov`],
      addresses: [],
    })),
    people: Array.from({ length: 500 }, () => ({
      name: `${capital(name(2))} ${capital(name(3))}`,
      title: 'County Clerk',
      addresses: [`${name(3)}@${name(4)}.gov`],
    })),
    organisations: Array.from({ length: 200 }, (_, at) => {
      const firm = name(3);
      return {
        name: `${capital(firm)} ${capital(name(2))}`,
        kind: at % 5 === 0 ? 'agency' : 'vendor',
        domains: [`${firm}${name(2)}.com`, `${firm}.net`],
        words: [capital(firm), capital(name(4))],
      };
    }),
    correspondents: Array.from({ length: 400 }, () => `${name(2)}@${name(4)}.com`),
    sealers: [],
    relays: [],
  };
}

function messageOf(at: number, name: (sounds: number) => string, draw: (below: number) => number): Message {
  const shown = at % 4 === 0 ? `${capital(name(2))} ${capital(name(3))}` : `${capital(name(2))} Support`;
  const domain = at % 5 === 0 ? 'gmail.com' : `${name(4)}${at % 2 === 0 ? '' : '-mail'}${draw(4_000)}.com`;
  return {
    ...{
      size: 1,
      headers: [],
      sender: null,
      cc: [],
      subject: '',
      messageId: null,
      inReplyTo: [],
      references: [],
    },
    ...{ date: null, listId: null, html: '', parts: [], enclosed: [], cut: [] },
    from: [{ name: shown, address: `${name(3)}@${domain}` }],
    replyTo: at % 6 === 0 ? [{ name: '', address: `${name(2)}@${name(3)}.org` }] : [],
    to: [{ name: '', address: 'jo@boonecountymo.gov' }],
    text: 'A line of a message.\n'.repeat(50),
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Numbers that look drawn, and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
