import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compileSurface } from '@bellwether/contacts';
import { parseSurface } from '@bellwether/contacts/surface';
import { CONTACT_CLASSES, generateSample, type SampleOptions, type SampleSource } from '@bellwether/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watch } from '../watch/watch.ts';
import { sampleCommand } from './sample.ts';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sample-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Writes a sample into the folder; gives its truth. */
function sampleIn(options: SampleOptions) {
  const pieces = new Map<string, Buffer[]>();
  const { truth } = generateSample(options, {
    write: (file, bytes) => pieces.set(file, [...(pieces.get(file) ?? []), Buffer.from(bytes)]),
  });
  for (const [file, list] of pieces) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), Buffer.concat(list));
  }
  const { sources } = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as {
    sources: SampleSource[];
  };
  return { truth, sources };
}

async function accountOf(year: number) {
  const logs = join(folder, 'batches');
  const watched = await watch(
    {
      paths: readdirSync(logs).map((name) => join(logs, name)),
      surface: join(folder, 'surface.yaml'),
      format: undefined,
      decisions: join(folder, 'decisions.ndjson'),
      verdicts: undefined,
      history: undefined,
      year,
      zone: undefined,
      columns: undefined,
      workers: 1,
    },
    {
      stdin: (async function* () {})(),
      now: Date.UTC(year, 11, 1),
      clock: () => 0,
      progress: () => {},
      stopped: () => false,
    },
  );
  const report = watched.okOrThrow();
  if (report === undefined) throw new Error('it was interrupted');
  return report.account;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether a decision's network holds the address: IPv4, or the /64 that a source of IPv6 is. */
function covers(network: string, source: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  if (base.includes(':') || source.includes(':')) return network === source;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(source) / size);
}

describe('the sample state as the detector sees it', () => {
  it.each([[{ seed: 1 }], [{ seed: 2, scale: 0.1 }], [{ seed: 3, scale: 0.1, date: '2027-03-14' }]])(
    'balances, shows the one thing that came through, and turns nobody away: %j',
    async (options) => {
      const { truth, sources } = sampleIn(options);

      const account = await accountOf(Number(truth.from.slice(0, 4)));

      expect(account).toMatchObject({ balanced: true, unreadable: 0, lines: truth.totals.lines });
      expect(account.files.map(({ lines }) => lines)).toEqual(
        [...truth.sensors].sort((a, b) => (a.file < b.file ? -1 : 1)).map(({ lines }) => lines),
      );
      expect(account.through.map(({ sensor, line, source }) => ({ sensor, line, source }))).toEqual(
        truth.through.map(({ authority, sensor, line, source }) => ({
          sensor: `${authority}/${sensor}`,
          line,
          source,
        })),
      );
      const asked = truth.unlisted.reduce((sum, { contacts }) => sum + contacts, 0);
      expect(account.dispositions).toMatchObject({ through: 1, unsettled: asked });
      expect(account.knocks).toBeLessThan(account.contacts);
      expect(Math.abs(account.knocks / truth.totals.knocks - 1)).toBeLessThan(0.01);

      const decided = readFileSync(join(folder, 'decisions.ndjson'), 'utf8').trimEnd().split('\n');
      const networks = decided.map((line) => (JSON.parse(line) as { value: string }).value);
      const people = sources.filter(({ class: name, nature }) => isPerson(name, nature));
      expect(networks.length).toBeGreaterThan(100);
      expect(people.length).toBeGreaterThan(100);
      const single = new Set(networks);
      const wide = networks.filter((network) => !network.endsWith('/32') && !network.includes(':'));
      const turnedAway = people.filter(
        ({ source }) =>
          single.has(source) || single.has(`${source}/32`) || wide.some((network) => covers(network, source)),
      );
      expect(turnedAway).toEqual([]);
    },
  );

  it('has a surface without mistakes, which knows every sensor by its file', () => {
    const { truth } = sampleIn({ scale: 0.05 });
    const parsed = parseSurface(readFileSync(join(folder, 'surface.yaml'), 'utf8'));
    const surface = compileSurface(parsed.okOrThrow());
    const ids = truth.sensors.map(({ file }) => surface.sensors[surface.sensorOf(file.slice(8))]?.id);
    expect(ids).toEqual(truth.sensors.map(({ authority, sensor }) => `${authority}/${sensor}`));
  });
});

