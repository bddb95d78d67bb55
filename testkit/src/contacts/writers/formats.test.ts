import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, FORMATS, type FormatName } from '../formats.ts';
import { generateContacts } from '../generate.ts';

const texts = new Map<string, string>();
const truth = generateContacts(
  { lines: 8_000, seed: 21, formats: FORMAT_NAMES },
  {
    write: (file, bytes) =>
      texts.set(file, `${texts.get(file) ?? ''}${Buffer.from(bytes).toString('latin1')}`),
  },
);

const IP = '[0-9a-f.:]+';
const OLD = '[A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d';
const NEW = '<\\d+>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}[+-]\\d\\d:\\d\\d';
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const ISO = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+(?:Z|[+-]\\d{4})';

/** What a telling line of each format looks like, written from the products' documents, not from the writers. */
const SHAPES: Readonly<Record<FormatName, string>> = {
  netfilter: `^${OLD} fw1 kernel: \\[ *\\d+\\.\\d{6}\\] (?:DROP|BLOCK|REJECT|ACCEPT): IN=eth\\d OUT=eth\\d MAC=[0-9a-f:]{41} SRC=${IP} DST=${IP} LEN=\\d+ .*PROTO=(?:TCP SPT=\\d+ DPT=\\d+ WINDOW=\\d+ RES=0x00 [A-Z ]*URGP=0 |UDP SPT=\\d+ DPT=\\d+ LEN=\\d+ |ICMP(?:v6)? TYPE=\\d+ CODE=0 ID=\\d+ SEQ=\\d+ )$`,
  filterlog: `^${NEW} firewall\\.lan filterlog 92653 - - \\d+,,,\\d+,vtnet\\d,match,(?:block|pass),in,(?:4,0x0,,\\d+,\\d+,0,(?:none|DF),\\d+,\\w+,\\d+|6,0x00,0x[0-9a-f]{5},\\d+,\\w+,\\d+,\\d+),${IP},${IP},(?:\\d+,\\d+,\\d+(?:,[SAFRPU]*,\\d*,\\d*,\\d+,,[\\w;]*)?|request,\\d+,\\d+)$`,
  nginx: `^${IP} - \\S+ \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] ${QUOTED} \\d{3} \\d+ ${QUOTED} ${QUOTED} "(?:-|${IP})"$`,
  apache: `^${IP} - \\S+ \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] ${QUOTED} \\d{3} (?:\\d+|-) ${QUOTED} ${QUOTED}$`,
  iis: `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${IP} \\S+ \\S+ \\S+ \\d+ \\S+ ${IP} \\S+ \\S+ \\d{3} 0 \\d+ \\d+$`,
  sshd: `^${OLD} bastion sshd\\[\\d+\\]: (?:Invalid user|Failed password|pam_unix|Connection|Accepted|Disconnected|Received disconnect|error: maximum|Did not receive|banner exchange|Unable to negotiate|fatal: Timeout|message repeated)`,
  'zeek-conn': `^\\d+\\.\\d{6}\\tC[0-9A-Za-z]{17}\\t${IP}\\t\\d+\\t${IP}\\t\\d+\\t(?:tcp|udp|icmp)\\t(?:-|ssl|http|ssh|dns|ntp)\\t(?:-|\\d+\\.\\d{6})\\t(?:-|\\d+)\\t(?:-|\\d+)\\t(?:S0|S1|SF|REJ|RSTO|RSTR|SHR|OTH)\\t[TF]\\t[TF]\\t0\\t(?:-|\\^?[A-Za-z]+)\\t\\d+\\t\\d+\\t\\d+\\t\\d+\\t-$`,
  'zeek-http': `^\\d+\\.\\d{6}\\tC\\w{17}\\t${IP}\\t\\d+\\t${IP}\\t80\\t\\d+(?:\\t[^\\t]*){23}$`,
  'zeek-ssh': `^\\d+\\.\\d{6}\\tC\\w{17}\\t${IP}\\t\\d+\\t${IP}\\t22\\t2\\t[TF-]\\t\\d+\\t-(?:\\t[^\\t]+){8}$`,
  'zeek-json': `^\\{"ts":\\d+\\.\\d{6},"uid":"C\\w{17}","id\\.orig_h":"${IP}".*\\}$`,
  eve: `^\\{"timestamp":"${ISO}","flow_id":\\d+,"in_iface":"eth0","event_type":"(?:flow|alert)","src_ip":"${IP}",.*\\}$`,
  asa: `^<\\d+>${OLD} asa1 : %ASA-\\d-(?:106023|106015|302013|302014|302015|302020): .*(?:${IP}/\\d+|dst inside:${IP} )`,
  paloalto: `^${ISO.replace('\\.\\d+(?:Z|[+-]\\d{4})', '[+-]\\d\\d:\\d\\d')} pa-fw1 1,\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d,016401002737,TRAFFIC,(?:end|drop|deny),2561,[^,]*,${IP},${IP},.*$`,
  fortinet: `^date=\\d{4}-\\d\\d-\\d\\d time=\\d\\d:\\d\\d:\\d\\d devname="fgt-1" .* type="traffic" .* srcip=${IP} .* dstip=${IP} .* action="(?:close|timeout|deny)" `,
  cef: `^${OLD} cef-fw1 CEF:0\\|Palo Alto Networks\\|PAN-OS\\|10\\.2\\.4\\|(?:end|deny)\\|TRAFFIC\\|1\\|rt=.* act=(?:allow|drop|reset-both) `,
  'windows-events': `^\\{"@timestamp":"${ISO}","event":\\{"action":"logon.*"event_id":"462[45]".*"IpAddress":"${IP}","IpPort":"\\d+"\\}\\}\\}$`,
  pfirewall: `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d (?:ALLOW|DROP) (?:TCP|UDP|ICMP|ICMPV6) ${IP} ${IP} (?:\\d+ \\d+|- -) \\d+ \\S+ \\S+ \\S+ \\S+ \\S+ \\S+ - (?:SEND|RECEIVE)$`,
  'entra-signin': `^\\{"time":"${ISO}",.*"category":"SignInLogs".*"resultType":"\\d+".*"callerIpAddress":"${IP}".*\\}$`,
  'flow-aws': `^2 123456789010 eni-[0-9a-f]+ ${IP} ${IP} \\d+ \\d+ (?:6|17|1|58) \\d+ \\d+ \\d+ \\d+ (?:ACCEPT|REJECT) OK$`,
  'flow-nfdump': `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,[^,]+,\\d+\\.\\d{3},${IP},${IP},\\d+,[\\d.]+,(?:TCP|UDP|ICMP|ICMP6),[.APRSFU]{8}(?:,[^,]*){39}$`,
  csv: `^${ISO},${IP},\\d+,${IP},\\d+,(?:tcp|udp|icmp),(?:allow|deny|block),(?:${QUOTED.replace('\\\\\\\\.', '""')}|"(?:[^"]|"")*")?$`,
  ndjson: `^\\{"time":"${ISO}","source":"${IP}",.*"action":"(?:allow|deny|block)"\\}$`,
};

