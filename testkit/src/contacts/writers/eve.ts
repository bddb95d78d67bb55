/**
 * Suricata's EVE JSON (docs.suricata.io, EVE JSON format): one `flow` event for each connection, written when the flow
 * times out, `alert` events with the same `flow_id`, and `stats` in which the sensor admits what it dropped.
 */
import { Fate, Kind, Mark } from '../network-events.ts';
import { detailOf, flowOf } from './packet.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** One probe of an alerting port in so many raises its alert: the rules of Emerging Threats limit by source. */
const ALERT_EVERY = 16;

/** Rules of Emerging Threats for probes of ports. */
const ALERTS: ReadonlyMap<number, readonly [sid: number, signature: string]> = new Map([
  [3306, [2010937, 'ET SCAN Suspicious inbound to mySQL port 3306']],
  [1433, [2010935, 'ET SCAN Suspicious inbound to MSSQL port 1433']],
  [5432, [2010939, 'ET SCAN Suspicious inbound to PostgreSQL port 5432']],
  [1521, [2010936, 'ET SCAN Suspicious inbound to Oracle SQL port 1521']],
  [5060, [2008578, 'ET SCAN Sipvicious Scan']],
]);

/** Microseconds that a flow waits before it is written: `flow-timeouts` for new, closed and established flows. */
const WAIT_NEW = 30_000_000;
const WAIT_CLOSED = 3_000_000;

const FLAG_BITS = [0x02, 0x00, 0x01, 0x29, 0x10, 0x12, 0x04];

