/**
 * Contacts from plain rows, for tests of settling and judging: text in, the account out, through the same doors as
 * the readers' rows (`prepare`, stretches, `Shards`, `Accountant`).
 */
import { Accountant, type Outcome as Judged } from '../account.ts';
import { BATCH_ROWS, Batch, Content, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { ascii, Family, hash1, hashText, mix32, readAddress, words } from '../reading/bytes.ts';
import { RULES } from '../settle/dispositions.ts';
import { prepare } from '../settle/prepare.ts';
import type { FileInfo, Part, Stretch } from '../stretch.ts';
import { type CompiledSurface, compileSurface } from '../surface/compile.ts';
import { parseSurface } from '../surface/parse.ts';
import type { Caps } from './shard.ts';
import { type EngineOptions, Shards } from './shards.ts';

/** What one line says, in words. What is left out the line does not say. */
export type Row = {
  readonly kind: keyof typeof Kind;
  readonly outcome?: keyof typeof Outcome;
  /** Milliseconds since START; NaN: no readable time. Left out: a second after the row before in the same file. */
  readonly at?: number;
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly sport?: number;
  /** Left out: TCP. */
  readonly protocol?: keyof typeof Protocol;
  readonly direction?: keyof typeof Direction;
  readonly tcp?: ReadonlyArray<keyof typeof Tcp>;
  readonly status?: number;
  readonly size?: number;
  readonly millis?: number;
  readonly content?: ReadonlyArray<keyof typeof Content>;
  /** Path of a web request. */
  readonly route?: string;
  readonly account?: string;
  /** What lines about one contact share. */
  readonly key?: string;
  readonly repeat?: number;
  readonly forwarded?: string;
  readonly flags?: ReadonlyArray<'detail' | 'invalidAccount' | 'hint' | 'keyLogin' | 'post'>;
  /** Index of the file that the line is in. Left out: the first. */
  readonly file?: number;
};

/** Time 0 of the rows: Tuesday, 3 November 2026, noon UTC. */
export const START = Date.UTC(2026, 10, 3, 12);

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** How rows become stretches. Nothing of it may change the account. */
export type Cut = {
  readonly workers?: number;
  /** Rows in one batch, one after the other, then again from the first. */
  readonly batches?: readonly number[];
  /** Rows in one stretch. */
  readonly stretches?: readonly number[];
  /** Turns the order of the files' parts inside a stretch. */
  readonly turned?: boolean;
};

/** Where and how rows are judged. */
export type Setting = Cut & {
  /** Smaller tables than the product's. */
  readonly caps?: Partial<Caps>;
  readonly surface?: CompiledSurface;
  /** Left out: one file for each that a row names, each of a sensor of its own. */
  readonly files?: readonly FileInfo[];
};

/** A surface from its YAML; throws with the mistakes. */
export function surfaceOf(yaml: string): CompiledSurface {
  const surface = parseSurface(yaml);
  if (surface.isErr()) throw new Error(JSON.stringify(surface.error));
  return compileSurface(surface.value);
}

/** A small office: what most tests take for the surface. */
export const OFFICE = surfaceOf(`
networks: [198.18.0.0/16, "2001:db8:4f::/48"]
services:
  - { name: portal, address: [198.18.1.10, "2001:db8:4f::10"], port: 443, audience: voters }
  - { name: site, sensor: www, port: [80, 443], audience: public }
  - { name: office-ssh, address: [198.18.2.0/24, "2001:db8:4f:2::/64"], port: 22, audience: staff }
  - { name: desk, sensor: desk, port: 443, audience: staff }
  - { name: shell, sensor: shell, port: 22, audience: public }
authorised:
  - { who: technicians, source: [203.0.113.16/28, "2001:db8:77::/64"] }
never_block: [192.0.2.53, "2001:db8:99::53"]
proxies:
  - { networks: [198.51.100.0/28] }
shared: [100.64.0.0/10, "2001:db8:6:7:8::/80"]
sensors:
  - { id: www }
  - { id: desk }
  - { id: shell }
  - { id: inbound, sees: inbound }
  - { id: plain, transport: unauthenticated }
engagements:
  - { name: pentest, source: 203.0.113.200, target: 198.18.0.0/16, from: 2026-11-03, until: 2026-11-04, technique: any }
`);

/** No surface was given. */
export const NO_SURFACE = compileSurface(null);

/** A file of a sensor of the surface, or of one that it does not list. */
export function fileOf(sensor: string, surface: CompiledSurface = OFFICE, path = `${sensor}.log`): FileInfo {
  return {
    path,
    format: 'rows',
    sensor,
    sensorIndex: surface.sensors.findIndex(({ id }) => id === sensor),
  };
}

/** A packet that a filter told of. */
export function packet(outcome: keyof typeof Outcome, from: string, to: string, port: number): Row {
  return { kind: 'packet', outcome, from, to, port, sport: 40_000, tcp: ['syn'] };
}

/** A connection or flow. */
export function flow(outcome: keyof typeof Outcome, from: string, to: string, port: number): Row {
  return { kind: 'flow', outcome, from, to, port, sport: 40_000 };
}

/** A request that a web server answered. */
export function web(from: string, route: string, status: number): Row {
  return { kind: 'web', outcome: 'answered', from, route, status, port: 443, size: 4096 };
}

/** An attempt to sign in. */
export function login(outcome: 'failed' | 'succeeded', from: string, account: string): Row {
  return { kind: 'login', outcome, from, account, port: 22 };
}

/** So many of something. */
export function times<T>(count: number, of: (k: number) => T): T[] {
  return Array.from({ length: count }, (_, k) => of(k));
}

/** Settles and judges rows. */
export function judge(rows: readonly Row[], setting: Setting = {}): Judged {
  const surface = setting.surface ?? OFFICE;
  const fileCount = rows.reduce((most, row) => Math.max(most, (row.file ?? 0) + 1), 1);
  const files =
    setting.files ??
    Array.from(
      { length: fileCount },
      (_, file): FileInfo => fileOf(file === 0 ? 'any' : `any${file}`, surface),
    );
  const options: EngineOptions = { surface, files };
  const batches: Batch[] = [];
  const stretches = inStretches(inFiles(rows, files, surface, setting, batches), setting);
  const workers = setting.workers ?? 1;
  const shards = Array.from(
    { length: workers },
    (_, worker) => new Shards(options, worker, workers, setting.caps),
  );
  const accountant = new Accountant(options);
  // Between threads everything is cloned.
  const hand = <T>(told: T): T => (workers > 1 ? structuredClone(told) : told);
  for (const stretch of stretches) accountant.take(shards.map((worker) => hand(worker.judge(stretch))));
  const judged = accountant.finish(shards.map((worker) => hand(worker.finish())));
  // A batch is 2 MiB: the next test takes it again.
  spare.push(...batches);
  return judged;
}

/** The code of the rule that settles a row alone. */
export function ruleOf(
  row: Row,
  surface: CompiledSurface = OFFICE,
  file: FileInfo = fileOf('any', surface),
): string {
  const batch = new Batch();
  const bytes = fill(batch, timed([row]));
  prepare(batch, bytes, file, surface);
  return RULES[batch.rule[0]!]!.code;
}

/** A batch with these rows, as `prepare` leaves it. */
export function prepared(
  rows: readonly Row[],
  surface: CompiledSurface = OFFICE,
  file = fileOf('any', surface),
): Batch {
  const batch = new Batch();
  prepare(batch, fill(batch, timed(rows)), file, surface);
  return batch;
}

const spare: Batch[] = [];

/** One row in its file: where it is, and when by its file's clock. */
type Placed = {
  readonly batch: Batch;
  readonly row: number;
  readonly firstLine: number;
  readonly fileTime: number;
};

function inFiles(
  rows: readonly Row[],
  files: readonly FileInfo[],
  surface: CompiledSurface,
  { batches: sizes = [BATCH_ROWS] }: Cut,
  batches: Batch[],
): Placed[][] {
  return files.map((info, file) => {
    const own = timed(rows.filter((row) => (row.file ?? 0) === file));
    const placed: Placed[] = [];
    let fileTime = Number.NEGATIVE_INFINITY;
    for (let k = 0, at = 0; at < own.length; k++) {
      const part = own.slice(at, at + Math.min(BATCH_ROWS, sizes[k % sizes.length]!));
      const batch = spare.pop() ?? new Batch();
      batch.clear();
      batches.push(batch);
      prepare(batch, fill(batch, part), info, surface);
      for (let row = 0; row < part.length; row++) {
        const time = batch.time[row]!;
        if (time > fileTime) fileTime = time;
        placed.push({ batch, row, firstLine: at + 1, fileTime });
      }
      at += part.length;
    }
    return placed;
  });
}

/** Cuts the total order (file time, file, line) into stretches. */
function inStretches(files: readonly Placed[][], { stretches: sizes, turned = false }: Cut): Stretch[] {
  const order = files
    .flatMap((placed, file) => placed.map(({ fileTime }, line) => ({ fileTime, file, line })))
    // Two rows without a time have -Infinity each, and their difference is no number.
    .sort((a, b) =>
      a.fileTime < b.fileTime ? -1 : a.fileTime > b.fileTime ? 1 : a.file - b.file || a.line - b.line,
    );
  const next = files.map(() => 0);
  const stretches: Stretch[] = [];
  for (let k = 0, at = 0; at < order.length; k++) {
    const size = sizes === undefined ? order.length : sizes[k % sizes.length]!;
    const until = [...next];
    for (const { file, line } of order.slice(at, at + size)) until[file] = line + 1;
    const parts = files.map((placed, file) => partsOf(placed, file, next[file]!, until[file]!));
    stretches.push((turned ? parts.reverse() : parts).flat());
    until.forEach((to, file) => {
      next[file] = to;
    });
    at += size;
  }
  return stretches;
}

function partsOf(placed: readonly Placed[], file: number, from: number, until: number): Part[] {
  const parts: Part[] = [];
  for (let at = from; at < until; ) {
    const { batch, row, firstLine } = placed[at]!;
    const base = at === 0 ? Number.NEGATIVE_INFINITY : placed[at - 1]!.fileTime;
    let to = at;
    while (to < until && placed[to]!.batch === batch) to++;
    parts.push({ file, batch, from: row, to: row + (to - at), base, firstLine });
    at = to;
  }
  return parts;
}

/** Rows with the times that they have. */
function timed(rows: readonly Row[]): Array<Row & { readonly at: number }> {
  let next = 0;
  return rows.map((row) => {
    const at = row.at ?? next;
    if (!Number.isNaN(at)) next = at + SECOND;
    return { ...row, at };
  });
}

/** Writes rows into an empty batch, as a reader does. Returns the bytes that they point at. */
function fill(batch: Batch, rows: ReadonlyArray<Row & { readonly at: number }>): Uint8Array {
  let bytes = '';
  rows.forEach((row, i) => {
    batch.begin(i, Kind[row.kind]);
    batch.time[i] = START + row.at;
    let flags: number = Number.isNaN(row.at) ? Flag.noTime : 0;
    batch.line[i] = i;
    batch.outcome[i] = Outcome[row.outcome ?? 'unknown'];
    batch.direction[i] = Direction[row.direction ?? 'unknown'];
    batch.protocol[i] = Protocol[row.protocol ?? 'tcp'];
    batch.sport[i] = row.sport ?? 0;
    batch.dport[i] = row.port ?? 0;
    batch.status[i] = row.status ?? 0;
    if (row.size !== undefined) batch.size[i] = row.size;
    if (row.millis !== undefined) batch.millis[i] = row.millis;
    batch.repeat[i] = row.repeat ?? 0;
    if (row.tcp !== undefined) {
      flags |= Flag.tcpKnown;
      batch.tcp[i] = row.tcp.reduce((bits, name) => bits | Tcp[name], 0);
    }
    batch.content[i] = (row.content ?? []).reduce((bits, name) => bits | Content[name], 0);
    if (row.route !== undefined) batch.route[i] = hashOf(row.route)[0];
    if (row.account !== undefined) [batch.acct0[i], batch.acct1[i]] = hashOf(row.account);
    if (row.key !== undefined) [batch.key0[i], batch.key1[i]] = hashOf(row.key);
    for (const name of row.flags ?? []) flags |= Flag[name];
    if (row.forwarded !== undefined) {
      flags |= Flag.forwarded;
      batch.forwardedAt[i] = bytes.length;
      batch.forwardedLength[i] = row.forwarded.length;
      bytes += row.forwarded;
    }
    flags |= address(batch, i, row.from, 0, batch.src, Flag.noSource);
    flags |= address(batch, i, row.to, 4, batch.dst, Flag.noDestination);
    batch.flags[i] = flags;
    batch.count++;
    batch.lines++;
  });
  return ascii(bytes);
}

function address(
  batch: Batch,
  i: number,
  text: string | undefined,
  side: number,
  column: Uint32Array,
  missing: number,
): number {
  if (text === undefined) return missing;
  const bytes = ascii(text);
  const family = readAddress(bytes, 0, bytes.length);
  if (family === Family.none) throw new RangeError(`${text} is no address`);
  if (family === Family.v4) {
    column[i] = words[3]!;
    return 0;
  }
  for (let k = 0; k < 4; k++) batch.wide[8 * i + side + k] = words[k]!;
  return Flag.v6;
}

function hashOf(text: string): [number, number] {
  const bytes = ascii(text);
  return [hashText(bytes, 0, bytes.length) || mix32(1), hash1];
}
