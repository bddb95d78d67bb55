/** Mail from end to end: a real Postfix asks the milter, the milter tells a real hub, and what is released at the desk is delivered. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptMail, KeptMailAnswer, KeptMailDetail, MailAnswer, MailChecked } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, TestPostfix } from '../features/mail/milter/postfix.fixture.ts';
import {
  COMMAND,
  RunningHub,
  removeFolder,
  runCommand,
  scratchFolder,
  until,
} from './testing/running-hub.ts';

const GOOD = `From: Pat <pat@sender.example>
To: clerk@office.example
Subject: Lunch on Friday
Message-ID: <good@sender.example>

Shall we have lunch on Friday at noon? I will be at the courthouse anyway.
`;

/** Asks for a password, from somebody who never wrote before. */
const LURE = `From: "Help Desk" <help@mailbox-verify-portal.example>
To: clerk@office.example
Subject: Your mailbox password expires today
Message-ID: <lure@mailbox-verify-portal.example>
MIME-Version: 1.0
Content-Type: text/html

<p>Hello,</p><p>Your password expires today. Keep the same password and verify your account now or your
mailbox will be closed: <a href="https://mailbox-verify-portal.example/login">keep my password</a></p>
`;

let scratch: string;
let hub: RunningHub;
let postfix: TestPostfix;
let milter: ChildProcess;
let milterPort: number;
let said = '';

beforeAll(async () => {
  scratch = scratchFolder('mail');
  // A port that stays when it is started again.
  hub = new RunningHub({ data: join(scratch, 'data'), port: await freePort() });
  await hub.startWell();
  writeFileSync(join(scratch, 'key'), hub.token, { mode: 0o600 });
  writeFileSync(
    join(scratch, 'office.yaml'),
    'own: "29019"\noffices:\n  - { office: "29019", name: Boone County, domains: [office.example] }\n',
  );
  milterPort = await freePort();
  postfix = await TestPostfix.start(milterPort);
  await startMilter();
}, 120_000);

afterAll(async () => {
  await endMilter('SIGTERM');
  postfix.stop();
  await hub.stop();
  removeFolder(scratch);
});

