import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '@bellwether/basics';
import { ImapFlow } from 'imapflow';
import { afterEach, describe, expect, it } from 'vitest';
import { type CutLine, cutLine } from './cut-line.fixture.ts';
import { type DovecotOptions, MASTER, PASSWORD, type TestDovecot, testDovecot } from './dovecot.fixture.ts';
import type { MailboxError } from './errors.ts';
import { sha256Of } from './imap-find.ts';
import { type ImapMailboxesOptions, imapMailboxes } from './imap-mailboxes.ts';
import { type HeldAt, HOLD_FOLDER, type Mailboxes, type StoredMessage } from './mailbox-types.ts';

const CLERK = 'clerk@office.example';
const HOLD = { folder: HOLD_FOLDER };
const NOON = Date.parse('2026-10-01T12:00:00Z');

/** Said by a Dovecot that cannot MOVE. */
const WITHOUT_MOVE = 'IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE UIDPLUS LIST-EXTENDED SPECIAL-USE';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function dovecot(options: Partial<DovecotOptions> = {}): Promise<TestDovecot> {
  const server = await testDovecot({ users: [CLERK], ...options });
  endings.push(() => server.stop());
  await server.start();
  return server;
}

async function lineTo(server: TestDovecot): Promise<CutLine> {
  const line = await cutLine(server.port);
  endings.push(() => line.close());
  return line;
}

function mailboxesAt(port: number, options: Partial<ImapMailboxesOptions> = {}): Mailboxes {
  const mailboxes = imapMailboxes({
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: (mailbox) => ({ user: `${mailbox}*${MASTER}`, pass: PASSWORD }),
    ...options,
    limits: { pause: 10, ...options.limits },
  });
  endings.push(() => mailboxes.close());
  return mailboxes;
}

async function all(mailboxes: Mailboxes, mailbox = CLERK, since = 0, limit = 1000): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  for await (const message of mailboxes.search(mailbox, since, limit)) found.push(message.okOrThrow());
  return found;
}

async function outcomes(mailboxes: Mailboxes): Promise<Result<StoredMessage, MailboxError>[]> {
  const found: Result<StoredMessage, MailboxError>[] = [];
  for await (const message of mailboxes.search(CLERK, 0, 10)) found.push(message);
  return found;
}

function letter(name: string, body = `This is ${name}.\n`): string {
  return `From: pat@sender.example\nTo: ${CLERK}\nSubject: ${name}\nMessage-ID: <${name}@sender.example>\n\n${body}`;
}

/** Does something as the owner of the mailbox does it, in a program of their own. */
async function asOwner<T>(
  server: TestDovecot,
  does: (client: ImapFlow) => Promise<T>,
  user = CLERK,
): Promise<T> {
  const auth = { user, pass: PASSWORD };
  const client = new ImapFlow({ host: '127.0.0.1', port: server.port, secure: false, auth, logger: false });
  await client.connect();
  try {
    return await does(client);
  } finally {
    client.close();
  }
}

function texts(server: TestDovecot, folder: string, user = CLERK): string[] {
  return server
    .messages(user)
    .filter((message) => message.folder === folder)
    .map(({ text }) => text.replaceAll('\r\n', '\n'))
    .sort();
}

