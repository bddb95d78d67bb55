/**
 * Who has which sensors: the state's own, and those of 71 offices; 45 offices have none, as in life.
 *
 * Which office has what is drawn by the seed and says nothing about the real one.
 */
import type { FormatName } from '../contacts/formats.ts';
import type { Random } from '../random.ts';
import { AUTHORITIES, type Authority } from './authorities.ts';

/** Offices without any sensor. */
export const OFFICES_WITHOUT_SENSOR = 45;

/** Those without are among so many of the smallest: large offices have a technician. */
const SMALL_OFFICES = 80;

/** The state's own sensors are under this name. */
export const STATE = 'state';

/** A sensor. */
export type SensorPlan = {
  /** `lea_id`, or `state`. */
  readonly authority: string;
  readonly sensor: string;
  readonly format: FormatName;
};

/** An office that has sensors. */
export type WatchedOffice = {
  readonly authority: Authority;
  /** Place in `AUTHORITIES`, and of its network in the estate. */
  readonly place: number;
  readonly firewall: SensorPlan;
  /** Whether the public may reach a web server behind the firewall. */
  readonly opensWeb: boolean;
  /** A second sensor on the link of the firewall. */
  readonly second?: SensorPlan;
  /** The log of its web site, which is hosted elsewhere. */
  readonly site?: SensorPlan;
  /** Its SSH daemon, on the network of the office. */
  readonly ssh?: SensorPlan;
  /** Its remote desktop gateway. */
  readonly desktop?: SensorPlan;
};

/** What the drawn day has to show, each at an office of its own. */
export type Incidents = {
  /** Two sensors tell of the same packets. */
  readonly sameLink: WatchedOffice;
  /** Its line to the state is cut for an hour. */
  readonly cutOff: WatchedOffice;
  /** Its firewall says that it lost lines. */
  readonly bestEffort: WatchedOffice;
  /** Its firewall says nothing any more from the evening on. */
  readonly silent: WatchedOffice;
  /** Its web site answers an attack with success. */
  readonly breakIn: WatchedOffice;
  /** Something answers there that the surface does not list. */
  readonly unlisted: readonly WatchedOffice[];
};

/** The draw. */
export type SensorDraw = {
  readonly state: readonly SensorPlan[];
  /** The largest first. */
  readonly offices: readonly WatchedOffice[];
  /** `lea_id`s, in their order. */
  readonly without: readonly string[];
  readonly incidents: Incidents;
};

/** Firewalls of offices that have a technician, and of those that have a box. */
const LARGE_FIREWALLS: readonly FormatName[] = ['asa', 'fortinet', 'paloalto', 'netfilter', 'cef'];
const SMALL_FIREWALLS: readonly FormatName[] = [
  'filterlog',
  'fortinet',
  'netfilter',
  'pfirewall',
  'asa',
  'zeek-conn',
  'filterlog',
  'flow-aws',
  'netfilter',
  'zeek-json',
];
const SITES: readonly FormatName[] = ['nginx', 'iis', 'apache'];

/** Offices of this rank and above have a server behind the firewall that the public may reach. */
const OPEN_RANKS = 32;

/** Offices of this rank and above are large. */
const LARGE_RANKS = 12;

/** Draws who has what. */
export function drawSensors(random: Random): SensorDraw {
  const bySize = AUTHORITIES.map((authority, place) => ({ authority, place })).sort(
    (a, b) => b.authority.voters - a.authority.voters,
  );
  const small = random.shuffle(bySize.slice(-SMALL_OFFICES));
  const without = new Set(small.slice(0, OFFICES_WITHOUT_SENSOR).map(({ authority }) => authority.leaId));
  const firewallTurn = random.below(SMALL_FIREWALLS.length);
  const offices = bySize
    .filter(({ authority }) => !without.has(authority.leaId))
    .map(({ authority, place }, rank) => watched(authority, place, rank, firewallTurn));
  return {
    state: STATE_SENSORS,
    offices,
    without: [...without].sort(),
    incidents: drawIncidents(random, offices),
  };
}

const STATE_SENSORS: readonly SensorPlan[] = [
  { authority: STATE, sensor: 'voter-portal', format: 'nginx' },
  { authority: STATE, sensor: 'results-site', format: 'apache' },
  { authority: STATE, sensor: 'bastion', format: 'sshd' },
  { authority: STATE, sensor: 'sign-in', format: 'entra-signin' },
];

/** Rank of the office with two sensors on its link, of those with an SSH daemon, and with a desktop gateway. */
const SAME_LINK_RANK = 1;
const SSH_RANKS: readonly number[] = [5, 14];
const DESKTOP_RANKS: readonly number[] = [3, 9];

function watched(authority: Authority, place: number, rank: number, turn: number): WatchedOffice {
  const plan = (sensor: string, format: FormatName): SensorPlan => ({
    authority: authority.leaId,
    sensor,
    format,
  });
  const kinds = rank < LARGE_RANKS ? LARGE_FIREWALLS : SMALL_FIREWALLS;
  const format = rank === SAME_LINK_RANK ? 'netfilter' : (kinds[(rank + turn) % kinds.length] as FormatName);
  const hasSite = rank !== SAME_LINK_RANK && rank < OPEN_RANKS && (rank < LARGE_RANKS || rank % 2 === 0);
  return {
    authority,
    place,
    firewall: plan('firewall', format),
    opensWeb: rank < OPEN_RANKS,
    ...(rank === SAME_LINK_RANK ? { second: plan('ids', 'eve') } : {}),
    ...(hasSite ? { site: plan('web', SITES[(rank + turn) % SITES.length] as FormatName) } : {}),
    ...(SSH_RANKS.includes(rank) ? { ssh: plan('ssh', 'sshd') } : {}),
    ...(DESKTOP_RANKS.includes(rank) ? { desktop: plan('desktop', 'windows-events') } : {}),
  };
}

/** Offices with unlisted services: as many questions as a person answers over a coffee. */
const UNLISTED_OFFICES = 4;

/** A firewall that tells single packets and says what it lets in. */
const PLAIN_FIREWALLS: ReadonlySet<FormatName> = new Set(['netfilter', 'filterlog', 'asa', 'fortinet']);

function drawIncidents(random: Random, offices: readonly WatchedOffice[]): Incidents {
  const free = random.shuffle(offices.slice(LARGE_RANKS));
  const take = (fits: (office: WatchedOffice) => boolean): WatchedOffice => {
    const at = free.findIndex(fits);
    if (at < 0) throw new Error('no office fits what the day has to show');
    return free.splice(at, 1)[0] as WatchedOffice;
  };
  return {
    sameLink: offices[SAME_LINK_RANK] as WatchedOffice,
    breakIn: take(({ site }) => site?.format === 'nginx' || site?.format === 'apache'),
    cutOff: take(({ opensWeb, site }) => opensWeb && site === undefined),
    bestEffort: take(({ firewall }) => firewall.format === 'netfilter'),
    silent: take(({ firewall, site, ssh }) => PLAIN_FIREWALLS.has(firewall.format) && !site && !ssh),
    unlisted: Array.from({ length: UNLISTED_OFFICES }, () =>
      take(({ firewall }) => PLAIN_FIREWALLS.has(firewall.format)),
    ),
  };
}

/** All sensors of an office. */
export function sensorsOf(office: WatchedOffice): readonly SensorPlan[] {
  return [office.firewall, office.second, office.site, office.ssh, office.desktop].filter(
    (plan) => plan !== undefined,
  );
}
