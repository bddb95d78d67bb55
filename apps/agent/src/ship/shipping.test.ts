import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import type { ShipSettings } from './settings.ts';
import { FakeHub, VirtualClock } from './shipping.fixture.ts';
import { openShipping } from './shipping.ts';
import type { Shipping } from './shipping-types.ts';
import { until } from './sources/feed.fixture.ts';

/** An office with a file for each of its sensors. */
class Office {
  readonly folder = folderForTest();
  readonly hub: FakeHub;
  readonly clock: VirtualClock | undefined;
  readonly told: string[] = [];
  shipping!: Shipping;

  constructor(clock?: VirtualClock) {
    this.clock = clock;
    this.hub = new FakeHub(clock?.now);
  }

  path(sensor: string): string {
    return join(this.folder, `${sensor}.log`);
  }

  write(sensor: string, ...lines: string[]): void {
    appendFileSync(this.path(sensor), lines.map((line) => `${line}\n`).join(''));
  }

  settings(sensors: readonly string[], more: Partial<ShipSettings> = {}): ShipSettings {
    return { sensors: sensors.map((sensor) => ({ sensor, follow: [this.path(sensor)] })), ...more };
  }

  async start(sensors: readonly string[], more: Partial<ShipSettings> = {}): Promise<void> {
    const opened = await openShipping(this.settings(sensors, more), this.folder, this.hub.post, {
      log: (text) => this.told.push(text),
      ...(this.clock === undefined
        ? {}
        : { now: this.clock.now, sleep: this.clock.sleep, chance: () => 0.5 }),
    });
    const shipping = opened.okOrThrow();
    this.shipping = shipping;
    let isClosed = false;
    const { close } = shipping;
    this.shipping = {
      ...shipping,
      close: async () => {
        if (!isClosed) await close();
        isClosed = true;
      },
    };
    const mine = this.shipping;
    onTestFinished(() => mine.close());
  }
}