describe('a search', () => {
  it('gives 200 messages, newest first, byte for byte', async () => {
    const server = await dovecot();
    const sent = Array.from({ length: 200 }, (_, at) => letter(`n${at}`));
    for (const [at, message] of sent.entries()) server.deliver(CLERK, message, NOON + at * 1000);
    const found = await all(mailboxesAt(server.port));

    expect(found.map(({ bytes }) => Buffer.from(bytes).toString().replaceAll('\r\n', '\n'))).toEqual(
      sent.toReversed(),
    );
    expect(found[0]?.at).toBe(NOON + 199_000);
    expect(found[0]?.isCut).toBe(false);
    for (const { id, bytes } of found) {
      expect(id.size).toBe(bytes.length);
      expect(id.sha256).toBe(sha256Of(bytes));
    }
    expect(found[3]?.id.messageId).toBe('n196@sender.example');
  });

  it('begins at the time that is asked for, to the second, and ends at the limit', async () => {
    const server = await dovecot();
    for (let at = 0; at < 10; at++) server.deliver(CLERK, letter(`n${at}`), NOON + at * 60_000);
    const mailboxes = mailboxesAt(server.port);

    const since = await all(mailboxes, CLERK, NOON + 7 * 60_000);
    expect(since.map(({ id }) => id.messageId?.slice(0, 2))).toEqual(['n9', 'n8', 'n7']);
    const few = await all(mailboxes, CLERK, 0, 2);
    expect(few.map(({ id }) => id.messageId?.slice(0, 2))).toEqual(['n9', 'n8']);
  });

  it('looks into folders of the owner, and leaves out what was thrown away and what is held', async () => {
    const server = await dovecot();
    for (const name of ['a', 'b', 'c', 'd']) server.deliver(CLERK, letter(name));
    await asOwner(server, async (client) => {
      await client.mailboxCreate('Ballots & forms');
      await client.mailboxCreate(HOLD_FOLDER);
      await client.mailboxOpen('INBOX');
      await client.messageMove({ subject: 'b' }, 'Ballots & forms');
      await client.messageMove({ subject: 'c' }, 'Trash');
      await client.messageMove({ subject: 'd' }, HOLD_FOLDER);
    });
    const found = await all(mailboxesAt(server.port));

    expect(found.map(({ id }) => [id.folder, id.messageId]).sort()).toEqual([
      ['Ballots & forms', 'b@sender.example'],
      ['INBOX', 'a@sender.example'],
    ]);
  });

  it('lets the caller hold each message while it goes on', async () => {
    const server = await dovecot();
    for (let at = 0; at < 30; at++) server.deliver(CLERK, letter(`n${at}`));
    const mailboxes = mailboxesAt(server.port, { limits: { connections: 1 } });
    for await (const message of mailboxes.search(CLERK, 0, 100))
      (await mailboxes.holdStored(message.okOrThrow().id, HOLD)).okOrThrow();

    expect(texts(server, HOLD_FOLDER)).toHaveLength(30);
    expect(texts(server, 'INBOX')).toEqual([]);
  });

  it('ends with what went wrong', async () => {
    const server = await dovecot();
    const mailboxes = mailboxesAt(server.port, { user: (user) => ({ user, pass: 'wrong' }) });
    const found = [];
    for await (const message of mailboxes.search(CLERK, 0, 10))
      found.push(message.mapErr(({ code }) => code));

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ error: 'MAILBOX_LOGIN_REFUSED' });
  });
});

