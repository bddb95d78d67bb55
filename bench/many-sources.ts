/**
 * Ten million sources in one file: each sends one packet, as in a flood with forged addresses. What `watch` remembers
 * of them is bounded; the account has to balance all the same.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@bellwether/testkit';
import type { BenchOptions } from './options.ts';
import { table, whole } from './running/table.ts';
import { watch } from './running/watch.ts';

const SOURCES = 10_000_000;
const SEED = 77_003;

/** Measures it, and gives a table. */
export function manySources(options: BenchOptions): string {
  const path = floodFile(options);
  const { used, account } = watch([path], { cores: `${options.core}`, runs: 1 });
  const row = [
    whole(account.lines),
    whole(account.sources),
    whole(account.lines / used.wall),
    whole(used.memory),
  ];
  return table(['lines', 'sources in the account', 'lines/s', 'MB'], [row]);
}

/** A netfilter log whose lines all have another source, over one day. */
function floodFile(options: BenchOptions): string {
  const folder = join(options.cache, 'inputs');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `netfilter-flood-${SOURCES}-${SEED}.log`);
  if (existsSync(path)) return path;
  process.stderr.write(`making ${path} ...\n`);
  const random = new Random(SEED);
  const file = openSync(`${path}.part`, 'w');
  let text = '';
  for (let i = 0; i < SOURCES; i++) {
    text += floodLine(i, random);
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
  renameSync(`${path}.part`, path);
  return path;
}

/** An odd multiplier walks over all 32-bit numbers, so that no address comes twice. */
const STEP = 2_654_435_761;

function floodLine(i: number, random: Random): string {
  const second = Math.floor((i * 86_400) / SOURCES);
  const clock = [second / 3600, (second / 60) % 60, second % 60].map((part) =>
    `${Math.floor(part)}`.padStart(2, '0'),
  );
  const address = Math.imul(i + 1, STEP) >>> 0;
  const source = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
  const target = `198.18.${random.below(4)}.${random.below(254) + 1}`;
  return (
    `Oct  7 ${clock.join(':')} fw1 kernel: [${1000 + second}.${100_000 + random.below(899_999)}] DROP: IN=eth0 OUT= ` +
    `MAC=00:16:3e:5e:6c:00:00:16:3e:11:22:33:08:00 SRC=${source} DST=${target} LEN=40 TOS=0x00 PREC=0x00 TTL=${40 + random.below(200)} ` +
    `ID=${random.below(65_536)} PROTO=TCP SPT=${1024 + random.below(64_000)} DPT=443 WINDOW=1024 RES=0x00 SYN URGP=0 \n`
  );
}
