import { Unfinished } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intake } from '../../../flow/intake-types.ts';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import type { ListenerConfig } from './listener.ts';
import { connectTo, RELP_OPEN, relpFrame } from './peer.ts';
import { startRelp } from './relp.ts';
import { RelpFraming } from './relp-framing.ts';

const SENSOR = { authority: '29019', sensor: 'fw1' };

async function listening(intake: Intake, config: Partial<ListenerConfig> = {}) {
  const started = await startRelp({ host: '127.0.0.1', port: 0, sensor: SENSOR, ...config }, intake, QUIET);
  return started.okOrThrow();
}

function answersTo(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => `${first + i} rsp 6 200 OK\n`).join('');
}

describe('a RELP listener', () => {
  it('answers messages in their order, each once it is kept, and offers what it speaks', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);
    const messages = Array.from({ length: 500 }, (_, i) => `<13>Nov 22 15:47:54 fw1 x: line ${i}`);

    peer.send(RELP_OPEN + messages.map((message, i) => relpFrame(i + 2, 'syslog', message)).join(''));
    await until(() => peer.heard().includes('501 rsp'));
    peer.send(relpFrame(502, 'close', ''));
    await peer.gone();

    expect(peer.heard()).toBe(
      '1 rsp 62 200 OK\nrelp_version=1\nrelp_software=bellwether\ncommands=syslog\n' +
        `${answersTo(2, 501)}502 rsp 0\n0 serverclose 0\n`,
    );
    expect(intake.lines).toEqual(messages);
    expect(intake.arrivals[0]).toMatchObject({ ...SENSOR, transport: 'relp' });
    await listener.close();
  });

  it('says nothing of a message while it is not on disk', async () => {
    const intake = new FakeIntake();
    let keep = () => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    const slow: Intake = {
      submit: async (arrival) => {
        await kept;
        return intake.submit(arrival);
      },
      refuse: intake.refuse.bind(intake),
      followedTo: () => undefined,
      backlog: 0,
    };
    const listener = await listening(slow);
    const peer = await connectTo(listener.port);

    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a') + relpFrame(3, 'syslog', 'b'));
    await until(() => listener.counts.messages === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(peer.heard()).not.toContain('2 rsp');
    keep();
    await until(() => peer.heard().endsWith(answersTo(2, 3)));
    peer.socket.destroy();
    await listener.close();
  });

  it('closes without an answer when intake does not keep a message, so that the client sends it again', async () => {
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_DISK_FULL';
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a'));
    await peer.gone();

    expect(peer.heard()).toMatch(/commands=syslog\n0 serverclose 0\n$/);
    intake.failure = undefined;
    const again = await connectTo(listener.port);
    again.send(RELP_OPEN + relpFrame(2, 'syslog', 'a'));
    await until(() => again.heard().includes('2 rsp 6 200 OK'));
    expect(intake.lines).toEqual(['a']);
    again.socket.destroy();
    await listener.close();
  });

  it('answers what is on its way before it closes, and says so', async () => {
    const intake = new FakeIntake();
    intake.delay = 20;
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a'));
    await until(() => listener.counts.messages === 1);
    await listener.close();
    await peer.gone();

    expect(peer.heard()).toMatch(/\n2 rsp 6 200 OK\n0 serverclose 0\n$/);
    expect(intake.lines).toEqual(['a']);
  });

  it('makes one line of a message with line ends inside, and counts it', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a\nb\n\nc\n'));
    await until(() => intake.lines.length > 0);

    expect(intake.lines).toEqual(['a b  c']);
    expect(listener.counts.flattened).toBe(1);
    peer.socket.destroy();
    await listener.close();
  });

  it('knows whose a line is by its host, and refuses others with a count', async () => {
    const intake = new FakeIntake();
    const other = { authority: '29510', sensor: 'edge' };
    const listener = await listening(intake, { hosts: { FW1: SENSOR, 'fw2.example': other } });
    const strict = await startRelp(
      { host: '127.0.0.1', port: 0, hosts: { 'fw2.example': other } },
      intake,
      QUIET,
    );
    const peer = await connectTo(listener.port);
    const stranger = await connectTo(strict.okOrThrow().port);

    peer.send(
      RELP_OPEN +
        relpFrame(2, 'syslog', '<13>Nov 22 15:47:54 fw1 x: a') +
        relpFrame(3, 'syslog', '<13>1 - FW2.example x - - - b'),
    );
    stranger.send(RELP_OPEN + relpFrame(2, 'syslog', '<13>Nov 22 15:47:54 fw9 x: a'));
    await until(() => peer.heard().endsWith(answersTo(2, 3)) && stranger.heard().includes('2 rsp'));

    expect(intake.arrivals.map(({ authority, lines }) => [authority, lines.toString()]).sort()).toEqual([
      ['29019', '<13>Nov 22 15:47:54 fw1 x: a\n'],
      ['29510', '<13>1 - FW2.example x - - - b\n'],
    ]);
    expect(stranger.heard()).toContain('2 rsp 6 200 OK\n');
    expect(intake.refused.get('relp unknown-host')).toMatchObject({ lines: 1 });
    peer.socket.destroy();
    stranger.socket.destroy();
    await Promise.all([listener.close(), strict.okOrThrow().close()]);
  });

  it.each([
    ['a message before open', relpFrame(1, 'syslog', 'a'), 'malformed'],
    ['an open without our command', relpFrame(1, 'open', 'relp_version=0\ncommands=eventlog'), 'malformed'],
    ['an open without a version', relpFrame(1, 'open', 'commands=syslog'), 'malformed'],
    ['an unknown command', `${RELP_OPEN}${relpFrame(2, 'starttls', '')}`, 'malformed'],
    ['a frame longer than any message', `${RELP_OPEN}2 syslog 131073 `, 'too-long'],
    ['a frame whose length is wrong', `${RELP_OPEN}2 syslog 1 ab\n`, 'malformed'],
    ['a number with a leading zero', `${RELP_OPEN}02 syslog 1 a\n`, 'malformed'],
    ['a number of ten digits', `${RELP_OPEN}1000000000 syslog 1 a\n`, 'malformed'],
    ['a command of 33 letters', `${RELP_OPEN}2 ${'a'.repeat(33)} 0\n`, 'malformed'],
    ['a web request', 'GET / HTTP/1.1\r\n\r\n', 'malformed'],
  ])('ends a connection with %s, and counts it', async (_, sent, reason) => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send(sent);
    await peer.gone();

    expect(intake.refused.get(`relp ${reason}`)).toMatchObject({ lines: 1 });
    expect(intake.lines).toEqual([]);
    await listener.close();
  });
});

