/** What only a journal in a stream has to stand: servers that die, writers that wake up, streams that are full. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Journal, RecordKind } from '../journal-types.ts';
import { recordsAt } from '../testing/kinds.ts';
import { NatsServer } from '../testing/nats-server.ts';
import { faultOf, numbered } from '../testing/numbered.ts';
import { connectStream, type StreamConnection } from './connection.ts';
import { lookAtStream } from './ends.ts';
import { takeLease } from './lease.ts';
import { groupMessages, MESSAGE_HEAD, readMessage } from './message.ts';
import { openStreamJournal } from './stream-journal.ts';

const MOST_BYTES = 6 * 1024 * 1024;
const RESERVE = 1024 * 1024;

/** Kills of the server in one run: each costs a start and a pause. */
const KILLS = 4;

let server: NatsServer;
beforeAll(async () => {
  server = await NatsServer.begin();
});
afterAll(() => server?.end());

function placeOf(stream: string) {
  return { kind: 'stream', servers: server.url, stream } as const;
}

async function opened(stream: string, onLost = (_detail: string): void => {}): Promise<Journal> {
  const options = { onLost, mostBytes: MOST_BYTES, reserve: RESERVE };
  return (await openStreamJournal(placeOf(stream), options)).okOrThrow();
}

async function connected(stream: string): Promise<StreamConnection> {
  return (await connectStream(placeOf(stream))).okOrThrow();
}

async function faults(stream: string, to: number): Promise<string[]> {
  const records = await recordsAt(placeOf(stream), 0, to);
  return records.flatMap((record, index) => faultOf(record, index) ?? []);
}

describe('a journal whose server is killed', () => {
  it('has everything that was acknowledged, once and in order, when the server is back', async () => {
    const journal = await opened('killed');
    let next = 0;
    let isOver = false;
    const write = async (): Promise<void> => {
      while (!isOver) {
        const number = next++;
        // What is refused while the server is away is tried again, as an office would.
        while ((await journal.record([numbered(number, number)])).isErr()) await sleep(20);
      }
    };
    const writing = write();
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + 50 * kill);
      await server.kill();
      await sleep(100);
      await server.run();
    }
    await sleep(500);
    isOver = true;
    await writing;

    expect(await recordsAt(placeOf('killed'), 0, journal.durable)).toHaveLength(next);
    expect(await faults('killed', journal.durable)).toEqual([]);
    expect(next).toBeGreaterThan(KILLS);
    await journal.close();
  }, 60_000);

  it('takes nothing new while the server is away for long, and goes on by itself', async () => {
    const journal = await opened('away');
    await server.kill();
    const waiting = journal.record([numbered(0, 0)]);
    const refused = async (): Promise<string> => {
      for (;;) {
        const late = journal.record([numbered(1, 1)]);
        const answer = await Promise.race([late, sleep(50)]);
        if (answer?.isErr()) return answer.error.code;
        if (answer?.isOk()) return 'taken';
        // It was taken while there was patience: it is the next one then.
        waited.push(late);
      }
    };
    const waited: Promise<unknown>[] = [];

    expect(await refused()).toBe('JOURNAL_UNWRITABLE');
    await server.run();
    (await waiting).okOrThrow();
    await Promise.all(waited);

    const records = await recordsAt(placeOf('away'), 0, journal.durable);
    expect(records).toHaveLength(1 + waited.length);
    await journal.close();
  }, 60_000);
});

describe('a writer that lost the journal', () => {
  it('writes nothing any more, and says so', async () => {
    const lost: string[] = [];
    const first = await opened('lost', (detail) => lost.push(detail));
    (await first.record([numbered(0, 0)])).okOrThrow();
    const other = await connected('lost');
    // As if the first had slept for longer than its lease lasts.
    await other.manage.streams.purge(other.names.leases, { filter: other.names.lease('writer') });
    const second = await opened('lost');
    (await second.record([numbered(1, 1)])).okOrThrow();

    const late = await first.record([numbered(7, 7)]);
    const later = await first.record([numbered(8, 8)]);

    expect([late, later]).toMatchObject([
      { error: { code: 'JOURNAL_LOCKED' } },
      { error: { code: 'JOURNAL_LOCKED' } },
    ]);
    expect(lost.length).toBeGreaterThan(0);
    expect(await recordsAt(placeOf('lost'), 0, second.durable)).toHaveLength(2);
    expect(await faults('lost', second.durable)).toEqual([]);
    await Promise.all([first.close(), second.close()]);
    await other.nats.close();
  });

  it('leaves half a call that nobody reads', async () => {
    const first = await opened('half');
    (await first.record([numbered(0, 0)])).okOrThrow();
    await first.close();
    const connection = await connected('half');
    const { durable, last } = (await lookAtStream(connection)).okOrThrow()!;
    const torn = groupMessages([Buffer.alloc(5_000, 1)], durable, 1, 3_000);
    await connection.publish.publish(connection.names.journal, torn[0]!, { expect: { lastSequence: last } });

    const second = await opened('half');
    (await second.record([numbered(1, 1)])).okOrThrow();

    expect(second.begin).toBe(0);
    expect(await recordsAt(placeOf('half'), durable, second.durable)).toHaveLength(1);
    expect(await faults('half', second.durable)).toEqual([]);
    await second.close();
    await connection.nats.close();
  });
});

