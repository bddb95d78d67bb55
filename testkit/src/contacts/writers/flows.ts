/**
 * Flow records: AWS VPC Flow Logs version 2 (docs.aws.amazon.com, flow log records), and NetFlow or IPFIX as
 * `nfdump -o csv` prints it (nfdump 1.7).
 */
import { Fate, Kind } from '../network-events.ts';
import { networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

/** Microseconds between two aggregations of AWS: the default interval of ten minutes is often set to one. */
const AGGREGATION = 60_000_000;

/** The writer of AWS VPC flow logs. */
export function awsFlowWriter(desk: Desk): Writer {
  const { utc, file } = desk;
  const prefix = '2 123456789010 eni-0f1e2d3c4b5a69788';
  const odd = oddLines(desk, (time, turn) => {
    const from = Math.floor(utc.milliseconds(time) / 1_000);
    if (turn % 3 === 0) file.loss(`${prefix} - - - - - - - ${from} ${from + 60} - SKIPDATA`, 1);
    else if (turn % 3 === 1) file.ignored(`${prefix} - - - - - - - ${from} ${from + 60} - NODATA`);
    else file.junk(`${prefix} 203.0.113.`);
  });
  return {
    begin: () =>
      file.ignored(
        'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
      ),
    delay: (row) => storyOf(desk, row).duration + AGGREGATION,
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const start = Math.floor(utc.milliseconds(story.time) / 1_000);
      const end = Math.floor(utc.milliseconds(story.time + story.duration) / 1_000) + (story.detail % 59);
      const ports = story.protocol === 'icmp' ? '0 0' : `${story.sourcePort} ${story.port}`;
      file.tell(
        `${prefix} ${story.source} ${story.destination} ${ports} ${story.protocolNumber} ${story.sentPackets} ${story.sentBytes} ${start} ${end} ${wasLetIn(story.fate) ? 'ACCEPT' : 'REJECT'} OK`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}

const NFDUMP_COLUMNS =
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr';

/** The writer of nfdump's CSV, with its summary behind the flows. */
export function nfdumpWriter(desk: Desk): Writer {
  const { local, file } = desk;
  const labels = Array.from({ length: 10 }, () => '0-0-0').join(',');
  let flows = 0;
  let bytes = 0;
  let packets = 0;
  const stamp = (time: number, millis: boolean) => {
    const at = local.at(time);
    return `${at.date} ${at.time}${millis ? `.${local.micros(time).slice(0, 3)}` : ''}`;
  };
  return {
    begin: () => file.ignored(NFDUMP_COLUMNS),
    write(row) {
      const story = storyOf(desk, row);
      const name = story.protocol === 'icmp' ? (story.six ? 'ICMP6' : 'ICMP') : story.protocol.toUpperCase();
      const port = story.protocol === 'icmp' ? `0,${story.icmpType}.0` : `${story.sourcePort},${story.port}`;
      const ended = story.time + story.duration;
      const seconds = (story.duration / 1_000_000).toFixed(3);
      flows++;
      bytes += story.sentBytes;
      packets += story.sentPackets;
      file.tell(
        `${stamp(story.time, false)},${stamp(ended, false)},${seconds},${story.source},${story.destination},${port},${name},${flagsOf(story.kind, story.fate)},0,0,${story.sentPackets},${story.sentBytes},${story.receivedPackets},${story.receivedBytes},1,2,0,0,0,0,0,0,0.0.0.0,0.0.0.0,0,0,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,${labels},    0.000,    0.000,    0.000,0.0.0.0,0/0,1,${stamp(ended, true)}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
    end() {
      file.ignored('Summary');
      file.ignored('flows,bytes,packets,avg_bps,avg_pps,avg_bpp');
      file.ignored(`${flows},${bytes},${packets},0,0,${Math.round(bytes / Math.max(1, packets))}`);
    },
  };
}

/** nfdump's eight characters for the flags seen, CWR to FIN. */
function flagsOf(kind: Kind, fate: Fate): string {
  switch (kind) {
    case Kind.syn:
      return fate === Fate.answered ? '...AP.SF' : fate === Fate.halfOpen ? '.....RS.' : '......S.';
    case Kind.fin:
      return '.......F';
    case Kind.xmas:
      return '..U.P..F';
    case Kind.ack:
      return '...A....';
    case Kind.synAck:
      return '...A..S.';
    case Kind.rst:
      return '.....R..';
    default:
      return '........';
  }
}
