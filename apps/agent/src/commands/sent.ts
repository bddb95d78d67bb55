/** `bellwether-agent sent`: shows an office exactly what left the building, and what waits. */
import { join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bytesOfBatch, lastSent, type SentBatch, sensorsOf, waitingOf } from '../ship/sent-view.ts';
import { SPOOL_FOLDER } from '../ship/shipping.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Where the agent of a package keeps its files. */
const FOLDER = '/var/lib/bellwether-agent';

/** Batches of each sensor: what went out in the last minutes fits on a screen or two. */
const LAST = 5;
const MOST_LAST = 100_000;

/** How often is looked for more with `--follow`, ms. */
const FOLLOW_MS = 1_000;

/** Bytes that would steer a terminal: those of ASCII below a space, but the tab, and DEL. Lines are what strangers wrote. */
const TAB = 0x09;
const SPACE = 0x20;
const DELETE = 0x7f;
const LINE_END = 0x0a;

const HELP = `Usage: bellwether-agent sent [--folder DIR] [--sensor NAME] [--last N] [--follow] [--json]

Shows the lines that this office sent to the hub, byte for byte, and what waits.

  --folder DIR    the agent's folder (${FOLDER})
  --sensor NAME   of this sensor only
  --last N        the last N batches of each sensor (${LAST}); 0: only what waits
  --follow        go on and show what is sent from now on
  --json          one JSON object a batch, with the lines in base64

Lines are kept for as many days as the settings say (ship.sentDays).
`;

/** Runs `bellwether-agent sent ARGS`; gives the exit code. */
export async function sentCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const last = Number(values.last ?? LAST);
  if (!Number.isInteger(last) || last < 0 || last > MOST_LAST)
    return wrongUsage(`--last is a number from 0 to ${MOST_LAST}`);
  const spools = join(resolve(values.folder ?? FOLDER), SPOOL_FOLDER);
  const all = await sensorsOf(spools).catch((error: NodeJS.ErrnoException) => error);
  if (all instanceof Error)
    return failed(`Nothing was sent from ${spools}, or you may not read it (${all.code}).`);
  const { sensor } = values;
  if (sensor !== undefined && !all.includes(sensor))
    return failed(`There is no sensor ${JSON.stringify(sensor)}. There are: ${all.join(', ') || 'none'}.`);
  const sensors = sensor === undefined ? all : [sensor];

  const shown = new Map<string, number>();
  await showLast(spools, sensors, last, values.json === true, shown);
  if (values.json !== true) await showWaiting(spools, sensors);
  while (values.follow === true) {
    await after(FOLLOW_MS);
    await showLast(spools, sensors, MOST_LAST, values.json === true, shown);
  }
  return EXIT.done;
}

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string' },
      sensor: { type: 'string' },
      last: { type: 'string' },
      follow: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values;
}

/** Shows batches that were not shown before; those without an answer come again when there is one. */
async function showLast(
  spools: string,
  sensors: readonly string[],
  most: number,
  isJson: boolean,
  shown: Map<string, number>,
): Promise<void> {
  const lists = await Promise.all(sensors.map((sensor) => lastSent(spools, sensor, Math.max(most, 1))));
  const batches = lists.flat().sort((a, b) => a.cut.at - b.cut.at || a.cut.sequence - b.cut.sequence);
  for (const batch of batches) {
    if (batch.cut.sequence <= (shown.get(batch.sensor) ?? 0)) continue;
    shown.set(batch.sensor, batch.cut.sequence);
    if (most === 0) continue;
    const bytes = await bytesOfBatch(spools, batch);
    process.stdout.write(isJson ? jsonOf(batch, bytes) : `${headOf(batch)}\n`);
    if (isJson) continue;
    if (bytes === undefined) process.stdout.write('(these lines are not kept any more)\n');
    else process.stdout.write(process.stdout.isTTY === true ? safeText(bytes) : bytes);
  }
}

async function showWaiting(spools: string, sensors: readonly string[]): Promise<void> {
  for (const sensor of sensors) {
    const { lines, bytes, oldest } = await waitingOf(spools, sensor);
    const since = oldest === undefined ? '' : ` since ${new Date(oldest).toISOString()}`;
    process.stdout.write(
      lines === 0
        ? `--- ${sensor}: nothing waits\n`
        : `--- ${sensor}: ${lines} lines wait${since}, ${bytes} bytes\n`,
    );
  }
}

/** One line over a batch: when, whose, how much, and what the hub said. */
export function headOf({ sensor, cut, settled }: SentBatch): string {
  const size = `${cut.lines} lines, ${cut.bytes} bytes (${cut.packed} packed)`;
  return `--- ${new Date(cut.at).toISOString()} ${sensor} batch ${cut.sequence}: ${size}, ${answerOf(settled)}`;
}

function answerOf(settled: SentBatch['settled']): string {
  if (settled === undefined) return 'no answer yet';
  const at = new Date(settled.settled).toISOString();
  if (settled.outcome === 'kept') return `the hub has it since ${at}`;
  if (settled.outcome === 'duplicate') return `the hub had it already, it said at ${at}`;
  if (settled.outcome === 'damaged') return `not sent: the disk had changed it, seen at ${at}`;
  return `the hub refused it at ${at}: ${settled.why ?? 'no reason given'}`;
}

function jsonOf(batch: SentBatch, bytes: Buffer | undefined): string {
  const { sensor, cut, settled } = batch;
  const { sequence, at, lines, packed } = cut;
  const answer =
    settled === undefined ? {} : { outcome: settled.outcome, settled: settled.settled, why: settled.why };
  const content = bytes === undefined ? {} : { content: bytes.toString('base64') };
  return `${JSON.stringify({ sensor, sequence, at, lines, bytes: cut.bytes, packed, ...answer, ...content })}\n`;
}

/** The lines for a terminal: bytes that would steer it stand as `\x1b`. */
export function safeText(bytes: Buffer): string {
  let text = '';
  for (const char of bytes.toString('utf8')) {
    const code = char.codePointAt(0) as number;
    const isPlain = code === LINE_END || code === TAB || (code >= SPACE && (code < DELETE || code >= 0xa0));
    text += isPlain ? char : `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return text;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether-agent sent: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

function failed(text: string): number {
  process.stderr.write(`${text}\n`);
  return EXIT.failed;
}
