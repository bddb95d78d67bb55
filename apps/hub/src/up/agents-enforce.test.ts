/**
 * A block from end to end: what a real hub decided, the real agent of an office writes into a real kernel, and the hub shows what was
 * read back there. The office is a network namespace; it reaches the hub over a cable whose end here leads to the hub's loopback
 * port, since others are let in only once there is an administrator. Its service for voters is a real nginx with the door, and is
 * visited over the same cable. Root is needed.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AppealAnswer, BlocksAnswer, MadeAgentCode, TodayAnswer } from '@bellwether/api';
import { parseCidr } from '@bellwether/basics';
import { appealCode } from '@bellwether/blocks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PERSONAS } from '../features/probes/personas.ts';
import { keepVisit } from '../features/probes/store.ts';
import { type Visit, visitAs } from '../features/probes/visit.ts';
import { folderAt } from '../platform/folder.ts';
import { readConnection } from '../platform/postgres/connection.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';

import { freePort } from './testing/free-port.ts';
import { RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const run = promisify(execFile);
const AGENT = fileURLToPath(new URL('../../../agent/dist/bellwether-agent.js', import.meta.url));
const DOOR_CONF = fileURLToPath(new URL('../../../../deploy/nginx/voters-door.conf', import.meta.url));
const HUB_NAME = 'hub.example';
const HOUR = 3_600_000;
/** The door's port, as the file for nginx has it: the namespace has all of them for itself. */
const DOOR = 8119;
const JUDGED = '203.0.113.5';

const own = process.pid % 4_000;
const OFFICE = `bwe${own}`;
const NET = `10.${216 + (own >> 8)}.${own & 255}`;
/** Of no network of the office: a computer never blocks its neighbours. */
const VISITOR = `198.19.${own >> 8}.${own & 255}`;
/** Its own first visit comes after seven minutes: the visits here are ours. */
const PROBE = { name: 'lookup', url: `http://${NET}.2/`, persona: 'library', from: VISITOR } as const;
const HOSTS = `/etc/netns/${OFFICE}`;

const scratch = scratchFolder('enforce');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data });
const settings = `${scratch}/agent.json`;
const folder = `${scratch}/agent`;
let db: Database;
let cable: Server;
let agent: ChildProcess;
let nginx: ChildProcess | undefined;
let said = '';

/** The office's end of a cable, and its rules: none. */
async function makeOffice(): Promise<void> {
  await run('ip', ['netns', 'add', OFFICE]);
  await run('ip', ['-n', OFFICE, 'link', 'set', 'lo', 'up']);
  await run('ip', ['link', 'add', OFFICE, 'type', 'veth', 'peer', 'name', 'hub0', 'netns', OFFICE]);
  await run('ip', ['address', 'add', `${NET}.1/30`, 'dev', OFFICE]);
  await run('ip', ['address', 'add', `${VISITOR}/32`, 'dev', OFFICE]);
  await run('ip', ['link', 'set', OFFICE, 'up']);
  await run('ip', ['-n', OFFICE, 'address', 'add', `${NET}.2/30`, 'dev', 'hub0']);
  await run('ip', ['-n', OFFICE, 'link', 'set', 'hub0', 'up']);
  await run('ip', ['-n', OFFICE, 'route', 'add', `${VISITOR}/32`, 'dev', 'hub0']);
  // `ip netns exec` shows this file to whatever it starts as /etc/hosts.
  mkdirSync(HOSTS, { recursive: true });
  writeFileSync(`${HOSTS}/hosts`, `127.0.0.1 localhost\n${NET}.1 ${HUB_NAME}\n`);
}

async function layCable(port: number): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((done) => server.listen(port, `${NET}.1`, done));
  return server;
}

function inOffice(program: string, ...args: string[]): Promise<{ stdout: string }> {
  return run('ip', ['netns', 'exec', OFFICE, program, ...args], { timeout: 60_000 });
}

