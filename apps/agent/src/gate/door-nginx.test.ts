import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cidr, formatCidr } from '@bellwether/basics';
import { readAppealCode } from '@bellwether/blocks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { votersDoorServer } from './door-server.ts';

/** The file that offices include, beside a real nginx. */
const CONF = readFileSync(join(import.meta.dirname, '../../../../deploy/nginx/voters-door.conf'), 'utf8');
const VOTER = '127.0.0.6';
const JUDGED = '127.0.0.5';

let folder: string;
let nginx: ChildProcess;
let port: number;
let doorPort: number;
let door: ReturnType<typeof votersDoorServer>;
let now = 1e12;
const spared = new Set<string>();

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

function ask(
  from: string,
  path = '/lookup?name=x',
  more: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        localAddress: from,
        method: more.method ?? 'GET',
        headers: more.headers ?? {},
      },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (part: string) => (text += part));
        reply.on('end', () => resolve({ status: reply.statusCode!, headers: reply.headers, text }));
      },
    );
    asked.on('error', reject);
    asked.end(more.body);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return free;
}

async function openDoor(): Promise<void> {
  door = votersDoorServer({
    isJudged: (source: Cidr) => formatCidr(source) === JUDGED,
    isSpared: (source: Cidr) => spared.has(formatCidr(source)),
    secret: new Uint8Array(32).fill(7),
    appeal: 'https://help.example.gov/unblock/',
    phone: '573-555-0100',
    now: () => now,
  });
  await new Promise<void>((done) => door.server.listen(doorPort, '127.0.0.1', done));
}

async function closeDoor(): Promise<void> {
  door.server.closeAllConnections();
  await new Promise((done) => door.server.close(done));
}

/** Makes the judged source use up its pace until it gets another answer than the page, which is given. */
async function hurry(headers: Record<string, string> = {}): Promise<Answer> {
  for (let i = 0; i < 500; i++) {
    const answer = await ask(JUDGED, '/lookup?name=x', { headers });
    if (answer.status !== 200) return answer;
  }
  throw new Error('it was never slowed');
}

async function untilAsked(headers: Record<string, string> = {}): Promise<Answer> {
  for (let i = 0; i < 500; i++) {
    const answer = await ask(JUDGED, '/lookup?name=x', { headers });
    if (answer.text.includes('<form')) return answer;
  }
  throw new Error('it was never asked');
}

const questionIn = (text: string): string => /name="question" value="([^"]+)"/.exec(text)![1]!;
const form = (
  question: string,
  back: string,
): { method: string; body: string; headers: Record<string, string> } => ({
  method: 'POST',
  body: new URLSearchParams({ question, back }).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bw-door-'));
  mkdirSync(join(folder, 'logs'));
  [port, doorPort] = [await freePort(), await freePort()];
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages', 'lookup'), 'Your registration');
  writeFileSync(join(folder, 'door.conf'), CONF.replaceAll('127.0.0.1:8119', `127.0.0.1:${doorPort}`));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `user root; worker_processes 1; pid ${folder}/pid; error_log ${folder}/logs/error.log;
events {}
http {
  access_log off; default_type text/plain;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; include ${folder}/door.conf; location / { root ${folder}/pages; } }
}`,
  );
  await openDoor();
  nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: 'ignore',
  });
  for (let i = 0; ; i++) {
    const isUp = await ask(VOTER).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    if (i > 100) throw new Error(readFileSync(join(folder, 'logs', 'error.log'), 'utf8'));
    await pause(50);
  }
});

beforeEach(() => {
  // Every test begins with a rested source: no pace is used up after a day.
  now += 86_400_000;
  spared.clear();
});

afterAll(async () => {
  nginx.kill('SIGTERM');
  await new Promise((done) => nginx.once('exit', done));
  await closeDoor();
  rmSync(folder, { recursive: true, force: true });
});

