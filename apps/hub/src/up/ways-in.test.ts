/** RELP and followed files from the outside to the account, and an answer about the surface. */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { IncidentsAnswer, OfficesAnswer, SurfaceAnswer, TodayAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo, RELP_OPEN, relpFrame } from '../features/watch/sockets/peer.ts';
import { freePort } from './testing/free-port.ts';
import { OUR_ADDRESS, packets } from './testing/packets.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from './testing/running-hub.ts';

const scratch = scratchFolder('ways-in');
const data = `${scratch}/hub`;
const file = `${scratch}/ufw.log`;
const hub = new RunningHub({ data });
let relpPort: number;

async function configure(host: string): Promise<void> {
  relpPort = await freePort();
  mkdirSync(data, { recursive: true });
  writeFileSync(
    `${data}/bellwether.yaml`,
    `relp: [ { host: ${host}, port: ${relpPort}, sensor: { authority: '29001', sensor: fw-relp } } ]
follow: [ { path: ${file}, authority: '29003', sensor: fw-file } ]
`,
  );
}

beforeAll(async () => {
  writeFileSync(file, '');
  await configure('0.0.0.0');
});

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

describe('a hub that is told to listen', () => {
  it('at an address which other machines reach does not start, and says which', async () => {
    const { code, out, error } = await runCommand(['up', '--data', data, '--port', '0']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toContain('SOCKETS_ADDRESS_REFUSED: 0.0.0.0');
    // Mended, it starts on the same folder.
    await configure('127.0.0.1');
    await hub.startWell();
  });

  it('for RELP answers each message when it is on disk, and counts it', async () => {
    const messages = packets({ from: 0, count: 100 }).trimEnd().split('\n');
    const peer = await connectTo(relpPort);
    peer.send(RELP_OPEN + messages.map((message, i) => relpFrame(i + 2, 'syslog', message)).join(''));
    await until(() => peer.heard().includes('101 rsp 6 200 OK'));
    await hub.kill();
    await hub.startWell();
    expect(await hub.account(100, '29001')).toMatchObject({ lines: 100, contacts: 100, balanced: true });
  });

  it('to a file follows it over a rotation and a restart, each line once', async () => {
    appendFileSync(file, packets({ from: 1_000, count: 30 }));
    await hub.account(30, '29003');
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, packets({ from: 1_030, count: 5 }));
    writeFileSync(file, packets({ from: 1_035, count: 25 }));
    await hub.account(60, '29003');
    await hub.stop();
    appendFileSync(file, packets({ from: 1_060, count: 40 }));
    await hub.startWell();
    expect(await hub.account(100, '29003')).toMatchObject({ lines: 100, contacts: 100, balanced: true });
    const { body } = await hub.ask<OfficesAnswer>('/api/v1/offices');
    const sensors = body.offices.flatMap((office) => office.sensors);
    expect(sensors.map(({ sensor, transport }) => [sensor, transport])).toEqual([
      ['fw-relp', 'relp'],
      ['fw-file', 'file'],
    ]);
  });
});

describe('an answer to a question about the surface', () => {
  it('closes the question, and what comes later is settled as listed', async () => {
    const unlisted = packets({ from: 2_000, count: 4, action: 'ALLOW', port: 8_080 });
    await hub.send('29005', unlisted, 'office/0');
    await hub.account(4, '29005');
    const before = (await hub.ask<SurfaceAnswer>('/api/v1/surface')).body;
    expect(before).toMatchObject({
      version: 0,
      questions: [{ authority: '29005', destination: OUR_ADDRESS, port: 8_080, contacts: 4 }],
    });
    const { key } = before.questions[0]!;
    const answered = await hub.post<SurfaceAnswer>('/api/v1/surface/answers', {
      key,
      answer: 'public',
      name: 'board minutes',
    });
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject({
      version: 1,
      questions: [],
      services: [{ name: 'board minutes', audience: 'public', ports: '8080' }],
    });

    await hub.send('29005', packets({ from: 2_004, count: 6, action: 'ALLOW', port: 8_080 }), 'office/1');
    const account = await hub.account(10, '29005');
    expect(account.dispositions).toMatchObject({ unsettled: 4, served: 6 });
    const open = await hub.ask<IncidentsAnswer>('/api/v1/incidents?state=open&kind=unsettled');
    expect(open.body.total).toBe(0);
    expect(await hub.incidents('unsettled')).toMatchObject([{ state: 'closed', count: 4 }]);
    const today = (await hub.ask<TodayAnswer>('/api/v1/today')).body;
    expect(today.needsPerson.map(({ kind }) => kind)).not.toContain('unsettled');
  });
});
