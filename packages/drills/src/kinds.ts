/**
 * The kinds of drills. Each is one way in which election offices are probed, as tools that anybody can have do it; its settings
 * are what mutants differ in. The list is public: what is secret is when, where, and with which settings.
 */

/** What has to become of a drill. */
export type Expected =
  /** The source is judged, and its packets are dropped. */
  | 'blocked'
  /** It is seen and told of, and nobody may be blocked: its sources can be forged, or are innocent. */
  | 'told';

/** Settings of a kind: each has a few values, and a mutant is one of each. */
export type Axes = Readonly<Record<string, readonly (string | number)[]>>;

/** A kind of drill. */
export type DrillKind = {
  readonly title: string;
  /** What an office would see of it, in a sentence. */
  readonly about: string;
  readonly expected: Expected;
  /** Time from its first packet within which that has to be so, ms. */
  readonly within: number;
  readonly axes: Axes;
};

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

/** From quick to slow, as nmap's timing templates name it: a second a probe at 2, fifteen at 1. */
const TIMINGS = [1, 2, 3, 4, 5] as const;

/** How many ports are asked for: what a slow drill can do in its time, and what a quick one does. */
const PORTS = [16, 40, 100] as const;

/** Kinds by code. A code is never used for something else: old results name it. */
export const KINDS = {
  'port-sweep': {
    title: 'Port scan of one machine',
    about: 'One source asks one machine for many ports, quickly or over minutes.',
    expected: 'blocked',
    within: 10 * MINUTES,
    axes: { timing: TIMINGS, ports: PORTS, order: ['random', 'rising'] },
  },
  'host-sweep': {
    title: 'One port on many machines',
    about: 'One source asks every machine of an office for the same port.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { timing: [2, 3, 4], port: [22, 23, 445, 3389, 8443] },
  },
  'odd-flags': {
    title: 'Packets that belong to no connection',
    about: 'FIN, empty, all flags, or ACK alone: packets that slip past simple filters.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { flags: ['fin', 'null', 'xmas', 'ack'], timing: [3, 4], ports: [40, 100] },
  },
  fragments: {
    title: 'Port scan in fragments',
    about: 'A port scan whose packets are cut into pieces of a few bytes.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { size: [8, 16, 24], ports: [40, 100] },
  },
  'trusted-port': {
    title: 'Port scan that comes from port 53, 20 or 123',
    about: 'Probes that look like answers of a name server, a file server or a clock.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { from: [53, 20, 123], timing: [3, 4], ports: [40, 100] },
  },
  decoys: {
    title: 'Port scan behind decoys',
    about: 'The same probes from several addresses, all but one of them forged.',
    expected: 'told',
    within: 5 * MINUTES,
    axes: { decoys: [4, 9], ports: [16, 40] },
  },
  'quick-burst': {
    title: 'Scan that lasts a second',
    about: 'Hundreds of probes within a second (masscan), then silence.',
    expected: 'blocked',
    within: MINUTES,
    axes: { rate: [500, 2_000], ports: [100, 500] },
  },
  'wide-burst': {
    title: 'One port of a whole network at once',
    about: 'One packet to each address of a network (zmap).',
    expected: 'blocked',
    within: MINUTES,
    axes: { port: [443, 22, 5_900], rate: [200, 1_000] },
  },
  'forged-flood': {
    title: 'Flood from made-up addresses',
    about:
      'SYN packets from random sources: counting them is right, and blocking them would block strangers.',
    expected: 'told',
    within: 2 * MINUTES,
    axes: { packets: [2_000, 10_000], port: [80, 443] },
  },
  'udp-probe': {
    title: 'UDP probes',
    about: 'One source asks for services that answer without a connection: names, clocks, management.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { ports: [16, 40], timing: [3, 4] },
  },
  'web-probing': {
    title: 'Slow look for forgotten pages',
    about: 'A web server is asked for backups, consoles and settings, some seconds apart.',
    expected: 'blocked',
    within: 10 * MINUTES,
    axes: { requests: [15, 30, 60], pause: [1, 2, 5] },
  },
  'sql-injection': {
    title: 'Low and slow SQL injection',
    about: 'A few crafted requests to a form among ordinary ones, as in Illinois in 2016.',
    expected: 'blocked',
    within: 10 * MINUTES,
    axes: { requests: [6, 12], pause: [5, 15], spelling: ['plain', 'encoded', 'mixed-case', 'comments'] },
  },
  'password-guessing': {
    title: 'Passwords guessed for one account',
    about: 'One source tries passwords of one account over SSH.',
    expected: 'blocked',
    within: 5 * MINUTES,
    axes: { tries: [10, 30], pause: [0, 2] },
  },
  'password-spraying': {
    title: 'One password for many accounts',
    about: 'One source tries a password or two on each of many accounts.',
    expected: 'blocked',
    within: 10 * MINUTES,
    axes: { accounts: [12, 30], pause: [0, 3] },
  },
} as const satisfies Readonly<Record<string, DrillKind>>;

/** Code of a kind. */
export type KindCode = keyof typeof KINDS;

/** Codes, in the order of the list. */
export const KIND_CODES = Object.keys(KINDS) as readonly KindCode[];

/** How many mutants a kind has: one for each choice of its settings. */
export function mutantsOf(kind: KindCode): number {
  return Object.values(KINDS[kind].axes as Axes).reduce((product, { length }) => product * length, 1);
}

/** The settings of a mutant, numbered from 0. */
export function settingsOf(kind: KindCode, mutant: number): Readonly<Record<string, string | number>> {
  if (!Number.isInteger(mutant) || mutant < 0 || mutant >= mutantsOf(kind))
    throw new RangeError(`no mutant ${mutant} of ${kind}`);
  const settings: [string, string | number][] = [];
  let left = mutant;
  for (const [name, values] of Object.entries(KINDS[kind].axes as Axes)) {
    settings.push([name, values[left % values.length]!]);
    left = Math.floor(left / values.length);
  }
  return Object.fromEntries(settings);
}
