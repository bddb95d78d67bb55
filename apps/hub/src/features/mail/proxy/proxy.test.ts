/** The proxy between two ports of a real Postfix: what it decides becomes of messages, whoever stops in the middle. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Arrival, MailDecision, MailReason } from '@bellwether/mail';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailGate } from '../gate/gate.ts';
import { GateJournal } from '../gate/journal.ts';
import { freePort } from '../milter/postfix.fixture.ts';
import type { ProxyGround } from './ground.ts';
import { type CutLine, cutLine, sendTo, talkTo } from './line.fixture.ts';
import { type PostfixWithProxy, startPostfixWithProxy } from './postfix.fixture.ts';
import { type RunningProxy, startMailProxy } from './server.ts';

const REASON: MailReason = { code: 'x', text: 'It looks like somebody else’s.', points: 7 };
const OUTSIDE = ['XCLIENT ADDR=192.0.2.25 NAME=mail.sender.example'];
const AT_ONCE = 200;

const folder = mkdtempSync(join(tmpdir(), 'bw-proxy-'));
const counted: string[] = [];
const seen: Arrival[] = [];
const troubles: string[] = [];
let port: number;
let proxy: RunningProxy;
let postfix: PostfixWithProxy;
let line: CutLine;
let judging = Promise.resolve();

/** Decides by the word in the subject. */
async function judge(
  arrival: Arrival,
): Promise<{ decision: MailDecision; reasons: readonly MailReason[] } | null> {
  seen.push(arrival);
  await judging;
  const word = /^Subject: (deliver|banner|hold|block|fail)/m.exec(Buffer.from(arrival.bytes).toString())?.[1];
  if (word === 'fail') return null;
  return { decision: (word ?? 'deliver') as MailDecision, reasons: word === 'deliver' ? [] : [REASON] };
}

function ground(): ProxyGround {
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
  return {
    gate,
    officeOf: () => '29019',
    ourNames: ['mx.office.example'],
    now: Date.now,
    name: 'proxy.office.example',
    next: { host: '127.0.0.1', port: line.port },
    held: { host: '127.0.0.1', port: postfix.held },
    trusts: (address) => address === '127.0.0.1',
  };
}

const start = (changed: Partial<ProxyGround> = {}, on = 0): Promise<RunningProxy> =>
  startMailProxy(
    { ...ground(), ...changed },
    { host: '127.0.0.1', port: on },
    (why) => void troubles.push(why),
  );

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !isSo(); tries++) await pause(50);
}

const mail = (subject: string, ...more: string[]): string =>
  [
    'From: Pat <pat@sender.example>',
    'To: clerk@office.example',
    `Subject: ${subject}`,
    ...more,
    '',
    'A line.',
  ].join('\r\n');

const deliveredWith = (words: string): string[] => postfix.delivered().filter((text) => text.includes(words));

beforeAll(async () => {
  port = await freePort();
  postfix = await startPostfixWithProxy(port);
  line = await cutLine(postfix.back);
  proxy = await start({}, port);
}, 60_000);

afterEach(() => {
  judging = Promise.resolve();
  line.cutAt = null;
});

