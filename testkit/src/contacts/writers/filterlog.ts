/**
 * pfSense's filterlog: one comma-separated line in syslog (docs.netgate.com, raw filter log format).
 *
 *     rule,sub-rule,anchor,tracker,interface,reason,action,direction,version, then for IPv4
 *     tos,ecn,ttl,id,offset,flags,protocol id,protocol,length,source,destination, then for TCP
 *     source port,destination port,data length,flags,sequence,ack,window,urgent,options
 */
import { Fate, Kind } from '../network-events.ts';
import { type NetworkStory, networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { ttlOf, windowOf } from './packet.ts';
import { Syslog } from './syslog.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

const FLAGS_OF_KIND = ['S', '', 'F', 'FPU', 'A', 'SA', 'R'];

/** The writer. */
export function filterlogWriter(desk: Desk): Writer {
  const { world, local, file } = desk;
  const syslog = new Syslog(local, 'firewall.lan', desk.syslog ?? 'rfc5424');
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 2 === 0)
      file.junk(`${syslog.header(time, 'filterlog', '92653', 134)}7,,,1000000102,vtnet0,match,blo`);
    else file.ignored(`${syslog.header(time, '/usr/sbin/cron', '3387', 78)}(root) CMD (/usr/libexec/atrun)`);
  });
  return {
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const source = world.network.source[row]!;
      const letIn = wasLetIn(story.fate);
      const rule = letIn
        ? '96,,,1770010001'
        : story.fate === Fate.blocked
          ? '41,,,1770009000'
          : '4,,,1000000103';
      const way = story.outbound ? 'vtnet1,match,pass,in' : `vtnet0,match,${letIn ? 'pass' : 'block'},in`;
      file.tell(
        `${syslog.header(story.time, 'filterlog', '92653', 134)}${rule},${way},${ipPart(story, ttlOf(source))}${transportPart(story, windowOf(source))}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}

function ipPart(story: NetworkStory, ttl: number): string {
  const { six, protocol, protocolNumber, length, source, destination, detail } = story;
  if (six) {
    const name = protocol === 'icmp' ? 'ICMPv6' : protocol.toUpperCase();
    return `6,0x00,0x${(detail % 1_048_576).toString(16).padStart(5, '0')},${ttl},${name},${protocolNumber},${length - 20},${source},${destination},`;
  }
  const flags = detail % 5 === 0 ? 'DF' : 'none';
  return `4,0x0,,${ttl},${detail & 65_535},0,${flags},${protocolNumber},${protocol},${length},${source},${destination},`;
}

function transportPart(story: NetworkStory, window: number): string {
  const { protocol, sourcePort, port, length, kind, detail } = story;
  if (protocol === 'udp') return `${sourcePort},${port},${length - 28}`;
  if (protocol === 'icmp') return `request,${sourcePort},${detail % 40}`;
  const data = 0;
  const options =
    kind === Kind.syn && length > 44 ? 'mss;sackOK;TS;nop;wscale' : kind === Kind.syn ? 'mss' : '';
  return `${sourcePort},${port},${data},${FLAGS_OF_KIND[kind]},${detail},${kind === Kind.ack ? detail >>> 3 : ''},${window},,${options}`;
}
