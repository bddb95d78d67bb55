import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Cidr, formatCidr, masked, parseCidr } from '@bellwether/basics';
import type { Block, Covers, Order, ReadOrder } from '@bellwether/blocks';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Enforcer, VETO_FILE } from './enforcer.ts';
import { type Ran, runTool } from './nft.ts';
import { type EnforceSettings, readEnforceSettings } from './settings.ts';
import { keepVetoes } from './veto.ts';

const exec = promisify(execFile);
const HOUR = 3_600_000;
const OFFICE = `bwo${process.pid % 10_000}`;
const OUTSIDE = `bwx${process.pid % 10_000}`;
const net = (text: string): Cidr => parseCidr(text).okOrThrow();
const inOffice = (program: string, args: readonly string[], input = ''): Promise<Ran> =>
  runTool('ip', ['netns', 'exec', OFFICE, program, ...args], input);

let folder: string;
let enforcer: Enforcer;
let sequence = 0;
let told: string[] = [];

async function ip(...args: string[]): Promise<void> {
  await exec('ip', args);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bw-enforce-'));
  for (const name of [OFFICE, OUTSIDE]) {
    await ip('netns', 'add', name);
    await ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  await ip('link', 'add', 'e0', 'netns', OUTSIDE, 'type', 'veth', 'peer', 'name', 'e1', 'netns', OFFICE);
  await ip('-n', OUTSIDE, 'link', 'set', 'e0', 'up');
  await ip('-n', OFFICE, 'link', 'set', 'e1', 'up');
  for (const last of [5, 6, 7, 8, 9])
    await ip('-n', OUTSIDE, 'addr', 'add', `203.0.113.${last}/24`, 'dev', 'e0');
  await ip('-n', OUTSIDE, 'addr', 'add', '2001:db8:5::5/64', 'dev', 'e0', 'nodad');
  await ip('-n', OFFICE, 'addr', 'add', '203.0.113.200/24', 'dev', 'e1');
  await ip('-n', OFFICE, 'addr', 'add', '2001:db8:5::200/64', 'dev', 'e1', 'nodad');
}, 30_000);

afterAll(async () => {
  for (const name of [OFFICE, OUTSIDE]) await ip('netns', 'del', name);
  rmSync(folder, { recursive: true, force: true });
});

function open(more: Partial<EnforceSettings> = {}, now: () => number = Date.now, run = inOffice): Enforcer {
  const settings = readEnforceSettings({ voters: ['tcp/443'], public: ['tcp/80'] }).okOrThrow();
  return new Enforcer({
    settings: { ...settings, ...more },
    folder,
    never: [net('203.0.113.200')],
    log: (text) => void told.push(text),
    now,
    readEvery: 3_600_000,
    run,
  });
}

beforeEach(async () => {
  sequence = 0;
  told = [];
  rmSync(join(folder, VETO_FILE), { force: true });
  await inOffice('nft', ['flush', 'ruleset']);
  enforcer = open();
});

afterEach(() => enforcer.close());

function block(id: string, network: string, change: Partial<Block> = {}): Block {
  return {
    id,
    network: net(network),
    covers: 'all',
    from: Date.now() - 1,
    until: Date.now() + HOUR,
    reason: 'scan',
    ...change,
  };
}

function orderOf(change: Partial<Order>): ReadOrder {
  const order: Order = {
    schema: 'bellwether/order@1',
    hub: 'ab'.repeat(32),
    office: '29001',
    sequence: ++sequence,
    at: Date.now(),
    isWhole: sequence === 1,
    add: [],
    spare: [],
    lift: [],
    ...change,
  };
  return { order, unreadable: [] };
}

const give = (add: readonly Block[], lift: readonly string[] = []): Promise<void> =>
  enforcer.take(orderOf({ add, lift }));

/** Whether an address is in a set of the kernel. */
async function isIn(set: string, address: string): Promise<boolean> {
  return (await inOffice('nft', ['get', 'element', 'inet', 'bellwether', set, `{ ${address} }`])).code === 0;
}

