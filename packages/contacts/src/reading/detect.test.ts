import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMAT_NAMES, generateContacts, Random } from '@bellwether/testkit';
import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect.ts';
import { FORMATS } from './formats.ts';
import { SAMPLES } from './samples.ts';

const hub = join(process.env.BELLWETHER_CORPORA ?? '', 'contacts/crowdsec-hub');
const noCorpora = process.env.BELLWETHER_CORPORA === undefined;

/** nginx and Apache write the same combined format, and one reader reads both. */
function sameReader(name: string): string {
  return name === 'apache' ? 'nginx' : name;
}

function found(lines: readonly string[]): string {
  return sameReader(detectFormat(lines)?.format.name ?? 'none');
}

describe('the format of a file', () => {
  it.each(Object.entries(SAMPLES))('%s is known by its documented lines', (name, files) => {
    for (const lines of files) expect(found(lines), lines[0]).toBe(sameReader(name));
  });

  it.each(Object.entries(SAMPLES))('%s is known inside syslog headers', (name, files) => {
    const format = FORMATS.find((one) => one.name === name);
    expect(format).toBeDefined();
    if (format?.syslog === 'always') return;
    for (const lines of files) {
      const wrapped = lines.map((line) => `<13>Oct  9 22:33:20 collector app[7]: ${line}`);
      expect(found(wrapped)).toBe(sameReader(name));
      expect(detectFormat(wrapped)?.unwrap).toBe(true);
      const structured = lines.map((line) => `<13>1 2026-10-09T22:33:20Z collector app - - - ${line}`);
      expect(found(structured)).toBe(sameReader(name));
    }
  });

  it('is the one that most lines are of, and the others are told', () => {
    const sshd = SAMPLES.sshd![0]!.slice(0, 30);
    const netfilter = SAMPLES.netfilter![0]!.slice(0, 6);
    const detected = detectFormat([...netfilter, ...sshd]);
    expect(detected?.format.name).toBe('sshd');
    expect(detected?.evidence.others).toEqual([{ name: 'netfilter', sure: 6 }]);
    expect(detected?.evidence.lines).toBe(36);
  });

  it('with a header is known by it, whatever its lines look like', () => {
    expect(found(['ts,te,td,sa,da,sp,dp,pr,flg', ...Array.from({ length: 50 }, () => 'x,y')])).toBe('flow');
  });

  it('is unknown where no line is of a format', () => {
    expect(detectFormat([])).toBeUndefined();
    expect(detectFormat(['', ''])).toBeUndefined();
    expect(detectFormat(['# Readme', 'This is a text.', '\u0000\u0001\u00ff'])).toBeUndefined();
  });

  it('when named is that one, and only its wrapping is found', () => {
    const named = FORMATS.find((format) => format.name === 'pfirewall')!;
    const packets = SAMPLES.pfirewall![0]!.slice(4);
    expect(detectFormat(packets, { named })).toMatchObject({ format: named, unwrap: false });
    const wrapped = packets.map((line) => `Oct  9 22:33:20 win7 firewall: ${line}`);
    expect(detectFormat(wrapped, { named })?.unwrap).toBe(true);
    expect(detectFormat(['nothing of it'], { named })).toMatchObject({ format: named, unwrap: false });
    expect(detectFormat([], { named })).toMatchObject({ format: named });
  });

  it('is looked for in 200 lines and 64 KiB at most', () => {
    const late = [...Array.from({ length: 200 }, () => 'x'), ...SAMPLES.sshd![0]!];
    expect(detectFormat(late)).toBeUndefined();
    expect(detectFormat(['x'.repeat(70_000), ...SAMPLES.sshd![0]!])).toBeUndefined();
    expect(detectFormat([`${SAMPLES.sshd![0]![0]!}${'x'.repeat(1_000_000)}`])?.evidence.lines).toBe(1);
  });

  it('is found of hostile lines without getting slow', () => {
    const pieces = [
      'IN= OUT= SRC=1 DST=1 ',
      '{"a":',
      '"EventID" : ',
      '- [',
      'a,',
      '1 2 ',
      ' \t',
      '#Fields: ',
      '"id.orig_h":',
    ];
    for (const piece of pieces) {
      const line = piece.repeat(1 + 4_000 / piece.length);
      expect(() => detectFormat(Array.from({ length: 100 }, () => line))).not.toThrow();
    }
  });
});

describe('the format of generated traffic', () => {
  /** Formats of the testkit whose name is not that of the reader. */
  const readers: Readonly<Record<string, string>> = {
    'zeek-conn': 'zeek',
    'zeek-http': 'zeek',
    'zeek-ssh': 'zeek',
    'zeek-json': 'zeek',
    'flow-aws': 'flow',
    'flow-nfdump': 'flow',
  };
  const files = new Map<string, Buffer[]>();
  const truth = generateContacts(
    { lines: 400, seed: new Random(7).integer(1, 1000), formats: FORMAT_NAMES },
    {
      write(file, bytes) {
        files.set(file, [...(files.get(file) ?? []), Buffer.from(bytes)]);
      },
    },
  );

  it.each(truth.files.map((file) => [file.format, file.file] as const))('%s is known', (format, file) => {
    const name = readers[format] ?? format;
    if (!FORMATS.some((one) => one.name === name)) return;
    const lines = Buffer.concat(files.get(file)!).toString('latin1').split('\n').slice(0, 300);
    expect(found(lines)).toBe(sameReader(name));
  });
});

describe.skipIf(noCorpora)('the format of real lines of crowdsecurity/hub', () => {
  it.each([
    ['iptables-scan-multi-port/iptables-scan-multi-port.log', 'netfilter'],
    ['proxmox-iptables-logs/proxmox-iptables.log', 'netfilter'],
    ['ssh-bf/ssh-bf.log', 'sshd'],
    ['opnsense-sshd/opnsense-sshd.log', 'sshd'],
    ['ssh-timeout/ssh-timeout.log', 'sshd'],
    ['sshd-bad-keyexchange-bf/sshd-bad-keyexchange-bf.log', 'sshd'],
    ['pf-scan-multi-port/pf-scan-multi-port.log', 'filterlog'],
    ['pfsense-rfc5424-filterlog/pfsense-rfc5424-filterlog.log', 'filterlog'],
    ['suricata-logs-evelog/suricata-logs-evelog.log', 'eve'],
    ['palo-alto-threat/palo-alto-threat.log', 'paloalto'],
  ])('%s is %s', (path, name) => {
    const lines = readFileSync(join(hub, path), 'latin1').split(/\r?\n/);
    expect(found(lines)).toBe(name);
  });
});
