/** `bellwether sample`: sends a day of the sample state to a hub over HTTP, as 101 sensors would, and the surface first. */
import { setTimeout as waitFor } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { BATCH_HEADER, type IntakeAnswer, type SurfaceChange } from '@bellwether/api';
import { askOfHub, type HubAddress, HubRefusal } from './ask-hub.ts';
import { dayAfterLast, type MailWeek, tellMailWeek } from './sample-mail.ts';

// The testkit is loaded when it is needed, and nothing of it before.
type Testkit = typeof import('@bellwether/testkit');
type PostBatch = Parameters<Testkit['loadSample']>[0];
type LoadProgress = Awaited<ReturnType<Testkit['loadSample']>>;
type SampleOptions = ReturnType<Testkit['readSampleOptions']>;

const EXIT = { done: 0, refused: 1, usage: 2 } as const;

/** How often a batch is sent that a hub is too busy for, or that does not get through: half a minute's patience. */
const MOST_TRIES = 30;

/** Times a second that progress is shown. */
const SHOWN_PER_SECOND = 5;

/** Bytes from which packing saves a packet on the wire. */
const WORTH_PACKING = 1_400;

const pack = promisify(gzip);

type Arguments = {
  readonly hub: HubAddress;
  readonly options: SampleOptions;
  readonly speed: number | undefined;
  readonly json: boolean;
  /** A week of mail instead of a day of lines. */
  readonly mail: Omit<MailWeek, 'seed'> | undefined;
};

/** Runs `bellwether sample ARGS`; gives the exit code. */
export async function sampleCommand(args: string[]): Promise<number> {
  const { loadSample, readSampleOptions } = await import('@bellwether/testkit');
  const read = readArguments(args, process.env, readSampleOptions);
  if (read === undefined) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (typeof read === 'string') {
    process.stderr.write(`bellwether sample: ${read}\n\n${HELP}`);
    return EXIT.usage;
  }
  const { hub, options, speed, json, mail } = read;
  if (mail !== undefined) return await sendMail(hub, { ...mail, seed: options.seed ?? 1 }, json);
  const show = progressShown(process.stderr.isTTY === true);
  let loaded: LoadProgress;
  try {
    loaded = await loadSample(postTo(hub), (yaml) => putSurface(hub, yaml), {
      ...options,
      ...(speed === undefined ? {} : { speed }),
      wait: async (milliseconds) => {
        await waitFor(milliseconds);
      },
      progress: show,
    });
  } catch (error) {
    if (!(error instanceof HubRefusal)) throw error;
    process.stderr.write(`\nbellwether sample: ${error.message}\n`);
    return EXIT.refused;
  }
  if (process.stderr.isTTY === true) process.stderr.write('\n');
  const { batches, lines, duplicates } = loaded;
  const known = duplicates === 0 ? '' : `, ${duplicates} of them known already`;
  process.stdout.write(
    json
      ? `${JSON.stringify({ batches, lines, duplicates })}\n`
      : `${batches} batches with ${lines} lines${known}\n`,
  );
  return EXIT.done;
}

async function sendMail(hub: HubAddress, week: MailWeek, json: boolean): Promise<number> {
  try {
    const { events, fresh } = await tellMailWeek(hub, week);
    process.stdout.write(
      json ? `${JSON.stringify({ events, fresh })}\n` : `${events} events of mail, ${fresh} of them new\n`,
    );
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof HubRefusal)) throw error;
    process.stderr.write(`bellwether sample: ${error.message}\n`);
    return EXIT.refused;
  }
}

function postTo(hub: HubAddress): PostBatch {
  return async ({ authority, sensor, format, zone, client, sequence }, lines) => {
    const query = new URLSearchParams({ format, ...(zone === undefined ? {} : { zone }) });
    const packs = lines.length >= WORTH_PACKING;
    const path = `api/v1/intake/${authority}/${sensor}?${query}`;
    const answer = await askOfHub(hub, {
      method: 'POST',
      path,
      body: packs ? await pack(lines) : new Uint8Array(lines),
      headers: {
        'content-type': 'text/plain',
        ...(packs ? { 'content-encoding': 'gzip' } : {}),
        [BATCH_HEADER]: `${client}/${sequence}`,
      },
      tries: MOST_TRIES,
    });
    return { duplicate: (answer as IntakeAnswer).duplicate };
  };
}

