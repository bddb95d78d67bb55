import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../up/testing/running-hub.ts';
import { gatherReports } from './gather.ts';
import { readSenders } from './senders-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mail-domains-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const row = (source: string, count: number, result: 'pass' | 'fail'): string =>
  `<record><row><source_ip>${source}</source_ip><count>${count}</count><policy_evaluated><disposition>none</disposition>
  <dkim>${result}</dkim><spf>${result}</spf></policy_evaluated></row><identifiers><header_from>boone.example</header_from></identifiers>
  <auth_results><spf><domain>boone.example</domain><result>${result}</result></spf></auth_results></record>`;

const xml = (
  id: string,
): string => `<?xml version="1.0"?><feedback><report_metadata><org_name>Receiver</org_name>
<email>dmarc@receiver.example</email><report_id>${id}</report_id><date_range><begin>1790000000</begin><end>1790086400</end></date_range>
</report_metadata><policy_published><domain>boone.example</domain><p>none</p></policy_published>
${row('192.0.2.10', 90, 'pass')}${row('203.0.113.66', 10, 'fail')}</feedback>`;

const TLS = JSON.stringify({
  'organization-name': 'Receiver',
  'date-range': { 'start-datetime': '2026-09-21T00:00:00Z', 'end-datetime': '2026-09-21T23:59:59Z' },
  'report-id': 'tls-1',
  policies: [
    {
      policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'boone.example' },
      summary: { 'total-successful-session-count': 120, 'total-failure-session-count': 3 },
      'failure-details': [{ 'result-type': 'certificate-expired', 'failed-session-count': 3 }],
    },
  ],
});

const message = (attached: Uint8Array): string =>
  [
    ...['From: dmarc@receiver.example', 'Subject: Report Domain: boone.example', 'MIME-Version: 1.0'],
    ...['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'Attached.', '--b'],
    ...['Content-Type: application/gzip; name="r.xml.gz"', 'Content-Transfer-Encoding: base64', ''],
    ...[Buffer.from(attached).toString('base64'), '--b--', ''],
  ].join('\r\n');

const senders = file('senders.yaml', '- name: Our own server\n  networks: [192.0.2.0/28]\n');

describe('reports about our domains', () => {
  it('are read from messages, from what was attached to them, packed or not, and counted once', async () => {
    file('in/a.eml', message(gzipSync(xml('one'))));
    file('in/b.xml', xml('two'));
    file('in/c.xml.gz', gzipSync(xml('one')));
    file('in/d.json', TLS);
    const { code, out, error } = await runCommand([
      'mail',
      'domains',
      '--json',
      '--senders',
      senders,
      join(folder, 'in'),
    ]);
    expect([code, error]).toEqual([0, '']);
    const { domains, tls } = JSON.parse(out);
    expect(domains).toMatchObject([
      { domain: 'boone.example', messages: 200, aligned: 180, notAligned: 20, reports: 2, repeated: 1 },
    ]);
    expect(
      domains[0].sources.map(({ network, sender }: { network: string; sender: string }) => [network, sender]),
    ).toEqual([
      ['203.0.113.0/24', null],
      ['192.0.2.0/24', 'Our own server'],
    ]);
    expect(tls).toHaveLength(1);
  });

  it('are told in sentences, with what failed of encrypted delivery', async () => {
    const { code, out } = await runCommand(['mail', 'domains', '--senders', senders, join(folder, 'in')]);
    expect(code).toBe(0);
    expect(out).toMatch(/^boone\.example\n {2}/);
    expect(out).toContain('203.0.113.0/24');
    expect(out).toContain('safely 120 times, and failed 3 times (certificate-expired).');
  });

  it('that cannot be read are told, and the others are counted', async () => {
    const paths = [
      file('bad/cut.xml.gz', gzipSync(xml('x')).subarray(0, 60)),
      file('bad/hello.txt', 'hello'),
      join(folder, 'in'),
    ];
    const { code, out, error } = await runCommand(['mail', 'domains', '--json', ...paths]);
    expect(code).toBe(1);
    expect(error).toContain('cut.xml.gz');
    expect(error).toContain('hello.txt');
    expect(JSON.parse(out).domains[0].messages).toBe(200);
    const nowhere = gatherReports([join(folder, 'nowhere')]);
    expect(nowhere.isErr() ? nowhere.error.code : null).toBe('MAIL_FILE_MISSING');
  });

  it.each([
    ['- { networks: [192.0.2.0/24] }\n', 'name'],
    ['- { name: A, networks: [somewhere] }\n', 'somewhere is no network'],
    ['name: A\n', 'array'],
    ['- { name: [\n', ''],
  ])('are not summed up by a list of senders like %j', (text, why) => {
    const read = readSenders(file('wrong.yaml', text));
    expect(read.isErr() ? read.error : null).toMatchObject({
      code: 'MAIL_SETTINGS_WRONG',
      detail: expect.stringContaining(why),
    });
  });
});
