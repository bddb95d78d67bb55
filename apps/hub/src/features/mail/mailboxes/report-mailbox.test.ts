import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle, killChild, startChild } from '../../../platform/testing/child.ts';
import { cutLine } from './cut-line.fixture.ts';
import { PASSWORD, type TestDovecot, testDovecot } from './dovecot.fixture.ts';
import { HOW_TO_REPORT, type ReportMailbox, watchReports } from './report-mailbox.ts';
import type { MailReport } from './report-of.ts';

const REPORT = 'report@office.example';
const BAD = 'From: clerk@c0unty.example\nSubject: Ballots\n\nClick here.\n';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function dovecot(capability?: string): Promise<TestDovecot> {
  const server = await testDovecot({ users: [REPORT], ...(capability === undefined ? {} : { capability }) });
  endings.push(() => server.stop());
  await server.start();
  return server;
}

/** A mailbox that is watched, and what it handed over, answered and told. */
function watched(port: number, options: Partial<ReportMailbox> = {}) {
  const handed: MailReport[] = [];
  const answers: string[] = [];
  const told: string[] = [];
  const watch = watchReports({
    ...{ host: '127.0.0.1', port, tls: 'none', addresses: [REPORT] },
    account: { user: REPORT, pass: PASSWORD },
    onReport: async (report) => {
      handed.push(report);
      return report.reported.length === 0 ? null : 'Thank you. We look at it.';
    },
    answer: async (to, subject, text, inReplyTo) => {
      answers.push([to, subject, text, inReplyTo].join('|'));
    },
    mayAnswer: (address) => address.endsWith('@office.example'),
    told: (what) => told.push(what),
    now: Date.now,
    // Only the server's own word brings a message in time.
    pollEvery: 3_600_000,
    ...options,
    limits: { pause: 10, ...options.limits },
  });
  endings.push(() => watch.close());
  return { handed, answers, told, close: () => watch.close() };
}

function mail(name: string, header = '', body = 'Hello.'): string {
  return `From: Pat <pat@office.example>\nSubject: ${name}\nMessage-ID: <${name}@office.example>\n${header}\n${body}\n`;
}

function attached(name: string): string {
  const parts = `--b\n\nIs this real?\n--b\nContent-Type: message/rfc822\n\n${BAD}\n--b--`;
  return mail(name, 'Content-Type: multipart/mixed; boundary=b\n', parts);
}

async function filed(server: TestDovecot, count: number): Promise<void> {
  await vi.waitFor(() => expect(inFolder(server, 'Done')).toHaveLength(count), {
    timeout: 60_000,
    interval: 20,
  });
}

function inFolder(server: TestDovecot, folder: string) {
  return server.messages(REPORT).filter((message) => message.folder === folder);
}