/** Voters, staff and visitors: whoever comes for what we offer. */
function isPerson(name: SampleSource['class'], nature: string): boolean {
  const { evidence } = CONTACT_CLASSES[name];
  return nature === 'benign' && (evidence !== 'network' || name === 'visitor' || name === 'outage-visitor');
}

type Asked = {
  readonly method: string;
  readonly url: string;
  readonly batch: string;
  readonly lines: number;
};

/** A hub that takes everything once, unless `answer` says otherwise. */
async function hub(answer?: (asked: Asked, count: number) => number | undefined) {
  const asked: Asked[] = [];
  const known = new Set<string>();
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const batch = String(request.headers['bellwether-batch'] ?? '');
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        batch,
        lines: body.toString('latin1').split('\n').length - 1,
      };
      asked.push(one);
      const wrong = request.headers.authorization === 'Bearer secret' ? answer?.(one, asked.length) : 401;
      if (wrong !== undefined) {
        response.writeHead(wrong, { 'retry-after': '0.001' });
        response.end(JSON.stringify({ code: 'HTTP_TOKEN_WRONG', message: 'The token is wrong.', help: '' }));
        return;
      }
      response.end(JSON.stringify({ lines: one.lines, bytes: body.length, duplicate: known.has(batch) }));
      known.add(batch);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

const SMALL = ['--seed', '4', '--scale', '0.05', '--json'];

function printed(): unknown {
  return JSON.parse(String(vi.mocked(process.stdout.write).mock.calls.at(-1)?.[0]));
}

describe('bellwether sample', () => {
  it('states the surface, sends every line, and counts nothing twice when it is sent again', async () => {
    const { asked, url } = await hub();
    const { truth } = sampleIn({ seed: 4, scale: 0.05 });

    expect(await sampleCommand(['--to', url, '--token', 'secret', ...SMALL])).toBe(0);
    const [first, ...batches] = asked;
    expect(first).toMatchObject({ method: 'PUT', url: '/api/v1/surface' });
    expect(batches.reduce((sum, { lines }) => sum + lines, 0)).toBe(truth.totals.lines);
    expect(batches.every(({ method, url: path }) => method === 'POST' && path.includes('?format='))).toBe(
      true,
    );
    expect(batches.find(({ url: path }) => path.includes('/state/bastion'))?.url).toBe(
      '/api/v1/intake/state/bastion?format=sshd&zone=America%2FChicago',
    );
    expect(printed()).toEqual({ batches: batches.length, lines: truth.totals.lines, duplicates: 0 });

    vi.stubEnv('BELLWETHER_TOKEN', 'secret');
    expect(await sampleCommand(['--to', url, ...SMALL])).toBe(0);
    expect(printed()).toMatchObject({ duplicates: batches.length });
  });

  it('tries again where the hub is busy', async () => {
    const { asked, url } = await hub((_, count) => (count % 50 === 3 ? 503 : undefined));
    expect(await sampleCommand(['--to', url, '--token', 'secret', ...SMALL])).toBe(0);
    const sent = new Set(asked.map(({ batch }) => batch));
    expect(asked.length).toBeGreaterThan(sent.size);
    expect(printed()).toMatchObject({ batches: sent.size - 1 });
  });

  it('says what the hub says, and ends with 1', async () => {
    const { url } = await hub();
    expect(await sampleCommand(['--to', url, '--token', 'guessed', ...SMALL])).toBe(1);
    expect(vi.mocked(process.stderr.write).mock.calls.join('')).toContain('The token is wrong.');
  });

  it.each([
    [['--token', 'x']],
    [['--to', 'http://localhost:1']],
    [['--to', 'localhost', '--token', 'x']],
    [['--to', 'http://localhost:1', '--token', 'x', '--speed', 'fast']],
    [['--to', 'http://localhost:1', '--token', 'x', '--scale', '1000']],
    [['--to', 'http://localhost:1', '--token', 'x', '--date', 'tomorrow']],
    [['--to', 'http://localhost:1', '--token', 'x', '--seed', 'minus one']],
  ])('answers wrong usage with 2: %j', async (args) => {
    vi.stubEnv('BELLWETHER_TOKEN', '');
    expect(await sampleCommand(args)).toBe(2);
  });
});
