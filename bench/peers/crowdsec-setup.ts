/**
 * A CrowdSec of its own below the cache folder: the hub that Debian ships, the collections that Debian enables and the
 * one for iptables, a local API on the loopback, nothing that calls out.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/** Enabled by Debian's own set-up, and the one that reads netfilter. */
const COLLECTIONS = [
  'crowdsecurity/linux',
  'crowdsecurity/nginx',
  'crowdsecurity/apache2',
  'crowdsecurity/iptables',
];

/** Type of log, as CrowdSec calls it, of each of our inputs that it has a parser for. */
export const CROWDSEC_TYPES: Readonly<Record<string, string>> = {
  netfilter: 'syslog',
  sshd: 'syslog',
  nginx: 'nginx',
};

/** Loopback ports of one instance. */
export type CrowdsecPorts = { readonly api: number; readonly metrics: number };

/** Writes a fresh configuration into `run`, with an empty `in.log` to tail; gives the path of `config.yaml`. */
export function setUpCrowdsec(packed: string, run: string, input: string, ports: CrowdsecPorts): string {
  rmSync(run, { recursive: true, force: true });
  for (const folder of ['data', 'log', 'config/patterns']) mkdirSync(join(run, folder), { recursive: true });
  cpSync(join(packed, 'usr/share/crowdsec/data'), join(run, 'data'), { recursive: true });
  for (const name of ['patterns', 'profiles.yaml', 'simulation.yaml']) {
    cpSync(join(packed, 'etc/crowdsec', name), join(run, 'config', name), { recursive: true });
  }
  const hub = join(packed, 'usr/share/crowdsec/hub');
  const enabled = new Set<string>();
  for (const name of COLLECTIONS) enable(hub, run, 'collections', name, enabled);
  enable(hub, run, 'parsers', 'crowdsecurity/whitelists', enabled);
  writeFileSync(join(run, 'in.log'), '');
  const acquisition = `filenames: [ "${join(run, 'in.log')}" ]\nlabels: { type: ${CROWDSEC_TYPES[input]} }\n`;
  writeFileSync(join(run, 'config/acquis.yaml'), acquisition);
  writeFileSync(join(run, 'config/lapi.yaml'), '');
  const config = join(run, 'config/config.yaml');
  writeFileSync(config, configYaml(packed, hub, run, ports));
  const machine = ['machines', 'add', 'bench', '--password', 'bench', '-f', join(run, 'config/lapi.yaml')];
  execFileSync(join(packed, 'usr/bin/cscli'), ['-c', config, ...machine], { stdio: 'ignore' });
  return config;
}

/** Links an item of the hub into the configuration, and for a collection all that it names. */
function enable(hub: string, run: string, kind: string, name: string, enabled: Set<string>): void {
  if (enabled.has(`${kind}/${name}`)) return;
  enabled.add(`${kind}/${name}`);
  const [author, item] = name.split('/');
  const stages = ['', ...readdirSync(join(hub, kind))];
  const stage = stages.find((each) => existsSync(join(hub, kind, each, author!, `${item}.yaml`)));
  if (stage === undefined) return;
  const file = join(hub, kind, stage, author!, `${item}.yaml`);
  const folder = join(run, 'config', kind, stage);
  mkdirSync(folder, { recursive: true });
  symlinkSync(file, join(folder, basename(file)));
  if (kind !== 'collections') return;
  let section = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    const member = /^\s*-\s*"?([\w.-]+\/[\w.-]+)/.exec(line)?.[1];
    if (member !== undefined && /^(parsers|scenarios|collections|postoverflows)$/.test(section)) {
      enable(hub, run, section, member, enabled);
    }
  }
}

function configYaml(packed: string, hub: string, run: string, ports: CrowdsecPorts): string {
  return `common: { daemonize: false, log_media: file, log_level: info, log_dir: ${run}/log/, working_dir: ${run} }
config_paths:
  config_dir: ${run}/config/
  data_dir: ${run}/data/
  simulation_path: ${run}/config/simulation.yaml
  hub_dir: ${hub}/
  index_path: ${hub}/.index.json
  notification_dir: ${run}/config/notifications/
  plugin_dir: ${packed}/usr/lib/crowdsec/plugins/
crowdsec_service: { acquisition_path: ${run}/config/acquis.yaml, parser_routines: 1 }
cscli: { output: human }
db_config: { log_level: info, type: sqlite, use_wal: true, db_path: ${run}/data/crowdsec.db }
api:
  client: { insecure_skip_verify: false, credentials_path: ${run}/config/lapi.yaml }
  server: { log_level: info, listen_uri: "127.0.0.1:${ports.api}", profiles_path: ${run}/config/profiles.yaml }
prometheus: { enabled: true, level: full, listen_addr: 127.0.0.1, listen_port: ${ports.metrics} }
`;
}