describe('a stream that is full', () => {
  it('takes ticks and no lines, and lines again when something was released', async () => {
    const journal = await opened('full');
    const lines = numbered(0, 0);
    const large = { ...lines, payload: new Uint8Array(400_000).fill(3) };
    const tick = { kind: RecordKind.tick, head: { step: 1, all: true, snapshot: false } } as const;
    let taken = 0;
    let answer = await journal.record([large]);
    for (; answer.isOk(); taken++) answer = await journal.record([large]);
    const { durable } = journal;

    expect(answer).toMatchObject({ error: { code: 'JOURNAL_DISK_FULL' } });
    expect(taken).toBeGreaterThan(8);
    (await journal.record([tick])).okOrThrow();
    expect(await recordsAt(placeOf('full'), 0, journal.durable)).toHaveLength(taken + 1);

    journal.release(durable);
    await expect.poll(() => journal.begin).toBeGreaterThan(0);
    await expect.poll(async () => (await journal.record([large])).isOk(), { timeout: 5_000 }).toBe(true);
    await journal.close();
  });

  it('refuses by the server’s word what comes in between two looks, and nothing of it is there', async () => {
    const options = { onLost: () => {}, mostBytes: 1_500_000, reserve: 0 };
    const journal = (await openStreamJournal(placeOf('brim'), options)).okOrThrow();
    const large = { ...numbered(0, 0), payload: new Uint8Array(1_000_000).fill(3) };
    const call = [large, large];

    const refused = await journal.record(call);
    const after = journal.durable;
    (await journal.record([numbered(0, 0)])).okOrThrow();

    expect(refused).toMatchObject({ error: { code: 'JOURNAL_DISK_FULL' } });
    const records = await recordsAt(placeOf('brim'), 0, journal.durable);
    expect(records.map((record) => [record.offset, faultOf(record, 0)])).toEqual([[after, undefined]]);
    await journal.close();
  });
});

describe('a lease', () => {
  it('has one holder, and another one when it was given back', async () => {
    const [one, two] = [await connected('leases'), await connected('leases')];
    const held = (await takeLease(one, 'judge', () => {})).okOrThrow();

    expect(await takeLease(two, 'judge', () => {})).toMatchObject({
      error: expect.stringContaining(`process ${process.pid}`),
    });
    expect((await takeLease(two, 'writer', () => {})).isOk()).toBe(true);
    await held.giveBack();
    expect((await takeLease(two, 'judge', () => {})).isOk()).toBe(true);
    await Promise.all([one.nats.close(), two.nats.close()]);
  });

  it('is kept for longer than it lasts by being renewed, and its loss is told', async () => {
    const lost: string[] = [];
    const [one, two] = [await connected('renewed'), await connected('renewed')];
    (await takeLease(one, 'judge', (detail) => lost.push(detail))).okOrThrow();

    await sleep(6_500);
    expect((await takeLease(two, 'judge', () => {})).isErr()).toBe(true);
    expect(lost).toEqual([]);

    await two.manage.streams.purge(two.names.leases, { filter: two.names.lease('judge') });
    (await takeLease(two, 'judge', () => {})).okOrThrow();
    await expect.poll(() => lost.length, { timeout: 5_000 }).toBe(1);
    await Promise.all([one.nats.close(), two.nats.close()]);
  }, 30_000);
});

describe('a message', () => {
  it('that was changed is none', () => {
    const [message] = groupMessages([Buffer.from('lines')], 1_000_000_000_000, 7, 100);

    expect(readMessage(message!)).toMatchObject({ group: 1_000_000_000_000, arrival: 7, more: false });
    for (let at = 0; at < MESSAGE_HEAD; at++) {
      const changed = Buffer.from(message!);
      changed[at] = changed[at]! ^ 1;
      expect(readMessage(changed)).toBeUndefined();
    }
  });
});
