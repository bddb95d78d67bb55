/**
 * ArcSight Common Event Format as PAN-OS sends it (PAN-OS 10 CEF Configuration Guide, TRAFFIC), behind an RFC 3164 header.
 */
import { Fate } from '../network-events.ts';
import { digits } from './clock.ts';
import { networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { Syslog } from './syslog.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

/** The writer. */
export function cefWriter(desk: Desk): Writer {
  const { local, utc, file } = desk;
  const syslog = new Syslog(local, 'cef-fw1', desk.syslog ?? 'rfc3164');
  const header = (time: number) => syslog.header(time, 'CEF', '', 14).replace(/CEF(?:: | - - - )$/, '');
  const stamp = (time: number) => {
    const at = utc.at(time);
    return `${at.syslog.slice(0, 3)} ${digits(Number(at.syslog.slice(4, 6)), 2)} ${at.date.slice(0, 4)} ${at.time} GMT`;
  };
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 2 === 0) file.junk(`${header(time)}CEF:0|Palo Alto Networks|PAN-`);
    else
      file.ignored(
        `${header(time)}CEF:0|Palo Alto Networks|PAN-OS|10.2.4|general|SYSTEM|3|rt=${stamp(time)} deviceExternalId=016401002737 cat=general msg=Config installed \\= ok`,
      );
  });
  return {
    delay: (row) => storyOf(desk, row).duration,
    write(row) {
      const story = storyOf(desk, row);
      const written = story.time + story.duration;
      odd(written);
      const letIn = wasLetIn(story.fate);
      const act = letIn ? 'allow' : story.fate === Fate.rejected ? 'reset-both' : 'drop';
      const rule = letIn ? 'allow-public' : story.fate === Fate.blocked ? 'blocklist' : 'interzone-default';
      const six = story.six
        ? `c6a2=${story.source} c6a2Label=Source IPv6 Address c6a3=${story.destination} c6a3Label=Destination IPv6 Address`
        : `src=${story.source} dst=${story.destination}`;
      const ports = story.protocol === 'icmp' ? '' : ` spt=${story.sourcePort} dpt=${story.port}`;
      file.tell(
        `${header(written)}CEF:0|Palo Alto Networks|PAN-OS|10.2.4|${letIn ? 'end' : 'deny'}|TRAFFIC|1|rt=${stamp(written)} deviceExternalId=016401002737 ${six} cs1Label=Rule cs1=${rule} app=${letIn ? 'ssl' : 'not-applicable'} cs4Label=Source Zone cs4=${story.outbound ? 'trust' : 'untrust'} cs5Label=Destination Zone cs5=${story.outbound ? 'untrust' : 'dmz'} cn1Label=SessionID cn1=${story.connection} cnt=1${ports} proto=${story.protocol} act=${act} in=${letIn ? story.receivedBytes : 0} out=${story.sentBytes} start=${stamp(story.time)} cn3Label=Elapsed time in seconds cn3=${Math.floor(story.duration / 1_000_000)} externalId=${7_204_134_051 + story.connection}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}
