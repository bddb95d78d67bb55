import { describe, expect, it } from 'vitest';
import { readEach } from './harness.ts';
import { netfilter } from './netfilter.ts';

function losses(lines: readonly string[]) {
  return readEach(
    netfilter,
    lines.map((line) => `Oct  9 22:33:20 fw1 ${line}`),
  ).map(({ said, lost, lostUnknown }) => [said, lostUnknown ? 'unknown' : lost]);
}

describe('a loss that a daemon admits', () => {
  it.each([
    ['kernel: [1.1] net_ratelimit: 123 callbacks suppressed', 123],
    ['kernel: [1.1] printk: bash: 5 output lines suppressed due to ratelimiting', 5],
    ['systemd-journald[88]: Suppressed 1234 messages from sshd.service', 1234],
    ['systemd-journald[88]: Missed 7 kernel messages', 7],
    ['systemd-journald[88]: Forwarding to syslog missed 12 messages.', 12],
    ['rsyslogd: imuxsock lost 56 messages from pid 123 due to rate-limiting', 56],
    ['rsyslogd: imjournal: 14 messages lost due to rate-limiting', 14],
    ['rsyslogd: imuxsock[pid 123]: begin to drop messages due to rate-limiting', 'unknown'],
    ['rsyslogd-2177: imuxsock begins to drop messages from pid 123 due to rate-limiting', 'unknown'],
    ['bellwether-agent: the agent lost 7 messages: syslog-udp:0.0.0.0:514 more came than could be kept', 7],
    ['bellwether-agent: had to drop messages: file:/var/log/fw.log the file was emptied', 'unknown'],
  ])('is counted: %s', (line, lost) => {
    expect(losses([line])).toEqual([['ignored', lost]]);
  });

  it('is counted as an agent sends it, in a line of RFC 5424', () => {
    const line =
      '<44>1 2026-11-22T12:00:00.000Z pc7 bellwether-agent - - - the agent lost 7 messages: syslog-udp flood';
    expect(readEach(netfilter, [line])[0]).toMatchObject({ said: 'ignored', lost: 7 });
  });

  it.each([
    'sshd[7]: something lost 999999 messages from pid 1',
    'app: net_ratelimit: 123 callbacks suppressed',
    'kernel: callbacks suppressed',
    'kernel: a99999999999999999999 callbacks suppressed',
    'systemd-journald[88]: Suppressed many messages from x',
    'cron[88]: 5 messages lost',
  ])('is believed of the daemon only, and only as it words it: %s', (line) => {
    expect(losses([line])).toEqual([['ignored', 0]]);
  });
});
