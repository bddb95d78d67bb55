/**
 * `surface.yaml`: what the made-up office offers, to whom, and how its sensors are to be read.
 */
import { CONTRACT_ENDS, TEST_WINDOW } from './classes/known-parties.ts';
import { SHARED_NETWORKS } from './classes/voters.ts';
import { NAMED_PARTIES, OFFICE_RANGE, OFFICE_SERVICES, SERVICES } from './estate.ts';
import { FORMATS, type FormatName } from './formats.ts';
import { NETFILTER_PREFIXES } from './writers/netfilter.ts';

/** Days before and after the run for which the surface is valid. */
const MARGIN = 86_400_000 * 300;

/** Services of web hosts whose logs do not name the address. */
const WEB_SERVICES: Readonly<Partial<Record<FormatName, string>>> = {
  nginx: 'voter-portal',
  apache: 'county-site',
  iis: 'results-site',
};

/** The surface of a run as YAML; `start` in milliseconds since 1970, `span` in microseconds. */
export function surfaceYaml(start: number, span: number, formats: readonly FormatName[]): string {
  const at = (part: number) => new Date(start + (span / 1_000) * part).toISOString();
  const from = new Date(start - MARGIN).toISOString();
  const until = new Date(start + MARGIN).toISOString();
  const valid = `from: ${from}, until: ${until}`;
  const lines = [
    'networks: [198.18.0.0/15, "2001:db8:4f::/48"]',
    'services:',
    ...SERVICES.map(
      ({ name, address, port, protocol, audience }) =>
        `  - { name: ${name}, address: "${address}", port: ${port}, protocol: ${protocol}, audience: ${audience}, ${valid} }`,
    ),
    '  - { name: ping, address: 198.18.1.0/24, protocol: icmp, audience: public }',
    ...OFFICE_SERVICES.map(
      ({ name, port }) =>
        `  - { name: ${name}, address: ${OFFICE_RANGE}, port: ${port}, protocol: tcp, audience: staff }`,
    ),
    'authorised:',
    `  - { who: vendor-a, source: ${NAMED_PARTIES.vendorA}, services: [office-ssh], ${valid} }`,
    `  - { who: vendor-b, source: ${NAMED_PARTIES.vendorB}, services: [office-ssh], from: ${from}, until: ${at(CONTRACT_ENDS)} }`,
    `never_block: [${NAMED_PARTIES.resolver}/32, ${NAMED_PARTIES.monitoring}]`,
    'proxies:',
    `  - { networks: [${NAMED_PARTIES.contentNetwork}], header: x-forwarded-for, hops: 1 }`,
    `shared: [100.64.0.0/10, ${SHARED_NETWORKS.join(', ')}]`,
    'sensors:',
    ...formats.map((format) => sensorLine(format, new Date(start).getUTCFullYear())),
    'engagements:',
    `  - { name: pentest-q4, source: ${NAMED_PARTIES.tester}, target: 198.18.0.0/15, from: ${at(TEST_WINDOW.from)}, until: ${at(TEST_WINDOW.until)}, technique: scan }`,
  ];
  return `${lines.join('\n')}\n`;
}

function sensorLine(format: FormatName, year: number): string {
  const service = WEB_SERVICES[format] ?? (FORMATS[format].family === 'ssh' ? 'bastion' : undefined);
  const prefixes = Object.entries(NETFILTER_PREFIXES).map(([prefix, meaning]) => `"${prefix}": ${meaning}`);
  const parts = [
    `id: ${format}`,
    `files: "${FORMATS[format].file}*"`,
    ...(service === undefined ? [] : [`service: ${service}`]),
    'place: before-nat',
    `timezone: ${UNIVERSAL.has(format) ? 'UTC' : 'America/Chicago'}`,
    `year: ${year}`,
    'sampling: 1',
    'completeness: complete',
    'sees: both',
    ...(format === 'netfilter' ? [`prefixes: { ${prefixes.join(', ')} }`] : []),
  ];
  return `  - { ${parts.join(', ')} }`;
}

/** Formats that write universal time. */
const UNIVERSAL: ReadonlySet<FormatName> = new Set([
  'iis',
  'zeek-conn',
  'zeek-http',
  'zeek-ssh',
  'zeek-json',
  'windows-events',
  'entra-signin',
  'flow-aws',
  'csv',
  'ndjson',
]);
