import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Outcome } from '../contact.ts';
import { apache } from './apache.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { type OneLine, readEach } from './harness.ts';
import { nginx } from './nginx.ts';
import { plainHash } from './plain.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const hub = join(corpora ?? '', 'contacts/crowdsec-hub');
const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

/** Folders of the hub whose lines look like an access log and are another product's. */
const OTHER_FORMATS: Readonly<Record<string, string>> = {
  'aws-alb-http-bad-user-agent': 'log of AWS load balancers',
  'bunkerweb-bad-user-agent': 'BunkerWeb writes a request id where the user stands',
  'bunkerweb-logs': 'BunkerWeb writes a request id where the user stands',
  'nginx-proxy-manager-logs': 'Nginx Proxy Manager names the client last',
};

/** Folders whose every counted event is an attack, told by the target or the agent. */
const ATTACKS = [
  'CVE-2022-26134',
  'CVE-2022-35914',
  'CVE-2022-42889',
  'CVE-2022-44877',
  'CVE-2022-46169',
  'CVE-2023-22515',
  'CVE-2023-22518',
  'CVE-2024-9474',
  'CVE-2025-0108',
  'apache2-http-sensitive-files',
  'apache_log4j2_cve-2021-44228',
  'cve-2021-42013',
  'cve-2023-49103',
  'cve_2022_37042',
  'f5-big-ip-cve-2020-5902',
  'fortinet-cve-2018-13379',
  'grafana_cve-2021-43798',
  'http-admin-interface-probing',
  'http-bf-wordpress-bf',
  'http-technology-probing',
  'http-wordpress_wpconfig',
  'litespeed-http-sensitive-files',
  'netgear_rce',
  'nginx-cve-2021-41773',
  'nginx-http-backdoor',
  'nginx-http-path-traversal',
  'nginx-http-xss-probing',
  'sap-probing',
  'spring4shell_cve-2022-22965',
  'thinkphp-cve-2018-20062',
  'vmware-cve-2022-22954',
];

/** What the hub expects of one line. */
type Expected = { readonly [field: string]: string };

const PARSED =
  /^results\["s01-parse"\]\["crowdsecurity\/(nginx|apache2)-logs"\]\[(\d+)\]\.Evt\.Meta\["(\w+)"\] == (".*")$/;
const COUNTED = /^results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("(\w+)"\) == (".*")$/;

function expectations(folder: string): Expected[] {
  const found = new Map<string, Record<string, string>>();
  for (const file of ['parser.assert', 'scenario.assert']) {
    const path = join(hub, folder, file);
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, 'latin1').split('\n')) {
      const match = PARSED.exec(line) ?? COUNTED.exec(line);
      if (match === null) continue;
      const key = `${match[1]} ${match[2]}`;
      const fields = found.get(key) ?? {};
      fields[match[3]!] = JSON.parse(match[4]!) as string;
      found.set(key, fields);
    }
  }
  return [...found.values()].filter((fields) => fields.log_type?.startsWith('http_'));
}

function lines(folder: string): string[] {
  return readdirSync(join(hub, folder))
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(hub, folder, name), 'latin1').split('\n'))
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => {
      const { message } = readPlainEnvelope(line, CLOCK);
      return nginx.sniff(message, '') > 0 || apache.sniff(message, '') > 0;
    });
}

function isOf(read: OneLine, fields: Expected): boolean {
  const { row } = read;
  if (row?.source !== fields.source_ip) return false;
  if (fields.username !== undefined && row?.account !== plainHash(fields.username)) return false;
  // 401 with a user is a login that failed here, and its text the user.
  if (row?.outcome === Outcome.failed) return fields.sub_type === 'auth_fail' || fields.http_status === '401';
  return row?.status === Number(fields.http_status) && read.text === fields.http_path;
}

describe.skipIf(corpora === undefined)('real lines of crowdsecurity/hub', () => {
  const folders =
    corpora === undefined
      ? []
      : readdirSync(hub).filter((name) => !name.includes('.') && !(name in OTHER_FORMATS));
  const all = folders
    .map((folder) => ({ folder, lines: lines(folder), expected: expectations(folder) }))
    .filter((entry) => entry.lines.length > 0);

  test('there are some of both servers', () => {
    expect(all.length).toBeGreaterThan(40);
  });

  test('none is unreadable, and each request names a source', () => {
    for (const entry of all) {
      readEach(nginx, entry.lines, { unwrap: true }).forEach((read, i) => {
        expect([entry.folder, entry.lines[i], read.said]).not.toContain('unreadable');
        if (read.said === 'row') expect([entry.lines[i], read.row?.source]).not.toContain(undefined);
      });
    }
  });

  test('source, status, target and user are those that the hub expects', () => {
    let checked = 0;
    const missing: unknown[] = [];
    for (const { folder, lines: texts, expected } of all) {
      const reads = readEach(nginx, texts, { unwrap: true });
      for (const fields of expected) {
        // Of error logs only refusals are contacts here: the access log tells the rest.
        if (fields.log_type === 'http_error-log' && fields.sub_type !== 'auth_fail') continue;
        if (!reads.some((read) => isOf(read, fields))) missing.push([folder, fields]);
        checked++;
      }
    }
    expect(missing).toEqual([]);
    expect(checked).toBeGreaterThan(150);
  });

  test('what the hub counts as an attack carries content', () => {
    const quiet: unknown[] = [];
    for (const { folder, lines: texts, expected } of all) {
      if (!ATTACKS.includes(folder)) continue;
      const reads = readEach(nginx, texts, { unwrap: true });
      for (const fields of expected) {
        const read = reads.find((candidate) => isOf(candidate, fields));
        if ((read?.row?.content ?? 0) === 0) quiet.push([folder, fields.http_path]);
      }
    }
    expect(quiet).toEqual([]);
  });
});