/** Whether somebody at an address of the outside gets through to a port: listens there, sends, and sees whether it came. */
async function reaches(from: string, port: number): Promise<boolean> {
  const to = from.includes(':') ? '2001:db8:5::200' : '203.0.113.200';
  const code = `const n=require('node:net');const s=n.connect({host:'${to}',port:${port},localAddress:'${from}'});
s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1));setTimeout(()=>process.exit(2),400)`;
  const { code: ended } = await runTool('ip', ['netns', 'exec', OUTSIDE, process.execPath, '-e', code]);
  return ended === 0;
}

async function listening<T>(ports: readonly number[], work: () => Promise<T>): Promise<T> {
  const code = `const n=require('node:net');for(const p of ${JSON.stringify(ports)})n.createServer(s=>s.end()).listen(p,'::',()=>console.log(p))`;
  const server = spawn('ip', ['netns', 'exec', OFFICE, process.execPath, '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let up = 0;
  await new Promise<void>((done) =>
    server.stdout.on('data', (part: Buffer) => {
      up += part.toString().trim().split('\n').length;
      if (up >= ports.length) done();
    }),
  );
  try {
    return await work();
  } finally {
    server.kill('SIGKILL');
  }
}

describe('blocks in a real kernel', () => {
  it('are read back as they were ordered, of both families and kinds, whatever nests in what, through any row of changes', async () => {
    const v4 = (low: number, bits: number): Cidr =>
      masked({ family: 4, words: [0, 0, 0, 0x0a01_0200 + low], bits });
    const v6 = (low: number, bits: number): Cidr =>
      masked({ family: 6, words: [0x2a00_0db8, low, 0, 0], bits });
    const low = fc.nat(63);
    // Everything is closed to one address or one /64 alone; an office takes nothing wider.
    const kind = fc.oneof(
      fc.tuple(low, fc.integer({ min: 26, max: 32 })).map(([at, bits]) => [v4(at, bits), 'private'] as const),
      low.map((at) => [v4(at, 32), 'all'] as const),
      fc.tuple(low, fc.integer({ min: 58, max: 64 })).map(([at, bits]) => [v6(at, bits), 'private'] as const),
      low.map((at) => [v6(at, 64), 'all'] as const),
    );
    const spared = fc.oneof(
      low.map((at) => v4(at, 32)),
      low.map((at) => v6(at, 64)),
    );
    const end = fc.integer({ min: 1, max: 5 });
    const step = fc.record({
      add: fc.array(fc.record({ id: fc.nat(16), kind, end }), { maxLength: 6 }),
      spare: fc.array(fc.record({ id: fc.nat(3), network: spared }), { maxLength: 2 }),
      lift: fc.array(fc.nat(16), { maxLength: 4 }),
    });
    const asked = [
      '10.1.2.0',
      '10.1.2.31',
      '10.1.2.42',
      '2a00:db8:0:0::9',
      '2a00:db8:0:1f::',
      '2a00:db8:0:2a::1',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        await enforcer.close();
        await inOffice('nft', ['flush', 'ruleset']);
        sequence = 0;
        enforcer = open();
        const base = Date.now();
        const [meant, spares] = [new Map<string, Block>(), new Map<string, Cidr>()];
        for (const { add, spare, lift } of steps) {
          const blocks = add.map(({ id, kind: [network, covers], end: hours }) =>
            block(`b${id}`, formatCidr(network), { covers, until: base + hours * HOUR }),
          );
          const people = spare.map(({ id, network }) => ({ id: `s${id}`, network, until: base + HOUR }));
          const told = new Set([...blocks, ...people].map(({ id }) => id));
          const lifted = lift.flatMap((id) => [`b${id}`, `s${id}`]).filter((id) => !told.has(id));
          await enforcer.take(orderOf({ add: blocks, spare: people, lift: lifted }));
          for (const id of lifted) {
            meant.delete(id);
            spares.delete(id);
          }
          for (const each of blocks) meant.set(each.id, each);
          for (const { id, network } of people) spares.set(id, network);
          expect(enforcer.report()).toMatchObject({
            ...{ decided: meant.size, enforced: meant.size, missingCount: 0, refusedCount: 0 },
            point: { state: 'enforcing' },
          });
          for (const address of asked) {
            const at = net(address);
            const within = (network: Cidr): boolean =>
              network.family === at.family &&
              formatCidr(masked({ ...at, bits: network.bits })) === formatCidr(network);
            const held = (covers: Covers): boolean =>
              [...meant.values()].some((each) => each.covers === covers && within(each.network));
            const expected = {
              private: held('private'),
              all: held('all'),
              spared: [...spares.values()].some(within),
            };
            for (const [set, isHeld] of Object.entries(expected)) {
              expect([set, address, await isIn(`${set}${at.family}`, address)]).toEqual([
                set,
                address,
                isHeld,
              ]);
            }
          }
        }
      }),
      // A busy machine tries fewer, and none halfway: what goes on behind a test disturbs the next one.
      { numRuns: 12, interruptAfterTimeLimit: 60_000 },
    );
  }, 300_000);

  it('drop packets: of everything but services for voters, or of private services alone; IPv4 and IPv6', async () => {
    await give([
      block('1', '203.0.113.5'),
      block('2', '203.0.113.6', { covers: 'private' }),
      block('3', '2001:db8:5::/64'),
    ]);
    await listening([22, 80, 443], async () => {
      const seen = async (from: string): Promise<boolean[]> => [
        await reaches(from, 22),
        await reaches(from, 80),
        await reaches(from, 443),
      ];
      expect(await seen('203.0.113.5')).toEqual([false, false, true]);
      expect(await seen('203.0.113.6')).toEqual([false, true, true]);
      expect(await seen('203.0.113.7')).toEqual([true, true, true]);
      expect(await seen('2001:db8:5::5')).toEqual([false, false, true]);
      await give([], ['1']);
      expect(await seen('203.0.113.5')).toEqual([true, true, true]);
    });
  }, 30_000);

  it('let a judged source in to voters’ services slowly, unless it is spared', async () => {
    await give([block('1', '203.0.113.5')]);
    const knock = async (): Promise<number> => {
      const code = `const n=require('node:net');let open=0,left=120;for(let i=0;i<120;i++){const s=n.connect({host:'203.0.113.200',port:443,localAddress:'203.0.113.5'});
s.on('connect',()=>{open++;s.destroy()});s.on('close',()=>{left--});s.on('error',()=>{})}setTimeout(()=>{console.log(open);process.exit(0)},600)`;
      return Number((await runTool('ip', ['netns', 'exec', OUTSIDE, process.execPath, '-e', code])).out);
    };
    await listening([443], async () => {
      const slow = await knock();
      expect(slow).toBeGreaterThan(20);
      expect(slow).toBeLessThan(70);
      await enforcer.take(
        orderOf({ spare: [{ id: 's', network: net('203.0.113.5'), until: Date.now() + HOUR }] }),
      );
      expect(await knock()).toBe(120);
    });
  }, 30_000);

  it('end in the kernel by themselves, though the agent is gone', async () => {
    await give([block('1', '10.9.9.9', { until: Date.now() + 8_000 }), block('2', '10.9.9.10')]);
    await enforcer.close();
    expect(await isIn('all4', '10.9.9.9')).toBe(true);
    while (await isIn('all4', '10.9.9.9')) await pause(200);
    expect(await isIn('all4', '10.9.9.10')).toBe(true);
  }, 30_000);

  it('last as long as the longest decision: nft takes no number of more than eight digits', async () => {
    const week = 7 * 24 * HOUR;
    await give([
      block('1', '10.9.9.9', { until: Date.now() + week }),
      block('2', '10.9.9.10', { until: Date.now() + 28 * HOUR }),
      block('3', '10.9.9.11', { until: Date.now() + 59_999 }),
      block('4', '2001:db8:9::/64', { until: Date.now() + week }),
    ]);

    expect(enforcer.report()).toMatchObject({ decided: 4, enforced: 4, point: { state: 'enforcing' } });
    expect(told).toEqual([]);
  });

  it('go on after elements ended by themselves between two orders', async () => {
    await give([block('1', '10.9.9.0/24', { covers: 'private', until: Date.now() + 700 })]);
    await pause(1_200);
    await give([block('2', '10.9.9.0/25', { covers: 'private' })], ['1']);
    expect(enforcer.report()).toMatchObject({ decided: 1, enforced: 1, point: { state: 'enforcing' } });
    expect(told).toEqual([]);
  });
});

