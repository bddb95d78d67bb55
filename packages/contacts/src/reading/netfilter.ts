/**
 * netfilter's LOG target: iptables, nftables, ufw, firewalld. One line is one packet.
 *
 *     Sep 30 10:09:23 fw kernel: [19955416.516358] DROP: IN=ens2 OUT= MAC=de:1c:... SRC=192.0.2.7 DST=198.18.0.9
 *     LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=25313 PROTO=TCP SPT=52220 DPT=80 WINDOW=1024 RES=0x00 SYN URGP=0
 *
 * Source of the format: linux/net/netfilter/nf_log_syslog.c. The kernel writes the fields in this order and quotes
 * nothing that comes from the network but, behind PROTO and inside `[...]`, the header of a packet that an ICMP error
 * talks about; each field is read where it has to stand, so that header is never looked at. The prefix is the
 * administrator's; what it means comes from the surface, else from its words. ulogd and Proxmox VE (`proxmox.ts`)
 * write the same fields without RES and URGP.
 *
 * Hot path: what has a fixed length is jumped over, because touching bytes costs more than anything else here.
 */
import { type Batch, Direction, Flag, Kind } from '../contact.ts';
import { ascii, letters, startsWith, viewOf } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { isOtherFrame, readPacket } from './netfilter-packet.ts';
import { readNotice } from './notices.ts';
import { hashPrefix, PrefixMemory } from './prefix.ts';
import { ProxmoxHead } from './proxmox.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';

const OUT = letters('OUT=');
const KERN = letters('kern');
const RNEL = letters('rnel');
const ULOGD = ascii('ulogd');
const IN = ascii('IN=');

const SPACE = 32;
const EQUALS = 61;

/** Longest prefix: iptables allows 29 characters, nftables 127; Proxmox adds a chain and a verdict. */
const MAX_PREFIX = 256;

class NetfilterReader implements LineReader {
  readonly #prefixes: PrefixMemory;
  readonly #proxmox: ProxmoxHead;
  /** What `#findInterfaces` left: the byte behind the interfaces, and the hash of the bytes before them. */
  #fields = 0;
  #prefixHash = 0;
  #direction: Direction = Direction.unknown;
  /** Something stands there that looks like the interfaces and is cut off. */
  #damaged = false;

