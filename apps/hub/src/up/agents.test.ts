/** Agents from end to end: a real hub, and the real program of an office. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentsAnswer, BlocksAnswer, MadeAgentCode, Problem } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from './testing/free-port.ts';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const AGENT = fileURLToPath(new URL('../../../agent/dist/bellwether-agent.js', import.meta.url));

const scratch = scratchFolder('agents');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data });
let port: number;
let folders = 0;

beforeAll(async () => {
  port = await freePort();
  mkdirSync(data, { recursive: true });
  writeFileSync(`${data}/bellwether.yaml`, `agents: { name: localhost, listen: '127.0.0.1:${port}' }\n`);
  await hub.startWell();
});

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

async function newCode(name: string, office = '29001'): Promise<string> {
  const { status, body } = await hub.post<MadeAgentCode>('/api/v1/agents/codes', { office, name });
  expect(status).toBe(200);
  expect(body.hub).toBe(`localhost:${port}`);
  return body.code;
}

type Ran = { readonly code: number; readonly out: string; readonly error: string };

/** Enrols a computer of its own. */
function enrol(code: string, folder = `${scratch}/agent-${folders++}`): Promise<Ran & { folder: string }> {
  const args = [AGENT, 'enrol', '--hub', `localhost:${port}`, '--code', code, '--folder', folder];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, out, said) => {
      const left = error === null ? 0 : Number(error.code);
      resolve({ code: left, out, error: said, folder });
    });
  });
}

/** What `bellwether-agent health` ends with there, and what it says. */
function health(folder: string): Promise<Pick<Ran, 'code' | 'out'>> {
  return new Promise((resolve) => {
    execFile(process.execPath, [AGENT, 'health', '--folder', folder], { timeout: 60_000 }, (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code), out }),
    );
  });
}

/** Runs an enrolled computer until the test is over. */
function run(folder: string, settings: object = {}): { child: ChildProcess; said: () => string } {
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  const child = spawn(process.execPath, [AGENT, 'run', '--folder', folder, '--settings', file]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said: () => said };
}

async function agentNamed(name: string) {
  const { body } = await hub.ask<AgentsAnswer>('/api/v1/agents');
  return body.agents.find((agent) => agent.name === name);
}

describe('an agent of an office', () => {
  it('enrols by a code that was read aloud, and its key stays for its owner alone', async () => {
    const code = await newCode('front-desk');
    const { code: left, out, folder } = await enrol(code.toLowerCase().replaceAll('-', ' '));

    expect(left).toBe(0);
    expect(out).toContain('"front-desk", an agent of');
    expect(await agentNamed('front-desk')).toMatchObject({ office: '29001', lastHeard: null });
    const again = await enrol(code);
    expect(again).toMatchObject({ code: 1, error: expect.stringContaining('AGENT_CODE_WRONG') });
    expect(existsSync(join(again.folder, 'agent.json'))).toBe(false);
    expect(readFileSync(join(folder, 'key.pem'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('sends nothing to a hub whose CA is not that of the code, also where a slip of the finger made it so', async () => {
    const code = await newCode('elsewhere');
    // Each of the secret's half and of the CA's.
    for (const place of [9, code.length - 1]) {
      const other = code[place] === '0' ? '1' : '0';
      const { code: left, error } = await enrol(`${code.slice(0, place)}${other}${code.slice(place + 1)}`);
      expect({ left, error }).toMatchObject({ left: 1, error: expect.stringContaining('nothing was sent') });
    }
    // So the code is as good as before.
    expect((await enrol(code)).code).toBe(0);
  });

  it('sends lines, is heard, and goes on after a restart of the hub; a second one of its office too', async () => {
    const log = `${scratch}/ufw.log`;
    writeFileSync(log, packets({ from: 0, count: 50 }));
    const { folder } = await enrol(await newCode('gateway', '29003'));
    const other = await enrol(await newCode('desk', '29003'));
    expect((await health(folder)).code).not.toBe(0);
    run(other.folder);
    const { said } = run(folder, { ship: { sensors: [{ sensor: 'fw', follow: [log] }] } });
    expect(await hub.account(50, '29003')).toMatchObject({ lines: 50, balanced: true });
    await until(async () => (await agentNamed('gateway'))?.isConnected === true);
    await until(async () => (await agentNamed('desk'))?.isConnected === true);
    const before = await hub.ask<BlocksAnswer>('/api/v1/blocks');
    await hub.stop();
    await hub.startWell();
    await until(async () => {
      const { body } = await hub.ask<BlocksAnswer>('/api/v1/blocks');
      const { sequence, agents } = body;
      const heard = agents.filter(({ office, isHeard }) => office === '29003' && isHeard);
      return sequence > before.body.sequence && heard.every((one) => one.sequence === sequence);
    });
    const { body } = await hub.ask<BlocksAnswer>('/api/v1/blocks');
    expect(body.sequence).toBeGreaterThan(before.body.sequence);
    const ours = body.agents.filter(({ office }) => office === '29003');
    expect(ours).toMatchObject([
      { name: 'desk', sequence: body.sequence, point: 'none', isHeard: true },
      { name: 'gateway', sequence: body.sequence, point: 'none', isHeard: true },
    ]);
    expect(said()).not.toContain('refused');
    const well = await health(folder);
    expect(well).toMatchObject({ code: 0, out: expect.stringContaining('heard within three minutes') });
  });

  it('that is revoked is out at once, and says what to do', async () => {
    const { folder } = await enrol(await newCode('lost-laptop', '29005'));
    const { said } = run(folder);
    await until(async () => (await agentNamed('lost-laptop'))?.isConnected === true);
    const { id } = (await agentNamed('lost-laptop'))!;
    const { status } = await hub.post(`/api/v1/agents/${id}/revoke`, { why: 'it was stolen from a car' });
    expect(status).toBe(200);
    await until(() => said().includes('revoked'));
    expect(said()).toContain('The state office has revoked this agent');
    expect(said()).toContain('reads you a new code');
    expect(await agentNamed('lost-laptop')).toMatchObject({
      isConnected: false,
      revokedWhy: 'it was stolen from a car',
    });
    const twice = await hub.post<Problem>(`/api/v1/agents/${id}/revoke`, { why: 'it was stolen from a car' });
    expect(twice.body.code).toBe('AGENT_UNKNOWN');
    // Its name is free again.
    expect((await enrol(await newCode('lost-laptop', '29005'))).code).toBe(0);
  });
});
