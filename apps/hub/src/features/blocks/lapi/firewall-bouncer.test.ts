/** The bouncer for firewalls of CrowdSec, as Debian packages it, on a machine of its own: what it was told, the kernel does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRecords, type TestRecords } from '../../watch/watch.fixture.ts';
import { giveKey, PUBLIC_KEY, type TestBouncers, testBouncers } from './bouncers.fixture.ts';
import { type GuardedMachine, guardedMachine } from './guarded-machine.fixture.ts';

let records: TestRecords;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(async () => {
  await records.stop();
});

type Mode = 'nftables' | 'iptables';

/** Each is of one thing that is done to it. */
const [BLOCKED, LIFTED, EXTENDED, NEVER] = ['198.18.1.7', '198.18.2.7', '198.18.3.7', '198.18.4.7'] as const;
const OF_A_NETWORK = ['198.18.5.1', '198.18.5.77', '198.18.5.254'] as const;
const LATE = '198.18.6.7';
const ALL = [BLOCKED, LIFTED, EXTENDED, NEVER, ...OF_A_NETWORK, LATE];

type Scene = { readonly hub: TestBouncers; readonly machine: GuardedMachine; readonly mode: Mode };

/** A machine whose bouncer asks the hub every second. Its sets hold networks in one mode only. */
async function start(mode: Mode): Promise<Scene> {
  const hub = await testBouncers(onTestFinished, records.db, Date.now);
  if (mode === 'iptables') giveKey(hub.fake, PUBLIC_KEY, '1', { ranges: 'as-they-are' });
  const { port } = await hub.open();
  const machine = await guardedMachine(onTestFinished, port, ALL);
  const config = join(machine.folder, 'bouncer.yaml');
  writeFileSync(config, bouncerYaml(mode, machine.folder));
  machine.start('crowdsec-firewall-bouncer', '-c', config);
  return { hub, machine, mode };
}

function bouncerYaml(mode: Mode, folder: string): string {
  const table = (name: string) => `{ enabled: true, set-only: false, table: ${name}, chain: ${name}-chain }`;
  return [
    `mode: ${mode}`,
    `pid_dir: ${folder}/`,
    'update_frequency: 1s',
    'daemonize: false',
    'log_mode: file',
    `log_dir: ${folder}/`,
    'log_level: info',
    'api_url: http://localhost:8118/',
    `api_key: ${PUBLIC_KEY}`,
    'disable_ipv6: true',
    'deny_action: DROP',
    'deny_log: false',
    'supported_decisions_types: [ban]',
    'blacklists_ipv4: crowdsec-blacklists',
    'blacklists_ipv6: crowdsec6-blacklists',
    'ipset_type: nethash',
    'iptables_chains: [INPUT]',
    `nftables: { ipv4: ${table('crowdsec')}, ipv6: ${table('crowdsec6')} }`,
    'pf: { anchor_name: "" }',
    'prometheus: { enabled: false }',
    '',
  ].join('\n');
}

/** Waits until the machine answers somebody, or not; the test's own time limit ends what never comes. */
async function until(machine: GuardedMachine, stranger: string, answers: boolean): Promise<void> {
  while ((await machine.answers(stranger)) !== answers) await wait(100);
}

/** Seconds that the set still holds an address. */
function secondsLeft({ machine, mode }: Scene, address: string): number {
  if (mode === 'iptables') {
    const line = new RegExp(`^add \\S+ ${address.replaceAll('.', '\\.')} timeout (\\d+)`, 'm');
    return Number(line.exec(machine.output('ipset', 'save'))?.[1] ?? 0);
  }
  const listed = machine.output('nft', '-j', 'list', 'set', 'ip', 'crowdsec', 'crowdsec-blacklists');
  type Listed = { nftables: { set?: { elem?: { elem: { val: string; expires: number } }[] } }[] };
  const elements = (JSON.parse(listed) as Listed).nftables.flatMap(({ set }) => set?.elem ?? []);
  return elements.find(({ elem }) => elem.val === address)?.elem.expires ?? 0;
}

describe.each<Mode>(['nftables', 'iptables'])('a firewall with the bouncer of CrowdSec, over %s', (mode) => {
  it('drops what is blocked, lets in what is lifted, and holds longer what is extended', async () => {
    const scene = await start(mode);
    const { hub, machine } = scene;
    for (const stranger of ALL) expect([stranger, await machine.answers(stranger)]).toEqual([stranger, true]);

    await hub.block({ value: `${BLOCKED}/32` });
    const lifted = await hub.block({ value: `${LIFTED}/32` });
    await hub.block({ value: `${EXTENDED}/32`, minutes: 10 });
    for (const stranger of [BLOCKED, LIFTED, EXTENDED]) await until(machine, stranger, false);
    expect(await machine.answers(NEVER)).toBe(true);

    await sql`UPDATE decisions SET until_at = ${new Date()} WHERE id = ${lifted}`.execute(records.db);
    await until(machine, LIFTED, true);

    expect(secondsLeft(scene, EXTENDED)).toBeLessThan(601);
    await hub.block({ value: `${EXTENDED}/32`, minutes: 600 });
    while (secondsLeft(scene, EXTENDED) < 601) await wait(100);
    expect(secondsLeft(scene, EXTENDED)).toBeLessThanOrEqual(36_000);
    expect(await machine.answers(EXTENDED)).toBe(false);
    expect(await machine.answers(BLOCKED)).toBe(false);
  });

  it('drops all of a network, and nobody is spared because another decision cannot be read', async () => {
    const { hub, machine } = await start(mode);
    await hub.block({ value: '0.0.0.0/0' });
    await hub.block({ value: `${NEVER}/32`, covers: 'nonsense' });
    await hub.block({ value: `${BLOCKED}/32`, reason: '"}],"new":[{"value":"oops' });
    await hub.block({ value: '198.18.5.0/24' });
    for (const stranger of [BLOCKED, ...OF_A_NETWORK]) await until(machine, stranger, false);
    expect(await machine.answers(NEVER)).toBe(true);
    expect(await machine.answers(LIFTED)).toBe(true);
  });

  it('keeps what it has when its key is withdrawn, and is told nothing more', async () => {
    const { hub, machine } = await start(mode);
    await hub.block({ value: `${BLOCKED}/32` });
    await until(machine, BLOCKED, false);

    hub.fake.keys.delete(PUBLIC_KEY);
    await hub.block({ value: `${LATE}/32` });
    const refused = () => hub.logged.filter((line) => /"status":(403|429)/.test(line)).length;
    while (refused() < 2) await wait(100);
    expect(await machine.answers(LATE)).toBe(true);
    expect(await machine.answers(BLOCKED)).toBe(false);
  });
});
