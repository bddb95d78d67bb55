/**
 * Where these readers say something else than crowdsecurity/hub expects of its own test lines (parser.assert and
 * scenario.assert, MIT), and why. A test keeps the list exact, docs/reference/formats.md shows it.
 */

/** What is compared. */
export const HUB_COLUMNS = ['source', 'destination', 'user', 'outcome'] as const;
export type HubColumn = (typeof HUB_COLUMNS)[number];

/** Events of a folder of the hub that are read differently here. */
export type HubDifference = {
  readonly folder: string;
  readonly columns: readonly HubColumn[];
  /** How many of the folder's expected events. */
  readonly events: number;
  readonly why: string;
};

/** Every difference. */
export const HUB_DIFFERENCES: readonly HubDifference[] = [
  {
    folder: 'apache2-logs',
    columns: HUB_COLUMNS,
    events: 1,
    why: '"SSL handshake stopped" in the error log refuses nobody, so it is ignored here.',
  },
  {
    folder: 'fortinet-vpn-bf',
    columns: ['user'],
    events: 6,
    why: 'The user "N/A" of FortiGate means that the line names none, so no account is counted.',
  },
  {
    folder: 'pfsense-rfc5424-nginx',
    columns: HUB_COLUMNS,
    events: 1,
    why: 'A file that is missing is told again by the access log, so the line of the error log is ignored here.',
  },
];

/** Folders whose expected events look like those of a format here, and whose lines are another product's. */
export const HUB_OTHER_PRODUCTS: Readonly<Record<string, string>> = {
  'aws-alb-http-bad-user-agent': 'log of AWS application load balancers',
  'base-upsun-generic-test': "access log inside Upsun's JSON",
  'base-upsun-httplog-logs': "access log inside Upsun's JSON",
  'caddy-basic-auth-bf': "Caddy's JSON",
  'envoy-http-bad-user-agent': "Envoy's JSON",
  'envoy-http-crawl-non_statics': "Envoy's own format",
  'traefik_base-http-scenario': "Traefik's JSON",
  'zoraxy-http-bad-user-agent': "Zoraxy's own format",
};
