/**
 * Where things are in the made-up state: each office's /24, the web sites of offices at their host, the data centre.
 */
import { type EstateService, FIRST_OFFICE, OFFICES, type Site, WHOLE_ESTATE } from '../contacts/estate.ts';
import { formatIPv4 } from '../contacts/ip.ts';
import type { WatchedOffice } from './sensors.ts';

/** First of the addresses at which offices have their web sites hosted; one each. */
const HOSTED = '198.18.4.';

/** Subnet of our /48 of the first office. */
const FIRST_SUBNET = 0x100;

/** An address in the /24 of the office at this place. */
export function officeAddress(place: number, host: number): string {
  return formatIPv4(FIRST_OFFICE + place * 256 + host);
}

/** The /24 of the office at this place. */
export function officeNetwork(place: number): string {
  return `${officeAddress(place, 0)}/24`;
}

/** Where the web site of the office at this place is hosted. */
export function hostedAddress(place: number): string {
  return `${HOSTED}${place + 1}`;
}

/** IPv6 address of the office's web server. */
export function officeIPv6(place: number): string {
  return `2001:db8:4f:${(FIRST_SUBNET + place).toString(16)}::10`;
}

/** Hosts in an office's network. */
export const HOST = { web: 10, ssh: 22, nameServer: 53, retiredNameServer: 54, desktop: 60 } as const;

/** What an office offers to the world behind its firewall. */
export function officeServices({ place, authority, opensWeb, ssh }: WatchedOffice): readonly EstateService[] {
  const at = (host: number) => officeAddress(place, host);
  const id = authority.leaId;
  return [
    ...(opensWeb
      ? ([
          { name: `web-${id}`, address: at(HOST.web), port: 443, protocol: 'tcp', audience: 'public' },
          {
            name: `web-redirect-${id}`,
            address: at(HOST.web),
            port: 80,
            protocol: 'tcp',
            audience: 'public',
          },
          {
            name: `web-v6-${id}`,
            address: officeIPv6(place),
            port: 443,
            protocol: 'tcp',
            audience: 'public',
          },
          {
            name: `names-${id}`,
            address: at(HOST.nameServer),
            port: 53,
            protocol: 'udp',
            audience: 'public',
          },
        ] as const)
      : []),
    ...(ssh === undefined
      ? []
      : ([
          { name: `ssh-${id}`, address: at(HOST.ssh), port: 22, protocol: 'tcp', audience: 'public' },
        ] as const)),
  ];
}

/** An office's network as a world of its own. Its doors were mended: scanners find them shut. */
export function officeSite(office: WatchedOffice): Site {
  const { place, opensWeb } = office;
  const at = (host: number) => officeAddress(place, host);
  const first = FIRST_OFFICE + place * 256;
  return {
    first,
    size: 256,
    firstOffice: first,
    offices: 1,
    subnet: FIRST_SUBNET + place,
    services: officeServices(office),
    doors: [
      { address: first + 11, port: 3389 },
      { address: first + 12, port: 22 },
    ],
    doorsAreShut: true,
    portal: at(HOST.web),
    portalIPv6: [FIRST_SUBNET + place, 0x10],
    countySite: at(HOST.web),
    resultsSite: at(HOST.web),
    bastion: at(HOST.ssh),
    desktopGateway: at(HOST.desktop),
    // Who has none of its own asks that of the data centre.
    nameServer: opensWeb ? at(HOST.nameServer) : WHOLE_ESTATE.nameServer,
    retiredNameServer: at(HOST.retiredNameServer),
  };
}

/** All office networks: what scanners of the whole state walk over. */
export function stateSite(offices: readonly WatchedOffice[]): Site {
  return {
    ...WHOLE_ESTATE,
    first: FIRST_OFFICE,
    size: OFFICES * 256,
    services: offices.flatMap(officeServices),
    doors: [],
    doorsAreShut: true,
    // Asked over UDP it would answer, and it is not among the networks that are walked over.
    nameServer: WHOLE_ESTATE.nameServer,
  };
}
