import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DrillsAnswer } from '@bellwether/api';
import { KIND_CODES, KINDS, mutantsOf, settingsOf } from '@bellwether/drills';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isDeed } from '../features/drills/drill-tools.ts';
import { runDrill } from './drill-run.ts';
import { scoreDrills } from './drill-score.ts';

const OUTSIDE = { target: '127.0.0.1', source: '127.0.0.1', device: 'lo', hop: '00:00:00:00:00:00' };

afterEach(() => void vi.restoreAllMocks());

/** A hub that gives these answers, and what it was asked and what was printed. */
async function hubThatSays(answers: readonly (readonly [number, object | null])[]) {
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  const left = [...answers];
  const server = createServer((request, reply) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      asked.push({ path: request.url!, body: text === '' ? {} : JSON.parse(text) });
      const [status, body] = left.shift()!;
      reply.writeHead(status).end(body === null ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
  const hub = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, token: 't' };
  return { hub, asked, printed };
}

const DRILL = {
  id: 7,
  draw: 3,
  kind: 'port-sweep',
  settings: { timing: 5, ports: 16, order: 'rising' },
  variation: '00112233aabbccdd',
  target: '127.0.0.1',
  source: '127.0.0.1',
  seal: 'ab',
  logged: 4,
};

describe('a drill that runs', () => {
  it('is asked for, done, and told of with its times', async () => {
    // Ports of this machine itself; where nmap gives up, since nobody is root, that is a drill, too.
    const { hub, asked, printed } = await hubThatSays([
      [200, DRILL],
      [204, null],
    ]);
    const before = Date.now();

    expect(await runDrill(hub, { ...OUTSIDE, office: '29001' })).toBe(0);
    expect(asked.map(({ path }) => path)).toEqual(['/api/v1/drills', '/api/v1/drills/7/ran']);
    expect(asked[0]!.body).toEqual({ office: '29001', target: '127.0.0.1', source: '127.0.0.1' });
    const [from, to] = [asked[1]!.body.startedAt, asked[1]!.body.endedAt].map((at) =>
      Date.parse(at as string),
    );
    expect(from).toBeGreaterThanOrEqual(before);
    expect(to).toBeGreaterThanOrEqual(from!);
    expect(printed.join('')).toContain('Drill 7 (port-sweep, draw 3) ran from 127.0.0.1');
  }, 60_000);

  it('is not told to have run if its tool cannot be started', async () => {
    const { hub, asked, printed } = await hubThatSays([[200, DRILL]]);
    vi.stubEnv('PATH', '/nonexistent');
    const exit = await runDrill(hub, { ...OUTSIDE, office: '29001' });
    vi.unstubAllEnvs();

    expect(exit).toBe(1);
    expect(asked).toHaveLength(1);
    expect(printed.join('')).toContain('nmap cannot be started');
  });

  it('is refused where a hub tells of something that is not in the list: its words become arguments', async () => {
    for (const more of [
      { settings: { timing: 5, ports: '--script=evil', order: 'rising' } },
      { kind: 'constructor' },
      { variation: '$(reboot)' },
      { target: '192.0.2.1' },
      { source: '-oX' },
    ]) {
      const { hub, asked } = await hubThatSays([[200, { ...DRILL, ...more }]]);
      expect(await runDrill(hub, { ...OUTSIDE, office: '29001' })).toBe(1);
      expect(asked).toHaveLength(1);
    }
  });

  it('says nothing where none is due, and why where the hub refuses', async () => {
    const problem = (code: string) => ({ code, message: 'No.', help: 'Later.' });
    const quiet = await hubThatSays([[409, problem('DRILL_NOT_DUE')]]);
    expect(await runDrill(quiet.hub, { ...OUTSIDE, office: '29001', due: true })).toBe(0);
    expect(quiet.asked[0]!.body).toMatchObject({ whenDue: true });
    expect(quiet.printed).toEqual([]);
    const loud = await hubThatSays([[409, problem('DRILL_PAUSED')]]);
    expect(await runDrill(loud.hub, { ...OUTSIDE, office: '29001' })).toBe(1);
    expect(loud.printed.join('')).toContain('DRILL_PAUSED');
  });

  it('needs to know where it goes', async () => {
    const hub = { url: 'http://localhost:1/', token: '' };
    expect(await runDrill(hub, OUTSIDE)).toContain('--office');
    expect(await runDrill(hub, { office: '1' })).toContain('--lab');
    expect(await runDrill(hub, { ...OUTSIDE, office: '1', target: 'x' })).toContain('no IPv4 address');
    expect(await runDrill(hub, { ...OUTSIDE, office: '1', device: '-i' })).toContain('--device');
    expect(await runDrill(hub, { ...OUTSIDE, office: '1', hop: '1' })).toContain('--hop');
    expect(await runDrill(hub, { ...OUTSIDE, office: '1', repeat: '-1' })).toContain('--repeat');
    expect(await runDrill(hub, { office: '1', lab: '/nonexistent' })).toContain('no laboratory runs');
  });
});

it('takes each drill of the list, and none with a setting more, less or else', () => {
  const drill = fc.constantFrom(...KIND_CODES).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      settings: fc.nat(mutantsOf(kind) - 1).map((mutant) => settingsOf(kind, mutant)),
      variation: fc.stringMatching(/^[0-9a-f]{16}$/),
    }),
  );
  fc.assert(
    fc.property(drill, fc.string(), (one, text) => {
      expect(isDeed(one)).toBe(true);
      const [name] = Object.keys(KINDS[one.kind].axes) as [string];
      const { [name]: _left, ...less } = one.settings;
      expect(isDeed({ ...one, settings: less })).toBe(false);
      expect(isDeed({ ...one, settings: { ...one.settings, more: text } })).toBe(false);
      expect(isDeed({ ...one, settings: { ...one.settings, [name]: `-${text}` } })).toBe(false);
    }),
  );
});

