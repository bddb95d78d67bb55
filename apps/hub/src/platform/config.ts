/**
 * What an operator may say about a hub: `bellwether.yaml` in its data folder. Everything has a default; an empty file, or
 * none, is a hub that listens for HTTP on this machine alone.
 *
 * ```yaml
 * zone: America/Chicago
 * port: 8118
 * relp:
 *   - { port: 2514, sensor: { authority: state, sensor: border-firewall } }
 * syslog:
 *   udp: [ { port: 5514, hosts: { fw-adair: { authority: '29001', sensor: firewall } } } ]
 *   tcp: []
 *   tls: [ { port: 6514, certificate: /etc/x.crt, key: /etc/x.key, sensor: { authority: state, sensor: web } } ]
 * follow:
 *   - { path: /var/log/auth.log, authority: state, sensor: this-machine }
 * https: { name: hub.example.gov, host: 192.0.2.10, certificate: /etc/x.crt, key: /etc/x.key }
 * agents: { name: hub.example.gov, listen: '192.0.2.10:8444' }
 * probes:
 *   - { name: lookup-overseas, url: 'https://vote.example.gov/lookup', persona: overseas-military }
 * oidc: []
 * evidence: { origin: hub.example.gov/log, policy: /etc/bellwether/witnesses }
 * rolls: { live: /srv/vendor/voters.csv, reconcile: '02:10' }
 * ```
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { zoneNamed } from '@bellwether/contacts';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { Agents, faultOfAgents } from './config-agents.ts';
import { Evidence } from './config-evidence.ts';
import { faultOfHttps, Https } from './config-https.ts';
import { faultOfOidc, Oidc } from './config-oidc.ts';
import { faultOfProbes, Probes } from './config-probes.ts';
import { RollsConfig } from './config-rolls.ts';

/** A failure of the configuration: its code, and where the mistake is. */
export type ConfigError = { readonly code: 'CONFIG_UNREADABLE' | 'CONFIG_INVALID'; readonly detail: string };

const closed = { additionalProperties: false } as const;

/** A port of this machine; below 1024 only root may listen. */
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });

const Destination = Type.Object(
  {
    authority: Type.String({ pattern: '^(state|\\d{5})$' }),
    sensor: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
    format: Type.Optional(Type.String({ maxLength: 32 })),
    zone: Type.Optional(Type.String({ maxLength: 64 })),
  },
  closed,
);

const listener = {
  host: Type.Optional(Type.String({ maxLength: 64 })),
  port: Port,
  sensor: Type.Optional(Destination),
  hosts: Type.Optional(Type.Record(Type.String({ maxLength: 255 }), Destination)),
};

const Config = Type.Object(
  {
    zone: Type.Optional(Type.String({ maxLength: 64 })),
    port: Type.Optional(Port),
    relp: Type.Optional(Type.Array(Type.Object(listener, closed), { maxItems: 64 })),
    syslog: Type.Optional(
      Type.Object(
        {
          udp: Type.Optional(Type.Array(Type.Object(listener, closed), { maxItems: 64 })),
          tcp: Type.Optional(Type.Array(Type.Object(listener, closed), { maxItems: 64 })),
          tls: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  ...listener,
                  certificate: Type.String(),
                  key: Type.String(),
                  /** Whose certificates senders must show; without it, anybody may send. */
                  clients: Type.Optional(Type.String()),
                },
                closed,
              ),
              {
                maxItems: 64,
              },
            ),
          ),
        },
        closed,
      ),
    ),
    follow: Type.Optional(
      Type.Array(
        Type.Object(
          { path: Type.String({ pattern: '^/', maxLength: 4096 }), ...Destination.properties },
          closed,
        ),
        { maxItems: 1024 },
      ),
    ),
    https: Type.Optional(Https),
    agents: Type.Optional(Agents),
    oidc: Type.Optional(Oidc),
    evidence: Type.Optional(Evidence),
    rolls: Type.Optional(RollsConfig),
    probes: Type.Optional(Probes),
  },
  closed,
);

/** A configuration as it was written. */
export type Config = Static<typeof Config>;

/** The state's zone where nobody names another: Missouri's. */
export const USUAL_ZONE = 'America/Chicago';

/** Port of the desk and of the API where nobody names another. */
export const USUAL_PORT = 8118;

/** Far more than any configuration. */
const MOST_BYTES = 1_048_576;

/** Reads the configuration at `path`; a file that is not there says nothing. */
export function readConfig(path: string): Result<Config, ConfigError> {
  if (!existsSync(path)) return ok({});
  let text: string;
  try {
    if (statSync(path).size > MOST_BYTES) return invalid(`${path} is far too large`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return err({ code: 'CONFIG_UNREADABLE', detail: `${path}: ${(error as Error).message}` });
  }
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    return invalid(`${path}: ${(error as Error).message.split('\n')[0]}`);
  }
  const mistake = Value.Errors(Config, value)[0];
  if (mistake !== undefined) {
    const place =
      mistake.instancePath === '' ? '' : ` at ${mistake.instancePath.slice(1).replaceAll('/', '.')}`;
    return invalid(`${path}${place}: ${mistake.message}`);
  }
  const config = value as Config;
  if (config.zone !== undefined && zoneNamed(config.zone) === undefined) {
    return invalid(`${path} at zone: there is no time zone ${JSON.stringify(config.zone)}`);
  }
  const https = config.https === undefined ? undefined : faultOfHttps(config.https);
  if (https !== undefined) return invalid(`${path} at https: ${https}`);
  const agents = config.agents === undefined ? undefined : faultOfAgents(config.agents);
  if (agents !== undefined) return invalid(`${path} at agents: ${agents}`);
  const probes = faultOfProbes(config.probes ?? []);
  if (probes !== undefined) return invalid(`${path} at probes: ${probes}`);
  const oidc = faultOfOidc(config.oidc ?? []);
  if (oidc !== undefined) return invalid(`${path} at oidc: ${oidc}`);
  return ok(config);
}

/** Every key that a configuration can have, by its last name: for the test of docs/reference/configuration.md. */
export function configurationKeys(): readonly string[] {
  // Inside `hosts` the keys are names of hosts, and their values are sensors.
  const keys = (schema: object): string[] =>
    Object.entries(schema).flatMap(([name, value]) => {
      if (typeof value !== 'object' || value === null) return [];
      return name === 'properties' ? [...Object.keys(value), ...keys(value)] : keys(value);
    });
  return [...new Set(keys(Config))].sort();
}

function invalid(detail: string): Result<never, ConfigError> {
  return err({ code: 'CONFIG_INVALID', detail });
}
