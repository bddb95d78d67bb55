/** `surface.yaml` of the sample state: what the state and its offices offer, to whom, and how their sensors are read. */
import { CONTRACT_ENDS, TEST_WINDOW } from '../contacts/classes/known-parties.ts';
import { SHARED_NETWORKS } from '../contacts/classes/voters.ts';
import { NAMED_PARTIES, SERVICES } from '../contacts/estate.ts';
import { NETFILTER_PREFIXES } from '../contacts/writers/netfilter.ts';
import { zoneOf } from './batches.ts';
import type { Day } from './day.ts';
import { SAMPLE_ZONE } from './day.ts';
import { type SensorDraw, type SensorPlan, STATE, sensorsOf, type WatchedOffice } from './sensors.ts';
import { HOST, hostedAddress, officeAddress, officeIPv6 } from './sites.ts';
import { fileOf } from './tell.ts';

/** Milliseconds before and after the day for which contracts hold. */
const MARGIN = 86_400_000 * 200;

/** Both halves of the offices' range that have offices in them. */
const OFFICE_RANGES = '[198.18.64.0/18, 198.18.128.0/18]';

/** Services that the state's own sensors are about. */
const STATE_SERVICES: Readonly<Record<string, string>> = {
  'voter-portal': 'voter-portal',
  'results-site': 'results-site',
  bastion: 'bastion',
};

/** The surface as YAML. `lossy` is the sensor that admits losses. */
export function sampleSurface(draw: SensorDraw, { start, span }: Day, lossy: SensorPlan): string {
  const at = (part: number) => new Date(start + (span / 1_000) * part).toISOString();
  const from = new Date(start - MARGIN).toISOString();
  const until = new Date(start + MARGIN).toISOString();
  const year = new Date(start).getUTCFullYear();
  const lines = [
    '# The sample state. Everything here is made up: no office, address or service of these exists.',
    'networks: [198.18.0.0/15, "2001:db8:4f::/48"]',
    'services:',
    ...SERVICES.map(
      ({ name, address, port, protocol, audience }) =>
        `  - { name: ${name}, address: "${address}", port: ${port}, protocol: ${protocol}, audience: ${audience} }`,
    ),
    '  - { name: ping, address: 198.18.0.0/16, protocol: icmp, audience: public }',
    `  - { name: office-ssh, address: ${OFFICE_RANGES}, port: 22, audience: staff }`,
    `  - { name: office-desktop, address: ${OFFICE_RANGES}, port: 3389, audience: staff }`,
    ...draw.offices.flatMap(officeLines),
    'authorised:',
    `  - { who: vendor-a, source: ${NAMED_PARTIES.vendorA}, services: [office-ssh], from: ${from}, until: ${until} }`,
    `  - { who: vendor-b, source: ${NAMED_PARTIES.vendorB}, services: [office-ssh], from: ${from}, until: ${at(CONTRACT_ENDS)} }`,
    `never_block: [${NAMED_PARTIES.resolver}/32, ${NAMED_PARTIES.monitoring}]`,
    'proxies:',
    `  - { networks: [${NAMED_PARTIES.contentNetwork}], header: x-forwarded-for, hops: 1 }`,
    `shared: [100.64.0.0/10, ${SHARED_NETWORKS.join(', ')}]`,
    'sensors:',
    ...[...draw.state, ...draw.offices.flatMap(sensorsOf)].map((plan) =>
      sensorLine(plan, year, plan === lossy),
    ),
    'engagements:',
    `  - { name: pentest-q4, source: ${NAMED_PARTIES.tester}, target: 198.18.0.0/15, from: ${at(TEST_WINDOW.from)}, until: ${at(TEST_WINDOW.until)}, technique: scan }`,
  ];
  return `${lines.join('\n')}\n`;
}

function officeLines({ authority, place, opensWeb, site, ssh, desktop }: WatchedOffice): readonly string[] {
  const id = authority.leaId;
  const at = (host: number) => officeAddress(place, host);
  const named = (name: string, what: string) => `  - { name: ${name}-${id}, ${what}, audience: public }`;
  return [
    ...(opensWeb
      ? [
          named('web', `address: [${at(HOST.web)}, "${officeIPv6(place)}"], port: [80, 443]`),
          named('names', `address: ${at(HOST.nameServer)}, port: 53, protocol: udp`),
        ]
      : []),
    ...(site === undefined ? [] : [named('site', `address: ${hostedAddress(place)}, port: [80, 443]`)]),
    ...(ssh === undefined ? [] : [named('ssh', `address: ${at(HOST.ssh)}, port: 22`)]),
    ...(desktop === undefined ? [] : [named('desktop', `address: ${at(HOST.desktop)}, port: 3389`)]),
  ];
}

function sensorLine(plan: SensorPlan, year: number, lossy: boolean): string {
  const { authority, sensor, format } = plan;
  const service = authority === STATE ? STATE_SERVICES[sensor] : officeService(plan);
  const prefixes = Object.entries(NETFILTER_PREFIXES).map(([prefix, meaning]) => `"${prefix}": ${meaning}`);
  const parts = [
    `id: ${authority}/${sensor}`,
    `files: "${fileOf(plan).replace('batches/', '')}*"`,
    ...(service === undefined ? [] : [`service: ${service}`]),
    'place: before-nat',
    `timezone: ${zoneOf(format) ?? zoneInLines(format)}`,
    `year: ${year}`,
    'sampling: 1',
    `completeness: ${lossy ? 'best-effort' : 'complete'}`,
    'sees: both',
    ...(format === 'netfilter' ? [`prefixes: { ${prefixes.join(', ')} }`] : []),
  ];
  return `  - { ${parts.join(', ')} }`;
}

/** What a line without a destination is about. */
function officeService({ authority, sensor }: SensorPlan): string | undefined {
  if (sensor === 'web') return `site-${authority}`;
  return sensor === 'ssh' || sensor === 'desktop' ? `${sensor}-${authority}` : undefined;
}

/** IIS, Zeek and the clouds write universal time; the others name their zone in each line. */
function zoneInLines(format: SensorPlan['format']): string {
  const named: readonly string[] = ['filterlog', 'nginx', 'apache', 'fortinet', 'eve'];
  return named.includes(format) ? SAMPLE_ZONE : 'UTC';
}
