/** Somebody of the state says at the desk that a reported message is fraud: it is moved out of mailboxes on a real Dovecot, and back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptMailAnswer, MailAnswer } from '@bellwether/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  MASTER,
  PASSWORD,
  type TestDovecot,
  testDovecot,
} from '../features/mail/mailboxes/dovecot.fixture.ts';
import { freePort } from '../features/mail/milter/postfix.fixture.ts';
import { COMMAND, RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const REPORT = 'report@state.example';
const CLERKS = ['clerk@boone.example', 'clerk@adair.example', 'clerk@callaway.example'] as const;
const LINK = 'https://order-forms.example/catalogue/spring';

const message = (to: string, words: string, link = LINK): string =>
  `From: "County Supplies" <sales@supplies.example>\r\nTo: ${to}\r\nSubject: ${words}\r\nMessage-ID: <${to}>\r\n\r\n${words}: ${link}\r\n`;

let scratch: string;
let hub: RunningHub;
let dovecot: TestDovecot;
let reports: ChildProcess;
let said = '';

beforeAll(async () => {
  scratch = scratchFolder('hunt');
  hub = new RunningHub({ data: join(scratch, 'data'), port: await freePort() });
  dovecot = await testDovecot({ users: [REPORT, ...CLERKS] });
  await Promise.all([hub.startWell(), dovecot.start()]);
  writeFileSync(join(scratch, 'key'), hub.token, { mode: 0o600 });
  writeFileSync(join(scratch, 'password'), PASSWORD, { mode: 0o600 });
  mkdirSync(join(scratch, 'offices'));
  for (const [at, office] of ['29019', '29001', '29027'].entries())
    writeFileSync(
      join(scratch, 'offices', `${office}.yaml`),
      `own: "${office}"\noffices:\n  - { office: "${office}", name: Office ${office}, domains: [${CLERKS[at]!.split('@')[1]}] }\n`,
    );
  const server = `host: 127.0.0.1, port: ${dovecot.port}, tls: none, passwordFile: password`;
  writeFileSync(
    join(scratch, 'mail.yaml'),
    `contact: 573-555-0142
report: { ${server}, address: ${REPORT}, user: ${REPORT} }
mailboxes:
- { kind: imap, ${server}, user: '%*${MASTER}', offices: { '29019': [${CLERKS[0]}], '29001': [${CLERKS[1]}], '29027': [${CLERKS[2]}] }, veto: ['29027'] }
answers: { host: 127.0.0.1, port: 9, from: answers@state.example }
`,
  );
  reports = spawn(
    process.execPath,
    [
      ...[COMMAND, 'mail', 'reports', '--offline', '--as-shipped', '--settings', join(scratch, 'mail.yaml')],
      ...['--offices', join(scratch, 'offices'), '--data', join(scratch, 'reports')],
      ...['--hub', `http://127.0.0.1:${hub.port}`, '--key', join(scratch, 'key')],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const stream of [reports.stdout, reports.stderr])
    stream?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  await until(() => said.includes('watching'));
}, 120_000);

afterAll(async () => {
  const gone = new Promise((resolve) => reports.once('exit', resolve));
  reports.kill('SIGTERM');
  await gone;
  await Promise.all([dovecot.stop(), hub.stop()]);
  removeFolder(scratch);
});

const held = async (): Promise<KeptMailAnswer['messages']> =>
  (await hub.ask<KeptMailAnswer>('/api/v1/mail/kept?state=held')).body.messages;

const foldersOf = (clerk: string): string[] =>
  dovecot
    .messages(clerk)
    .map(({ folder, text }) => `${folder}: ${/^Subject: (.*?)\r?$/m.exec(text)?.[1]}`)
    .sort();

it('moves what is like it, and nothing else; not where an office moves its own; and back when it is let go', async () => {
  for (const [at, clerk] of CLERKS.entries()) {
    dovecot.deliver(clerk, message(clerk, `Spring offer ${at}`));
    dovecot.deliver(clerk, message(clerk, 'Ballot paper', 'https://paper.example/ballots/2027'));
  }
  const bytes = Buffer.from(message('clerk@boone.example', 'New envelopes'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const report = {
    ...{ kind: 'report', id: 'report-of-envelopes', at: new Date().toISOString(), office: '29019', sha256 },
    ...{ reporter: CLERKS[0], subject: 'New envelopes', outcome: 'waits', message: bytes.toString('base64') },
  };
  expect((await hub.post('/api/v1/mail/told', { events: [report] })).status).toBe(200);
  const [waits] = (await hub.ask<MailAnswer>('/api/v1/mail')).body.reports;
  expect((await hub.post(`/api/v1/mail/reports/${waits!.id}/answer`, { is: 'bad' })).status).toBe(204);

  await until(async () => (await held()).length === 2);
  expect((await held()).map(({ office }) => office).sort()).toEqual(['29001', '29019']);
  expect(foldersOf(CLERKS[0])).toEqual(['Held by Bellwether: Spring offer 0', 'INBOX: Ballot paper']);
  expect(foldersOf(CLERKS[2])).toEqual(['INBOX: Ballot paper', 'INBOX: Spring offer 2']);
  await until(() => said.includes('"pulled"'));
  expect(said).toContain('"held":2,"mailboxes":2');

  const one = (await held()).find(({ office }) => office === '29019');
  await hub.post(`/api/v1/mail/kept/${one!.id}/release`, { why: 'they are our printer' });
  await until(() => foldersOf(CLERKS[0])[1] === 'INBOX: Spring offer 0');
  expect(foldersOf(CLERKS[0])).toEqual(['INBOX: Ballot paper', 'INBOX: Spring offer 0']);
  expect(foldersOf(CLERKS[1])).toContain('Held by Bellwether: Spring offer 1');
});
