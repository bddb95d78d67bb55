/**
 * Windows Defender Firewall's pfirewall.log: W3C style, version 1.5, local time.
 */
import { Kind } from '../network-events.ts';
import { networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { windowOf } from './packet.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

const FLAGS_OF_KIND = ['S', '-', 'F', 'FPU', 'A', 'SA', 'R'];

/** The writer. */
export function pfirewallWriter(desk: Desk): Writer {
  const { world, local, file, random } = desk;
  const odd = oddLines(desk, (time, turn) => {
    const at = local.at(time);
    const lost = random.integer(1, 60);
    if (turn % 2 === 0) {
      file.loss(`${at.date} ${at.time} INFO-EVENTS-LOST - - - - - - - - - - - - ${lost} -`, lost);
    } else file.junk(`${at.date} ${at.time} DROP TC`);
  });
  return {
    begin() {
      file.ignored('#Version: 1.5');
      file.ignored('#Software: Microsoft Windows Firewall');
      file.ignored('#Time Format: Local');
      file.ignored(
        '#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path',
      );
      file.ignored('');
    },
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const at = local.at(story.time);
      const protocol = story.protocol === 'icmp' && story.six ? 'ICMPV6' : story.protocol.toUpperCase();
      const ports = story.protocol === 'icmp' ? '- -' : `${story.sourcePort} ${story.port}`;
      const tcp =
        story.protocol !== 'tcp' || wasLetIn(story.fate)
          ? '- - - -'
          : `${FLAGS_OF_KIND[story.kind]} ${story.detail} ${story.kind === Kind.ack ? story.detail >>> 2 : 0} ${windowOf(world.network.source[row]!)}`;
      const icmp = story.protocol === 'icmp' ? `${story.icmpType} 0` : '- -';
      const size = wasLetIn(story.fate) ? 0 : story.length;
      file.tell(
        `${at.date} ${at.time} ${wasLetIn(story.fate) ? 'ALLOW' : 'DROP'} ${protocol} ${story.source} ${story.destination} ${ports} ${size} ${tcp} ${icmp} - ${story.outbound ? 'SEND' : 'RECEIVE'}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}