describe('the score', () => {
  const answer = (more: Partial<DrillsAnswer> = {}): DrillsAnswer => ({
    at: '2027-03-09T15:00:00.000Z',
    sentence: 'Of 2 first-time drills of 2 known kinds we missed 0; of unknown kinds we cannot say.',
    series: null,
    score: { drills: 2, missed: 0, bound: 0.9, notRecorded: 0, median: 4_000 },
    kinds: [{ kind: 'decoys', title: 'Port scan behind decoys', drills: 2, missed: 0, median: 4_000 }],
    ...{ overTime: [], drills: [], regressions: [], waiting: 1, notRun: 2, pausedFor: null },
    ...{ mostPerDay: 1, earlier: [] },
    ...more,
  });
  const again = { drill: 3, kind: 'decoys', title: 'Port scan behind decoys' };

  it('is the sentence, kinds, and what was missed before, apart', async () => {
    const { hub, printed } = await hubThatSays([
      [200, answer({ regressions: [{ ...again, isCaught: true }] })],
    ]);
    expect(await scoreDrills(hub, false)).toBe(0);
    expect(
      printed.join(''),
    ).toBe(`Of 2 first-time drills of 2 known kinds we missed 0; of unknown kinds we cannot say.

By kind:
  Port scan behind decoys: 0 of 2 missed, 4.0 s in the middle

Missed once, and repeated since:
  3  Port scan behind decoys: caught now

1 not over yet; 2 drawn and never run.
`);
  });

  it('is a "no" where something was missed, or is missed again', async () => {
    const score = { drills: 2, missed: 1, bound: 1, notRecorded: 0, median: null };
    const { hub } = await hubThatSays([
      [200, answer({ score })],
      [200, answer({ regressions: [{ ...again, isCaught: false }] })],
      [200, answer({ regressions: [{ ...again, isCaught: null }] })],
    ]);
    expect([
      await scoreDrills(hub, true),
      await scoreDrills(hub, true),
      await scoreDrills(hub, true),
    ]).toEqual([3, 3, 0]);
  });
});
