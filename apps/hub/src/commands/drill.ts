/** `bellwether drill`: we try ourselves. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KIND_CODES, KINDS, mutantsOf } from '@bellwether/drills';
import { LAB, openLab } from '../features/drills/drill-lab.ts';
import { hubOf } from './drill-hub.ts';
import { runDrill } from './drill-run.ts';
import { scoreDrills } from './drill-score.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const HELP = `Usage: bellwether drill list [--json]
       bellwether drill run --office ID --lab DIR [OPTIONS]
       bellwether drill run --office ID --target IP --source IP --device NAME --hop MAC [OPTIONS]
       bellwether drill score [--json]
       bellwether drill lab --folder DIR [--name NAME]

  list   the kinds of drills: what each does, and what has to become of it
  run    asks the hub for the next drill, does it, and tells the hub when it was
  score  what may be said of drills, what was missed, and how bad it can still be
  lab    a laboratory on this machine, until it is stopped: an office with a firewall, logins and a web server, an outside that can try
         it, and a place for a hub, in network namespaces that no packet leaves. It needs root, and says on one line of JSON what
         there is: names of the namespaces, addresses, logs

  --office ID      number of the office whose machine is tried, or state
  --kind KIND      a kind of your choice; then it is no first-time drill and does not count among them
  --repeat NUMBER  a drill that was missed, just as it was
  --due            only if one is due at the office today, for a timer that asks every few minutes; silent if none is
  --lab DIR        in the laboratory of that folder, which the hub has to see
  --target IP      the machine that is tried, --neighbour IP others of its network (again and again)
  --source IP      address of this machine that the drill comes from, on the interface --device NAME
  --hop MAC        hardware address of the next hop towards the target
  --data DIR       the hub's data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root,
                   ~/.local/state/bellwether for others
  --hub URL        a hub elsewhere, with the token of BELLWETHER_TOKEN

Exit code: 0 done; 1 it could not be done; 2 wrong usage; 3 something was missed (score).
`;

/** Names of namespaces begin with it; the suffix has four characters more. */
const NAME = /^[a-z][a-z0-9]{0,7}$/;

/** Runs `bellwether drill ARGS`; gives the exit code. */
export async function drillCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [action, ...more] = positionals;
  if (more.length > 0) return wrongUsage(`${JSON.stringify(more[0])} means nothing here`);
  if (action === 'list') return listKinds(values.json === true);
  if (action === 'lab') return lab(values.folder, values.name ?? `bw${process.pid % 10_000}`);
  if (action !== 'run' && action !== 'score') {
    return wrongUsage(
      action === undefined ? 'list, run, score or lab?' : `there is no ${JSON.stringify(action)} here`,
    );
  }
  const hub = hubOf(values);
  if (typeof hub === 'string') return wrongUsage(hub);
  if (action === 'score') return scoreDrills(hub, values.json === true);
  const ran = await runDrill(hub, values);
  return typeof ran === 'string' ? wrongUsage(ran) : ran;
}

function listKinds(asJson: boolean): number {
  for (const code of KIND_CODES) {
    const { title, about, expected, within } = KINDS[code];
    const kind = {
      kind: code,
      title,
      about,
      expected,
      withinSeconds: within / 1_000,
      mutants: mutantsOf(code),
    };
    if (asJson) process.stdout.write(`${JSON.stringify(kind)}\n`);
    else
      process.stdout.write(
        `${code.padEnd(18)}${title}\n${''.padEnd(18)}${about} ${expected === 'blocked' ? 'It has to be blocked' : 'It has to be told, and nobody blocked,'} within ${within / 60_000} min.\n`,
      );
  }
  return EXIT.done;
}

async function lab(folder: string | undefined, name: string): Promise<number> {
  if (folder === undefined) return wrongUsage('name a folder with --folder');
  if (!NAME.test(name)) return wrongUsage('--name takes up to eight small letters and digits');
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  let opened: Awaited<ReturnType<typeof openLab>>;
  try {
    opened = await openLab(resolve(folder), name);
  } catch (error) {
    process.stderr.write(
      `bellwether drill lab: ${(error as Error).message.trim()}\nIt needs root, and iproute2, nftables, openssh-server and nginx.\n`,
    );
    return EXIT.failed;
  }
  const { outside, office, state, device, nextHop, logs } = opened;
  const told = JSON.stringify({
    schema: 'bellwether/lab@1',
    ...{ outside, office, state, device, nextHop, logs, addresses: LAB },
  });
  // For `bellwether drill run --lab`.
  const file = join(folder, 'lab.json');
  writeFileSync(file, `${told}\n`);
  process.stdout.write(`${told}\n`);
  await stopped;
  rmSync(file, { force: true });
  await opened.close();
  return EXIT.done;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether drill: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      office: { type: 'string' },
      kind: { type: 'string' },
      repeat: { type: 'string' },
      due: { type: 'boolean' },
      lab: { type: 'string' },
      target: { type: 'string' },
      neighbour: { type: 'string', multiple: true },
      source: { type: 'string' },
      device: { type: 'string' },
      hop: { type: 'string' },
      data: { type: 'string' },
      hub: { type: 'string' },
      folder: { type: 'string' },
      name: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
