/**
 * FortiGate traffic logs: key=value pairs as FortiOS writes them to syslog (FortiOS Log Message Reference, traffic).
 */
import { Fate } from '../network-events.ts';
import { networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

const SERVICES: Readonly<Record<number, string>> = {
  22: 'SSH',
  23: 'TELNET',
  53: 'DNS',
  80: 'HTTP',
  443: 'HTTPS',
  3389: 'RDP',
};

/** The writer. */
export function fortinetWriter(desk: Desk): Writer {
  const { local, file } = desk;
  const device = 'devname="fgt-1" devid="FGT60FTK00000001"';
  const head = (time: number) => {
    const at = local.at(time);
    const nanos = `${local.milliseconds(time)}${local.micros(time).slice(3)}000`;
    return `date=${at.date} time=${at.time} ${device} eventtime=${nanos} tz="${at.offset}"`;
  };
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 2 === 0) file.junk(`${head(time)} logid="0000000013" type="traf`);
    else
      file.ignored(
        `${head(time)} logid="0100040704" type="event" subtype="system" level="notice" vd="root" logdesc="System performance statistics" action="perf-stats" cpu=3 mem=41 totalsession=911`,
      );
  });
  return {
    delay: (row) => storyOf(desk, row).duration,
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time + story.duration);
      const letIn = wasLetIn(story.fate);
      const action = letIn ? (story.fate === Fate.answered ? 'close' : 'timeout') : 'deny';
      const seconds = Math.floor(story.duration / 1_000_000);
      const ports = story.protocol === 'icmp' ? '' : ` srcport=${story.sourcePort}`;
      const port = story.protocol === 'icmp' ? '' : ` dstport=${story.port}`;
      const service =
        story.protocol === 'icmp' ? 'PING' : (SERVICES[story.port] ?? `${story.protocol}/${story.port}`);
      const [from, to] = story.outbound ? ['dmz', 'wan1'] : ['wan1', 'dmz'];
      const policy = letIn ? 'policyid=12' : story.fate === Fate.blocked ? 'policyid=3' : 'policyid=0';
      const received = letIn ? story.receivedBytes : 0;
      file.tell(
        `${head(story.time + story.duration)} logid="0000000013" type="traffic" subtype="forward" level="${letIn ? 'notice' : 'warning'}" vd="root" srcip=${story.source}${ports} srcintf="${from}" srcintfrole="${from === 'wan1' ? 'wan' : 'dmz'}" dstip=${story.destination}${port} dstintf="${to}" dstintfrole="${to === 'wan1' ? 'wan' : 'dmz'}" srccountry="Reserved" dstcountry="Reserved" sessionid=${story.connection} proto=${story.protocolNumber} action="${action}" ${policy} policytype="policy" service="${service}" trandisp="noop" duration=${seconds} sentbyte=${letIn ? story.sentBytes : 0} rcvdbyte=${received} sentpkt=${letIn ? story.sentPackets : 0} rcvdpkt=${letIn ? story.receivedPackets : 0} appcat="unscanned"${letIn ? '' : ' crscore=30 craction=131072 crlevel="high"'}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}
