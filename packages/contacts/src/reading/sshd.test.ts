import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Outcome } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { type PlainLine, plainHash } from './plain.ts';
import { readSshd } from './sshd.reference.ts';
import { SSHD_SAMPLES } from './sshd.samples.ts';
import { sshd } from './sshd.ts';

const hub = join(process.env.BELLWETHER_CORPORA ?? '', 'contacts/crowdsec-hub');
const noCorpora = process.env.BELLWETHER_CORPORA === undefined;
const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

function reference(line: string): PlainLine {
  if (line === '') return { line: 'ignored' };
  const header = readPlainEnvelope(line, CLOCK);
  return header.repeatsLast ? { line: 'ignored' } : readSshd(header.message, header);
}

function agrees(line: string, read: OneLine): void {
  const said = reference(line);
  if ('line' in said) {
    expect(read.said, line).toBe(said.line);
    if (said.line === 'ignored' && /sshd\S*: (error: )?exited MaxStartups/.test(line)) {
      expect(read.lost, line).toBe(said.lost ?? 0);
    }
    return;
  }
  // The reference knows the process, not the key that is made of it.
  const expected = said.key === undefined ? said : { ...said, key: read.row?.key ?? 'none' };
  expect(read.row, line).toEqual(expected);
}

function line(message: string, pid = 7, app = 'sshd'): string {
  return `Oct  9 22:33:20 office-17 ${app}[${pid}]: ${message}`;
}

function read(message: string): OneLine {
  return readEach(sshd, [line(message)])[0]!;
}