describe.each(FORMAT_NAMES)('lines of %s', (format) => {
  const { file } = FORMATS[format];
  const lines = (texts.get(file) as string).split('\n').slice(0, -1);
  const counts = truth.files.find((each) => each.format === format);

  it('have the shape that the product documents, as many as the truth says', () => {
    const shape = new RegExp(SHAPES[format]);
    const odd = lines.filter((line) => !shape.test(line));
    const expected = (counts?.lossReports ?? 0) + (counts?.ignored ?? 0) + (counts?.junk ?? 0);
    expect(odd.slice(0, expected + 5)).toHaveLength(expected);
  });

  it('have no line feed inside and no carriage return', () => {
    expect(lines.filter((line) => line.includes('\r'))).toEqual([]);
    expect(lines.length).toBe(counts?.lines);
  });
});

describe('JSON formats', () => {
  it.each(['zeek-json', 'eve', 'windows-events', 'entra-signin', 'ndjson'] as const)(
    'are JSON: %s',
    (format) => {
      const lines = (texts.get(FORMATS[format].file) as string).split('\n').slice(0, -1);
      let broken = 0;
      for (const line of lines) {
        try {
          JSON.parse(line);
        } catch {
          broken++;
        }
      }
      expect(broken).toBe(truth.files.find((each) => each.format === format)?.junk);
    },
  );

  it('have EVE lines of about 690 bytes, as flow events of Suricata 7 are', () => {
    const text = texts.get('eve.json') as string;
    const mean = text.length / text.split('\n').length;
    expect(mean).toBeGreaterThan(650);
    expect(mean).toBeLessThan(730);
  });
});

describe('syslog', () => {
  it('comes in either header when asked', () => {
    let text = '';
    const sink = {
      write(file: string, bytes: Uint8Array) {
        if (file === 'auth.log') text += Buffer.from(bytes).toString('latin1');
      },
    };
    generateContacts({ lines: 5_000, seed: 2, formats: ['sshd'], syslog: 'mixed' }, sink);
    const lines = text.split('\n');
    expect(lines.filter((line) => new RegExp(`^${OLD} bastion `).test(line)).length).toBeGreaterThan(500);
    expect(lines.filter((line) => new RegExp(`^${NEW} bastion `).test(line)).length).toBeGreaterThan(500);
  });
});