  constructor(options: ReaderOptions) {
    this.#prefixes = new PrefixMemory(options.prefixes);
    this.#proxmox = new ProxmoxHead();
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const row = batch.count;
    if (!envelope.found && this.#proxmox.read(bytes, from, to)) {
      return this.#readProxmox(bytes, to, batch);
    }
    const own = ownMessage(bytes, envelope);
    if (!own && (envelope.pid >= 0 || !startsWith(bytes, from, to, IN))) {
      return readNotice(bytes, from, to, envelope, batch);
    }
    const prefixAt = own ? skipUptime(bytes, from, to) : envelope.appAt;
    const prefixEnd = this.#findInterfaces(bytes, own ? prefixAt : from, to);
    if (prefixEnd < 0 || (!own && prefixEnd > from)) {
      return this.#damaged ? Line.unreadable : readNotice(bytes, from, to, envelope, batch);
    }
    batch.begin(row, Kind.packet);
    if (!readPacket(bytes, this.#fields, to, batch, row)) {
      return isOtherFrame(bytes, this.#fields, to) ? Line.ignored : Line.unreadable;
    }
    const time = envelope.time;
    batch.time[row] = time;
    if (Number.isNaN(time)) batch.flags[row]! |= Flag.noTime;
    batch.host[row] = envelope.host;
    batch.direction[row] = this.#direction;
    const hash = own ? this.#prefixHash : hashPrefix(bytes, prefixAt, prefixEnd);
    batch.outcome[row] = this.#prefixes.outcome(bytes, prefixAt, prefixEnd, hash);
    return Line.row;
  }

  #readProxmox(bytes: Uint8Array, to: number, batch: Batch): Line {
    const row = batch.count;
    const head = this.#proxmox;
    batch.begin(row, Kind.packet);
    if (!readPacket(bytes, head.fieldsAt, to, batch, row)) {
      return isOtherFrame(bytes, head.fieldsAt, to) ? Line.ignored : Line.unreadable;
    }
    batch.time[row] = head.time;
    if (Number.isNaN(head.time)) batch.flags[row]! |= Flag.noTime;
    batch.direction[row] = head.direction;
    batch.outcome[row] = head.outcome(bytes, this.#prefixes);
    return Line.row;
  }

  /**
   * Finds the first `IN=... OUT=... `, which ends the prefix (any text of the administrator's, `DOMAIN=` too). Returns
   * where it begins, or -1.
   */
  #findInterfaces(bytes: Uint8Array, from: number, to: number): number {
    const view = viewOf(bytes);
    this.#damaged = false;
    const last = Math.min(to - 3, from + MAX_PREFIX);
    let hash = 0;
    for (let i = from; i <= last; i++) {
      const byte = bytes[i]!;
      if (byte === 73 && bytes[i + 1] === 78 && bytes[i + 2] === EQUALS) {
        let at = i + 3;
        while (at < to && bytes[at] !== SPACE) at++;
        const inbound = at > i + 3;
        if (at + 5 < to && view.getInt32(at + 1) === OUT) {
          at += 5;
          const outAt = at;
          while (at < to && bytes[at] !== SPACE) at++;
          if (at < to) {
            const outbound = at > outAt;
            this.#direction = inbound === outbound ? 0 : inbound ? Direction.inbound : Direction.outbound;
            this.#prefixHash = hash;
            this.#fields = at;
            return i;
          }
        }
        if (i === from || bytes[i - 1] === SPACE) this.#damaged = true;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return -1;
  }
}

/**
 * Whether the message is the kernel's or ulogd's, or has no program at all. Any other program may log what a stranger
 * wrote (`sshd[7]: Invalid user IN=a OUT=b SRC=...`); only a prefix may look like a program (`fw1 DROP: IN=...`), and then
 * the fields follow at once.
 */
function ownMessage(bytes: Uint8Array, envelope: Envelope): boolean {
  const at = envelope.appAt;
  const length = envelope.appEnd - at;
  if (length === 6) {
    const view = viewOf(bytes);
    return view.getInt32(at) === KERN && view.getInt32(at + 2) === RNEL;
  }
  if (length === 0) return true;
  if (length === 1) return bytes[at] === 45;
  return length === 5 && startsWith(bytes, at, at + 5, ULOGD);
}

/** The kernel's uptime, `[19955416.516358] ` or `[  957.703250] `, is no part of the prefix. */
function skipUptime(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== 91) return from;
  let i = from + 1;
  while (i < to) {
    const byte = bytes[i]!;
    if (byte > 57 || (byte < 48 && byte !== 46 && byte !== SPACE)) break;
    i++;
  }
  if (i >= to || bytes[i] !== 93 || i === from + 1) return from;
  return i + 1 < to && bytes[i + 1] === SPACE ? i + 2 : i + 1;
}

/** Whether the fields stand in a line in netfilter's order. No pattern is used: a hostile line would make it slow. */
function looksLikePacket(text: string): boolean {
  const fields =
    text.includes(' PVEFW-') || /^\d+ \d \S+-(?:IN|OUT) \d\d\//.test(text) ? FIELDS.slice(2) : FIELDS;
  let at = 0;
  for (const field of fields) {
    at = text.indexOf(field, at);
    if (at < 0) return false;
    at += field.length;
  }
  return true;
}
const FIELDS = ['IN=', ' OUT=', ' SRC=', ' DST=', ' PROTO='];

/** The format `netfilter` of contracts. */
export const netfilter: Format = {
  name: 'netfilter',
  syslog: 'always',
  sniff: (text, app) =>
    looksLikePacket(text) && (app === '' || !/^(?:sshd|su|sudo|CRON)/.test(app)) ? 2 : 0,
  reader: (options) => new NetfilterReader(options),
  doc: {
    of: "iptables, nftables, ufw, firewalld: the kernel's LOG target by syslog, journal or ulogd; Proxmox VE's firewall",
    contact:
      'Each line with IN=, OUT= and SRC= is one packet. ARP and other frames, kernel and syslog lines are ignored.',
    losses: "`net_ratelimit: N callbacks suppressed`, journald's and rsyslog's suppressed messages.",
    seen: 'Real lines: crowdsecurity/hub, iptables-scan-multi-port and proxmox-iptables-logs (MIT).',
  },
};
