import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The command as people run it: these tests are of the built program, with its workers. */
const PROGRAM = fileURLToPath(new URL('../../dist/bellwether.js', import.meta.url));

let folder: string;
beforeAll(() => {
  if (!existsSync(PROGRAM)) throw new Error('the command is not built: run `npm run build`');
  folder = mkdtempSync(join(tmpdir(), 'command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the command; `input` comes through its standard input. */
function run(args: string[], input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args],
      { maxBuffer: 1 << 28 },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.on('error', () => {
      // It had seen enough.
    });
    child.stdin?.end(input);
  });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (s: number): string =>
  `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;

/** Packets at a firewall; one source asks for many ports. */
function netfilter(n: number): string {
  return Array.from({ length: n }, (_, i) => {
    const source = i % 7 === 0 ? '203.0.113.7' : `192.0.2.${i % 250}`;
    return `Oct  7 ${clock(i % 86_400)} fw1 kernel: [1.5] DROP: IN=eth0 OUT= MAC=00 SRC=${source} DST=198.18.${i % 4}.${i % 200} LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=1 PROTO=TCP SPT=5222 DPT=${1000 + (i % 5000)} WINDOW=1024 RES=0x00 SYN URGP=0\n`;
  }).join('');
}

/** Zeek's conn.log; every few thousand lines its header comes again, with the columns in another order. */
function zeek(n: number): string {
  const orders = [
    ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'conn_state'],
    ['uid', 'id.resp_p', 'id.resp_h', 'id.orig_p', 'id.orig_h', 'conn_state', 'proto', 'ts'],
  ];
  let text = '';
  for (let i = 0; i < n; i++) {
    const fields = orders[Math.floor(i / 7000) % 2]!;
    if (i % 7000 === 0) {
      text += `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${fields.join('\t')}\n`;
    }
    const row: Record<string, string> = {
      ts: (1_791_331_200 + i).toFixed(6),
      uid: `C${i.toString(36)}x`,
      'id.orig_h': i % 9 === 0 ? '203.0.113.7' : `2001:db8::${(i % 300).toString(16)}`,
      'id.orig_p': '5555',
      'id.resp_h': i % 9 === 0 ? `198.18.0.${i % 200}` : '2001:db8:4f::9',
      'id.resp_p': String(1 + (i % 4000)),
      proto: 'tcp',
      conn_state: 'REJ',
    };
    text += `${fields.map((name) => row[name]).join('\t')}\n`;
  }
  return text;
}

describe('bellwether watch', { timeout: 60_000 }, () => {
  it('tells the same, byte for byte, with one worker, two and three', async () => {
    const inputs = [file('fw.log', netfilter(30_000)), file('conn.log', zeek(40_000))];
    const told = await Promise.all(
      [1, 2, 3].map(async (workers) => {
        const [decisions, verdicts] = ['d', 'v'].map((name) => join(folder, `${name}${workers}`)) as [
          string,
          string,
        ];
        const where = ['--decisions', decisions, '--verdicts', verdicts, '--workers', String(workers)];
        const { code, stdout, stderr } = await run([
          'watch',
          '--json',
          '--year',
          '2026',
          ...where,
          ...inputs,
        ]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        return [stdout, readFileSync(decisions, 'utf8'), readFileSync(verdicts, 'utf8')];
      }),
    );

    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(JSON.parse(told[0]![0]!)).toMatchObject({ balanced: true, contacts: 70_000, unreadable: 0 });
    expect(told[0]![1]).toContain('203.0.113.7/32');
  });

  it('reads a pipe with several workers, and tells the same as of the file', async () => {
    const text = netfilter(20_000);
    const path = file('piped.log', text);
    const args = ['watch', '--json', '--year', '2026', '--workers', '2'];
    const ofFile = JSON.parse((await run([...args, path])).stdout);
    const ofPipe = JSON.parse((await run([...args, '-'], text)).stdout);

    expect({ ...ofPipe, files: [] }).toEqual({ ...ofFile, files: [] });
    expect(ofPipe.files).toEqual([{ path: '-', format: 'netfilter', lines: 20_000, unreadable: 0 }]);
  });

  it('counts what a sensor lost the same, wherever the blocks between its counters are cut', async () => {
    const text = Array.from({ length: 12_000 }, (_, i) => {
      const time = new Date(1_791_331_200_000 + i).toISOString().replace('Z', '000+0000');
      const drops = 5 * i - (i > 9_000 ? 40_000 : 0);
      const event =
        i % 100 === 99
          ? `"event_type":"stats","stats":{"uptime":${i},"capture":{"kernel_packets":900,"kernel_drops":${drops}}}`
          : `"event_type":"flow","flow_id":${i + 1},"src_ip":"203.0.113.7","src_port":4000,"dest_ip":"198.18.0.9","dest_port":22,"proto":"TCP","flow":{"pkts_toserver":1,"pkts_toclient":0,"state":"new"},"tcp":{"tcp_flags":"02","tcp_flags_ts":"02","tcp_flags_tc":"00","syn":true}`;
      return `{"timestamp":"${time}",${event}}\n`;
    }).join('');
    const path = file('eve.json', text);
    const told = await Promise.all(
      ['1', '2', '3'].map(
        async (workers) => (await run(['watch', '--json', '--workers', workers, path])).stdout,
      ),
    );

    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    // The counter is lower once: the sensor was started again, and counts from 0.
    expect(JSON.parse(told[0]!)).toMatchObject({
      lostAtSensor: 5 * 8999 + (5 * 11_999 - 40_000),
      unreadable: 0,
    });
  });

  it('ends with 0 for an account in words, on standard output alone', async () => {
    const { code, stdout, stderr } = await run(['watch', '--year', '2026', file('fw0.log', netfilter(50))]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^50 lines, 50 contacts from /);
  });

  it('ends with 1 where an input cannot be read, and names it', async () => {
    const { code, stdout, stderr } = await run(['watch', '--json', join(folder, 'none.log')]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('none.log');
    expect(stderr).toContain('WATCH_INPUT_MISSING');
  });

  it.each([
    [['watch']],
    [['watch', '--nonsense', 'x']],
    [['watch', '--year', 'soon', 'x']],
    [['watch', '--workers', '0', 'x']],
    [['watch', '--json', '--decisions', '-', 'x']],
    [['watch', '--decisions', '-', '--verdicts', '-', 'x']],
    [['watch', '--format', 'nonsense', PROGRAM]],
    [['surface']],
    [['surface', 'paint', 'x']],
    [['surface', 'suggest']],
  ])('ends with 2 for wrong usage: %s', async (args) => {
    const { code, stdout, stderr } = await run(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^bellwether (watch|surface): /);
  });

  it('ends with 3 where something came through', async () => {
    const surface = file(
      'surface.yaml',
      'networks: [198.18.0.0/15]\nservices:\n  - { name: office-ssh, address: 198.18.0.9, port: 22, protocol: tcp, audience: staff }\n',
    );
    const log = file(
      'in.log',
      netfilter(3)
        .replaceAll('DROP', 'ACCEPT')
        .replaceAll(/DST=\S+/g, 'DST=198.18.0.9')
        .replaceAll(/DPT=\d+/g, 'DPT=22'),
    );
    const { code, stdout } = await run(['watch', '--json', '--year', '2026', '--surface', surface, log]);

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      dispositions: { through: 3 },
      through: [{ line: 1 }, { line: 2 }, { line: 3 }],
    });
  });

  it('gives standard output to decisions that ask for it, and puts the account beside', async () => {
    const { code, stdout, stderr } = await run([
      'watch',
      '--year',
      '2026',
      '--decisions',
      '-',
      file('fw1.log', netfilter(3000)),
    ]);

    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).value),
    ).toContain('203.0.113.7/32');
    expect(stderr).toMatch(/^3,000 lines/);
  });

  it('adds how long it took only when asked', async () => {
    const path = file('fw2.log', netfilter(10));
    const plain = JSON.parse((await run(['watch', '--json', '--year', '2026', path])).stdout);
    const timed = JSON.parse((await run(['watch', '--json', '--timing', '--year', '2026', path])).stdout);
    const { timing, ...rest } = timed;

    expect(rest).toEqual(plain);
    expect(Object.keys(timing)).toEqual(['seconds', 'linesPerSecond']);
  });

  it('tells its options and formats with --help', async () => {
    const { code, stdout } = await run(['watch', '--help']);

    expect(code).toBe(0);
    for (const word of ['--surface', '--decisions', 'netfilter', 'Exit code']) expect(stdout).toContain(word);
  });
});

describe('bellwether surface', { timeout: 60_000 }, () => {
  it('drafts a surface that it then finds nothing wrong with', async () => {
    const log = file(
      'served.log',
      netfilter(40)
        .replaceAll('DROP', 'ACCEPT')
        .replaceAll(/DPT=\d+/g, 'DPT=443'),
    );
    const drafted = await run(['surface', 'suggest', '--year', '2026', log]);
    const surface = file('draft.yaml', drafted.stdout);
    const checked = await run(['surface', 'check', surface]);

    expect(drafted).toMatchObject({ code: 0, stderr: '' });
    expect(drafted.stdout).toContain('services:');
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('draft.yaml is a surface') });
  });

  it('names the lines of mistakes', async () => {
    const path = file('wrong.yaml', 'networks: [198.18.0.1/15]\nnever_blok: []\n');
    const { code, stderr } = await run(['surface', 'check', path]);
    const json = await run(['surface', 'check', '--json', path]);

    expect(code).toBe(1);
    expect(stderr).toContain(`${path}:1:`);
    expect(stderr).toContain(`${path}:2:`);
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, problems: [{ line: 1 }, { line: 2 }] });
  });
});