/** `more`: what Node is told beside. */
function startAgent(...more: string[]): void {
  said = '';
  const args = [...more, AGENT, 'run', '--folder', folder, '--settings', settings];
  agent = spawn('ip', ['netns', 'exec', OFFICE, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [agent.stdout, agent.stderr]) stream!.on('data', (piece) => (said += piece));
}

async function killAgent(): Promise<void> {
  const gone = new Promise((done) => agent.once('exit', done));
  agent.kill('SIGKILL');
  await gone;
}

/** The office's service for voters, with the file that offices include. */
async function startService(): Promise<void> {
  const web = `${scratch}/web`;
  mkdirSync(`${web}/pages`, { recursive: true });
  writeFileSync(`${web}/pages/index.html`, 'Where to vote');
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${web}/${kind};`)
    .join(' ');
  writeFileSync(
    `${web}/nginx.conf`,
    `user root; worker_processes 1; daemon off; pid ${web}/pid; error_log ${web}/error.log;
events {}
http { access_log off; ${places} server { listen 80; include ${DOOR_CONF}; location / { root ${web}/pages; } } }
`,
  );
  nginx = spawn('ip', ['netns', 'exec', OFFICE, 'nginx', '-p', web, '-c', `${web}/nginx.conf`], {
    stdio: 'ignore',
  });
  let last: Visit | undefined;
  await until(async () => {
    last = await visit(1);
    return last?.outcome === 'reached';
  });
  if (last?.outcome !== 'reached')
    throw new Error(`${JSON.stringify(last)} ${readFileSync(`${web}/error.log`, 'utf8')}`);
}

/** A visit of so many pages. */
function visit(pages: number): Promise<Visit | undefined> {
  const persona = { ...PERSONAS.library, pages, pause: 1 };
  return visitAs({ url: PROBE.url, persona, from: VISITOR, end: new AbortController().signal });
}

/** Puts a block among what was decided. */
async function decide(value: string): Promise<number> {
  const { id } = await db.query
    .insertInto('decisions')
    .values({
      ...{ value, reason: 'scan', rule: 'scan', forgeable: false, covers: 'all', contacts: 1, targets: 1 },
      from_at: new Date(Date.now() - 1_000),
      until_at: new Date(Date.now() + HOUR),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Whether an address is in a set of the office's kernel. */
async function isIn(set: string, address: string): Promise<boolean> {
  return await inOffice('nft', 'get', 'element', 'inet', 'bellwether', set, `{ ${address} }`).then(
    () => true,
    () => false,
  );
}

/** What the hub shows of the office, once it is so; else what it showed last. */
async function shown(decided: number, enforced: number) {
  let at: BlocksAnswer['agents'][number] | undefined;
  await until(async () => {
    const { body } = await hub.ask<BlocksAnswer>('/api/v1/blocks');
    at = body.agents[0];
    return at?.isHeard === true && at.decided === decided && at.enforced === enforced;
  });
  return at;
}

/** How the door answers for a source. */
async function door(source: string, times = 1): Promise<string> {
  const code = `const h=require('node:http');const ask=(n)=>h.get({port:${DOOR},path:'/door',headers:{'bellwether-client':'${source}'}},(r)=>{r.resume();r.on('end',()=>n>1?ask(n-1):console.log(r.statusCode,r.headers['bellwether-door']??''))});ask(${times})`;
  return (await inOffice(process.execPath, '-e', code)).stdout.trim();
}

beforeAll(async () => {
  const port = await freePort();
  mkdirSync(data, { recursive: true });
  writeFileSync(
    `${data}/bellwether.yaml`,
    `agents: { name: ${HUB_NAME}, listen: '127.0.0.1:${port}' }
probes: [ { name: ${PROBE.name}, url: '${PROBE.url}', persona: ${PROBE.persona}, from: ${PROBE.from} } ]
`,
  );
  writeFileSync(settings, JSON.stringify({ enforce: { voters: ['tcp/80'], door: { port: DOOR } } }));
  await makeOffice();
  await hub.startWell();
  cable = await layCable(port);
  db = openDatabase(readConnection(folderAt(data))!);
  const { body } = await hub.post<MadeAgentCode>('/api/v1/agents/codes', {
    office: '29001',
    name: 'gateway',
  });
  const hubAt = `${HUB_NAME}:${port}`;
  const args = [AGENT, 'enrol', '--hub', hubAt, '--code', body.code, '--folder', folder];
  await inOffice(process.execPath, ...args);
  startAgent();
}, 120_000);

afterAll(async () => {
  agent.kill('SIGKILL');
  nginx?.kill('SIGKILL');
  await db.close();
  cable.close();
  await hub.stop();
  await run('ip', ['netns', 'del', OFFICE]);
  rmSync(HOSTS, { recursive: true, force: true });
  removeFolder(scratch);
});

it('what is decided is in the kernel and read back; lifted, spared, and held through a hub and an agent that are killed', async () => {
  const first = await decide(`${JUDGED}/32`);
  expect(await shown(1, 1)).toMatchObject({ point: 'enforcing', decided: 1, enforced: 1 });
  expect(await isIn('all4', JUDGED)).toBe(true);
  expect(await door(JUDGED, 40)).toMatch(/^401 ask/);
  expect(await door('203.0.113.6', 40)).toBe('204');

  // A voter behind that address calls: let in at the door at once, and at nothing else.
  const { body } = await hub.post<AppealAnswer>('/api/v1/appeals', {
    code: appealCode(parseCidr(JUDGED).okOrThrow()),
  });
  expect(body.outcome).toBe('let-in');
  await until(() => isIn('spared4', JUDGED));
  expect([await isIn('spared4', JUDGED), await isIn('all4', JUDGED)]).toEqual([true, true]);
  expect(await door(JUDGED, 100)).toBe('204');

  const second = await decide('203.0.113.9/32');
  expect(await shown(2, 2)).toMatchObject({ decided: 2, enforced: 2 });
  const undone = await hub.post(`/api/v1/blocks/${first}/undo`, { why: 'it was the library' });
  expect(undone.status).toBe(200);
  expect(await shown(1, 1)).toMatchObject({ decided: 1, enforced: 1 });
  expect([await isIn('all4', JUDGED), await isIn('all4', '203.0.113.9')]).toEqual([false, true]);

  await hub.kill();
  await until(() => said.includes('The hub cannot be reached'));
  expect(await isIn('all4', '203.0.113.9')).toBe(true);
  await killAgent();
  expect([await isIn('all4', '203.0.113.9'), await isIn('spared4', JUDGED)]).toEqual([true, true]);
  // An agent that starts while no hub is there takes nothing away.
  startAgent();
  await until(() => said.includes('The hub cannot be reached'));
  expect(await isIn('all4', '203.0.113.9')).toBe(true);
  // And one on a computer that lost its power, and with it its table, blocks what was ordered last: not what was lifted since.
  await killAgent();
  await inOffice('nft', 'delete', 'table', 'inet', 'bellwether');
  startAgent();
  await until(() => said.includes('The hub cannot be reached'));
  expect(said).toContain('1 of its 1 blocks hold');
  expect([await isIn('all4', '203.0.113.9'), await isIn('spared4', JUDGED)]).toEqual([true, true]);
  expect(await isIn('all4', JUDGED)).toBe(false);

  await hub.startWell();
  expect(await shown(1, 1)).toMatchObject({ point: 'enforcing', decided: 1, enforced: 1 });
  const third = await decide('203.0.113.10/32');
  expect(await shown(2, 2)).toMatchObject({ decided: 2, enforced: 2 });
  expect([await isIn('all4', '203.0.113.10'), await isIn('spared4', JUDGED)]).toEqual([true, true]);
  expect(third).toBeGreaterThan(second);
}, 240_000);

it('a visitor who is blocked is served at the pace of a person, meets the door beyond it, and Today tells of it', async () => {
  await startService();
  const before = await hub.ask<TodayAnswer>('/api/v1/today');
  expect(before.body.falseBlocks).toBeNull();
  expect(await visit(60)).toMatchObject({ outcome: 'reached', status: 200 });

  // Addresses of the hub are never blocked, but this one stands for voters.
  const block = await decide(`${VISITOR}/32`);
  await until(() => isIn('all4', VISITOR));
  expect(await isIn('all4', VISITOR)).toBe(true);
  const calm = await visit(PERSONAS.library.pages);
  expect(calm).toMatchObject({ outcome: 'reached', isDoor: false });
  // Somebody else behind the same address is in haste.
  expect(await door(VISITOR, 40)).toMatch(/^401 ask/);
  const late = await visit(PERSONAS.library.pages);
  expect(late).toMatchObject({ outcome: 'asked', isDoor: true, status: 429 });
  for (const each of [calm, late]) await keepVisit(db.query, PROBE, each!, Date.now());
  const { body } = await hub.ask<TodayAnswer>('/api/v1/today');
  expect(body.falseBlocks).toMatchObject({ visits: 2, kept: 1, unanswered: 0 });
  expect(await hub.incidents('false-block')).toMatchObject([
    { state: 'open', reason: 'asked', source: VISITOR, destination: 'lookup', count: 1 },
  ]);

  await hub.post(`/api/v1/blocks/${block}/undo`, { why: 'it was a visitor of ours' });
  await until(async () => !(await isIn('all4', VISITOR)));
  expect(await visit(20)).toMatchObject({ outcome: 'reached' });
}, 180_000);

it('a computer whose clock is ten days behind blocks all the same, by the clock of the hub', async () => {
  await killAgent();
  const behind = `${scratch}/behind.mjs`;
  writeFileSync(behind, 'const real = Date.now; Date.now = () => real() - 864000000;\n');
  const before = (await shown(2, 2))!;
  await decide('203.0.113.11/32');
  startAgent('--import', behind);
  expect(await shown(3, 3)).toMatchObject({ point: 'enforcing', decided: 3, enforced: 3, name: before.name });
  expect(said).toContain('14400 minutes behind');
  expect(await isIn('all4', '203.0.113.11')).toBe(true);
}, 180_000);