describe('a report mailbox', () => {
  it('hands a report over, answers it, and files it as read, as soon as the server tells of it', async () => {
    const server = await dovecot();
    server.deliver(REPORT, attached('before'));
    const { handed, answers, told } = watched(server.port);
    await filed(server, 1);
    server.deliver(REPORT, attached('meanwhile'));
    await filed(server, 2);

    expect(handed.map(({ messageId }) => messageId)).toEqual([
      'before@office.example',
      'meanwhile@office.example',
    ]);
    expect(handed[0]?.reported).toMatchObject([{ kind: 'attached' }]);
    expect(answers[0]).toBe('pat@office.example|Re: before|Thank you. We look at it.|before@office.example');
    expect(answers).toHaveLength(2);
    expect(inFolder(server, 'INBOX')).toEqual([]);
    expect(inFolder(server, 'Done').map(({ flags }) => flags.includes('S'))).toEqual([true, true]);
    expect(told).toEqual([]);
  });

  it('is looked into now and then where the server tells of nothing', async () => {
    const server = await dovecot('IMAP4rev1 LITERAL+ NAMESPACE UIDPLUS MOVE');
    const { handed } = watched(server.port, { pollEvery: 50 });
    server.deliver(REPORT, attached('a'));
    await filed(server, 1);
    server.deliver(REPORT, attached('b'));
    await filed(server, 2);

    expect(handed).toHaveLength(2);
  });

  it('takes forwards as text, says how to report to who attaches nothing, and answers no stranger', async () => {
    const server = await dovecot();
    const inline =
      'From: Clerk <clerk@c0unty.example>\nSent: Monday\nTo: Pat\nSubject: Ballots\n\nClick here.';
    server.deliver(REPORT, mail('inline', '', inline));
    server.deliver(REPORT, mail('words'));
    server.deliver(REPORT, mail('stranger').replace('pat@office', 'pat@elsewhere'));
    const { handed, answers } = watched(server.port);
    await filed(server, 3);

    expect(handed.map(({ reported }) => reported.map(({ kind }) => kind))).toEqual([['inline'], [], []]);
    expect(answers).toEqual([
      'pat@office.example|Re: inline|Thank you. We look at it.|inline@office.example',
      `pat@office.example|Re: words|${HOW_TO_REPORT}|words@office.example`,
    ]);
  });

  it('ends a loop of automatic replies before it begins', async () => {
    const server = await dovecot();
    const { handed, answers } = watched(server.port, {
      // A robot that answers every answer, more and more shyly.
      answer: async (to, subject) => {
        answers.push(to);
        server.deliver(
          REPORT,
          mail(`away${answers.length}`, 'Auto-Submitted: auto-replied\n').replace(/Subject.*/, subject),
        );
      },
    });
    server.deliver(REPORT, attached('first'));
    await filed(server, 2);
    const echoes = ['Return-Path: <>\n', 'Content-Type: multipart/report; boundary=b\n'].map((header) =>
      attached(`x${header.length}`).replace('Content-Type: multipart/mixed; boundary=b\n', header),
    );
    for (const echo of echoes) server.deliver(REPORT, echo);
    server.deliver(REPORT, attached('own').replace('pat@', 'report@'));
    server.deliver(REPORT, attached('robot').replace('Subject', 'Precedence: bulk\nSubject'));
    await filed(server, 6);

    expect(answers).toEqual(['pat@office.example']);
    expect(handed.map(({ messageId }) => messageId?.split('@')[0])).toEqual(['first', 'robot']);
  });

  it('ends a loop with a robot that does not say what it is', async () => {
    const server = await dovecot();
    let count = 0;
    const { answers, told } = watched(server.port, {
      answer: async (to) => {
        answers.push(to);
        server.deliver(REPORT, mail(`again${count++}`));
      },
    });
    server.deliver(REPORT, mail('first'));
    await filed(server, 6);

    expect(answers).toHaveLength(5);
    expect(told).toEqual([expect.stringContaining('too many answers')]);
  });

  it('keeps what cannot be taken in, goes on with the rest, and tries again', async () => {
    const server = await dovecot();
    let isBroken = true;
    const { told } = watched(server.port, {
      pollEvery: 20,
      onReport: async ({ subject }) => {
        if (subject === 'a' && isBroken) throw new Error('the disk is full');
        return null;
      },
    });
    server.deliver(REPORT, attached('a'));
    server.deliver(REPORT, attached('b'));
    await filed(server, 1);
    expect(inFolder(server, 'INBOX')).toMatchObject([{ text: expect.stringContaining('Subject: a') }]);
    await vi.waitFor(() => expect(told[0]).toContain('the disk is full'));
    isBroken = false;
    await filed(server, 2);
  });

  it('goes on when the server was killed and comes back', async () => {
    const server = await dovecot();
    const { handed } = watched(server.port);
    server.deliver(REPORT, attached('a'));
    await filed(server, 1);
    await server.kill();
    server.deliver(REPORT, attached('b'));
    await server.start();
    await filed(server, 2);

    expect(handed.map(({ subject }) => subject)).toEqual(['a', 'b']);
  });

  it('neither counts nor answers twice what it could not file since the line broke', async () => {
    const server = await dovecot();
    const line = await cutLine(server.port);
    endings.push(() => line.close());
    line.next({ command: 'UID STORE', when: 'before' });
    const { handed, answers } = watched(line.port);
    server.deliver(REPORT, attached('a'));
    await filed(server, 1);

    expect(line.breaks()).toBe(1);
    expect(handed).toHaveLength(1);
    expect(answers).toHaveLength(1);
  });

  it('reads a report that is made to hurt, and the one after it', async () => {
    const server = await dovecot();
    const nested = 'Content-Type: multipart/mixed; boundary=b\n\n--b\n'.repeat(20_000);
    server.deliver(REPORT, `From: pat@office.example\nMessage-ID: <bomb@x>\n${nested}`);
    const many = '--b\nContent-Type: message/rfc822\n\nA: b\n\nc\n'.repeat(50_000);
    server.deliver(REPORT, mail('many', 'Content-Type: multipart/mixed; boundary=b\n', many));
    server.deliver(REPORT, attached('good'));
    const { handed } = watched(server.port);
    await filed(server, 3);

    expect(handed.map(({ reported }) => reported.length)).toEqual([0, 20, 1]);
  });
});

describe('a report mailbox whose program is killed', () => {
  let folder = '';
  let program = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bw-reports-'));
    program = bundle(new URL('./watched-reports.fixture.ts', import.meta.url), folder);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const steps = [
    ...['handing', 'answering'].map((step) => [step, null] as const),
    ...['UID FETCH', 'UID STORE', 'UID MOVE'].flatMap((command) =>
      (['before', 'after'] as const).map((when) => [`${when} ${command}`, { command, when }] as const),
    ),
  ];

  it.each(steps)('loses no report and counts each once: %s', async (step, cut) => {
    const server = await dovecot();
    const line = await cutLine(server.port);
    endings.push(() => line.close());
    const did = join(folder, `${step.replaceAll(' ', '-')}.txt`);
    line.next(cut);
    for (const name of ['a', 'b']) server.deliver(REPORT, attached(name));
    const first = startChild(program, [String(line.port), did, step]);
    endings.push(() => killChild(first));
    if (cut === null) expect((await first.lines.next()).value).toBe(step);
    else await vi.waitFor(() => expect(line.breaks()).toBe(1), { timeout: 60_000, interval: 1 });
    await killChild(first);
    // Nothing is filed that was not handed over.
    expect(inFolder(server, 'Done').length).toBeLessThanOrEqual(handedIn(did).size);

    const second = startChild(program, [String(server.port), did, 'none']);
    endings.push(() => killChild(second));
    await filed(server, 2);
    expect(handedIn(did).size).toBe(2);
    expect(inFolder(server, 'INBOX')).toEqual([]);
    expect(server.messages(REPORT)).toHaveLength(2);
  });

  function handedIn(file: string): Set<string> {
    try {
      return new Set(readFileSync(file, 'utf8').match(/^handing .*$/gm));
    } catch {
      return new Set();
    }
  }
});