afterAll(async () => {
  await proxy?.close();
  await line?.close();
  postfix?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a message that Postfix passes through', () => {
  it('is delivered byte for byte, and judged as of who sent it', async () => {
    const body = ['.', '..', '.dot', 'x'.repeat(3_000), 'caf\u00e9 \u0001', '', ''].join('\r\n');
    const message = `${mail('deliver one', 'X-Other: stays')}\r\n${body}`;
    expect(await sendTo(postfix.front, message, { before: OUTSIDE })).toMatch(/^250 2\.0\.0 Ok: queued/);
    await until(() => deliveredWith('deliver one').length === 1);
    const [file = ''] = deliveredWith('deliver one');
    const sent = Buffer.from(`${message}\r\n`, 'latin1');
    expect(Buffer.from(seen.at(-1)!.bytes).includes(sent)).toBe(true);
    expect(file.endsWith(sent.toString().replaceAll('\r\n', '\n'))).toBe(true);
    expect(file).not.toContain('X-Bellwether');
    expect(seen.at(-1)).toMatchObject({
      envelope: {
        client: '192.0.2.25',
        helo: 'mail.sender.example',
        from: 'pat@sender.example',
        to: ['clerk@office.example'],
        account: null,
      },
      office: '29019',
      hook: 'proxy',
    });
    expect(postfix.log()).toContain('orig_client=mail.sender.example[192.0.2.25]');
  });

  it('is marked with the reason, and loses marks that it brought in our name', async () => {
    const forged = [
      'X-Bellwether: deliver; id=forged',
      'x-bellwether-why : forged',
      '\tand folded forged',
      'Authentication-Results: mx.office.example; dkim=pass',
      'Authentication-Results: other.example; dkim=fail',
    ];
    expect(await sendTo(postfix.front, mail('banner two', ...forged))).toMatch(/^250 /);
    await until(() => deliveredWith('banner two').length === 1);
    const [file = ''] = deliveredWith('banner two');
    expect(file).toMatch(
      /^X-Bellwether-Why: It looks like somebody else\?s\.\nX-Bellwether: banner; id=[0-9a-f]{16}$/m,
    );
    expect(file).not.toMatch(/forged|dkim=pass/);
    expect(file).toContain('other.example; dkim=fail');
  });

  it('is refused with a reason for the sender', async () => {
    expect(await sendTo(postfix.front, mail('block three'))).toMatch(
      /^550 5\.7\.1 .*It looks like somebody else/,
    );
    expect(deliveredWith('block three')).toEqual([]);
  });

  it('is kept where it can be released', async () => {
    expect(await sendTo(postfix.front, mail('hold four'))).toMatch(/^250 /);
    await until(() => postfix.heldCount() === 1);
    expect([postfix.heldCount(), deliveredWith('hold four')]).toEqual([1, []]);
  });

  it('is put off where it could not be judged', async () => {
    expect(await sendTo(postfix.front, mail('fail five'))).toMatch(/^451 /);
    expect(deliveredWith('fail five')).toEqual([]);
  });

  it('is tried again where the proxy stops in the middle: not lost, and not delivered twice', async () => {
    judging = new Promise(() => {});
    const before = seen.length;
    const sent = sendTo(postfix.front, mail('deliver six'));
    await until(() => seen.length > before);
    await proxy.close();
    expect(await sent).toMatch(/^4/);
    expect(await sendTo(postfix.front, mail('deliver six'))).toMatch(/^4/);
    judging = Promise.resolve();
    proxy = await start({}, port);
    expect(await sendTo(postfix.front, mail('deliver six'))).toMatch(/^250 /);
    await until(() => deliveredWith('deliver six').length > 0);
    expect(deliveredWith('deliver six')).toHaveLength(1);
  });

  it('is tried again where the next hop stops in the middle: nothing of it is delivered', async () => {
    line.cutAt = 'the cut';
    expect(await sendTo(postfix.front, mail('deliver seven', 'X-Here: the cut'))).toMatch(/^451 /);
    line.cutAt = null;
    expect(await sendTo(postfix.front, mail('deliver after seven'))).toMatch(/^250 /);
    await until(() => deliveredWith('deliver after seven').length > 0);
    expect(deliveredWith('deliver seven')).toEqual([]);
  });

  it('is one of many at once, and all are accounted for', async () => {
    const words = ['deliver', 'banner', 'block', 'hold'];
    const [countedBefore, heldBefore] = [counted.length, postfix.heldCount()];
    const transport = createTransport({
      host: '127.0.0.1',
      port: postfix.front,
      secure: false,
      ignoreTLS: true,
    });
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, at) =>
        transport.sendMail({
          envelope: { from: 'pat@sender.example', to: 'clerk@office.example' },
          raw: mail(`${words[at % 4]} many ${at}.`),
        }),
      ),
    );
    const refused = results.flatMap(({ status }, at) => (status === 'rejected' ? [words[at % 4]] : []));
    expect(refused).toEqual(Array.from({ length: AT_ONCE / 4 }, () => 'block'));
    await until(
      () =>
        deliveredWith(' many ').length === AT_ONCE / 2 && postfix.heldCount() === heldBefore + AT_ONCE / 4,
    );
    expect(new Set(deliveredWith(' many ').map((text) => /many \d+/.exec(text)![0])).size).toBe(AT_ONCE / 2);
    expect([deliveredWith(' many ').length, postfix.heldCount() - heldBefore]).toEqual([
      AT_ONCE / 2,
      AT_ONCE / 4,
    ]);
    expect(counted.slice(countedBefore).toSorted()).toEqual(
      words.toSorted().flatMap((word) => Array.from({ length: AT_ONCE / 4 }, () => word)),
    );
  }, 120_000);
});