describe.each([
  ['MOVE', undefined],
  ['a server without MOVE', WITHOUT_MOVE],
])('holding and releasing with %s', (_, capability) => {
  const options: Partial<DovecotOptions> = capability === undefined ? {} : { capability };

  it('keeps bytes and flags, also those that a reader of the held message set', async () => {
    const server = await dovecot(options);
    const raw = Buffer.concat([
      Buffer.from(`${letter('a').replaceAll('\n', '\r\n')}`),
      Buffer.from([0xff, 0xfe, 13, 10]),
    ]);
    server.deliver(CLERK, raw);
    server.deliver(CLERK, letter('b'));
    await asOwner(server, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageFlagsAdd({ subject: 'a' }, ['\\Flagged', 'Ballots']);
    });
    const before = server.messages(CLERK).find(({ text }) => text.includes('Subject: a'));
    const mailboxes = mailboxesAt(server.port);
    const [stored] = (await all(mailboxes)).filter(({ id }) => id.messageId?.startsWith('a'));
    const held = (await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow();

    expect(held).toMatchObject({ from: 'INBOX', flags: ['Ballots', '\\Flagged'].sort() });
    expect(
      server
        .messages(CLERK)
        .map(({ folder }) => folder)
        .sort(),
    ).toEqual([HOLD_FOLDER, 'INBOX']);
    expect(Buffer.from(stored!.bytes).equals(raw)).toBe(true);

    await asOwner(server, async (client) => {
      await client.mailboxOpen(HOLD_FOLDER);
      await client.messageFlagsAdd('1:*', ['\\Seen', 'Read-by-records']);
    });
    (await mailboxes.releaseHeld(held)).okOrThrow();
    const after = server.messages(CLERK).find(({ text }) => text.includes('Subject: a'));
    expect(after).toEqual({ ...before, folder: 'INBOX' });
    expect((await all(mailboxes)).find(({ id }) => id.messageId?.startsWith('a'))?.id.sha256).toBe(
      stored!.id.sha256,
    );
    await asOwner(server, async (client) => {
      await client.mailboxOpen('INBOX');
      const [found] = await client.fetchAll({ subject: 'a' }, { flags: true });
      expect([...found!.flags!].filter((flag) => flag !== '\\Recent').sort()).toEqual([
        'Ballots',
        '\\Flagged',
      ]);
    });
  });

  it('does nothing the second time', async () => {
    const server = await dovecot(options);
    for (const name of ['a', 'b']) server.deliver(CLERK, letter(name));
    const mailboxes = mailboxesAt(server.port);
    const [stored] = await all(mailboxes);
    const first = (await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow();
    const second = (await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow();

    expect(second).toEqual(first);
    expect(texts(server, HOLD_FOLDER)).toHaveLength(1);
    (await mailboxes.releaseHeld(first)).okOrThrow();
    (await mailboxes.releaseHeld(first)).okOrThrow();
    expect(texts(server, 'INBOX')).toEqual([letter('a'), letter('b')]);
    expect(texts(server, HOLD_FOLDER)).toEqual([]);
  });

  it('finds a message that its owner has moved, and says of one that is gone that it is', async () => {
    const server = await dovecot(options);
    for (const name of ['a', 'b']) server.deliver(CLERK, letter(name));
    const mailboxes = mailboxesAt(server.port);
    const found = await all(mailboxes);
    const [a, b] = ['a', 'b'].map((name) => found.find(({ id }) => id.messageId?.startsWith(name))!.id);
    await asOwner(server, async (client) => {
      await client.mailboxCreate('Kept');
      await client.mailboxOpen('INBOX');
      await client.messageMove({ subject: 'a' }, 'Kept');
      await client.messageDelete({ subject: 'b' });
    });

    expect((await mailboxes.holdStored(a!, HOLD)).okOrThrow().from).toBe('Kept');
    expect(await mailboxes.holdStored(b!, HOLD)).toMatchObject({
      error: { code: 'MAILBOX_MESSAGE_GONE', done: 'nothing' },
    });
    expect(texts(server, HOLD_FOLDER)).toEqual([letter('a')]);
  });

  it('brings a message back into a folder that was taken away meanwhile', async () => {
    const server = await dovecot(options);
    server.deliver(CLERK, letter('a'));
    await asOwner(server, async (client) => {
      await client.mailboxCreate('Kept');
      await client.mailboxOpen('INBOX');
      await client.messageMove({ subject: 'a' }, 'Kept');
    });
    const mailboxes = mailboxesAt(server.port);
    const [stored] = await all(mailboxes);
    const held = (await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow();
    await asOwner(server, (client) => client.mailboxDelete('Kept'));
    (await mailboxes.releaseHeld(held)).okOrThrow();

    expect(texts(server, 'Kept')).toEqual([letter('a')]);
    expect(texts(server, HOLD_FOLDER)).toEqual([]);
  });

  it('tells messages apart that say the same of themselves', async () => {
    const server = await dovecot(options);
    for (const body of ['one.\n', 'two.\n', 'one.\n']) server.deliver(CLERK, letter('same', body));
    const mailboxes = mailboxesAt(server.port);
    const found = await all(mailboxes);
    const two = found.find(({ bytes }) => Buffer.from(bytes).includes('two.'))!;
    // Numbers that are no longer true: everything is found by what it is.
    const lost = { ...two.id, uidValidity: '1', uid: '1' };
    const held = (await mailboxes.holdStored(lost, HOLD)).okOrThrow();

    expect(texts(server, HOLD_FOLDER)).toEqual([letter('same', 'two.\n')]);
    for (const { id } of found.filter((message) => message !== two))
      (await mailboxes.holdStored(id, HOLD)).okOrThrow();
    expect(texts(server, HOLD_FOLDER)).toHaveLength(3);
    (await mailboxes.releaseHeld({ ...held, message: { ...held.message, uidValidity: '1' } })).okOrThrow();
    expect(texts(server, 'INBOX')).toEqual([letter('same', 'two.\n')]);
  });

  it.each(
    ['UID MOVE', 'UID COPY', 'UID STORE', 'UID EXPUNGE', 'CREATE', 'LIST', 'SELECT'].flatMap((command) =>
      (['before', 'after'] as const).map((when) => [when, command] as const),
    ),
  )('loses nothing and doubles nothing when the line breaks %s %s', async (when, command) => {
    const server = await dovecot(options);
    for (const name of ['a', 'b']) server.deliver(CLERK, letter(name));
    const line = await lineTo(server);
    const [stored] = await all(mailboxesAt(server.port));
    line.next({ command, when });
    const once = mailboxesAt(line.port, { limits: { attempts: 1 } });
    const broken = await once.holdStored(stored!.id, HOLD);
    if (line.breaks() === 1) expect(broken).toMatchObject({ error: { code: 'MAILBOX_SERVER_STOPPED' } });

    const there = server.messages(CLERK).filter(({ text }) => text.includes(`<${stored!.id.messageId}>`));
    const places = new Set(there.map(({ folder }) => folder));
    // What it says that it did is what it did.
    if (broken.isErr() && broken.error.done === 'nothing') expect(places).toEqual(new Set(['INBOX']));
    if (broken.isErr() && broken.error.done === 'unknown') expect(places.size).toBe(1);
    const held = (await once.holdStored(stored!.id, HOLD)).okOrThrow();
    const other = letter(stored!.id.messageId!.startsWith('a') ? 'b' : 'a');
    expect(texts(server, 'INBOX')).toEqual([other]);
    expect(texts(server, HOLD_FOLDER)).toHaveLength(1);

    line.next({ command, when });
    const again = mailboxesAt(line.port);
    // By itself it tries again.
    (await again.releaseHeld(held)).okOrThrow();
    expect(texts(server, 'INBOX')).toEqual([letter('a'), letter('b')]);
    expect(texts(server, HOLD_FOLDER)).toEqual([]);
  });
});

describe('a line that breaks again and again', () => {
  it.each(['before', 'after'] as const)('does not double a message: %s each step', async (when) => {
    const server = await dovecot({ capability: WITHOUT_MOVE });
    for (const name of ['a', 'b']) server.deliver(CLERK, letter(name));
    const line = await lineTo(server);
    const [stored] = await all(mailboxesAt(server.port));
    const mailboxes = mailboxesAt(line.port, { limits: { attempts: 1, kept: 0 } });
    const breaks = ['UID COPY', 'UID STORE', 'UID EXPUNGE', 'UID EXPUNGE', 'UID STORE', 'UID EXPUNGE'];
    for (const command of breaks) {
      line.next({ command, when });
      const outcome = await mailboxes.holdStored(stored!.id, HOLD);
      if (outcome.isOk()) expect(texts(server, HOLD_FOLDER)).toHaveLength(1);
    }
    line.next(null);
    const held = (await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow();
    expect([texts(server, 'INBOX').length, texts(server, HOLD_FOLDER).length]).toEqual([1, 1]);

    for (const command of breaks) {
      line.next({ command, when });
      const outcome = await mailboxes.releaseHeld(held);
      if (outcome.isOk()) expect(texts(server, HOLD_FOLDER)).toEqual([]);
    }
    line.next(null);
    (await mailboxes.releaseHeld(held)).okOrThrow();
    expect(texts(server, 'INBOX')).toEqual([letter('a'), letter('b')]);
    expect(texts(server, HOLD_FOLDER)).toEqual([]);
    expect(line.breaks()).toBeGreaterThan(4);
  });
});

describe('two programs at once', () => {
  it('hold the same messages, and each is there once', async () => {
    const server = await dovecot();
    for (let at = 0; at < 40; at++) server.deliver(CLERK, letter(`n${at}`));
    const programs = [mailboxesAt(server.port), mailboxesAt(server.port)];
    const found = await all(programs[0]!);
    const holds = programs.flatMap((mailboxes) => found.map(({ id }) => mailboxes.holdStored(id, HOLD)));
    const outcomes = await Promise.all(holds);

    expect(outcomes.filter((outcome) => outcome.isErr())).toEqual([]);
    expect(texts(server, HOLD_FOLDER)).toHaveLength(40);
    expect(texts(server, 'INBOX')).toEqual([]);
  });
});

describe('many mailboxes', () => {
  const users = Array.from({ length: 30 }, (_, at) => `clerk${at}@office.example`);

  it('pull one message back from 30 of them, over eight connections, and touch nothing else', async () => {
    const server = await dovecot({ users });
    const line = await lineTo(server);
    for (const user of users) for (const name of ['bad', 'good']) server.deliver(user, letter(name));
    const mailboxes = mailboxesAt(line.port);
    const holds = await Promise.all(users.map((user) => pulled(mailboxes, user)));

    expect(holds.map((held) => held.message.mailbox)).toEqual(users);
    for (const user of users) {
      expect(texts(server, HOLD_FOLDER, user)).toEqual([letter('bad')]);
      expect(texts(server, 'INBOX', user)).toEqual([letter('good')]);
    }
    // Eight, and those that a busy machine sees leaving late: by no means one for each mailbox.
    expect(line.most()).toBeGreaterThan(1);
    expect(line.most()).toBeLessThan(users.length);
  });

  it('lose nothing and double nothing when the server is killed in the middle and comes back', async () => {
    const server = await dovecot({ users });
    for (const user of users) for (const name of ['bad', 'good']) server.deliver(user, letter(name));
    const mailboxes = mailboxesAt(server.port, { limits: { connections: 4, attempts: 12, pause: 50 } });
    let done = 0;
    const working = users.map(async (user) => {
      const held = await pulled(mailboxes, user);
      // The power goes twice, each time while others are moved.
      if (++done === 5 || done === 15) {
        await server.kill();
        await server.start();
      }
      return held;
    });
    const holds = await Promise.all(working);

    expect(holds).toHaveLength(30);
    for (const user of users) {
      expect(texts(server, HOLD_FOLDER, user)).toEqual([letter('bad')]);
      expect(texts(server, 'INBOX', user)).toEqual([letter('good')]);
    }
  });

  async function pulled(mailboxes: Mailboxes, user: string): Promise<HeldAt> {
    const found = await all(mailboxes, user);
    const bad = found.find(({ id }) => id.messageId === 'bad@sender.example');
    return (await mailboxes.holdStored(bad!.id, HOLD)).okOrThrow();
  }
});

describe('a server', () => {
  it('that falls silent in the middle is left, and what was done until then is told', async () => {
    const server = await dovecot();
    server.deliver(CLERK, letter('a'));
    const line = await lineTo(server);
    const mailboxes = mailboxesAt(line.port, { limits: { step: 2_000 } });
    const [stored] = await all(mailboxes);
    line.next({ command: 'UID MOVE', when: 'stall' });

    expect(await mailboxes.holdStored(stored!.id, HOLD)).toMatchObject({
      error: { code: 'MAILBOX_SERVER_SLOW', done: 'unknown' },
    });
    expect((await mailboxes.holdStored(stored!.id, HOLD)).okOrThrow().from).toBe('INBOX');
  });

  it('that can neither MOVE nor expunge by number is not asked to', async () => {
    const server = await dovecot({ capability: 'IMAP4rev1 LITERAL+ NAMESPACE' });
    server.deliver(CLERK, letter('a'));
    const mailboxes = mailboxesAt(server.port);
    const [stored] = await all(mailboxes);

    expect(await mailboxes.holdStored(stored!.id, HOLD)).toMatchObject({
      error: { code: 'MAILBOX_CANNOT_MOVE' },
    });
    expect(texts(server, 'INBOX')).toEqual([letter('a')]);
  });

  it('that is not there, or elsewhere without encryption, is told as such', async () => {
    const server = await dovecot();
    await server.kill();
    const limits = { attempts: 2, pause: 1 };
    const [away] = await outcomes(mailboxesAt(server.port, { limits }));
    expect(away).toMatchObject({ error: { code: 'MAILBOX_SERVER_UNREACHABLE', done: 'nothing' } });

    const open = mailboxesAt(server.port, { host: 'imap.office.example' });
    const [unsafe] = await outcomes(open);
    expect(unsafe).toMatchObject({ error: { code: 'MAILBOX_SERVER_UNSAFE' } });
  });

  it.each(['from-start', 'starttls'] as const)(
    'is asked over TLS (%s), and only with a certificate that is trusted',
    async (by) => {
      const folder = mkdtempSync(join(tmpdir(), 'bw-imap-tls-'));
      endings.push(() => rmSync(folder, { recursive: true, force: true }));
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      const made = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`;
      execFileSync('openssl', made.split(' '), { stdio: 'pipe' });
      const server = await dovecot({ tls: { cert, key, by } });
      server.deliver(CLERK, letter('a'));
      const safe = { host: 'localhost', tls: by } as const;

      const trusted = mailboxesAt(server.port, { ...safe, ca: readFileSync(cert, 'utf8') });
      expect(await all(trusted)).toHaveLength(1);
      const strange = mailboxesAt(server.port, { ...safe, limits: { attempts: 1 } });
      expect(await outcomes(strange)).toMatchObject([{ error: { code: 'MAILBOX_SERVER_UNREACHABLE' } }]);
    },
  );

  it('that takes STARTTLS away is told no password', async () => {
    const server = await dovecot();
    const line = await lineTo(server);
    // It would break here.
    line.next({ command: 'AUTHENTICATE', when: 'before' });
    const stripped = mailboxesAt(line.port, { tls: 'starttls', limits: { attempts: 1 } });

    expect(await outcomes(stripped)).toMatchObject([{ error: { code: 'MAILBOX_SERVER_UNREACHABLE' } }]);
    expect(line.breaks()).toBe(0);
    expect(server.log()).not.toContain(CLERK);
  });

  it.each(['', ' a', 'a\r\nb LOGOUT', 'a"b', '*', '%', '../a', 'a'.repeat(101)])(
    'is not asked for a folder that is called %j',
    async (folder) => {
      const mailboxes = mailboxesAt(1);
      const id = {
        mailbox: CLERK,
        folder: 'INBOX',
        uidValidity: '1',
        uid: '1',
        messageId: null,
        size: 1,
        sha256: '',
      };
      expect(await mailboxes.holdStored(id, { folder })).toMatchObject({
        error: { code: 'MAILBOX_FOLDER_WRONG' },
      });
    },
  );
});
