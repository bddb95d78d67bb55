import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailOrder, ToldMail } from '@bellwether/api';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type HubLine, type HubLineOptions, startHubLine } from './hub-line.ts';
import type { NewTelling } from './spool.ts';

let folder: string;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-line-'));
  troubles = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A hub on a real port that takes what a test lets it. */
async function someHub() {
  const hub = {
    events: [] as ToldMail['events'][number][],
    orders: [] as MailOrder[],
    done: [] as { number: string; outcome: unknown }[],
    keys: new Set<string>(),
    /** Status of every answer; 0: the connection is cut. */
    status: 200,
    refuses: (_event: ToldMail['events'][number]): boolean => false,
    address: '',
  };
  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    hub.keys.add(request.headers.authorization ?? '');
    if (hub.status === 0) return void request.socket.destroy();
    const send = (status: number, value: unknown): void => {
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (hub.status !== 200) return send(hub.status, { code: 'AWAY' });
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
    if (pathname.endsWith('/orders')) {
      const after = Number(searchParams.get('after'));
      return send(200, { orders: hub.orders.filter(({ number }) => number > after) });
    }
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString());
    const number = /orders\/(\d+)\/done$/.exec(pathname)?.[1];
    if (number !== undefined) {
      hub.done.push({ number, outcome: body });
      reply.writeHead(204).end();
      return;
    }
    const { events } = body as ToldMail;
    if (events.some(hub.refuses)) return send(422, { code: 'MAIL_OFFICE_UNKNOWN' });
    hub.events.push(...events);
    return send(200, { fresh: events.length });
  };
  const server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return hub;
}

function line(hub: string, more: Partial<HubLineOptions> = {}): HubLine {
  return startHubLine({
    ...{ hub, key: 'bwk_secret', folder, every: 10 },
    onOrder: async () => null,
    told: (what) => void troubles.push(what),
    ...more,
  });
}

const pull = (mailbox: string): NewTelling => ({
  ...{
    kind: 'pull',
    at: new Date(0).toISOString(),
    office: '29001',
    act: 'hold',
    hook: 'imap',
    campaign: 'abc',
  },
  ...{ sha256: '00'.repeat(32), mailbox, subject: '', by: 'a', why: 'b', exposed: 0 },
});

const mailboxes = (events: ToldMail['events']): string[] =>
  events.map((event) => (event.kind === 'pull' ? event.mailbox : ''));

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('what a hook tells', () => {
  it('comes in order, each once, with the key', async () => {
    const hub = await someHub();
    const told = line(hub.address);
    const names = Array.from({ length: 250 }, (_, at) => `clerk${at}`);
    for (const name of names) told.tell(pull(name));
    await told.close();
    expect(mailboxes(hub.events)).toEqual(names);
    expect(new Set(hub.events.map(({ id }) => id)).size).toBe(250);
    expect([...hub.keys]).toEqual(['Bearer bwk_secret']);
    expect(readdirSync(join(folder, 'told'))).toEqual(['name']);
    expect(troubles).toEqual([]);
  });

  it('waits on disk for a hub that is away, over an end of the hook, and comes as what it was called before', async () => {
    const hub = await someHub();
    hub.status = 503;
    const before = line(hub.address);
    before.tell(pull('one'));
    before.tell(pull('two'), 'a-name-of-its-own');
    await until(() => troubles.length > 0);
    await before.close();
    expect(troubles).toEqual([expect.stringContaining('503')]);
    const names = readdirSync(join(folder, 'told')).filter((name) => name.endsWith('.json'));
    const waiting = names.map((name) => JSON.parse(readFileSync(join(folder, 'told', name), 'utf8')).id);
    expect(waiting[1]).toBe('a-name-of-its-own');

    writeFileSync(join(folder, 'told', '000000000000003-cut.json.part'), '{"cut');
    hub.status = 200;
    const after = line(hub.address);
    after.tell(pull('three'));
    await until(() => hub.events.length === 3);
    await after.close();
    expect(hub.events.map(({ id }) => id).slice(0, 2)).toEqual(waiting);
    expect(mailboxes(hub.events)).toEqual(['one', 'two', 'three']);
  });

  it('is sent again where the line was cut before the answer', async () => {
    const hub = await someHub();
    hub.status = 0;
    const told = line(hub.address);
    told.tell(pull('one'));
    await until(() => troubles.length > 0);
    hub.status = 200;
    await told.close();
    expect(mailboxes(hub.events)).toEqual(['one']);
  });

  it('that the hub will never take is told of and left out, and what comes after it goes on', async () => {
    const hub = await someHub();
    hub.refuses = (event) => event.kind === 'pull' && event.mailbox === 'bad';
    const told = line(hub.address);
    for (const name of ['one', 'bad', 'three']) told.tell(pull(name));
    await told.close();
    expect(mailboxes(hub.events)).toEqual(['one', 'three']);
    expect(troubles).toEqual([expect.stringContaining('MAIL_OFFICE_UNKNOWN')]);
  });
});

describe('an order', () => {
  const order = (number: number, told: string): MailOrder => ({
    ...{
      number,
      act: 'release',
      told,
      office: '29001',
      hook: 'milter',
      sha256: '00'.repeat(32),
      to: ['a@b.example'],
    },
    ...{ queueId: 'ABC', campaign: null, from: 'x@y.example', by: 'Somebody', why: 'it is fine' },
  });

  it('is carried out once, by the hook that told of the message, and told back', async () => {
    const hub = await someHub();
    const first = line(hub.address);
    first.tell(pull('one'));
    await until(() => hub.events.length === 1);
    await first.close();
    hub.orders.push(order(1, hub.events[0]!.id), order(2, 'somebody-else'));
    const asked: [number, boolean][] = [];
    const onOrder: HubLineOptions['onOrder'] = async ({ number }, isOwn) => {
      asked.push([number, isOwn]);
      return isOwn ? { done: true, detail: '' } : null;
    };
    const second = line(hub.address, { onOrder });
    await until(() => asked.length === 2);
    await second.close();
    const third = line(hub.address, { onOrder });
    hub.orders.push(order(3, 'later'));
    await until(() => asked.length === 3);
    await third.close();
    expect(asked).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    expect(hub.done).toEqual([{ number: '1', outcome: { done: true, detail: '' } }]);
  });

  it('that fails here is tried again', async () => {
    const hub = await someHub();
    hub.orders.push(order(1, 'x'));
    let tries = 0;
    const told = line(hub.address, {
      onOrder: async () => {
        tries++;
        throw new Error('the disk is full');
      },
    });
    await until(() => troubles.length > 0);
    await told.close();
    expect(hub.done).toEqual([]);
    expect(tries).toBeGreaterThan(0);
    const again = line(hub.address, { onOrder: async () => ({ done: true, detail: '' }) });
    await until(() => hub.done.length > 0);
    await again.close();
  });
});