describe('a computer', () => {
  it('through which nothing goes says so: the rest of its network has no enforcement point there', async () => {
    const passesOn = (yes: boolean): Promise<Ran> =>
      inOffice('sh', ['-c', `echo ${yes ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`]);
    const alone = expect.stringContaining('passes nothing on');
    await give([block('1', '203.0.113.5')]);
    expect(enforcer.report().point).toMatchObject({ state: 'enforcing', why: [alone] });
    await passesOn(true);
    await give([block('2', '203.0.113.6')]);
    expect(enforcer.report().point).toEqual({ state: 'enforcing', why: [] });
    await passesOn(false);
  });
});

describe('an office', () => {
  it('refuses what touches itself, what is too wide, and what somebody vetoed; and each is told with its reason', async () => {
    await keepVetoes(join(folder, VETO_FILE), [{ of: '203.0.113.7', why: 'our print shop', at: 1 }]);
    await give([
      block('1', '203.0.113.200'),
      block('2', '0.0.0.0/0', { covers: 'private' }),
      block('3', '203.0.113.0/24'),
      block('4', '203.0.113.7'),
      block('5', '203.0.113.5'),
    ]);
    const report = enforcer.report();
    expect(report).toMatchObject({ decided: 5, enforced: 1, refusedCount: 4, vetoes: 1 });
    expect(Object.fromEntries(report.refused.map(({ id, why }) => [id, why]))).toEqual({
      1: 'never',
      2: 'too-wide',
      3: 'too-wide',
      4: 'veto',
    });
    await keepVetoes(join(folder, VETO_FILE), []);
    await enforcer.vetoesChanged();
    expect(enforcer.report()).toMatchObject({ enforced: 2, refusedCount: 3 });
    expect(await isIn('all4', '203.0.113.7')).toBe(true);
  });

  it('lets its own list in whatever is ordered', async () => {
    await enforcer.close();
    enforcer = open({ office: { allow: [net('203.0.113.0/29')], voters: [], public: [] } });
    await give([block('1', '203.0.113.5'), block('2', '203.0.113.9')]);
    await listening([22], async () => {
      expect([await reaches('203.0.113.5', 22), await reaches('203.0.113.9', 22)]).toEqual([true, false]);
    });
  });

  it('notices a table that somebody flushed or changed, tells it, and writes it anew', async () => {
    await enforcer.close();
    const every = 300;
    const settings = readEnforceSettings({}).okOrThrow();
    enforcer = new Enforcer({
      settings,
      folder,
      never: [],
      log: (text) => void told.push(text),
      now: Date.now,
      readEvery: every,
      run: inOffice,
    });
    await give([block('1', '10.9.9.9')]);
    for (const harm of [
      ['flush', 'ruleset'],
      ['insert', 'rule', 'inet', 'bellwether', 'decide', 'ct', 'state', 'established', 'accept'],
      ['delete', 'element', 'inet', 'bellwether', 'all4', '{ 10.9.9.9 }'],
    ]) {
      told = [];
      expect((await inOffice('nft', harm)).code).toBe(0);
      for (let i = 0; i < 60 && told.length === 0; i++) await pause(100);
      expect(told[0]).toContain('It is written anew');
      for (let i = 0; i < 60 && enforcer.report().point.state !== 'enforcing'; i++) await pause(100);
      expect(enforcer.report()).toMatchObject({ enforced: 1, point: { state: 'enforcing' } });
      expect(enforcer.report().point.why.join()).toContain('somebody changed the table');
      expect(await isIn('all4', '10.9.9.9')).toBe(true);
    }
  }, 40_000);

  it('whose nft fails says so, keeps what stands, and tries again', async () => {
    await enforcer.close();
    let isBroken = true;
    enforcer = open({}, Date.now, async (program, args, input) =>
      isBroken && args[0] === '-f'
        ? {
            code: 1,
            out: '',
            trouble: 'netlink: Error: cache initialization failed: Operation not permitted',
          }
        : inOffice(program, args, input),
    );
    await give([block('1', '10.9.9.9')]);
    expect(enforcer.report()).toMatchObject({ enforced: 0, missingCount: 1, point: { state: 'damaged' } });
    expect(enforcer.report().point.why[0]).toContain('Operation not permitted');
    isBroken = false;
    for (let i = 0; i < 60 && enforcer.report().enforced === 0; i++) await pause(100);
    expect(enforcer.report()).toMatchObject({ enforced: 1, point: { state: 'enforcing' } });
  }, 20_000);

  it('whose clock is years off blocks for as long as was meant', async () => {
    await enforcer.close();
    const years = 5 * 365 * 24 * HOUR;
    enforcer = open({}, () => Date.now() - years);
    await give([block('1', '10.9.9.9')]);
    expect(enforcer.report().refused[0]).toMatchObject({ why: 'not-yet' });
    enforcer.heardClock(-years);
    for (let i = 0; i < 60 && enforcer.report().enforced === 0; i++) await pause(50);
    expect(enforcer.report()).toMatchObject({ enforced: 1, refusedCount: 0 });
  });

  it('takes nothing of an order that came out of turn', async () => {
    await give([block('1', '10.9.9.9')]);
    await expect(enforcer.take(orderOf({ sequence: 9, add: [block('3', '10.9.9.11')] }))).rejects.toThrow(
      'came after',
    );
    expect(enforcer.report()).toMatchObject({ sequence: 1, decided: 1, enforced: 1 });
  });
});