describe('the framing of RELP', () => {
  const messages = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }), {
    maxLength: 12,
  });

  it('reads the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (texts, cuts) => {
        const stream = Buffer.from(
          texts.map((text, i) => relpFrame(i + 1, 'syslog', text)).join(''),
          'latin1',
        );
        const heard: string[] = [];
        const unfinished = new Unfinished(
          new RelpFraming(64, (_txnr, _command, bytes, from, to) => {
            heard.push(bytes.toString('latin1', from, to));
            return true;
          }),
          Buffer.alloc,
        );

        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const next = at + (cuts[i % cuts.length] as number);
          expect(unfinished.push(stream.subarray(at, next))).toBe(true);
          at = next;
        }

        expect(heard).toEqual(texts);
        expect(unfinished.length).toBe(0);
      }),
    );
  });

  it('reads any bytes in pieces as it reads them at once, and never keeps more than a frame', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc
          .tuple(fc.nat(1_000_000_000), fc.constantFrom('syslog', 'open', 'x', ''), fc.nat(70), fc.string())
          .map(([txnr, command, size, text]) => Buffer.from(`${txnr} ${command} ${size} ${text}\n`)),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const read = (chunks: readonly Buffer[]) => {
          const heard: string[] = [];
          const framing = new RelpFraming(64, (txnr, command, bytes, from, to) => {
            heard.push(`${txnr} ${command} ${bytes.toString('latin1', from, to)}`);
            return true;
          });
          const unfinished = new Unfinished(framing, Buffer.alloc);
          for (const chunk of chunks) {
            if (!unfinished.push(chunk)) break;
            expect(unfinished.length).toBeLessThanOrEqual(64 + 60);
          }
          return { heard, fault: framing.fault?.reason };
        };
        const whole = Buffer.concat(parts);
        const byBytes = Array.from(whole, (_, i) => whole.subarray(i, i + 1));

        expect(read(byBytes)).toEqual(read([whole]));
      }),
    );
  });
});
