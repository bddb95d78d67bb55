/**
 * The two headers that syslog lines come in: RFC 3164 (no year, no zone) and RFC 5424.
 */
import type { Clock } from './clock.ts';

/** Which header a file's lines have; `mixed` changes from one to the other each hour, as a migrated host does. */
export type SyslogStyle = 'rfc3164' | 'rfc5424' | 'mixed';

/** Writes headers for one host. */
export class Syslog {
  private readonly clock: Clock;
  private readonly host: string;
  private readonly style: SyslogStyle;

  constructor(clock: Clock, host: string, style: SyslogStyle) {
    this.clock = clock;
    this.host = host;
    this.style = style;
  }

  /** Header up to and with the space before the message; `pid` may be empty, `priority` is facility * 8 + severity. */
  header(time: number, tag: string, pid: string, priority: number): string {
    const at = this.clock.at(time);
    const old =
      this.style === 'mixed' ? Math.floor(time / 3_600_000_000) % 2 === 0 : this.style === 'rfc3164';
    if (old) return `${at.syslog} ${this.host} ${tag}${pid === '' ? '' : `[${pid}]`}: `;
    const zone = `${at.offset.slice(0, 3)}:${at.offset.slice(3)}`;
    const stamp = `${at.date}T${at.time}.${this.clock.micros(time)}${zone}`;
    return `<${priority}>1 ${stamp} ${this.host} ${tag} ${pid === '' ? '-' : pid} - - `;
  }
}
