/** `bellwether drill run`: asks the hub for a drill, does it, and tells the hub when it was. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrawnDrill, NewDrill } from '@bellwether/api';
import { KINDS } from '@bellwether/drills';
import { SETTLE } from '../features/drills/calendar.ts';
import { comeFrom, LAB } from '../features/drills/drill-lab.ts';
import {
  DRILL_PROGRAMS,
  type DrillCommand,
  type DrillPlace,
  drillCommand,
  isDeed,
} from '../features/drills/drill-tools.ts';
import { type HubAddress, HubRefusal } from './ask-hub.ts';
import { askDrills } from './drill-hub.ts';

/** Addresses of the laboratory's outside that drills come from, by their last number: the first ones are its own. */
const LAB_SOURCES = [20, 251] as const;

/** A laboratory has few addresses, and some are suspected from the drill before: so many are tried. */
const MOST_SOURCES = 20;

/** Longest drill, ms: the slowest asks a port in fifteen seconds, a hundred times. */
const LONGEST = 45 * 60_000;

/** What the command was given, as text. */
export type RunValues = {
  readonly office?: string | undefined;
  readonly kind?: string | undefined;
  readonly repeat?: string | undefined;
  readonly due?: boolean | undefined;
  readonly lab?: string | undefined;
  readonly target?: string | undefined;
  readonly neighbour?: readonly string[] | undefined;
  readonly source?: string | undefined;
  readonly device?: string | undefined;
  readonly hop?: string | undefined;
  readonly json?: boolean | undefined;
};

/** Where it goes. `namespace`: of the laboratory's outside. */
type Ground = Omit<DrillPlace, 'folder' | 'source'> & {
  readonly source: string | null;
  readonly namespace: string | null;
};

/** Runs one; gives the exit code. A sentence: wrong usage. */
export async function runDrill(hub: HubAddress, values: RunValues): Promise<number | string> {
  const { office, kind, repeat } = values;
  if (office === undefined) return '--office is missing: whose machine is tried?';
  const repeats = repeat === undefined ? undefined : Number(repeat);
  if (repeats !== undefined && !(Number.isSafeInteger(repeats) && repeats > 0))
    return `--repeat takes the number of a drill, not ${JSON.stringify(repeat)}`;
  const ground = values.lab === undefined ? groundOf(values) : groundOfLab(values.lab, values.source);
  if (typeof ground === 'string') return ground;
  const wish = {
    office,
    target: ground.target,
    ...(kind === undefined ? {} : { kind }),
    ...(repeats === undefined ? {} : { repeats }),
    ...(values.due === true ? { whenDue: true } : {}),
  };
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-drill-'));
  try {
    const drill = await planned(hub, wish, ground);
    if (!isDeed(drill) || drill.target !== ground.target || !isIPv4(drill.source))
      return failed('the hub told of a drill that this program does not know');
    const place = { ...ground, source: drill.source, folder };
    const started = Date.now();
    const ran = await perform(drillCommand(drill, place), ground.namespace, drill.source);
    if (ran !== null) return failed(ran);
    const times = {
      startedAt: new Date(started).toISOString(),
      endedAt: new Date().toISOString(),
    };
    await askDrills(hub, 'POST', `/${drill.id}/ran`, times);
    tell(drill, started, values.json === true);
    return 0;
  } catch (error) {
    if (!(error instanceof HubRefusal)) throw error;
    // Asked every few minutes, it mostly is not due: nothing to write a mail about.
    if (error.code === 'DRILL_NOT_DUE') return 0;
    return failed(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function groundOf({ target, neighbour = [], source, device, hop }: RunValues): Ground | string {
  if (target === undefined || source === undefined || device === undefined || hop === undefined)
    return 'a drill needs --lab, or --target, --source, --device and --hop';
  const wrong = [target, source, ...neighbour].find((address) => !isIPv4(address));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is no IPv4 address`;
  if (!/^[\w.:-]{1,15}$/.test(device) || device.startsWith('-')) return '--device takes an interface';
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(hop)) return '--hop takes a hardware address';
  return { target, neighbours: neighbour, source, device, nextHop: hop, namespace: null };
}

/** What `bellwether drill lab` wrote down. */
function groundOfLab(folder: string, source: string | undefined): Ground | string {
  try {
    const { outside, device, nextHop } = JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8'));
    const { office: target, neighbours } = LAB;
    return { target, neighbours, source: source ?? null, device, nextHop, namespace: outside };
  } catch {
    return `no laboratory runs in ${folder}: start one with bellwether drill lab --folder ${folder}`;
  }
}

/** Asks for a drill; in a laboratory from an address that the hub does not suspect yet. */
async function planned(
  hub: HubAddress,
  wish: Omit<NewDrill, 'source'>,
  { source }: Ground,
): Promise<DrawnDrill> {
  for (let tried = 1; ; tried++) {
    const from = source ?? `203.0.113.${randomInt(...LAB_SOURCES)}`;
    try {
      return (await askDrills(hub, 'POST', '', { ...wish, source: from })) as DrawnDrill;
    } catch (error) {
      const isSuspected = error instanceof HubRefusal && error.code === 'DRILL_SOURCE_KNOWN';
      if (!isSuspected || source !== null || tried >= MOST_SOURCES) throw error;
    }
  }
}

/** Runs the tool; what its exit code means differs from tool to tool and is no matter. A sentence: it could not be started. */
async function perform(
  { program, args, lists }: DrillCommand,
  namespace: string | null,
  source: string,
): Promise<string | null> {
  for (const [path, text] of lists) writeFileSync(path, text);
  if (namespace !== null) await comeFrom(namespace, [source]);
  const [start, ...rest] = [
    ...(namespace === null ? [] : ['ip', 'netns', 'exec', namespace]),
    program,
    ...args,
  ];
  const child = spawn(start!, rest, { stdio: 'ignore', timeout: LONGEST });
  try {
    await once(child, 'exit');
    return null;
  } catch (error) {
    return `${program} cannot be started (${(error as Error).message}): install ${DRILL_PROGRAMS[program]}`;
  }
}

function tell(drill: DrawnDrill, started: number, asJson: boolean): void {
  const { id, kind, target, source, draw, seal } = drill;
  const { within } = KINDS[kind as keyof typeof KINDS];
  if (asJson) {
    const told = { id, kind, draw, target, source, seal, startedAt: new Date(started).toISOString() };
    process.stdout.write(`${JSON.stringify({ schema: 'bellwether/drill-run@1', ...told })}\n`);
    return;
  }
  const how = draw === null ? 'not drawn' : `draw ${draw}`;
  process.stdout.write(
    `Drill ${id} (${kind}, ${how}) ran from ${source} against ${target}. What became of it is known ${(within + SETTLE) / 60_000} minutes after it began.\n`,
  );
}

function failed(reason: string): 1 {
  process.stderr.write(`bellwether drill run: ${reason}\n`);
  return 1;
}