/** The writer. */
export function eveWriter(desk: Desk): Writer {
  const { world, local, file, random } = desk;
  const { network, book } = world;
  const stamp = (time: number) => {
    const at = local.at(time);
    return `${at.date}T${at.time}.${local.micros(time)}${at.offset}`;
  };
  let dropped = 0;
  let packets = 0;
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 5 === 4) {
      file.junk(`{"timestamp":"${stamp(time)}","flow_id":12588`);
      return;
    }
    const lost = random.chance(0.4) ? random.integer(1, 400) : 0;
    dropped += lost;
    const text = `{"timestamp":"${stamp(time)}","event_type":"stats","stats":{"uptime":${Math.floor(time / 1_000_000) + 8},"capture":{"kernel_packets":${packets + dropped},"kernel_drops":${dropped},"errors":0},"decoder":{"pkts":${packets},"bytes":${packets * 202},"invalid":0,"ipv4":${packets},"ipv6":0,"tcp":${packets},"udp":0}}}`;
    if (lost > 0) file.loss(text, lost);
    else file.ignored(text);
  });

  return {
    delay(row) {
      const flow = flowOf(network, row);
      const wait = flow.receivedPackets === 0 ? WAIT_NEW : WAIT_CLOSED;
      return flow.duration + wait + (detailOf(network.connection[row]!) % 4_000_000);
    },
    write(row) {
      const time = network.time[row]!;
      const source = network.source[row]!;
      const destination = network.destination[row]!;
      const kind = network.kind[row]!;
      const detail = detailOf(network.connection[row]!);
      const flow = flowOf(network, row);
      const wait = flow.receivedPackets === 0 ? WAIT_NEW : WAIT_CLOSED;
      const written = time + flow.duration + wait + (detail % 4_000_000);
      odd(written);
      packets += flow.sentPackets + flow.receivedPackets;
      const outbound = (network.marks[row]! & Mark.outbound) !== 0;
      const owner = book.ownerOf(outbound ? destination : source);
      const six = book.isIPv6(source);
      const flowId = 562_949_953_421_312 + detail * 131_072 + (network.connection[row]! % 131_072);
      const tuple = tupleOf(row, kind, six, source, destination);
      const port = network.port[row]!;

      const alert = kind === Kind.syn || kind === Kind.udp ? ALERTS.get(port) : undefined;
      const alerted = alert !== undefined && detail % ALERT_EVERY === 0;
      if (alerted) {
        file.tell(
          `{"timestamp":"${stamp(time)}","flow_id":${flowId},"in_iface":"eth0","event_type":"alert",${tuple},"pkt_src":"wire/pcap","alert":{"action":"allowed","gid":1,"signature_id":${alert[0]},"rev":3,"signature":"${alert[1]}","category":"Potentially Bad Traffic","severity":2,"metadata":{"confidence":["Medium"],"created_at":["2010_07_30"],"signature_severity":["Informational"],"updated_at":["2019_07_26"]}},"direction":"to_server","flow":{"pkts_toserver":1,"pkts_toclient":0,"bytes_toserver":60,"bytes_toclient":0,"start":"${stamp(time)}"}}`,
          owner,
        );
      }

      const head = six ? 54 : 34;
      const transport = head + (kind === Kind.udp || kind === Kind.echo ? 8 : 20);
      const ended = time + flow.duration;
      const state = flow.receivedPackets === 0 ? 'new' : kind === Kind.syn ? 'closed' : 'established';
      const line = `{"timestamp":"${stamp(written)}","flow_id":${flowId},"in_iface":"eth0","event_type":"flow",${tuple}${appOf(row, kind)},"flow":{"pkts_toserver":${flow.sentPackets},"pkts_toclient":${flow.receivedPackets},"bytes_toserver":${flow.sentBytes + flow.sentPackets * transport},"bytes_toclient":${flow.receivedBytes + flow.receivedPackets * transport},"start":"${stamp(time)}","end":"${stamp(ended)}","age":${Math.floor(flow.duration / 1_000_000)},"state":"${state}","reason":"timeout","alerted":${alerted}},"ether":{"dest_macs":["00:16:3e:5e:6c:00"],"src_macs":["5c:5e:ab:10:0f:c0"]},"host":"sensor-1"${tcpPart(row, kind)}}`;
      file.tell(line, owner);
      if ((network.marks[row]! & Mark.through) !== 0) {
        noteThrough(desk, source, destination, port, time, 'reached-private-service');
      }
    },
  };

  function tupleOf(row: number, kind: number, six: boolean, source: number, destination: number): string {
    const from = book.text(source);
    const to = book.text(destination);
    const version = `"ip_v":${six ? 6 : 4}`;
    if (kind === Kind.echo) {
      const [proto, type] = six ? ['IPv6-ICMP', 128] : ['ICMP', 8];
      return `"src_ip":"${from}","dest_ip":"${to}",${version},"proto":"${proto}","icmp_type":${type},"icmp_code":0`;
    }
    const proto = kind === Kind.udp ? 'UDP' : 'TCP';
    return `"src_ip":"${from}","src_port":${network.sourcePort[row]!},"dest_ip":"${to}","dest_port":${network.port[row]!},${version},"proto":"${proto}"`;
  }

  function appOf(row: number, kind: number): string {
    if (network.fate[row]! !== Fate.answered || network.received[row]! === 0) return '';
    const port = network.port[row]!;
    const app =
      port === 443 ? 'tls' : port === 80 ? 'http' : port === 22 ? 'ssh' : port === 53 ? 'dns' : 'failed';
    return kind === Kind.echo ? '' : `,"app_proto":"${app}"`;
  }

  function tcpPart(row: number, kind: number): string {
    if (kind >= Kind.udp) return '';
    const fate = network.fate[row]!;
    const first = FLAG_BITS[kind] as number;
    let toServer = first;
    let toClient = 0;
    if (kind === Kind.syn && fate === Fate.answered) [toServer, toClient] = [0x1b, 0x1b];
    if (kind === Kind.syn && fate === Fate.halfOpen) [toServer, toClient] = [0x06, 0x12];
    if (kind === Kind.syn && fate === Fate.unfinished) toClient = 0x12;
    if (fate === Fate.refused || fate === Fate.rejected) toClient = 0x14;
    const all = toServer | toClient;
    const named = NAMED_FLAGS.map(([bit, name]) => ((all & bit) === 0 ? '' : `,"${name}":true`)).join('');
    const state =
      fate === Fate.answered
        ? 'closed'
        : toClient === 0x12
          ? 'syn_recv'
          : toClient === 0
            ? 'syn_sent'
            : 'closed';
    return `,"tcp":{"tcp_flags":"${hex(all)}","tcp_flags_ts":"${hex(toServer)}","tcp_flags_tc":"${hex(toClient)}"${named},"state":"${state}","ts_max_regions":1,"tc_max_regions":1}`;
  }
}

/** Flags in the order in which Suricata names them. */
const NAMED_FLAGS = [
  [0x02, 'syn'],
  [0x01, 'fin'],
  [0x04, 'rst'],
  [0x08, 'psh'],
  [0x10, 'ack'],
  [0x20, 'urg'],
] as const;

function hex(flags: number): string {
  return flags.toString(16).padStart(2, '0');
}
