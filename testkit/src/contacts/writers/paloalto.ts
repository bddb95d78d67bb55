/**
 * PAN-OS TRAFFIC logs as syslog: comma-separated fields in the order of docs.paloaltonetworks.com, Traffic Log Fields
 * (PAN-OS 10.1), up to Device Name and with the fields behind it empty.
 */
import { Fate } from '../network-events.ts';
import { networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

/** Microseconds between the end of a session and its line. */
const LOG_DELAY = 1_000_000;

const EMPTY_TAIL = ',from-policy,,,0,,0,,N/A,0,0,0,0,aa6a6b2c-5a3b-4c5d-8e9f-0a1b2c3d4e5f,0,0,,,,,,,';

const APP_OF_PORT: Readonly<Record<number, string>> = {
  443: 'ssl',
  80: 'web-browsing',
  22: 'ssh',
  53: 'dns',
  123: 'ntp',
};

/** The writer. */
export function paloaltoWriter(desk: Desk): Writer {
  const { local, file } = desk;
  const odd = oddLines(desk, (time, turn) => {
    const at = local.at(time);
    const stamp = `${at.date.replaceAll('-', '/')} ${at.time}`;
    const header = `${at.date}T${at.time}${at.offset.slice(0, 3)}:00 pa-fw1 `;
    if (turn % 2 === 0) file.junk(`${header}1,${stamp},016401002737,TRAF`);
    else
      file.ignored(
        `${header}1,${stamp},016401002737,SYSTEM,general,0,${stamp},,general,,0,0,general,informational,"Config installed",1,0x0,0,0,0,0,,pa-fw1`,
      );
  });
  return {
    delay: (row) => storyOf(desk, row).duration + LOG_DELAY,
    write(row) {
      const story = storyOf(desk, row);
      const written = story.time + story.duration + LOG_DELAY;
      odd(written);
      const letIn = wasLetIn(story.fate);
      const started = local.at(story.time);
      const begun = `${started.date.replaceAll('-', '/')} ${started.time}`;
      const at = local.at(written);
      const now = `${at.date.replaceAll('-', '/')} ${at.time}`;
      const app =
        letIn && story.receivedBytes > 200
          ? (APP_OF_PORT[story.port] ?? 'unknown-tcp')
          : letIn
            ? 'incomplete'
            : 'not-applicable';
      const subtype = letIn ? 'end' : story.fate === Fate.rejected ? 'deny' : 'drop';
      const action = letIn ? 'allow' : story.fate === Fate.rejected ? 'reset-both' : 'drop';
      const rule = letIn ? 'allow-public' : story.fate === Fate.blocked ? 'blocklist' : 'interzone-default';
      const zones = story.outbound ? 'trust,untrust' : 'untrust,dmz';
      const reason = letIn ? (story.fate === Fate.answered ? 'tcp-fin' : 'aged-out') : 'policy-deny';
      const received = letIn ? story.receivedBytes : 0;
      const receivedPackets = letIn ? story.receivedPackets : 0;
      const ports = story.protocol === 'icmp' ? '0,0,0,0' : `${story.sourcePort},${story.port},0,0`;
      file.tell(
        `${at.date}T${at.time}${at.offset.slice(0, 3)}:${at.offset.slice(3)} pa-fw1 1,${now},016401002737,TRAFFIC,${subtype},2561,${now},${story.source},${story.destination},0.0.0.0,0.0.0.0,${rule},,,${app},vsys1,${zones},ethernet1/1,${letIn ? 'ethernet1/2' : ''},to-syslog,${now},${story.connection},1,${ports},0x0,${story.protocol},${action},${story.sentBytes + received},${story.sentBytes},${received},${story.sentPackets + receivedPackets},${begun},${Math.floor(story.duration / 1_000_000)},any,,${7_204_134_051 + story.connection},0x0,Reserved,United States,,${story.sentPackets},${receivedPackets},${reason},0,0,0,0,,pa-fw1${EMPTY_TAIL}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}
