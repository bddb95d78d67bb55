import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailMark, MailOrder, ToldMail } from '@bellwether/api';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type HubLine, type HubLineOptions, startHubLine } from './hub-line.ts';
import type { NewTelling } from './spool.ts';
import { Standing } from './standing.ts';

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
    standing: { marks: [] } as { list?: { version: number; yaml: string }; marks: MailMark[] },
    /** Questions for it. */
    asked: [] as string[],
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
      const { list, marks } = hub.standing;
      return send(200, {
        orders: hub.orders.filter(({ number }) => number > after),
        standing: { list: list?.version ?? 0, marks: marks.length },
      });
    }
    if (pathname.endsWith('/message'))
      return send(200, { message: Buffer.from('a lure').toString('base64') });
    if (pathname.endsWith('/standing')) {
      hub.asked.push(request.url!.split('?')[1]!);
      const { list, marks } = hub.standing;
      const known = Number(searchParams.get('marks'));
      const next = marks.slice(known, known + 2);
      const isNew = list !== undefined && Number(searchParams.get('list')) !== list.version;
      return send(200, { ...(isNew ? { list } : {}), marks: next, last: known + next.length });
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
  ...{ queueId: 'ABC', campaign: null, prints: [], from: 'x@y.example', by: 'Somebody', why: 'it is fine' },
});

describe('an order', () => {
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

describe('what the hub lets a hook judge by', () => {
  const mark = (value: string, more: Partial<MailMark> = {}): MailMark => {
    return { kind: 'print', value, list: 'c1', isConfirmed: true, isEnded: false, ...more };
  };
  const YAML = 'own: state\noffices: []\npeople: [{ name: Pat Roe }]\norganisations: []\n';

  it('is asked for when it changed, piece by piece, and is there when the hub is not', async () => {
    const hub = await someHub();
    hub.standing = { list: { version: 3, yaml: YAML }, marks: ['a', 'b', 'c'].map((value) => mark(value)) };
    let lists = 0;
    const standing = new Standing(
      folder,
      (what) => troubles.push(what),
      () => lists++,
    );
    const told = line(hub.address, { standing });
    await until(() => standing.versions.marks === 3);
    expect(hub.asked).toEqual(['list=0&marks=0', 'list=3&marks=2']);
    expect(standing.known.badAs('print', 'c')).toBe('c1');
    expect(standing.known.badAs('host', 'c')).toBe(null);
    hub.standing.marks.push(mark('b', { isEnded: true }), mark('d', { isConfirmed: false }));
    await until(() => standing.versions.marks === 5);
    await told.close();
    hub.status = 0;
    for (const kept of [
      standing,
      new Standing(
        folder,
        (what) => troubles.push(what),
        () => lists++,
      ),
    ]) {
      expect(kept.versions).toEqual({ list: 3, marks: 5 });
      expect(kept.protected?.people.map(({ name }) => name)).toEqual(['Pat Roe']);
      expect(['a', 'b', 'd'].map((value) => kept.known.badAs('print', value))).toEqual(['c1', null, null]);
      expect(['b', 'd'].map((value) => kept.suspected([value]))).toEqual([null, 'c1']);
    }
    expect([lists, troubles]).toEqual([1, []]);
  });

  it('is asked for anew where the file is broken, and not for ever where the hub has less than it says', async () => {
    const hub = await someHub();
    writeFileSync(join(folder, 'standing.json'), '{"list":');
    hub.standing = { list: { version: 1, yaml: 'people: 7' }, marks: [mark('a')] };
    const standing = new Standing(
      folder,
      (what) => troubles.push(what),
      () => {},
    );
    expect(standing.versions).toEqual({ list: 0, marks: 0 });
    const told = line(hub.address, { standing });
    await until(() => standing.versions.marks === 1);
    await told.close();
    expect(standing.protected).toBe(null);
    expect(troubles).toMatchObject([expect.stringContaining('cannot be read here')]);
  });

  it('gives the message that a hunt is about, and goes on telling meanwhile', async () => {
    const hub = await someHub();
    hub.orders.push({ ...order(1, ''), act: 'pull' });
    let read = '';
    let finish = (): void => {};
    const told = line(hub.address, {
      onOrder: async (_order, _isOwn, message) => {
        read = Buffer.from(await message()).toString();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { done: true, detail: '' };
      },
    });
    await until(() => read !== '');
    told.tell(pull('clerk'));
    await until(() => hub.events.length === 1);
    expect([read, hub.done.length]).toEqual(['a lure', 0]);
    finish();
    await until(() => hub.done.length === 1);
    await told.close();
  });
});
