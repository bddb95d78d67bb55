/**
 * Cisco ASA (Secure Firewall ASA Series Syslog Messages): 106023 denied by an access list, 106015 no connection,
 * 302013/302015/302020 built, and 302014 teardown, which the made-up firewall limits to one in twenty
 * (`logging rate-limit`).
 */
import { Fate, Kind } from '../network-events.ts';
import { type NetworkStory, networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

/** One connection in so many also has its teardown told. */
const TEARDOWN_EVERY = 40;

const FLAGS_OF_KIND = ['SYN', '', 'FIN', 'FIN PSH URG', 'ACK', 'SYN ACK', 'RST'];

/** The writer. */
export function asaWriter(desk: Desk): Writer {
  const { local, file } = desk;
  const header = (time: number, severity: number) => {
    const at = local.at(time);
    const stamp = desk.syslog === 'rfc5424' ? `${at.date}T${at.time}${at.offset}` : at.syslog;
    return `<${160 + severity}>${stamp} asa1 : `;
  };
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 2 === 0) file.junk(`${header(time, 4)}%ASA-4-106023: Deny tcp src outside:203.`);
    else
      file.ignored(`${header(time, 5)}%ASA-5-111008: User 'enable_15' executed the 'show logging' command.`);
  });
  return {
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const [severity, message] = messageOf(story);
      file.tell(`${header(story.time, severity)}${message}`, story.owner);
      networkThrough(desk, row);
      if (story.protocol === 'tcp' && wasLetIn(story.fate) && story.detail % TEARDOWN_EVERY === 0) {
        file.tell(`${header(story.time + story.duration, 6)}${teardown(story)}`, story.owner);
      }
    },
  };
}

function messageOf(story: NetworkStory): readonly [severity: number, message: string] {
  const { source, sourcePort, destination, port, protocol, kind, fate, connection, outbound } = story;
  if (!wasLetIn(fate)) {
    if (protocol === 'tcp' && kind !== Kind.syn) {
      const flags = FLAGS_OF_KIND[kind];
      const text = `Deny TCP (no connection) from ${source}/${sourcePort} to ${destination}/${port} flags ${flags} `;
      return [6, `%ASA-6-106015: ${text} on interface outside`];
    }
    const list = fate === Fate.blocked ? 'blocklist' : 'outside_access_in';
    if (protocol === 'icmp') {
      const text = `Deny icmp src outside:${source} dst inside:${destination} (type ${story.icmpType}, code 0)`;
      return [4, `%ASA-4-106023: ${text} by access-group "${list}" [0x0, 0x0]`];
    }
    const ends = `src outside:${source}/${sourcePort} dst inside:${destination}/${port}`;
    return [4, `%ASA-4-106023: Deny ${protocol} ${ends} by access-group "${list}" [0x8ed66b60, 0xf8852875]`];
  }
  const foreign = `outside:${outbound ? destination : source}/${outbound ? port : sourcePort}`;
  const ours = `inside:${outbound ? source : destination}/${outbound ? sourcePort : port}`;
  const way = outbound ? 'outbound' : 'inbound';
  if (protocol === 'icmp') {
    const text = `Built ${way} ICMP connection for faddr ${source}/${sourcePort} gaddr ${destination}/0 laddr ${destination}/0`;
    return [6, `%ASA-6-302020: ${text} type ${story.icmpType} code 0`];
  }
  const number = protocol === 'tcp' ? '302013' : '302015';
  const name = protocol.toUpperCase();
  const text = `Built ${way} ${name} connection ${connection} for ${foreign} (${bare(foreign)}) to ${ours} (${bare(ours)})`;
  return [6, `%ASA-6-${number}: ${text}`];
}

function teardown(story: NetworkStory): string {
  const { source, sourcePort, destination, port, connection, duration, receivedBytes } = story;
  const seconds = Math.floor(duration / 1_000_000);
  const clock = `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `%ASA-6-302014: Teardown TCP connection ${connection} for outside:${source}/${sourcePort} to inside:${destination}/${port} duration ${clock} bytes ${receivedBytes} TCP FINs`;
}

function bare(end: string): string {
  return end.slice(end.indexOf(':') + 1);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