describe('the door of voters’ services, beside nginx', () => {
  it('is never met by a source that nothing is held against', async () => {
    for (let i = 0; i < 200; i++)
      expect(await ask(VOTER)).toMatchObject({ status: 200, text: 'Your registration' });
  });

  it('lets a judged source read at the pace of a person, and slows it beyond', async () => {
    const answer = await hurry();
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.text).toContain('One moment, please');
    expect(answer.text).not.toMatch(/<script|<img|attack/i);
    now += 2_000;
    expect((await ask(JUDGED)).status).toBe(200);
  });

  it('asks with a button alone, and lets whoever waits go back to where they were', async () => {
    const asked = await untilAsked({ 'accept-language': 'es-MX,es;q=0.9,en;q=0.5' });
    expect(asked.text).toContain('<html lang="es">');
    expect(asked.headers['content-security-policy']).toContain("default-src 'none'");
    const question = questionIn(asked.text);
    expect(asked.text).toContain('name="back" value="/lookup?name=x"');

    const early = await ask(JUDGED, '/bellwether/answer', form(question, '/lookup?name=x'));
    expect(early.status).toBe(429);
    expect(early.text).toContain('a little early');
    expect(questionIn(early.text)).toBe(question);

    now += 6_000;
    const passed = await ask(JUDGED, '/bellwether/answer', form(question, '/lookup?name=x'));
    expect([passed.status, passed.headers.location]).toEqual([303, '/lookup?name=x']);
    const cookie = passed.headers['set-cookie']![0]!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/);
    const headers = { cookie: cookie.split(';')[0]! };
    for (let i = 0; i < 100; i++) expect((await ask(JUDGED, '/lookup', { headers })).status).toBe(200);
  });

  it('gives nobody else’s pass any worth, and leads nobody elsewhere', async () => {
    const question = questionIn((await untilAsked()).text);
    now += 6_000;
    const other = await ask(VOTER, '/bellwether/answer', form(question, '/'));
    expect(other.status).toBe(429);
    for (const back of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/a b',
      `/${'x'.repeat(3_000)}`,
    ]) {
      const asked = await untilAsked();
      now += 6_000;
      const passed = await ask(JUDGED, '/bellwether/answer', form(questionIn(asked.text), back));
      expect([passed.status, passed.headers.location]).toEqual([303, '/']);
      now += 86_400_000;
    }
  });

  it('turns away only who used up its passes, with a page and a code for the way back, and opens when it is spared', async () => {
    let refused: Answer | undefined;
    let headers: Record<string, string> = {};
    for (let i = 0; i < 10 && refused === undefined; i++) {
      const question = questionIn((await untilAsked(headers)).text);
      now += 6_000;
      const passed = await ask(JUDGED, '/bellwether/answer', form(question, '/'));
      if (passed.status === 403) refused = passed;
      else headers = { cookie: passed.headers['set-cookie']![0]!.split(';')[0]! };
    }
    expect(refused?.text).toContain('https://help.example.gov/unblock/');
    expect(refused?.text).toContain('573-555-0100');
    const code = /class="code"[^>]*>([\d ]+)</.exec(refused!.text)![1]!;
    expect(formatCidr(readAppealCode(code).okOrThrow())).toBe(JUDGED);
    expect((await ask(JUDGED)).status).toBe(403);
    spared.add(JUDGED);
    for (let i = 0; i < 100; i++) expect((await ask(JUDGED)).status).toBe(200);
  });

  it('cannot be spoken to past the web server, nor be told another client', async () => {
    expect((await ask(VOTER, '/bellwether/door')).status).toBe(404);
    await hurry();
    const forged = await ask(JUDGED, '/lookup', { headers: { 'bellwether-client': VOTER } });
    expect(forged.status).toBe(429);
    const large = await ask(JUDGED, '/bellwether/answer', form('q'.repeat(9_000), '/'));
    expect(large.status).toBe(413);
  });

  it('lets everybody in where it does not answer', async () => {
    await hurry();
    await closeDoor();
    expect((await ask(JUDGED)).status).toBe(200);
    expect((await ask(VOTER)).status).toBe(200);
    await openDoor();
    expect((await ask(VOTER)).status).toBe(200);
  });
});
