/**
 * A drill as the command that runs it: tools that anybody can have, with the settings that were drawn. What else differs from drill
 * to drill (which ports, in which order, which decoys, which accounts) comes from its variation, so that the same drill can be
 * repeated exactly when it was missed.
 */
import { formatIPv4, readAddressText } from '@bellwether/basics';
import { type Drawn, KINDS, type KindCode } from '@bellwether/drills';

/** Where a drill goes, and from where. IPv4 addresses. */
export type DrillPlace = {
  /** The machine that is tried, and its neighbours in one /24 for drills of many machines. */
  readonly target: string;
  readonly neighbours: readonly string[];
  /** The address that the drill comes from, and its interface; the hardware address of the next hop. */
  readonly source: string;
  readonly device: string;
  readonly nextHop: string;
  /** A folder for lists that tools read. */
  readonly folder: string;
};

/** A command. `lists`: files to be written before, by path. */
export type DrillCommand = {
  readonly program: DrillProgram;
  readonly args: readonly string[];
  readonly lists: ReadonlyMap<string, string>;
};

/** Programs that drills start, and the Debian package of each. */
export const DRILL_PROGRAMS = {
  nmap: 'nmap',
  masscan: 'masscan',
  zmap: 'zmap',
  hping3: 'hping3',
  hydra: 'hydra',
  curl: 'curl',
} as const;
export type DrillProgram = keyof typeof DRILL_PROGRAMS;

/** Ports that drills ask for: those that are asked for most in the Internet, and none on which an office serves voters. */
const ASKED_PORTS = [
  21, 23, 25, 53, 81, 110, 111, 123, 135, 137, 139, 143, 161, 389, 445, 502, 512, 513, 514, 515, 548, 587,
  631, 636, 873, 990, 993, 995, 1080, 1099, 1194, 1433, 1521, 1723, 1883, 1900, 2049, 2082, 2083, 2181, 2222,
  2323, 2375, 3000, 3128, 3268, 3306, 3389, 3690, 4444, 4786, 4899, 5000, 5060, 5432, 5555, 5601, 5672, 5900,
  5901, 5984, 5985, 6000, 6379, 6443, 7001, 7070, 7547, 8000, 8008, 8081, 8086, 8089, 8291, 8443, 8545, 8728,
  8834, 8883, 8888, 9000, 9042, 9090, 9100, 9200, 9300, 9418, 9999, 10000, 10250, 11211, 15672, 25565, 27017,
  27018, 28017, 32400, 37777, 47808, 49152, 50000, 50070, 61616,
] as const;

/** Pages that are looked for where somebody forgot something. */
const FORGOTTEN_PAGES = [
  '/.env',
  '/.git/config',
  '/backup.zip',
  '/backup.sql',
  '/wp-login.php',
  '/wp-admin/setup-config.php',
  '/phpmyadmin/index.php',
  '/admin/config.php',
  '/administrator/',
  '/server-status',
  '/actuator/env',
  '/solr/admin/info/system',
  '/cgi-bin/luci',
  '/owa/auth/logon.aspx',
  '/manager/html',
  '/console/',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/api/v1/pods',
  '/config.json',
  '/.aws/credentials',
  '/.DS_Store',
  '/db.sqlite3',
  '/old/',
  '/test.php',
  '/info.php',
  '/.svn/entries',
  '/web.config',
  '/autodiscover/autodiscover.json',
  '/HNAP1/',
  '/boaform/admin/formLogin',
] as const;

/** What is put into a field of a form; SPACES and CASE are spelled anew by the drill's spelling. */
const INJECTIONS = [
  "' OR '1'='1",
  "' UNION SELECT NULL,NULL,NULL-- ",
  "1' AND SLEEP(5)-- ",
  "'; WAITFOR DELAY '0:0:5'-- ",
  "' AND 1=CONVERT(int,(SELECT @@version))-- ",
  '1 AND (SELECT COUNT(*) FROM information_schema.tables)>0',
] as const;

/** Accounts that everybody tries. */
const ACCOUNTS = [
  'root',
  'admin',
  'administrator',
  'test',
  'guest',
  'oracle',
  'postgres',
  'mysql',
  'ubuntu',
  'user',
  'backup',
  'ftp',
  'www',
  'pi',
  'git',
  'nagios',
  'support',
  'operator',
  'sales',
  'office',
  'clerk',
  'county',
  'elections',
  'voter',
  'scan',
  'print',
  'temp',
  'student',
  'service',
  'web',
] as const;

/** Passwords of lists that everybody has. No account of a lab or an office has one of them. */
const PASSWORDS = Array.from({ length: 30 }, (_, i) => `Autumn20${String(i).padStart(2, '0')}!`);