async function startMilter(): Promise<void> {
  const listening = `inet:127.0.0.1:${milterPort}`;
  milter = spawn(
    process.execPath,
    [
      ...[COMMAND, 'mail', 'milter', '--offline', '--as-shipped', '--listen', listening],
      ...['--office', join(scratch, 'office.yaml'), '--data', join(scratch, 'milter')],
      ...['--hub', `http://127.0.0.1:${hub.port}`, '--key', join(scratch, 'key')],
      ...['--postfix-config', postfix.config],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  milter.stdout?.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  milter.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  await until(() => out.includes('listening'));
}

async function endMilter(signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => milter.once('exit', resolve));
  milter.kill(signal);
  await gone;
}

const overview = async (): Promise<MailAnswer> => (await hub.ask<MailAnswer>('/api/v1/mail')).body;

async function received(count: number): Promise<MailAnswer['counts']> {
  await until(async () => (await overview()).counts.received >= count);
  return (await overview()).counts;
}

describe('a message for an office', () => {
  it('is delivered or held, counted at the hub once, and shown with its reasons', async () => {
    expect(await postfix.send(GOOD)).toMatch(/^250 /);
    expect(await postfix.send(LURE)).toMatch(/^250 /);
    expect(await received(2)).toMatchObject({ received: 2, delivered: 1, held: 1 });
    await until(() => postfix.delivered().length === 1);
    expect(postfix.delivered().join()).toContain('Lunch on Friday');

    const { messages } = (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept')).body;
    expect(messages).toMatchObject([
      {
        ...{ office: '29019', state: 'held', where: 'queue', to: ['clerk@office.example'], isKept: true },
        ...{ from: 'help@mailbox-verify-portal.example', subject: 'Your mailbox password expires today' },
      },
    ]);
    expect(messages[0]!.reasons.length).toBeGreaterThan(0);
    const { text, links } = (await hub.ask<KeptMailDetail>(`/api/v1/mail/kept/${messages[0]!.id}`)).body;
    expect(text).toContain('Your password expires today');
    expect(links.map(({ host }) => host)).toContain('mailbox-verify-portal.example');
    expect(said).toBe('');
  });

  it('that a person lets go is delivered by Postfix within seconds', async () => {
    const [held] = (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept')).body.messages;
    const { status } = await hub.post(`/api/v1/mail/kept/${held!.id}/release`, { why: 'we asked for it' });
    expect(status).toBe(200);
    await until(() => postfix.delivered().length === 2);
    expect((await hub.ask<KeptMailAnswer>('/api/v1/mail/kept')).body.messages).toMatchObject([
      { trouble: null },
    ]);
    expect(postfix.delivered().join()).toContain('Your mailbox password expires today');
    const released = async () =>
      (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept?state=released')).body.total;
    await until(async () => (await released()) === 1);
    expect(await released()).toBe(1);
    expect(await overview()).toMatchObject({ mistakes: 1, waiting: 0 });
  });

  it('is counted though the hub was away when it came and the milter was killed before it was back', async () => {
    await hub.kill();
    expect(await postfix.send(GOOD.replace('good@', 'second@'))).toMatch(/^250 /);
    await endMilter('SIGKILL');
    await hub.startWell();
    await startMilter();
    expect(await received(3)).toMatchObject({ received: 3, delivered: 2, held: 1 });
    await endMilter('SIGTERM');
    await startMilter();
    expect(await received(3)).toMatchObject({ received: 3 });
  });

  it('that somebody has and does not trust is judged in the box of the desk', async () => {
    const { body } = await hub.post<MailChecked>('/api/v1/mail/check', { message: LURE, as: 'text' });
    expect(body).toMatchObject({ subject: 'Your mailbox password expires today', offices: 1 });
    expect(['hold', 'block']).toContain(body.outcome);
    expect((await overview()).counts.received).toBe(3);
  });
});

describe('what the hub lets a milter judge by', () => {
  const copy = (
    id: string,
    words: string,
    link: string,
    from = '"County Supplies" <sales@supplies.example>',
  ): string =>
    `From: ${from}\nTo: clerk@office.example\nSubject: ${words}\nMessage-ID: <${id}@supplies.example>\n\n${words}: ${link}\n`;
  const kept = (): string => {
    const path = join(scratch, 'milter/mail/standing.json');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const versions = (): { last: number; version: number } => {
    const { last, list } = JSON.parse(kept());
    return { last, version: list.version };
  };
  const heldFor = async (code: string): Promise<KeptMail[]> =>
    (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept?state=held')).body.messages.filter(({ reasons }) =>
      reasons.some((reason) => reason.code === code),
    );
  const LINK = 'https://order-forms.example/catalogue/spring';

  it('is what the state found to be fraud: held from then on in other words, until that was a mistake', async () => {
    const bytes = Buffer.from(copy('first', 'New envelopes', LINK));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const report = {
      ...{ kind: 'report', id: 'report-of-envelopes', at: new Date().toISOString(), office: 'state', sha256 },
      ...{ reporter: 'clerk@office.example', subject: 'New envelopes', outcome: 'waits' },
      message: bytes.toString('base64'),
    };
    expect((await hub.post('/api/v1/mail/told', { events: [report] })).status).toBe(200);
    const { reports } = await overview();
    const waits = reports.find(({ outcome }) => outcome === 'waits');
    expect((await hub.post(`/api/v1/mail/reports/${waits!.id}/answer`, { is: 'bad' })).status).toBe(204);
    await until(() => kept().includes('"isConfirmed":true'));

    expect(await postfix.send(copy('second', 'Please see our spring catalogue', LINK))).toMatch(/^250 /);
    await until(async () => (await heldFor('known-bad')).length === 1);
    const [held] = await heldFor('known-bad');
    expect(held!.subject).toBe('Please see our spring catalogue');

    const { last } = versions();
    await hub.post(`/api/v1/mail/kept/${held!.id}/release`, { why: 'they are our printer' });
    await until(() => versions().last > last && /spring catalogue/.test(postfix.delivered().join()));
    expect(versions().last).toBeGreaterThan(last);
    expect(await postfix.send(copy('third', 'The summer catalogue is here', LINK))).toMatch(/^250 /);
    await until(() => /summer catalogue/.test(postfix.delivered().join()));
    expect(postfix.delivered().join()).toContain('summer catalogue');
  });

  it('is the list of the state: whom it names is looked at from then on', async () => {
    const yaml =
      'own: state\noffices: []\npeople:\n  - { name: Philomena Quackenbush, title: Secretary of State, addresses: [quackenbush@sos.example] }\norganisations: []\n';
    const asked = { ...{ yaml, version: 0 } };
    const put = await fetch(`http://127.0.0.1:${hub.port}/api/v1/mail/protected`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    expect(put.status).toBe(200);
    await until(() => versions().version === 1);
    const from = '"Philomena Quackenbush" <office.of.state@quick-post.example>';
    expect(
      await postfix.send(copy('boss', 'Are you at your desk? I need a favour', 'reply at once', from)),
    ).toMatch(/^250 /);
    const seen = async () => (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept?state=held')).body.messages;
    await until(async () => (await seen()).some(({ fromName }) => fromName === 'Philomena Quackenbush'));
    expect((await seen()).map(({ fromName }) => fromName)).toContain('Philomena Quackenbush');
  });
});

describe('a made-up week', () => {
  it('is told to a hub once, however often it is sent', async () => {
    const send = () =>
      runCommand([
        ...['sample', '--mail', '--to', `http://127.0.0.1:${hub.port}`, '--token', hub.token],
        ...['--seed', '7', '--scenario', 's03', '--json'],
      ]);
    const before = (await overview()).reportedRight;
    const first = await send();
    expect([first.code, first.error]).toEqual([0, '']);
    const { events, fresh } = JSON.parse(first.out) as { events: number; fresh: number };
    expect(events).toBeGreaterThan(20);
    expect(fresh).toBe(events);
    expect(JSON.parse((await send()).out)).toEqual({ events, fresh: 0 });
    const { campaigns, reportedRight } = await overview();
    expect(campaigns.some(({ offices, pulled }) => offices === 9 && pulled > 0)).toBe(true);
    expect(reportedRight).toBe(before + 1);
  });
});