describe('connections', () => {
  it('of a source that is blocked are ended, but for those to voters’ services', async () => {
    // The kernel keeps track where somebody asks it to.
    await inOffice(
      'nft',
      ['-f', '-'],
      'table inet office {\n chain input {\n type filter hook input priority filter; policy accept;\n ct state established,related accept\n }\n}\n',
    );
    const code = `const n=require('node:net');let up=0;for(const p of [22,443]){const s=n.connect({host:'203.0.113.200',port:p,localAddress:'203.0.113.5'});s.on('connect',()=>console.log(++up));s.on('error',()=>{})}setInterval(()=>{},1000)`;
    const listen = `const n=require('node:net');let k=0;for(const p of [22,443])n.createServer(()=>{}).listen(p,'0.0.0.0',()=>console.log(++k))`;
    const printed = (child: ReturnType<typeof spawn>, text: string): Promise<void> =>
      new Promise((done) =>
        child.stdout!.on('data', (part: Buffer) => part.toString().includes(text) && done()),
      );
    const server = spawn('ip', ['netns', 'exec', OFFICE, process.execPath, '-e', listen], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await printed(server, '2');
    const client = spawn('ip', ['netns', 'exec', OUTSIDE, process.execPath, '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await printed(client, '2');
      const ports = async (): Promise<string[]> =>
        // Those of earlier tests are closing; only what is open counts.
        (await inOffice('conntrack', ['-L', '-p', 'tcp', '--state', 'ESTABLISHED', '-s', '203.0.113.5'])).out
          .split('\n')
          .flatMap((line) => /dport=(\d+)/.exec(line)?.[1] ?? [])
          .sort();
      expect(await ports()).toEqual(['22', '443']);
      await give([block('1', '203.0.113.5')]);
      expect(await ports()).toEqual(['443']);
    } finally {
      client.kill('SIGKILL');
      server.kill('SIGKILL');
    }
  }, 20_000);
});
