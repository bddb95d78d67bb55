/** Both services do what the pull-back asks of mailboxes, in exchanges written from their documentation. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '@bellwether/basics';
import { importSPKI, importX509, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MailboxError } from '../mailboxes/errors.ts';
import { sha256Of } from '../mailboxes/imap-find.ts';
import {
  HOLD_FOLDER,
  type Mailboxes,
  type StoredId,
  type StoredMessage,
} from '../mailboxes/mailbox-types.ts';
import { gmailMailboxes } from './gmail-mailboxes.ts';
import { graphMailboxes } from './graph-mailboxes.ts';
import { messageOfFile, type Replay, replayed } from './replay.fixture.ts';
import type { GraphCredential } from './tokens.ts';

const CLERK = 'clerk@boone.example';
const SINCE = Date.parse('2026-10-01T00:00:00Z');
const limits = { answer: 5_000, attempts: 3, pause: 1, patience: 1_000 };

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const graph = (address: string, credential: GraphCredential = { secret: 's3cret' }): Mailboxes =>
  graphMailboxes({
    ...{ service: address, login: address, tenant: 'tenant-1', application: 'app-1' },
    ...{ credential, limits },
  });

const gmail = (address: string): Mailboxes =>
  gmailMailboxes({
    service: address,
    account: {
      client_email: 'bellwether@project.iam.example',
      private_key: pair.privateKey,
      private_key_id: 'key-1',
      token_uri: `${address}/token`,
    },
    limits,
  });

/** The lure as a search gave it. */
function lureIn(file: string, uid: string, folder: string): StoredId {
  const bytes = messageOfFile(file, 'lure');
  const [messageId, size, sha256] = ['lure-1@account-mail.example', bytes.length, sha256Of(bytes)];
  return { mailbox: CLERK, folder, uidValidity: file.split('.')[0]!, uid, messageId, size, sha256 };
}

const SERVICES = [
  {
    ...{ name: 'Microsoft 365', file: 'graph.exchanges.json', open: graph },
    ...{ uid: 'AAkALgAAlure=', newUid: 'AAkALgAAnew=', hold: 'F-held', inbox: 'F-inbox', team: 'F-team' },
    ...{ flags: ['Red'], plain: [], from: 'F-inbox', again: 'F-inbox' },
  },
  {
    ...{ name: 'Google Workspace', file: 'gmail.exchanges.json', open: gmail },
    ...{ uid: 'm-lure', newUid: 'm-new', hold: 'Label_7', inbox: 'INBOX Label_2 UNREAD', team: 'INBOX' },
    ...{ flags: [], plain: [], from: 'INBOX Label_2 UNREAD', again: 'INBOX Label_2 UNREAD' },
  },
] as const;

