/**
 * How many knocks each office and each of the state's own services gets: by registered voters, and nobody is too small
 * to be scanned.
 */
import type { WatchedOffice } from './sensors.ts';

/** Shares of all knocks at the state's own services: on deadline day most people go to the portal. */
const STATE_SHARES = { 'voter-portal': 0.14, 'results-site': 0.05, bastion: 0.03, 'sign-in': 0.05 } as const;

/** Share that all offices with sensors divide evenly: scanners walk over all addresses, whoever has them. */
const EVEN_SHARE = 0.21;

/** Share of an office's knocks at its web site, at its SSH daemon and at its desktop gateway, where it has them. */
const OFFICE_SHARES = { site: 0.5, ssh: 0.1, desktop: 0.2 } as const;

/** Most that a login service of an office gets, as a share of all: guessers do not care how large the county is. */
const MOST_LOGINS = 0.012;

/** Lines of an SSH daemon for one contact, about. */
const LINES_PER_SSH_CONTACT = 4;

/** Knocks, or lines for SSH. */
export type OfficeBudget = {
  readonly network: number;
  readonly site: number;
  readonly ssh: number;
  readonly desktop: number;
};

/** What the state's own service of that name gets: knocks, or lines for SSH. */
export function stateBudget(sensor: string, knocks: number): number {
  const share = Object.hasOwn(STATE_SHARES, sensor) ? STATE_SHARES[sensor as keyof typeof STATE_SHARES] : 0;
  return Math.round(knocks * share * (sensor === 'bastion' ? LINES_PER_SSH_CONTACT : 1));
}

/** What each office gets, in the order given. */
export function officeBudgets(offices: readonly WatchedOffice[], knocks: number): readonly OfficeBudget[] {
  const states = Object.values(STATE_SHARES).reduce((sum, share) => sum + share, 0);
  const voters = offices.reduce((sum, { authority }) => sum + authority.voters, 0);
  const even = (knocks * EVEN_SHARE) / offices.length;
  const byVoters = knocks * (1 - states - EVEN_SHARE);
  return offices.map((office) => {
    const all = even + (byVoters * office.authority.voters) / voters;
    const site = office.site === undefined ? 0 : Math.round((all - even) * OFFICE_SHARES.site);
    const part = (share: number) => Math.min(all * share, knocks * MOST_LOGINS);
    const ssh = office.ssh === undefined ? 0 : part(OFFICE_SHARES.ssh);
    const desktop = office.desktop === undefined ? 0 : Math.round(part(OFFICE_SHARES.desktop));
    return {
      site,
      ssh: Math.round(ssh * LINES_PER_SSH_CONTACT),
      desktop,
      network: Math.max(Math.round(even), Math.round(all - site - ssh - desktop)),
    };
  });
}
