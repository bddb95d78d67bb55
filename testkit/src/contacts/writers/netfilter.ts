/**
 * Linux netfilter's LOG target (iptables, nftables), as the kernel writes it (nf_log_syslog.c):
 *
 *     Oct  7 00:00:01 fw1 kernel: [19955416.516358] DROP: IN=eth0 OUT=eth1 MAC=... SRC=a DST=b LEN=44 TOS=0x00
 *     PREC=0x00 TTL=43 ID=25313 PROTO=TCP SPT=52220 DPT=80 WINDOW=1024 RES=0x00 SYN URGP=0
 */
import { Kind, Mark } from '../network-events.ts';
import { digits } from './clock.ts';
import { detailOf, lengthOf, ttlOf, windowOf } from './packet.ts';
import { Syslog } from './syslog.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** Prefixes of the made-up firewall's rules, and what the surface says they mean. */
export const NETFILTER_PREFIXES = {
  'BLOCK: ': 'blocked',
  'DROP: ': 'denied',
  'REJECT: ': 'denied',
  'ACCEPT: ': 'accepted',
} as const;

const PREFIX_OF_FATE = [
  'DROP: ',
  'BLOCK: ',
  'REJECT: ',
  'ACCEPT: ',
  'ACCEPT: ',
  'ACCEPT: ',
  'ACCEPT: ',
  'ACCEPT: ',
];
const FLAGS_OF_KIND = ['SYN ', '', 'FIN ', 'URG PSH FIN ', 'ACK ', 'ACK SYN ', 'RST '];

/** Seconds that the firewall had been up when the run began: 230 days. */
const UPTIME = 19_955_416;

/** The writer. */
export function netfilterWriter(desk: Desk): Writer {
  const { world, local, file } = desk;
  const { network, book } = world;
  const syslog = new Syslog(local, 'fw1', desk.syslog ?? 'rfc3164');
  const header = (time: number) => {
    const uptime = UPTIME * 1_000_000 + time;
    const seconds = Math.floor(uptime / 1_000_000);
    return `${syslog.header(time, 'kernel', '', 4)}[${seconds}.${digits(Math.floor(uptime % 1_000_000), 6)}] `;
  };
  const odd = oddLines(desk, (time, turn) => {
    const lost = desk.random.integer(1, 90);
    if (turn % 4 === 0) file.loss(`${header(time)}net_ratelimit: ${lost} callbacks suppressed`, lost);
    else if (turn % 4 === 1) file.ignored(`${header(time)}device eth0 entered promiscuous mode`);
    else if (turn % 4 === 2)
      file.junk(`${header(time)}DROP: IN=eth0 OUT=eth1 MAC=00:16:3e:5e:6c:00 SRC=203.0.`);
    else file.ignored(`${syslog.header(time, 'systemd', '1', 30)}Started Daily apt download activities.`);
  });

  return {
    write(row) {
      const time = network.time[row]!;
      odd(time);
      const source = network.source[row]!;
      const destination = network.destination[row]!;
      const kind = network.kind[row]!;
      const detail = detailOf(network.connection[row]!);
      const out = (network.marks[row]! & Mark.outbound) !== 0;
      const link = out
        ? 'IN=eth1 OUT=eth0 MAC=00:16:3e:77:20:01:00:16:3e:11:02:07'
        : 'IN=eth0 OUT=eth1 MAC=00:16:3e:5e:6c:00:5c:5e:ab:10:0f:c0';
      const length = lengthOf(network, row);
      const ip = book.isIPv6(source)
        ? `:86:dd SRC=${book.fullText(source)} DST=${book.fullText(destination)} LEN=${length + 20} TC=0 HOPLIMIT=${ttlOf(source)} FLOWLBL=${detail % 1_048_576} `
        : `:08:00 SRC=${book.text(source)} DST=${book.text(destination)} LEN=${length} TOS=0x00 PREC=0x00 TTL=${ttlOf(source)} ID=${detail & 65_535} ${detail % 5 === 0 ? 'DF ' : ''}`;
      const prefix = PREFIX_OF_FATE[network.fate[row]!] as string;
      file.tell(
        `${header(time)}${prefix}${link}${ip}${protocolPart(kind, row, length, detail)}`,
        book.ownerOf(out ? destination : source),
      );
      if ((network.marks[row]! & Mark.through) !== 0) {
        noteThrough(desk, source, destination, network.port[row]!, time, 'reached-private-service');
      }
    },
  };

  function protocolPart(kind: number, row: number, length: number, detail: number): string {
    const port = network.port[row]!;
    const sourcePort = network.sourcePort[row]!;
    if (kind === Kind.udp) return `PROTO=UDP SPT=${sourcePort} DPT=${port} LEN=${length - 20} `;
    if (kind === Kind.echo && book.isIPv6(network.source[row]!)) {
      return `PROTO=ICMPv6 TYPE=128 CODE=0 ID=${sourcePort} SEQ=${detail % 40} `;
    }
    if (kind === Kind.echo) return `PROTO=ICMP TYPE=8 CODE=0 ID=${sourcePort} SEQ=${detail % 40} `;
    const window = kind === Kind.rst ? 0 : windowOf(network.source[row]!);
    return `PROTO=TCP SPT=${sourcePort} DPT=${port} WINDOW=${window} RES=0x00 ${FLAGS_OF_KIND[kind]}URGP=0 `;
  }
}