async function putSurface(hub: HubAddress, yaml: string): Promise<void> {
  const change: SurfaceChange = { yaml };
  await askOfHub(hub, {
    method: 'PUT',
    path: 'api/v1/surface',
    body: JSON.stringify(change),
    headers: { 'content-type': 'application/json' },
    tries: MOST_TRIES,
  });
}

/** On a terminal, a line that is written over and over. */
function progressShown(onTerminal: boolean): (progress: Omit<LoadProgress, 'truth'>) => void {
  let shown = 0;
  return ({ batches, of, lines }) => {
    const now = performance.now();
    if (!onTerminal || now - shown < 1_000 / SHOWN_PER_SECOND) return;
    shown = now;
    process.stderr.write(`\r\x1b[K${batches} of ${of} batches, ${lines} lines`);
  };
}

/** The arguments; undefined for `--help`; a sentence where they make no sense. */
function readArguments(
  args: string[],
  environment: NodeJS.ProcessEnv,
  optionsOf: (values: ReturnType<typeof parse>) => SampleOptions,
): Arguments | string | undefined {
  let values: ReturnType<typeof parse>;
  let options: SampleOptions;
  try {
    values = parse(args);
    if (values.help === true) return undefined;
    options = optionsOf(values);
  } catch (error) {
    return (error as Error).message;
  }
  if (values.to === undefined) return '--to is missing: where is the hub?';
  if (!URL.canParse(values.to) || !/^https?:/.test(values.to)) {
    return '--to takes a URL like http://localhost:8118';
  }
  const url = new URL(values.to);
  const token = values.token ?? environment.BELLWETHER_TOKEN ?? '';
  if (token === '') return '--token is missing; it stands in the file "token" of the hub\'s data folder';
  const speed = values.speed === undefined || values.speed === 'all' ? undefined : Number(values.speed);
  if (speed !== undefined && !(speed > 0 && speed < 1e9)) return '--speed takes "all" or a number above 0';
  const hub = { url: `${url.origin}${url.pathname.replace(/\/?$/, '/')}`, token };
  const mail =
    values.mail === true
      ? { until: values.date ?? dayAfterLast(Date.now()), scenario: values.scenario, tries: MOST_TRIES }
      : undefined;
  return { hub, options, speed, json: values.json === true, mail };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    strict: true,
    options: {
      to: { type: 'string' },
      token: { type: 'string' },
      seed: { type: 'string' },
      date: { type: 'string' },
      scale: { type: 'string' },
      speed: { type: 'string' },
      mail: { type: 'boolean' },
      scenario: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

const HELP = `Usage: bellwether sample --to URL --token TOKEN [OPTIONS]

Sends a day of the made-up sample state to a hub: its surface, then the batches of 101 sensors in the order
in which they would arrive. The surface of the hub is replaced. Sent again, nothing is counted twice.

  --to URL       the hub, like http://localhost:8118
  --token TOKEN  what the hub asks for; without it, BELLWETHER_TOKEN
  --seed N       which day (1): another seed is another day
  --date DAY     local day in Missouri (2026-10-07, the registration deadline)
  --scale X      1 is about 100,000 knocks; from 0.05 to 20 (1)
  --speed all|N  as fast as the hub takes it (all), or N times as fast as the day was
  --mail         instead of it a week of made-up mail, judged as it would have been, that ends before the day of --date (today)
  --scenario K   of the mail only what starts with K: s01 to s15, or a kind of everyday mail
  --json         tell as JSON what was sent

Exit code: 0 all is acknowledged; 1 the hub cannot be reached or does not take it; 2 wrong usage.
`;