describe('a client that speaks to the proxy itself', () => {
  it('is offered what the next hop offers and the proxy can keep', async () => {
    const talker = await talkTo(port);
    const offers = (await talker.say('EHLO gate.example')).split('\n').map((text) => text.slice(4));
    talker.socket.destroy();
    expect(offers).toEqual([
      'proxy.office.example',
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'DSN',
      'SIZE 10240000',
      'XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE',
    ]);
  });

  it('gets the answer of the next hop for each recipient, also where it does not wait for them', async () => {
    const talker = await talkTo(port);
    await talker.say('EHLO gate.example');
    talker.socket.write(
      'MAIL FROM:<>\r\nRCPT TO:<clerk@office.example>\r\nRCPT TO:<nobody@office.example>\r\n',
    );
    const answers = [await talker.say('RCPT TO:<"a@b"@office.example> NOTIFY=NEVER')];
    for (let more = 0; more < 3; more++) answers.push(await talker.say('NOOP'));
    expect(answers.map((answer) => answer.slice(0, 9))).toEqual([
      '250 2.1.0',
      '250 2.1.5',
      '554 5.7.1',
      '250 2.1.5',
    ]);
    for (let more = 0; more < 2; more++) await talker.say('NOOP');
    talker.socket.destroy();
  });

  it('may not say for whom it speaks unless it is trusted, and is then judged by its own address', async () => {
    const strict = await start({ trusts: () => false });
    const talker = await talkTo(strict.port);
    expect(await talker.say('EHLO gate.example')).not.toContain('XFORWARD');
    expect(await talker.say('XFORWARD ADDR=192.0.2.99')).toMatch(/^550 5\.7\.0 /);
    talker.socket.destroy();
    expect(await sendTo(strict.port, mail('deliver eight'))).toMatch(/^250 /);
    expect(seen.at(-1)!.envelope).toMatchObject({ client: '127.0.0.1', helo: 'mail.sender.example' });
    await strict.close();
  });

  it('is refused what would be held where nobody keeps it', async () => {
    const alone = await start({ held: null });
    expect(await sendTo(alone.port, mail('hold nine'))).toMatch(/^550 5\.7\.1 .*somebody else/);
    await alone.close();
  });

  it('is asked to come again where the next hop, or who keeps mail, is not there', async () => {
    const nobody = { host: '127.0.0.1', port: await freePort() };
    const behind = await start({ next: nobody });
    expect(await sendTo(behind.port, mail('deliver ten'))).toMatch(/^421 4\.3\.0 /);
    await behind.close();
    const keeping = await start({ held: nobody });
    expect(await sendTo(keeping.port, mail('hold eleven'))).toMatch(/^451 /);
    await keeping.close();
  });

  it('sends nothing by leaving in the middle, and nothing hidden behind a line end that lies', async () => {
    const before = seen.length;
    const talker = await talkTo(port);
    for (const text of [
      'EHLO gate.example',
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<clerk@office.example>',
      'DATA',
    ])
      await talker.say(text);
    talker.socket.end(`${mail('deliver twelve')}\r\n.`);
    for (const end of ['\n.\r\n', '\r.\r\n', '\n.\n', '\r.\r', '\r\n.\n'])
      expect(await sendTo(port, `${mail('deliver twelve')}${end}MAIL FROM:<x@y.example>\r\nx`)).toMatch(
        /^550 5\.6\.0 /,
      );
    expect(await sendTo(port, mail('deliver thirteen'))).toMatch(/^250 /);
    expect(seen).toHaveLength(before + 1);
    await until(() => deliveredWith('deliver thirteen').length > 0);
    expect(deliveredWith('deliver twelve')).toEqual([]);
  });

  it('gets nothing delivered that it would send again, having left while it was judged', async () => {
    let judged = () => {};
    judging = new Promise((resolve) => {
      judged = resolve;
    });
    const before = seen.length;
    const impatient = sendTo(port, mail('deliver fourteen'), { leaveWhen: () => seen.length > before });
    expect(await impatient).toBe('');
    judged();
    expect(await sendTo(port, mail('deliver fifteen'))).toMatch(/^250 /);
    await until(() => deliveredWith('deliver fifteen').length > 0);
    expect(deliveredWith('deliver fourteen')).toEqual([]);
  });

  it('is served on where the next hop left between two messages', async () => {
    const talker = await talkTo(port);
    await talker.say('EHLO gate.example');
    line.cutAll();
    expect(await talker.say('MAIL FROM:<a@b.example>')).toMatch(/^250 /);
    talker.socket.destroy();
  });

  it('is refused headers without end', async () => {
    const endless = `X-A: ${'x'.repeat(500)}\r\n`.repeat(2_200);
    expect(await sendTo(port, `${endless}${mail('deliver sixteen')}`)).toMatch(/^552 5\.3\.4 /);
  });

  it('is left for lines without end, and for nonsense without end', async () => {
    const flooding = await talkTo(port);
    expect(await flooding.say('x'.repeat(100_000))).toMatch(/^(500 |$)/);
    const raving = await talkTo(port);
    let answer = '';
    for (let tries = 0; tries < 20; tries++) answer = await raving.say('GET / HTTP/1.1');
    expect(answer).toMatch(/^421 /);
    expect(troubles).toEqual(['a line was too long']);
  });
});
