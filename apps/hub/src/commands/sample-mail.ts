/** `bellwether sample --mail`: tells a hub a made-up week of mail, judged as it would have been. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToldMail } from '@bellwether/api';
import { zoneFileResolver } from '../features/mail/dns/resolver.ts';
import { readManifest } from '../features/mail/files/manifest.ts';
import { type SampleMessage, sampleWeek } from '../features/mail/sample/sample-week.ts';
import { askOfHub, type HubAddress } from './ask-hub.ts';

/** Of each attack and each twin: some hundred messages, judged within seconds. */
const VARIANTS = 2;

/** Events of one batch: held messages come with their bytes. */
const AT_ONCE = 25;

/** What is to be told. */
export type MailWeek = {
  readonly seed: number;
  /** Local day after the last one, `2026-11-24`. */
  readonly until: string;
  /** Only scenarios that begin so. */
  readonly scenario: string | undefined;
  readonly tries: number;
};

/** Tells it; gives how many events the hub did not know yet. Throws `HubRefusal`. */
export async function tellMailWeek(
  hub: HubAddress,
  week: MailWeek,
): Promise<{ events: number; fresh: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-mail-'));
  try {
    const sequences = await written(folder, week);
    const messages = messagesIn(folder, sequences);
    const offices = readdirSync(join(folder, 'offices')).map((name) => textOf(join(folder, 'offices', name)));
    const resolve = zoneFileResolver(join(folder, 'zone.json')).okOrThrow();
    const events = await sampleWeek(messages, { offices, resolve, end: Date.parse(week.until) });
    let fresh = 0;
    for (let at = 0; at < events.length; at += AT_ONCE) {
      const batch: ToldMail = { events: events.slice(at, at + AT_ONCE) };
      const answer = await askOfHub(hub, {
        method: 'POST',
        path: 'api/v1/mail/told',
        body: JSON.stringify(batch),
        headers: { 'content-type': 'application/json' },
        tries: week.tries,
      });
      fresh += (answer as { readonly fresh: number }).fresh;
    }
    return { events: events.length, fresh };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the mail; gives the story of each message, by its path. */
async function written(folder: string, { seed, scenario }: MailWeek): Promise<ReadonlyMap<string, string>> {
  const { generateMail } = await import('@bellwether/testkit');
  for (const name of ['messages', 'offices']) await mkdir(join(folder, name));
  const options = { seed, variants: VARIANTS, ...(scenario === undefined ? {} : { scenario }) };
  const { truth } = await generateMail(options, {
    write: (name, bytes) => writeFileSync(join(folder, name), bytes, { flag: 'a' }),
  });
  return new Map(truth.messages.map(({ path, sequence }) => [path, sequence]));
}

function messagesIn(folder: string, sequences: ReadonlyMap<string, string>): SampleMessage[] {
  const rows = readManifest(join(folder, 'manifest.csv')).okOrThrow();
  return rows.map(({ path, name, envelopeFrom, client, helo, recipients, office, at, source, isBad }) => ({
    bytes: readFileSync(path),
    envelope: {
      ...{
        client: client === '' ? null : client,
        helo,
        from: envelopeFrom ?? null,
        to: recipients,
        account: null,
      },
    },
    ...{ office, at, source, isBad, sequence: sequences.get(name) ?? name },
  }));
}

function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The local day on which a week ends that is told today: yesterday is its last. */
export function dayAfterLast(now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(now);
}