describe('shipping', () => {
  it('brings the lines of several sensors to the hub, each in its order, and knows then that nothing waits', async () => {
    const office = new Office();
    office.write('fw', 'one', 'two');
    office.write('web', 'hello');
    await office.start(['fw', 'web']);
    await until(() => office.hub.of('fw').length === 2 && office.hub.of('web').length === 1);
    office.write('fw', 'three');
    await until(() => office.hub.of('fw').length === 3);
    await until(() => office.shipping.backlog().lines === 0);
    expect(office.hub.of('fw')).toEqual(['one', 'two', 'three']);
    expect(office.shipping.backlog()).toEqual({ lines: 0, bytes: 0 });
    expect(office.told).toEqual([]);
  });

  it('sends again what got half an answer, and the hub has it once', async () => {
    const office = new Office(new VirtualClock());
    office.hub.mood = 'half-an-answer';
    office.write('fw', 'one');
    await office.start(['fw']);
    await until(() => office.hub.duplicates >= 2);
    office.write('fw', 'two');
    await until(() => office.shipping.backlog().lines === 2);
    office.hub.mood = 'well';
    await until(() => office.shipping.backlog().lines === 0);
    expect(office.hub.of('fw')).toEqual(['one', 'two']);
    expect(office.told.join('\n')).toMatch(/lines wait here.*\n.*go to the hub again/);
  });

  it('waits as long as the hub asks, and each time longer, up to a minute', async () => {
    const clock = new VirtualClock();
    const office = new Office(clock);
    office.hub.mood = 'busy';
    office.write('fw', 'one');
    await office.start(['fw']);
    await until(() => office.hub.posts.length >= 10);
    office.hub.mood = 'well';
    await until(() => office.shipping.backlog().lines === 0);
    const { posts } = office.hub;
    const pauses = posts.slice(1).map(({ at }, i) => at - (posts[i]?.at ?? 0));
    expect(pauses.slice(0, 9)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('keeps what comes in an hour without a line, and sends it in order when there is one', async () => {
    const clock = new VirtualClock();
    const office = new Office(clock);
    office.hub.mood = 'away';
    const expected = ['the first'];
    office.write('fw', 'the first');
    await office.start(['fw']);
    await until(() => office.hub.posts.length > 0);
    const began = clock.at;
    while (clock.at - began < 3_600_000) {
      const line = `line ${expected.length}`;
      expected.push(line);
      office.write('fw', line);
      const { length } = office.hub.posts;
      await until(() => office.hub.posts.length > length);
    }
    const posts = office.hub.posts.length;
    await until(() => office.shipping.backlog().lines === expected.length);
    expect(office.hub.of('fw')).toEqual([]);
    expect(office.shipping.backlog().oldest).toBeLessThanOrEqual(began);
    // The first retries take a minute in all; then one a minute: an hour is no flood for the hub either.
    expect(posts).toBeLessThan(80);
    office.hub.mood = 'well';
    office.shipping.wake();
    await until(() => office.shipping.backlog().lines === 0);
    expect(office.hub.of('fw')).toEqual(expected);
  });

  it('goes on behind a batch that the hub will never take, and tells', async () => {
    const office = new Office();
    office.hub.mood = 'refusing';
    office.write('fw', 'one');
    await office.start(['fw']);
    await until(() => office.told.length > 0);
    office.hub.mood = 'well';
    office.write('fw', 'two');
    await until(() => office.hub.of('fw').length === 1);
    expect(office.told[0]).toBe('fw: the hub refused 1 lines for good: INTAKE_BATCH_TOO_OLD');
    expect(office.hub.of('fw')).toEqual(['two']);
  });

  it('takes another name when its folder was put back and its numbers are taken', async () => {
    const office = new Office();
    office.hub.mood = 'other-lines';
    office.write('fw', 'one');
    await office.start(['fw']);
    await until(() => office.hub.of('fw').length === 1);
    const [first, second] = office.hub.posts;
    expect(second?.client).not.toBe(first?.client);
    expect(second?.sequence).toBe(first?.sequence);
  });

  it('reads no further when as much waits as may wait, and loses nothing', async () => {
    const office = new Office();
    office.hub.mood = 'away';
    const lines = Array.from({ length: 12 }, (_, i) => `${i} ${'x'.repeat(200_000)}`);
    office.write('fw', ...lines);
    await office.start(['fw'], { spoolBytes: 1024 * 1024 });
    await until(() => office.told.some((text) => text.includes('SHIP_SPOOL_FULL')));
    expect(office.shipping.backlog().bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(office.shipping.backlog().bytes).toBeGreaterThan(700_000);
    office.hub.mood = 'well';
    office.shipping.wake();
    await until(() => office.hub.of('fw').length === lines.length);
    expect(office.hub.of('fw')).toEqual(lines);
  });

  it('goes on where it ended when it was stopped in the middle of a post', async () => {
    const office = new Office();
    office.hub.mood = 'silent';
    office.write('fw', 'one');
    await office.start(['fw']);
    await until(() => office.hub.posts.length === 1);
    await office.shipping.close();
    office.hub.mood = 'well';
    office.write('fw', 'two');
    await office.start(['fw']);
    await until(() => office.hub.of('fw').length === 2);
    expect(office.hub.of('fw')).toEqual(['one', 'two']);
    expect(office.hub.posts.at(-1)?.sequence).toBe(2);
  });

  it('lets nobody else use its folder, nor look into it', async () => {
    const office = new Office();
    await office.start(['fw']);
    const second = await openShipping(office.settings(['fw']), office.folder, office.hub.post);
    expect(second.isErr() && second.error.code).toBe('SHIP_SPOOL_IN_USE');
    expect(readdirSync(join(office.folder, 'ship'))).toEqual(['fw']);
  });

  it('says which address it cannot have, and leaves nothing open', async () => {
    const office = new Office();
    writeFileSync(office.path('fw'), '');
    const settings = { sensors: [{ sensor: 'fw', syslogTcp: ['127.0.0.1:0', '192.0.2.1:5514'] }] };
    const opened = await openShipping(settings, office.folder, office.hub.post);
    expect(opened.isErr() && opened.error.code).toBe('SHIP_ADDRESS_UNUSABLE');
    await office.start(['fw']);
  });
});
