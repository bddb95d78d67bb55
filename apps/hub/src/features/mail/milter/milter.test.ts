/** The milter with a real Postfix: what it decides becomes of messages, whoever dies in the middle. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Arrival, MailDecision, MailReason } from '@bellwether/mail';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailGate } from '../gate/gate.ts';
import { GateJournal } from '../gate/journal.ts';
import { freePort, TestPostfix } from './postfix.fixture.ts';
import { type RunningMilter, startMilter } from './server.ts';

const REASON: MailReason = { code: 'x', text: 'It looks like somebody else.', points: 7 };

const folder = mkdtempSync(join(tmpdir(), 'bw-milter-'));
const counted: string[] = [];
const seen: Arrival[] = [];
const troubles: string[] = [];
let port: number;
let milter: RunningMilter;
let postfix: TestPostfix;
let isStuck = false;

/** Decides by the word in the subject. */
async function judge(arrival: Arrival): Promise<{ decision: MailDecision; reasons: readonly MailReason[] }> {
  seen.push(arrival);
  if (isStuck) await new Promise(() => {});
  const decision = /^Subject: (deliver|banner|hold|block)/m.exec(Buffer.from(arrival.bytes).toString())?.[1];
  return {
    decision: (decision ?? 'deliver') as MailDecision,
    reasons: decision === 'deliver' ? [] : [REASON],
  };
}

async function start(): Promise<RunningMilter> {
  const gate = mailGate({
    judge,
    knownBad: async () => [],
    journal: new GateJournal(join(folder, 'gate'), Date.now()),
    account: { count: (outcome) => void counted.push(outcome) },
    now: Date.now,
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    failed: (cause) => void troubles.push(String(cause)),
  });
  const ground = { gate, officeOf: () => '29019', ourNames: ['mx.office.example'], now: Date.now };
  return await startMilter(ground, { host: '127.0.0.1', port }, (why) => void troubles.push(why));
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isSo(); tries++) await pause(50);
}

const mail = (subject: string, ...more: string[]): string =>
  [
    'From: Pat <pat@sender.example>',
    'To: clerk@office.example',
    `Subject: ${subject}`,
    ...more,
    '',
    'A line.',
    '',
  ].join('\n');

beforeAll(async () => {
  port = await freePort();
  milter = await start();
  postfix = await TestPostfix.start(port);
}, 60_000);

afterEach(() => {
  isStuck = false;
});

afterAll(async () => {
  postfix?.stop();
  await milter?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a message that Postfix asks about', () => {
  it('is delivered with our mark, and with nobody else’s in our name', async () => {
    const forged = [
      'X-Bellwether: deliver; id=forged',
      'Authentication-Results: mx.office.example; dkim=pass',
    ];
    expect(await postfix.send(mail('deliver one', ...forged, 'X-Other: stays'))).toMatch(/^250 /);
    await until(() => postfix.delivered().length === 1);
    const [text] = postfix.delivered();
    expect(text).toMatch(/^X-Bellwether: deliver; id=[0-9a-f]{16}$/m);
    expect(text).toContain('X-Other: stays');
    expect(text).not.toContain('forged');
    expect(text).not.toContain('dkim=pass');
    expect(seen.at(-1)).toMatchObject({
      envelope: {
        client: '192.0.2.25',
        helo: 'mail.sender.example',
        from: 'pat@sender.example',
        to: ['clerk@office.example'],
      },
      office: '29019',
      hook: 'milter',
    });
    expect(Buffer.from(seen.at(-1)!.bytes).toString()).toContain('Subject: deliver one\r\n');
  });

  it('is marked with the reason', async () => {
    expect(await postfix.send(mail('banner two'))).toMatch(/^250 /);
    await until(() => postfix.delivered().some((text) => text.includes('banner two')));
    const text = postfix.delivered().find((one) => one.includes('banner two'))!;
    expect(text).toMatch(/^X-Bellwether: banner; /m);
    expect(text).toContain('X-Bellwether-Why: It looks like somebody else.');
  });

  it('is refused with a reason for the sender', async () => {
    expect(await postfix.send(mail('block three'))).toMatch(/^550 5\.7\.1 .*It looks like somebody else\./);
    expect(postfix.delivered().some((text) => text.includes('block three'))).toBe(false);
  });

  it('is held in the queue, and delivered once it is released', async () => {
    expect(await postfix.send(mail('hold four'))).toMatch(/^250 /);
    await until(() => /^[0-9A-F]+!/m.test(postfix.queue()));
    expect(postfix.queue()).toMatch(/^[0-9A-F]+!/m);
    expect(postfix.delivered().some((text) => text.includes('hold four'))).toBe(false);
    postfix.release();
    await until(() => postfix.delivered().some((text) => text.includes('hold four')));
    expect(postfix.delivered().filter((text) => text.includes('hold four'))).toHaveLength(1);
  });

  it('is tried again where the filter dies in the middle: not lost, and not delivered twice', async () => {
    const before = postfix.delivered().length;
    isStuck = true;
    const judgedBefore = seen.length;
    const sent = postfix.send(mail('deliver five'));
    await until(() => seen.length > judgedBefore);
    await milter.close();
    expect(await sent).toMatch(/^451 /);
    expect(postfix.delivered()).toHaveLength(before);

    // Nobody there at all: the sender's server keeps it as well.
    expect(await postfix.send(mail('deliver five'))).toMatch(/^451 /);

    isStuck = false;
    milter = await start();
    expect(await postfix.send(mail('deliver five'))).toMatch(/^250 /);
    await until(() => postfix.delivered().length > before);
    expect(postfix.delivered().filter((text) => text.includes('deliver five'))).toHaveLength(1);
  });

  it('is counted, whatever became of it', () => {
    expect(counted.filter((outcome) => outcome !== 'put-off').sort()).toEqual([
      'banner',
      'block',
      'deliver',
      'deliver',
      'hold',
    ]);
    expect(troubles).toEqual([]);
  });
});

describe('a peer that is no mail server', () => {
  it('is left with a reason, and others are served on', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    expect(troubles.join()).toContain('a packet of');
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    silent.write(Buffer.from('000003e942', 'hex'));
    silent.destroy();
    expect(await postfix.send(mail('deliver six'))).toMatch(/^250 /);
  });
});