describe('a line of sshd', () => {
  it('is read as the reference reads it', () => {
    readEach(sshd, SSHD_SAMPLES).forEach((one, i) => {
      agrees(SSHD_SAMPLES[i]!, one);
    });
  });

  it('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(3);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(SSHD_SAMPLES));
    readEach(sshd, lines).forEach((one, i) => {
      agrees(lines[i]!, one);
    });
  });

  it('names source, port, account and what became of the login', () => {
    expect(read('Failed password for invalid user Oracle from 192.0.2.7 port 52221 ssh2')).toMatchObject({
      row: {
        outcome: Outcome.failed,
        source: '192.0.2.7',
        sourcePort: 52221,
        destinationPort: 22,
        account: plainHash('oracle'),
        invalidAccount: true,
      },
      text: 'Oracle',
    });
    expect(read('Accepted publickey for clerk from 2001:db8::4 port 5 ssh2: RSA SHA256:x').row).toMatchObject(
      {
        outcome: Outcome.succeeded,
        source: '2001:db8::4',
      },
    );
    expect(
      read('Connection closed by authenticating user root 192.0.2.1 port 2 [preauth]').row,
    ).toMatchObject({
      outcome: Outcome.failed,
      account: plainHash('root'),
    });
    expect(read('Connection reset by 192.0.2.1 port 2 [preauth]').row).toMatchObject({
      outcome: Outcome.established,
    });
    expect(
      read('drop connection #1 from [192.0.2.3]:1 on [198.18.0.9]:2222 past MaxStartups').row,
    ).toMatchObject({
      outcome: Outcome.denied,
      destination: '198.18.0.9',
      destinationPort: 2222,
    });
  });

  it('shares a key with the lines of its process on its host, and with no others', () => {
    const messages = [
      line('Invalid user x from 192.0.2.7 port 5', 7),
      line('Failed password for invalid user x from 192.0.2.7 port 5 ssh2', 7),
      line('Connection closed by invalid user x 192.0.2.7 port 5 [preauth]', 8),
      line('Invalid user x from 192.0.2.7 port 5', 7).replace('office-17', 'office-18'),
      line('Timeout before authentication for connection from 192.0.2.7 to 198.18.0.9, pid = 7', 1),
    ];
    const keys = readEach(sshd, messages).map((one) => one.row?.key);
    expect(keys[0]).toBeDefined();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[4]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('after the login is detail, because another process writes it', () => {
    for (const message of [
      'Disconnected from user clerk 198.51.100.4 port 50001',
      'Received disconnect from 198.51.100.4 port 50001:11: disconnected by user',
      'Close session: user clerk from 198.51.100.4 port 34928 id 0',
    ]) {
      expect(read(message).row, message).toMatchObject({ detail: true, source: '198.51.100.4' });
    }
  });

  it('that rsyslog counted stands for all of them', () => {
    const one = read('message repeated 5 times: [ Failed password for root from 192.0.2.7 port 5 ssh2]');
    expect(one.row).toMatchObject({ source: '192.0.2.7', repeat: 4, outcome: Outcome.failed });
  });

  it('admits what MaxStartups dropped', () => {
    const [one] = readEach(sshd, [
      line('exited MaxStartups throttling after 00:01:02, 24 connections dropped'),
    ]);
    expect(one).toMatchObject({ said: 'ignored', lost: 23 });
  });
});

/** Our attacker is 192.0.2.1; 203.0.113.66 is whom he wants to see blocked. */
const INJECTIONS: ReadonlyArray<readonly [string, string]> = [
  [
    'a second tail in the name',
    'Failed password for invalid user x from 203.0.113.66 port 22 ssh2 from 192.0.2.1 port 5 ssh2',
  ],
  [
    'a bare address in the name',
    'Failed password for invalid user from 203.0.113.66 from 192.0.2.1 port 5 ssh2',
  ],
  ['a name that is a whole line', 'Invalid user root from 203.0.113.66 port 1 ssh2 from 192.0.2.1 port 5'],
  ['a name with an old tail', 'Invalid user root from 203.0.113.66 from 192.0.2.1'],
  [
    'a port in the name',
    'Connection closed by authenticating user test 203.0.113.66 port 12345 192.0.2.1 port 5 [preauth]',
  ],
  [
    'a whole tail in the name',
    'Connection closed by invalid user x 203.0.113.66 port 1 [preauth] 192.0.2.1 port 5 [preauth]',
  ],
  [
    'a banner with a tail',
    "Bad protocol version identification 'x' from 203.0.113.66 port 1' from 192.0.2.1 port 5",
  ],
  [
    'a reason with a tail',
    'Received disconnect from 192.0.2.1 port 5:11: Bye from 203.0.113.66 port 22 [preauth]',
  ],
  [
    'an offer with a tail',
    'Unable to negotiate with 192.0.2.1 port 5: no matching cipher found. Their offer: x from 203.0.113.66 port 22 ssh2 [preauth]',
  ],
  [
    'a version with an address',
    'Protocol major versions differ for 192.0.2.1 port 5: SSH-2.0-OpenSSH vs. SSH-1.5-x from 203.0.113.66 port 22',
  ],
  [
    'rhost in the user of PAM',
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=x rhost=203.0.113.66',
  ],
  [
    'a message in the name',
    'Invalid user message repeated 9 times: [ Failed password for root from 203.0.113.66 port 1 ssh2] from 192.0.2.1 port 5',
  ],
  [
    'tries exceeded by a name',
    'error: maximum authentication attempts exceeded for invalid user a from 203.0.113.66 port 1 ssh2 [preauth] from 192.0.2.1 port 5 ssh2 [preauth]',
  ],
  ['a PTR record that is an address', 'Nasty PTR record "203.0.113.66" is set up for 192.0.2.1, ignoring'],
  [
    'a PTR record with brackets',
    'reverse mapping checking getaddrinfo for x [203.0.113.66] failed - POSSIBLE BREAK-IN ATTEMPT! [192.0.2.1] failed - POSSIBLE BREAK-IN ATTEMPT!',
  ],
  [
    'a name in a PAM error',
    'error: PAM: Authentication failure for illegal user x from 203.0.113.66 from 192.0.2.1',
  ],
  [
    'a corrupt packet of a name',
    'ssh_dispatch_run_fatal: Connection from invalid user x 203.0.113.66 port 1: y 192.0.2.1 port 5: Connection corrupted [preauth]',
  ],
];

/** Text of the client's on both sides of the address: it cannot be told which is true, and nobody is named. */
const UNDECIDABLE: ReadonlyArray<readonly [string, string]> = [
  [
    'a key id with a tail',
    'Failed publickey for invalid user x from 192.0.2.1 port 5 ssh2: RSA-CERT SHA256:x ID y from 203.0.113.66 port 22 ssh2 (serial 0)'.replace(
      'ssh2 (',
      'ssh2: (',
    ),
  ],
  [
    'a principal with a tail',
    'Failed gssapi-with-mic for root from 192.0.2.1 port 5 ssh2: x from 203.0.113.66 port 22 ssh2',
  ],
  [
    'a name that begins a key',
    'Failed publickey for invalid user x from 203.0.113.66 port 1 ssh2: RSA from 192.0.2.1 port 5 ssh2: RSA SHA256:x',
  ],
  [
    'a changed name',
    'Disconnecting invalid user x 192.0.2.1 port 5: Change of username or service not allowed: (x,ssh-connection) -> (y 203.0.113.66 port 22: Too many authentication failures,ssh-connection) [preauth]',
  ],
  [
    'a name that is a reason',
    'Disconnecting invalid user x 203.0.113.66 port 1: Too many authentication failures 192.0.2.1 port 5: Too many authentication failures [preauth]',
  ],
  [
    'a filled ruser',
    'pam_ldap(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=x rhost=203.0.113.66 rhost=192.0.2.1',
  ],
];

describe('text of the client', () => {
  it.each(INJECTIONS)('names no victim: %s', (_, message) => {
    expect(read(message).row?.source).toBe('192.0.2.1');
  });

  it.each(UNDECIDABLE)('names nobody where it stands on both sides: %s', (_, message) => {
    const one = read(message);
    expect(one.said).toBe('row');
    expect(one.row).not.toHaveProperty('source');
    expect(one.row?.key).toBeDefined();
  });

  it('that is long enough to cut the true address off names nobody', () => {
    const name = `${'x'.repeat(940)} from 203.0.113.66 port 22 ssh2`;
    const message = `Failed password for invalid user ${name} from 192.0.2.1 port 5 ssh2`;
    for (let length = 960; length <= message.length; length++) {
      const one = read(message.slice(0, length));
      expect(one.row?.source, `${length}`).toBeUndefined();
    }
    const repeated = `message repeated 2 times: [ ${message.slice(0, 799)}]`;
    expect(read(repeated.replaceAll('xxxx', '')).row?.source ?? 'nobody').not.toBe('203.0.113.66');
  });

  it('cannot pass for another program, or for sshd in one', () => {
    const lines = [
      line('Failed password for root from 203.0.113.66 port 22 ssh2', 7, 'httpd'),
      line('x sshd[7]: Failed password for root from 203.0.113.66 port 22 ssh2', 7, 'app'),
      'Failed password for root from 203.0.113.66 port 22 ssh2',
    ];
    expect(readEach(sshd, lines).map((one) => one.said)).toEqual(['ignored', 'ignored', 'unreadable']);
  });

  it('cannot stand for a name that is an address cut short', () => {
    expect(read('Invalid user x from 192.0.2').said).toBe('unreadable');
    expect(read('Invalid user x from 2001:db8:').said).toBe('unreadable');
    expect(read('Failed password for root from 192.0.2.1 port 5').said).toBe('unreadable');
  });
});

/** What crowdsecurity/hub calls the lines that its parser for sshd takes for something. */
const OUTCOMES: Readonly<Record<string, readonly number[]>> = {
  'ssh_failed-auth': [Outcome.failed],
  auth_success: [Outcome.succeeded],
  // Here: somebody connected and did not sign in.
  ssh_auth_timeout: [Outcome.established],
  ssh_dispatch_fatal: [Outcome.established],
  ssh_bad_keyexchange: [Outcome.established],
};

describe.skipIf(noCorpora)('real lines of crowdsecurity/hub', () => {
  const folders: ReadonlyArray<readonly [string, string, number]> = [
    ['ssh-bf', 'ssh-bf.log', 0],
    ['ssh-slow-bf', 'ssh-slow-bf.log', 0],
    ['ssh-generic-test', 'ssh-generic-test.log', 0],
    ['ssh-time-based-bf', 'ssh-time-based-bf.log', 0],
    ['ssh-timeout', 'ssh-timeout.log', 0],
    ['sshd-bad-keyexchange-bf', 'sshd-bad-keyexchange-bf.log', 0],
    ['sshd-impossible-travel-user', 'sshd-success-logs.log', 0],
    ['sshd-invalid-bf', 'sshd-invalid-bf.log', 0],
    ['opnsense-sshd', 'opnsense-sshd.log', 0],
  ];

  it.each(folders)('of %s are all read, and agree with what that product expects', (folder, file) => {
    const text = readFileSync(join(hub, folder, file), 'latin1');
    const lines = text.split(/\r?\n/).filter((one) => one.trim() !== '');
    const answers = readEach(sshd, lines);
    answers.forEach((one, i) => {
      agrees(lines[i]!, one);
    });
    expect(answers.map((one) => one.said)).toEqual(lines.map(() => 'row'));
    const asserted = readFileSync(join(hub, folder, 'scenario.assert'), 'utf8');
    const events = new Map<string, Map<string, string>>();
    for (const [, event, name, value] of asserted.matchAll(
      /(results\[\d+\][^ ]*Events\[\d+\])\.GetMeta\("(\w+)"\) == "([^"]*)"/g,
    )) {
      if (!events.has(event!)) events.set(event!, new Map());
      events.get(event!)!.set(name!, value!);
    }
    expect(events.size).toBeGreaterThan(0);
    for (const [event, meta] of events) {
      const user = meta.get('target_user') ?? meta.get('user');
      const outcomes = OUTCOMES[meta.get('log_type') ?? ''];
      expect(outcomes, `${event}: ${meta.get('log_type')}`).toBeDefined();
      const match = answers.find(
        ({ row }) =>
          row?.source === meta.get('source_ip') &&
          outcomes!.includes(row!.outcome) &&
          (user === undefined || row!.account === plainHash(user)),
      );
      expect(match, `${event}: ${[...meta].join(' ')}`).toBeDefined();
    }
  });

  it('of sshd-logs-fp, which must raise nothing, are detail', () => {
    const lines = readFileSync(join(hub, 'sshd-logs-fp/sshd-logs.log'), 'latin1').split('\n').filter(Boolean);
    for (const one of readEach(sshd, lines))
      expect(one.row).toMatchObject({ detail: true, outcome: Outcome.unknown });
  });
});