/** What an ordinary browser says of itself. */
const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** What a drill does, wherever it goes. */
export type DrillDeed = Pick<Drawn, 'kind' | 'settings' | 'variation'>;

/**
 * Whether what a hub told is a drill of the list, with settings of the list. Its words become arguments of programs that run as
 * root, and a hub may have been taken over.
 */
export function isDeed(told: {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly variation: string;
}): told is DrillDeed {
  const { kind, settings, variation } = told;
  if (!Object.hasOwn(KINDS, kind) || !/^[0-9a-f]{16}$/.test(variation)) return false;
  const axes: Readonly<Record<string, readonly (string | number)[]>> = KINDS[kind as KindCode].axes;
  const named = Object.keys(settings);
  return (
    named.length === Object.keys(axes).length &&
    named.every((name) => Object.hasOwn(axes, name) && axes[name]!.some((value) => value === settings[name]))
  );
}

/** The command of a drill. */
export function drillCommand({ kind, settings, variation }: DrillDeed, place: DrillPlace): DrillCommand {
  return MAKERS[kind](new Choice(variation), new Settings(settings), place);
}

type Maker = (choice: Choice, settings: Settings, place: DrillPlace) => DrillCommand;

const MAKERS: Readonly<Record<KindCode, Maker>> = {
  'port-sweep': (choice, set, place) => {
    const order = set.word('order') === 'rising' ? ['-r'] : [];
    return nmap(place, '-sS', `-T${set.count('timing')}`, ...order, ...portsOf(choice, set), place.target);
  },
  'host-sweep': (_choice, set, place) =>
    nmap(
      place,
      '-sS',
      `-T${set.count('timing')}`,
      '-p',
      String(set.count('port')),
      place.target,
      ...place.neighbours,
    ),
  'odd-flags': (choice, set, place) =>
    nmap(
      place,
      ODD_FLAGS[set.word('flags')]!,
      `-T${set.count('timing')}`,
      ...portsOf(choice, set),
      place.target,
    ),
  fragments: (choice, set, place) =>
    nmap(place, '-sS', '-T3', '--mtu', String(set.count('size')), ...portsOf(choice, set), place.target),
  'trusted-port': (choice, set, place) => {
    const from = ['-g', String(set.count('from'))];
    return nmap(place, '-sS', `-T${set.count('timing')}`, ...from, ...portsOf(choice, set), place.target);
  },
  decoys: (choice, set, place) => {
    const crowd = [...decoysOf(choice, place.source, set.count('decoys')), 'ME'].join(',');
    return nmap(place, '-sS', '-T3', '-D', crowd, ...portsOf(choice, set), place.target);
  },
  'quick-burst': (choice, set, place) => ({
    program: 'masscan',
    args: [
      ...[place.target, '-p', manyPorts(choice, set.count('ports')).join(',')],
      ...['--rate', String(set.count('rate')), '--wait', '0', '--retries', '0'],
      ...['-e', place.device, '--adapter-ip', place.source, '--router-mac', place.nextHop],
      ...['--seed', String(choice.below(2 ** 31))],
    ],
    lists: new Map(),
  }),
  'wide-burst': (choice, set, place) => {
    // Its own list keeps networks out that laboratories use.
    const nothing = `${place.folder}/no-blocklist`;
    return {
      program: 'zmap',
      args: [
        ...['-p', String(set.count('port')), '-r', String(set.count('rate'))],
        ...['-i', place.device, '-S', place.source, '-G', place.nextHop],
        ...['-b', nothing, '-c', '1', '-q', '-o', '/dev/null', '-e', String(choice.below(2 ** 31) + 1)],
        networkOf(place.target),
      ],
      lists: new Map([[nothing, '']]),
    };
  },
  'forged-flood': (_choice, set, { target }) => ({
    program: 'hping3',
    args: [
      ...['-q', '-n', '-S', '-p', String(set.count('port')), '--rand-source'],
      ...['-c', String(set.count('packets')), '-i', 'u400', target],
    ],
    lists: new Map(),
  }),
  'udp-probe': (choice, set, place) =>
    nmap(place, '-sU', `-T${set.count('timing')}`, ...portsOf(choice, set), place.target),
  'web-probing': (choice, set, place) =>
    web(choice.some(FORGOTTEN_PAGES, set.count('requests')), set.count('pause'), place),
  'sql-injection': (choice, set, place) => {
    const paths = choice
      .some(INJECTIONS, set.count('requests'))
      .map((text) => `/lookup?name=${spelled(text, set.word('spelling'))}`);
    return web(paths, set.count('pause'), place);
  },
  'password-guessing': (choice, set, place) => {
    const passwords = `${place.folder}/passwords`;
    return hydra(['-l', choice.some(ACCOUNTS, 1)[0]!, '-P', passwords], set.count('pause'), place, [
      [passwords, choice.some(PASSWORDS, set.count('tries'))],
    ]);
  },
  'password-spraying': (choice, set, place) => {
    const names = `${place.folder}/accounts`;
    return hydra(['-L', names, '-p', choice.some(PASSWORDS, 1)[0]!], set.count('pause'), place, [
      [names, choice.some(ACCOUNTS, set.count('accounts'))],
    ]);
  },
};