describe.each(SERVICES)('$name', ({ name: _, file, open, uid, newUid, hold, inbox, team, flags, from }) => {
  const stored = lureIn(file, uid, inbox);
  const held = { message: { ...stored, folder: hold }, from, flags };

  async function service(...names: string[]): Promise<{ mailboxes: Mailboxes; replay: Replay }> {
    const replay = await replayed(file, names);
    onTestFinished(async () => {
      await replay.close();
      expect(replay.wrong()).toEqual([]);
    });
    return { mailboxes: open(replay.address), replay };
  }

  it('is gone through page after page, without what was sent, thrown away or held', async () => {
    const { mailboxes } = await service('token', 'a mailbox is gone through');
    const messages = (await goneThrough(mailboxes)).map((found) => found.okOrThrow());
    expect(messages.map(({ id }) => id.messageId)).toEqual([
      'lure-1@account-mail.example',
      'note-1@boone.example',
    ]);
    expect(messages[0]).toEqual({
      id: stored,
      ...{ at: Date.parse('2026-10-05T12:00:00Z'), isCut: false, bytes: messageOfFile(file, 'lure') },
    });
    expect(messages[1]!.id.folder).toBe(team);
  });

  it('gives no more than is wanted', async () => {
    const replay = await replayed(file, ['token', 'a mailbox is gone through']);
    onTestFinished(replay.close);
    expect(await goneThrough(open(replay.address), 1)).toHaveLength(1);
    expect(replay.asked.some(({ line }) => /skip=100|pageToken/.test(line))).toBe(false);
  });

  it('holds a message in a folder that its owner sees', async () => {
    const { mailboxes } = await service('token', 'held');
    expect((await mailboxes.holdStored(stored, { folder: HOLD_FOLDER })).okOrThrow()).toEqual(held);
  });

  it.each(['held, and the folder is made', 'held, and somebody else makes the folder'])('%s', async (how) => {
    const { mailboxes } = await service('token', how);
    const done = await mailboxes.holdStored(stored, { folder: HOLD_FOLDER });
    expect(done.okOrThrow()).toMatchObject({ message: { folder: hold }, from });
  });

  it('tells of one that is held already as when it was held, and moves nothing', async () => {
    const { mailboxes } = await service('token', 'held already');
    const done = await mailboxes.holdStored(stored, { folder: HOLD_FOLDER });
    expect(done.okOrThrow()).toEqual({ ...held, flags: [] });
  });

  it('finds by what it is one whose number has changed, and not its neighbour of the same Message-ID', async () => {
    const { mailboxes } = await service('token', 'held, and it has another number');
    const done = await mailboxes.holdStored(stored, { folder: HOLD_FOLDER });
    expect(done.okOrThrow().message).toEqual({ ...stored, folder: hold, uid: newUid });
  });

  it('says that a message is gone', async () => {
    const { mailboxes } = await service('token', 'held, and it is gone');
    const done = await mailboxes.holdStored(stored, { folder: HOLD_FOLDER });
    expect(errorOf(done)).toMatchObject({ code: 'MAILBOX_MESSAGE_GONE', done: 'nothing' });
  });

  it('says that nobody knows where it is when the line is cut while it moves', async () => {
    const { mailboxes } = await service('token', 'held, and the line is cut');
    const done = await mailboxes.holdStored(stored, { folder: HOLD_FOLDER });
    expect(errorOf(done)).toMatchObject({ code: 'MAILBOX_SERVER_UNREACHABLE', done: 'unknown' });
  });

  it('asks nobody for a folder whose name makes no sense', async () => {
    const { mailboxes } = await service();
    const done = await mailboxes.holdStored(stored, { folder: 'a/b' });
    expect(errorOf(done)).toMatchObject({ code: 'MAILBOX_FOLDER_WRONG' });
  });

  it('moves back, as it was, what was held; once', async () => {
    const { mailboxes } = await service('token', 'released', 'released already');
    expect((await mailboxes.releaseHeld(held)).isOk()).toBe(true);
    expect((await mailboxes.releaseHeld(held)).isOk()).toBe(true);
  });

  it('moves back into the inbox where the folder is gone', async () => {
    const { mailboxes } = await service('token', 'released, and its folder is gone');
    expect((await mailboxes.releaseHeld(held)).isOk()).toBe(true);
  });

  it('waits while the service is busy, as long as makes sense', async () => {
    const { mailboxes } = await service('token', 'it is busy', 'a mailbox is gone through');
    expect(await goneThrough(mailboxes)).toHaveLength(2);
    const { mailboxes: busy } = await service('token', 'it is busy for long');
    expect(await failure(busy)).toMatchObject({ code: 'MAILBOX_SERVER_SLOW', done: 'nothing' });
  });

  it('asks for a new token once', async () => {
    const { mailboxes } = await service(
      ...['token', 'the token has ended', 'new token', 'the new token is refused too'],
    );
    expect(await failure(mailboxes)).toMatchObject({ code: 'MAILBOX_LOGIN_REFUSED' });
  });

  it.each([
    ['consent was taken back', 'MAILBOX_LOGIN_REFUSED', 'unauthorized_client'],
    ['it may not', 'MAILBOX_LOGIN_REFUSED', '403'],
    ['there is no such mailbox', 'MAILBOX_LOGIN_REFUSED', /invalid/i],
    ['a list is malformed', 'MAILBOX_ANSWER_WRONG', 'shape'],
  ])('says what is wrong: %s', async (what, code, words) => {
    const isToken = (file.startsWith('gmail') && what.includes('no such')) || what.startsWith('consent');
    const { mailboxes } = await service(...(isToken ? [] : ['token']), what);
    expect(await failure(mailboxes)).toMatchObject({ code, detail: expect.stringMatching(words) });
  });

  it('is asked over HTTPS, or on this machine', async () => {
    expect(await failure(open('http://mail.example'))).toMatchObject({ code: 'MAILBOX_SERVER_UNSAFE' });
    expect(await failure(open('http://127.0.0.1:1'))).toMatchObject({ code: 'MAILBOX_SERVER_UNREACHABLE' });
  });

  it('ends an answer that has no end', async () => {
    let sent = 0;
    const endless = createServer((request, response) => {
      if (request.method === 'POST') return void response.end('{"access_token":"t","expires_in":3600}');
      const more = (): void => {
        while (sent < 2 ** 31 && response.write(' '.repeat(65_536))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      endless.closeAllConnections();
      endless.close();
    });
    const { port } = endless.address() as AddressInfo;
    expect(await failure(open(`http://127.0.0.1:${port}`))).toMatchObject({ code: 'MAILBOX_ANSWER_WRONG' });
    expect(sent).toBeLessThan(32 * 1_048_576);
  });
});

describe('Microsoft 365', () => {
  it('is not followed to another host', async () => {
    const replay = await replayed('graph.exchanges.json', ['token', 'a list leads elsewhere']);
    onTestFinished(replay.close);
    expect(await failure(graph(replay.address))).toMatchObject({
      code: 'MAILBOX_ANSWER_WRONG',
      detail: expect.stringContaining('another host'),
    });
  });

  it('is shown who asks by the key of a certificate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bw-graph-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const how = ['-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=bellwether', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...how, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const pem = readFileSync(certificate, 'utf8');
    const replay = await replayed('graph.exchanges.json', ['token with a certificate', 'held already']);
    onTestFinished(replay.close);
    const mailboxes = graph(replay.address, { key: readFileSync(key, 'utf8'), certificate: pem });
    const stored = lureIn('graph.exchanges.json', 'AAkALgAAlure=', 'F-inbox');
    (await mailboxes.holdStored(stored, { folder: HOLD_FOLDER })).okOrThrow();
    const assertion = new URLSearchParams(replay.asked[0]!.body).get('client_assertion')!;
    const print = execFileSync('openssl', ['x509', '-in', certificate, '-outform', 'DER']);
    const { payload, protectedHeader } = await jwtVerify(assertion, await importX509(pem, 'PS256'));
    expect(payload).toMatchObject({ iss: 'app-1', sub: 'app-1' });
    expect(payload.aud).toBe(`${replay.address}/tenant-1/oauth2/v2.0/token`);
    expect(protectedHeader['x5t#S256']).toBe(Buffer.from(sha256Of(print), 'hex').toString('base64url'));
  });
});

describe('Google Workspace', () => {
  it('is asked in the name of the mailbox, for no more than moving', async () => {
    const replay = await replayed('gmail.exchanges.json', ['token', 'held already']);
    onTestFinished(replay.close);
    const stored = lureIn('gmail.exchanges.json', 'm-lure', 'INBOX');
    (await gmail(replay.address).holdStored(stored, { folder: HOLD_FOLDER })).okOrThrow();
    const assertion = new URLSearchParams(replay.asked[0]!.body).get('assertion')!;
    const { payload, protectedHeader } = await jwtVerify(
      assertion,
      await importSPKI(pair.publicKey, 'RS256'),
    );
    expect(payload).toMatchObject({
      ...{ iss: 'bellwether@project.iam.example', sub: CLERK, aud: `${replay.address}/token` },
      scope: 'https://www.googleapis.com/auth/gmail.modify',
    });
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(3_600);
    expect(protectedHeader.kid).toBe('key-1');
  });
});

async function goneThrough(
  mailboxes: Mailboxes,
  limit = 100,
): Promise<Result<StoredMessage, MailboxError>[]> {
  const found: Result<StoredMessage, MailboxError>[] = [];
  for await (const next of mailboxes.search(CLERK, SINCE, limit)) found.push(next);
  return found;
}

/** The failure with which a search ends. */
async function failure(mailboxes: Mailboxes): Promise<MailboxError | null> {
  return errorOf((await goneThrough(mailboxes)).at(-1)!);
}

function errorOf<T>(done: Result<T, MailboxError>): MailboxError | null {
  return done.isErr() ? done.error : null;
}
