/**
 * Our side of the made-up world: a data centre, a voter portal, a bastion host, 116 local offices, and who may use what.
 *
 * All addresses are from ranges that nobody routes: 198.18.0.0/15 (RFC 2544), 2001:db8::/32 (RFC 3849) and the
 * three documentation ranges of RFC 5737.
 */
import type { AddressBook } from './address-book.ts';
import { type Groups, parseIPv4 } from './ip.ts';

/** Local election authorities of Missouri; each has an office network. */
export const OFFICES = 116;

/** First address of our IPv4 range, a /15. */
export const OUR_RANGE = parseIPv4('198.18.0.0');

/** Addresses in our IPv4 range. */
export const OUR_RANGE_SIZE = 131_072;

/** First three groups of our IPv6 /48. */
export const OUR_PREFIX = [0x2001, 0xdb8, 0x4f] as const;

/** First office network; office n has the /24 at this plus n * 256. */
export const FIRST_OFFICE = parseIPv4('198.18.64.0');

/** Who may use a service. */
export type Audience = 'public' | 'voters' | 'staff';

/** A service that stands on one address. `open` says that the firewall lets everybody reach it. */
export type EstateService = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly audience: Audience;
};

/** What is offered to the world on single addresses. */
export const SERVICES: readonly EstateService[] = [
  { name: 'voter-portal', address: '198.18.1.10', port: 443, protocol: 'tcp', audience: 'voters' },
  { name: 'voter-portal-redirect', address: '198.18.1.10', port: 80, protocol: 'tcp', audience: 'voters' },
  { name: 'voter-portal-v6', address: '2001:db8:4f:1::10', port: 443, protocol: 'tcp', audience: 'voters' },
  {
    name: 'voter-portal-redirect-v6',
    address: '2001:db8:4f:1::10',
    port: 80,
    protocol: 'tcp',
    audience: 'voters',
  },
  { name: 'county-site-redirect', address: '198.18.1.20', port: 80, protocol: 'tcp', audience: 'public' },
  { name: 'results-site-redirect', address: '198.18.1.30', port: 80, protocol: 'tcp', audience: 'public' },
  { name: 'county-site', address: '198.18.1.20', port: 443, protocol: 'tcp', audience: 'public' },
  { name: 'results-site', address: '198.18.1.30', port: 443, protocol: 'tcp', audience: 'public' },
  { name: 'bastion', address: '198.18.1.22', port: 22, protocol: 'tcp', audience: 'public' },
  { name: 'mail', address: '198.18.1.25', port: 25, protocol: 'tcp', audience: 'public' },
  { name: 'name-server', address: '198.18.1.53', port: 53, protocol: 'udp', audience: 'public' },
  { name: 'remote-desktop-gateway', address: '198.18.1.60', port: 3389, protocol: 'tcp', audience: 'public' },
];

/** Services for staff in every office: one range, closed to the world by the firewall. */
export const OFFICE_SERVICES = [
  { name: 'office-ssh', port: 22 },
  { name: 'office-desktop', port: 3389 },
] as const;

/** The offices' range, as the surface names it. */
export const OFFICE_RANGE = '198.18.64.0/18';

/** Staff services that a wrong firewall rule leaves open to everybody: what comes through there must be seen. */
export const OPEN_DOORS = [
  { address: FIRST_OFFICE + 36 * 256 + 10, port: 3389 },
  { address: FIRST_OFFICE + 81 * 256 + 11, port: 22 },
] as const;

/** Vendors, the permitted tester, our name server's upstreams and whoever else the surface names. */
export const NAMED_PARTIES = {
  vendorA: '203.0.113.0/28',
  vendorB: '203.0.113.64/28',
  tester: '203.0.113.200',
  contentNetwork: '198.51.100.0/24',
  resolver: '192.0.2.53',
  monitoring: '192.0.2.128/28',
} as const;

/** One piece of our side: its range, what stands open in it, and where its servers are. */
export type Site = {
  /** First address, and how many there are; a power of two, or whole /24s. */
  readonly first: number;
  readonly size: number;
  /** First address of the office networks, and how many offices there are. */
  readonly firstOffice: number;
  readonly offices: number;
  /** Subnet of our /48 that all IPv6 addresses are in; undefined where each office has its own. */
  readonly subnet?: number;
  readonly services: readonly EstateService[];
  readonly doors: readonly { readonly address: number; readonly port: number }[];
  /** Whether the firewall's rules have been mended: scanners come to the doors and find them shut. */
  readonly doorsAreShut?: true;
  readonly portal: string;
  /** Subnet and last group. */
  readonly portalIPv6: readonly [subnet: number, host: number];
  readonly countySite: string;
  readonly resultsSite: string;
  readonly bastion: string;
  readonly desktopGateway: string;
  readonly nameServer: string;
  /** Served names years ago. */
  readonly retiredNameServer: string;
};