const ODD_FLAGS: Readonly<Record<string, string>> = { fin: '-sF', null: '-sN', xmas: '-sX', ack: '-sA' };

/** No name is looked up, no host is asked whether it is there, nothing is sent twice. */
function nmap({ device, source }: DrillPlace, ...args: readonly string[]): DrillCommand {
  const always = ['-n', '-Pn', '--max-retries', '0', '-e', device, '-S', source];
  return { program: 'nmap', args: [...always, ...args], lists: new Map() };
}

/** Requests one after the other, whatever is answered. */
function web(paths: readonly string[], pause: number, { target, source }: DrillPlace): DrillCommand {
  const urls = paths.flatMap((path) => ['-o', '/dev/null', `http://${target}${path}`]);
  const rate = `${Math.max(1, Math.round(60 / pause))}/m`;
  const always = ['-s', '--max-time', '10', '-A', BROWSER, '--interface', source, '--rate', rate];
  return { program: 'curl', args: [...always, ...urls], lists: new Map() };
}

function hydra(
  who: readonly string[],
  pause: number,
  { target }: DrillPlace,
  lists: readonly (readonly [string, readonly string[]])[],
): DrillCommand {
  return {
    program: 'hydra',
    args: ['-I', '-q', '-t', '1', '-c', String(pause), ...who, `ssh://${target}`],
    lists: new Map(lists.map(([path, lines]) => [path, `${lines.join('\n')}\n`])),
  };
}

function portsOf(choice: Choice, set: Settings): readonly string[] {
  return ['-p', choice.some(ASKED_PORTS, set.count('ports')).join(',')];
}

function manyPorts(choice: Choice, count: number): readonly number[] {
  const ports = new Set<number>(choice.some(ASKED_PORTS, Math.min(count, ASKED_PORTS.length)));
  // Above the ports on which a machine of an office may well serve somebody.
  while (ports.size < count) ports.add(20_000 + choice.below(20_000));
  return [...ports];
}

/** Addresses of documents (RFC 5737) and of the drill's own network: whoever has them is no stranger. */
function decoysOf(choice: Choice, source: string, count: number): readonly string[] {
  const own = readAddressText(source)!.words[3];
  const decoys = new Set<string>();
  while (decoys.size < count) {
    const address = ((own & 0xffff_ff00) | (2 + choice.below(250))) >>> 0;
    if (address !== own) decoys.add(formatIPv4(address));
  }
  return [...decoys];
}

function networkOf(target: string): string {
  return `${formatIPv4((readAddressText(target)!.words[3] & 0xffff_ff00) >>> 0)}/24`;
}

function spelled(text: string, spelling: string): string {
  const mixed =
    spelling === 'mixed-case'
      ? text.replace(/[a-z]/gi, (c, at: number) => (at % 2 ? c.toLowerCase() : c.toUpperCase()))
      : text;
  const commented = spelling === 'comments' ? mixed.replaceAll(' ', '/**/') : mixed;
  const once = encodeURIComponent(commented).replaceAll("'", '%27');
  return spelling === 'encoded' ? once.replaceAll('%', '%25') : once;
}

/** The settings of a drill, each of the type that its kind gives it. */
class Settings {
  readonly #values: Drawn['settings'];

  constructor(values: Drawn['settings']) {
    this.#values = values;
  }

  count(name: string): number {
    return this.#values[name] as number;
  }

  word(name: string): string {
    return this.#values[name] as string;
  }
}

/** Choices of a drill, the same ones for the same variation: xorshift32 (G. Marsaglia, 2003), which nobody has to guess. */
class Choice {
  #state: number;

  constructor(variation: string) {
    this.#state = (Number.parseInt(variation.slice(0, 8), 16) ^ Number.parseInt(variation.slice(8), 16)) | 1;
  }

  /** A whole number from 0 to below `most`. */
  below(most: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % most;
  }

  /** Some of a list, all different as long as there are enough, in an order of their own. */
  some<T>(list: readonly T[], count: number): T[] {
    const left: T[] = [];
    const chosen: T[] = [];
    while (chosen.length < count) {
      if (left.length === 0) left.push(...list);
      chosen.push(...left.splice(this.below(left.length), 1));
    }
    return chosen;
  }
}
