import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { KeptOrders, ORDERS_FILE } from './kept-orders.ts';

/** What is read back: lines until one that `isOrder` does not know. */
async function restored(folder: string, isOrder = (line: string) => line.startsWith('o')): Promise<string[]> {
  const lines: string[] = [];
  await new KeptOrders(folder).restore(async (line) => {
    if (!isOrder(line)) return false;
    lines.push(line);
    return true;
  });
  return lines;
}

const order = fc.record({ isWhole: fc.boolean(), text: fc.stringMatching(/^o[a-z"\\ü]{0,40}$/) });

/** What has to be kept of such orders: the last whole list, and what came behind it. */
function expected(orders: readonly { isWhole: boolean; text: string }[]): string[] {
  const from = orders.findLastIndex(({ isWhole }) => isWhole);
  return orders.slice(Math.max(0, from)).map(({ text }) => text);
}

describe('orders on disk', () => {
  it('are the last whole list and what came behind it, wherever the agent is started anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(order, { maxLength: 12 }), fc.nat(12), async (orders, restart) => {
        const folder = folderForTest();
        let kept = new KeptOrders(folder);
        for (const [at, { text, isWhole }] of orders.entries()) {
          if (at === restart) {
            kept = new KeptOrders(folder);
            await kept.restore(async () => true);
          }
          await kept.keep(text, isWhole);
        }
        expect(await restored(folder)).toEqual(expected(orders));
      }),
      { numRuns: 60 },
    );
  });

  it('are whole lines, wherever the file was cut off; and go on behind the last of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 6 }), fc.nat(400), async (orders, cut) => {
        const folder = folderForTest();
        const kept = new KeptOrders(folder);
        for (const { text, isWhole } of orders) await kept.keep(text, isWhole);
        const path = join(folder, ORDERS_FILE);
        const bytes = readFileSync(path);
        const length = Math.min(cut, bytes.length);
        truncateSync(path, length);
        const whole = bytes.subarray(0, length).toString('latin1').split('\n').slice(0, -1);
        const lines = whole.map((line) => Buffer.from(line, 'latin1').toString('utf8'));
        expect(await restored(folder)).toEqual(lines);
        const again = new KeptOrders(folder);
        await again.restore(async () => true);
        await again.keep('one more', false);
        expect(await restored(folder, () => true)).toEqual([...lines, 'one more']);
      }),
      { numRuns: 60 },
    );
  });

  it('end where a line is no order, and what is behind it is gone', async () => {
    const folder = folderForTest();
    writeFileSync(join(folder, ORDERS_FILE), 'o1\no2\nforged\no3\n');
    expect(await restored(folder)).toEqual(['o1', 'o2']);
    expect(readFileSync(join(folder, ORDERS_FILE), 'utf8')).toBe('o1\no2\n');
  });

  it('ask for the whole list when too many changes lie there', async () => {
    const folder = folderForTest();
    const kept = new KeptOrders(folder);
    await kept.keep('o', true);
    const change = 'o'.repeat(1024 * 1024);
    for (let k = 0; k < 15; k++) await kept.keep(change, false);
    expect(kept.wantsWhole).toBe(false);
    for (let k = 0; k < 2; k++) await kept.keep(change, false);
    expect(kept.wantsWhole).toBe(true);
    await kept.keep('o', true);
    expect(kept.wantsWhole).toBe(false);
  });

  it('stop where one could not be written, until there is a whole list again', async () => {
    const folder = folderForTest();
    const kept = new KeptOrders(join(folder, 'gone'));
    await expect(kept.keep('o2', false)).rejects.toThrow('ENOENT');
    await kept.keep('o3', false);
    expect(kept.wantsWhole).toBe(true);
    expect(await restored(join(folder, 'gone'))).toEqual([]);
  });
});