/** All of it: the data centre and the offices. */
export const WHOLE_ESTATE: Site = {
  first: OUR_RANGE,
  size: OUR_RANGE_SIZE,
  firstOffice: FIRST_OFFICE,
  offices: OFFICES,
  services: SERVICES,
  doors: OPEN_DOORS,
  portal: '198.18.1.10',
  portalIPv6: [1, 0x10],
  countySite: '198.18.1.20',
  resultsSite: '198.18.1.30',
  bastion: '198.18.1.22',
  desktopGateway: '198.18.1.60',
  nameServer: '198.18.1.53',
  retiredNameServer: '198.18.2.53',
};

/** Addresses and services of our side, by the numbers of the address book. */
export class Estate {
  readonly portal: number;
  readonly portalIPv6: number;
  readonly countySite: number;
  readonly resultsSite: number;
  readonly bastion: number;
  readonly desktopGateway: number;
  readonly nameServer: number;
  private readonly book: AddressBook;
  private readonly site: Site;
  private readonly open = new Set<number>();
  private readonly doors = new Set<number>();
  private readonly hosts = new Set<number>();
  private readonly sixes = new Map<number, number>();

  constructor(book: AddressBook, site: Site = WHOLE_ESTATE) {
    this.book = book;
    this.site = site;
    this.portal = this.address(site.portal);
    this.portalIPv6 = this.ipv6(...site.portalIPv6);
    this.countySite = this.address(site.countySite);
    this.resultsSite = this.address(site.resultsSite);
    this.bastion = this.address(site.bastion);
    this.desktopGateway = this.address(site.desktopGateway);
    this.nameServer = this.address(site.nameServer);
    for (const { address, port, protocol } of site.services) {
      if (protocol !== 'tcp') continue;
      const at = address.includes(':') ? this.portalIPv6 : this.address(address);
      this.open.add(at * 65_536 + port);
      this.hosts.add(at);
    }
    if (site.doorsAreShut === true) return;
    for (const { address, port } of site.doors) this.doors.add(book.fixed(address) * 65_536 + port);
  }

  /** The address that served names years ago. */
  get retiredNameServer(): number {
    return this.address(this.site.retiredNameServer);
  }

  /** How many addresses are ours here. */
  get size(): number {
    return this.site.size;
  }

  /** One of our addresses, by its place in the range; places beyond it begin anew. */
  ours(place: number): number {
    return this.book.fixed(this.site.first + (place % this.site.size));
  }

  /** A host in an office's network; office in [0, 116), host in [1, 254]. Where there are fewer, they begin anew. */
  office(office: number, host: number): number {
    return this.book.fixed(this.site.firstOffice + (office % this.site.offices) * 256 + host);
  }

  /** A written IPv4 address. */
  address(text: string): number {
    return this.book.fixed(parseIPv4(text));
  }

  /** An address in our /48: subnet and last group. */
  ipv6(asked: number, host: number): number {
    const subnet = this.site.subnet ?? asked;
    const key = subnet * 65_536 + host;
    let address = this.sixes.get(key);
    if (address === undefined) {
      const groups: Groups = [...OUR_PREFIX, subnet, 0, 0, 0, host];
      address = this.book.ipv6(groups, -1);
      this.sixes.set(key, address);
    }
    return address;
  }

  /** Which of our 512 /24s an address is in; 0 for IPv6. */
  networkOf(destination: number): number {
    const value = this.book.valueOf(destination);
    return Number.isNaN(value) ? 0 : (value - OUR_RANGE) >>> 8;
  }

  /** Whether the world may connect to this port here. */
  isOpen(destination: number, port: number): boolean {
    return this.hosts.has(destination) && this.open.has(destination * 65_536 + port);
  }

  /** Whether this is one of the hosts with public services: the firewall answers their pings. */
  isHost(destination: number): boolean {
    return this.hosts.has(destination);
  }

  /** Whether this is a staff service that stands open by mistake. */
  isOpenDoor(destination: number, port: number): boolean {
    return this.doors.has(destination * 65_536 + port);
  }

  /** The doors that stand open by mistake. */
  openDoors(): readonly { readonly destination: number; readonly port: number }[] {
    return this.site.doors.map(({ address, port }) => ({ destination: this.book.fixed(address), port }));
  }
}
