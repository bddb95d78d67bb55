/**
 * The hub is killed with SIGKILL at random moments, again and again, while offices send. Whatever it acknowledged is
 * counted, once; whatever it did not, the offices send again. `BELLWETHER_KILLS` says how often: a run
 * of all tests has little time, and a night has more.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../platform/folder.ts';
import { clientConfig } from '../platform/postgres/connection.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { freePort } from './testing/free-port.ts';
import { RunningHub, removeFolder, scratchFolder } from './testing/running-hub.ts';

/** Kills in one run of all tests: each takes about a second, and all tests together may take a quarter of an hour. */
const KILLS = Number(process.env.BELLWETHER_KILLS ?? 12);

/** Offices that send at the same time, each with batches of its own. */
const OFFICES = ['29001', '29003', '29380', 'state'];

const scratch = scratchFolder('kill');
let postgres: PostgresServer;
let url: string;
let hub: RunningHub;

beforeAll(async () => {
  const folder = openFolder(join(scratch, 'database'));
  if (folder.isErr()) throw new Error(folder.error.reason);
  // The database is not killed with the hub here: that is tested with PostgreSQL, and takes a second more each time.
  const started = await startPostgres({ folder: folder.value });
  if (started.isErr()) throw new Error(started.error.code);
  postgres = started.value;
  const { host, user, database, port: name } = clientConfig(postgres.connection);
  url = `postgresql://${user}@/${database}?host=${encodeURIComponent(String(host))}&port=${name}`;
  hub = new RunningHub({ data: join(scratch, 'hub'), port: await freePort(), databaseUrl: url });
});

afterAll(async () => {
  await hub?.kill();
  await postgres?.stop();
  removeFolder(scratch);
});

describe('a hub that is killed', () => {
  it(`loses nothing that it acknowledged and counts nothing twice, killed ${KILLS} times`, async () => {
    const random = lottery(20_261_122);
    const senders = OFFICES.map((authority) => new Sender(authority, random));
    let isOver = false;
    const sending = senders.map(async (sender) => {
      while (!isOver) await sender.sendOne();
    });
    for (let kill = 0; kill < KILLS; kill++) {
      // A long run says that it goes on.
      if (kill > 0 && kill % 50 === 0) process.stderr.write(`${kill} kills\n`);
      const started = hub.start();
      // Sometimes before it is up, mostly while it works, sometimes in the pause between two steps.
      if (random() < 0.15) await sleep(random() * 900);
      else {
        await started;
        await sleep(random() * 700);
      }
      await hub.kill();
    }
    await hub.startWell();
    isOver = true;
    await Promise.all(sending);
    const sent = senders.reduce((sum, { lines }) => sum + lines, 0);
    const failed = senders.reduce((sum, { denied }) => sum + denied, 0);

    const account = await hub.account(sent);
    expect(account).toMatchObject({
      lines: sent,
      repeated: 0,
      unreadable: 0,
      ignored: 0,
      detail: 0,
      contacts: sent,
      balanced: true,
    });
    expect(account.dispositions).toMatchObject({ refused: failed, unsettled: sent - failed });
    expect(senders.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBeGreaterThan(0);

    // The history is a ledger of the same contacts.
    await hub.stop();
    const db = openDatabase({ kind: 'url', url });
    const files = await db.query.selectFrom('history_files').select(['rows', 'path']).execute();
    await db.close();
    expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBe(sent);
  }, 1_800_000);
});

/** Sends batches one after the other, each until it is acknowledged. */
class Sender {
  readonly authority: string;
  readonly #random: () => number;
  #sequence = 0;
  #line = 0;
  lines = 0;
  denied = 0;
  duplicates = 0;
  #last: { readonly body: string; readonly sequence: number } | undefined;

  constructor(authority: string, random: () => number) {
    this.authority = authority;
    this.#random = random;
  }

  async sendOne(): Promise<void> {
    if (this.#last !== undefined && this.#random() < 0.1) {
      const again = await this.#post(this.#last.body, this.#last.sequence);
      if (again !== undefined) {
        expect(again.duplicate).toBe(true);
        this.duplicates++;
      }
    }
    const count = 1 + Math.floor(this.#random() * 200);
    let denied = 0;
    let body = '';
    for (let i = 0; i < count; i++) {
      const isDenied = this.#random() < 0.9;
      if (isDenied) denied++;
      body += this.#lineOf(isDenied ? 'DROP' : 'ACCEPT');
    }
    const sequence = this.#sequence++;
    for (;;) {
      const answer = await this.#post(body, sequence);
      if (answer !== undefined) break;
      await sleep(30);
    }
    this.lines += count;
    this.denied += denied;
    this.#last = { body, sequence };
  }

  /** A packet that no other line tells of: its time is its number. Few sources, so that a start has little to remember. */
  #lineOf(action: string): string {
    const number = this.#line++;
    const source = `100.${64 + OFFICES.indexOf(this.authority)}.0.${number & 255}`;
    const time = new Date(Date.UTC(2026, 9, 7) + number * 20).toISOString().replace('Z', '+00:00');
    return (
      `${time} fw kernel: [UFW ${action === 'DROP' ? 'BLOCK' : 'ALLOW'}] IN=eth0 OUT= SRC=${source} DST=198.51.100.7 ` +
      `LEN=60 TTL=50 PROTO=TCP SPT=${1024 + ((number >> 4) % 60_000)} DPT=22 WINDOW=1024 SYN\n`
    );
  }

  async #post(body: string, sequence: number): Promise<{ readonly duplicate: boolean } | undefined> {
    try {
      const answer = await hub.send(this.authority, body, `${this.authority}/${sequence}`);
      return answer.status === 200 ? answer.body : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Numbers in [0, 1), the same from the same seed (mulberry32, public domain). */
function lottery(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
