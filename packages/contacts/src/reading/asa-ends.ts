/**
 * The ends of a connection as ASA writes them. Hot path: what was read lies in the fields of one reused object.
 *
 *     outside:203.0.113.9/50229          most messages; the interface may be missing
 *     outside/203.0.113.9(50229)         106100
 *     outside:203.0.113.9/50229 (198.51.100.4/50229)(LOCAL\frank)   mapped address and user behind, skipped
 *     dmz:OCSP_Server/5678               a name from the device's `names`: the address is not known
 */
import { type Batch, Flag } from '../contact.ts';
import { Family, readAddress, readEnd, readNumber, words } from './bytes.ts';
import { WordValues } from './words.ts';

const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const PERCENT = 37;

/** Longest name of an interface or a host: 48 and 63 letters in ASA's command line. */
const MAX_NAME = 128;

/** Names that ASA writes for ports unless `no names` and numbers are asked for. */
const SERVICES = new WordValues({
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  tacacs: 49,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  www: 80,
  http: 80,
  pop3: 110,
  sunrpc: 111,
  ident: 113,
  ntp: 123,
  'netbios-ns': 137,
  'netbios-dgm': 138,
  'netbios-ssn': 139,
  imap4: 143,
  snmp: 161,
  snmptrap: 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  isakmp: 500,
  syslog: 514,
  rip: 520,
  ldaps: 636,
  radius: 1645,
  sqlnet: 1521,
  h323: 1720,
  pptp: 1723,
  sip: 5060,
});

/** One end: its address, port, and where it stopped. */
export class AsaEnd {
  family: Family = Family.none;
  readonly address = new Uint32Array(4);
  /** Port, or -1. */
  port = -1;
  /** Index behind the end. */
  end = 0;

  /**
   * Reads the end at `at`; `joint` is what stands between interface and address. Returns false where there is none, or
   * its port is none. A name for an address is an end without a family.
   */
  read(bytes: Uint8Array, at: number, to: number, joint = COLON): boolean {
    this.port = -1;
    this.family = Family.none;
    let begin = at;
    if (bytes[begin] === OPEN) begin++;
    if (!this.#takeAddress(bytes, begin, to)) {
      const limit = Math.min(to, begin + MAX_NAME);
      let i = begin;
      while (i < limit && bytes[i] !== joint && bytes[i] !== SPACE) i++;
      if (i === begin) return false;
      const name = i < limit && bytes[i] === joint ? i + 1 : begin;
      if (name === begin || !this.#takeAddress(bytes, name, to)) {
        this.end = nameEnd(bytes, name, to);
        if (this.end === name) return false;
      }
    }
    if (begin > at && bytes[this.end] === CLOSE) this.end++;
    return this.#takePort(bytes, to);
  }

  #takeAddress(bytes: Uint8Array, at: number, to: number): boolean {
    const family = readAddress(bytes, at, to);
    if (family === Family.none) return false;
    let end = readEnd;
    if (bytes[end] === PERCENT) end = nameEnd(bytes, end, to);
    if (end < to && !isEdge(bytes, end, to)) return false;
    // `a.b.c.d.` at the end of a sentence is an address, `1.2.3.4.example` is a name.
    if (bytes[end] === DOT && end + 1 < to && bytes[end + 1] !== SPACE) return false;
    this.family = family;
    this.address.set(words);
    this.end = end;
    return true;
  }

  #takePort(bytes: Uint8Array, to: number): boolean {
    const at = this.end;
    const mark = bytes[at];
    if (at >= to || (mark !== SLASH && mark !== OPEN)) return true;
    const number = readNumber(bytes, at + 1, to);
    if (mark === OPEN) {
      // `(50229)` is a port, `(LOCAL\frank)` or `(203.0.113.9/7)` are none and stay.
      if (number < 0 || bytes[readEnd] !== CLOSE) return true;
      this.end = readEnd + 1;
      this.port = number;
      return number <= 65_535;
    }
    if (number >= 0 && (readEnd >= to || isEdge(bytes, readEnd, to))) {
      this.end = readEnd;
      this.port = number;
      return number <= 65_535;
    }
    const end = nameEnd(bytes, at + 1, to);
    this.port = SERVICES.find(bytes, at + 1, end);
    this.end = end;
    return end > at + 1;
  }

  /** Makes it an end that nobody named. `0.0.0.0` and `::` are how the device writes that itself. */
  clear(): void {
    this.family = Family.none;
    this.port = -1;
  }

  /** Whether the address is `0.0.0.0` or `::`. */
  get isUnspecified(): boolean {
    const { address, family } = this;
    if (family === Family.v4) return address[3] === 0;
    return address[0] === 0 && address[1] === 0 && address[2] === 0 && address[3] === 0;
  }

  /** Writes the address as the row's source, or what it is to have none; the bits of `flags` that go with it. */
  writeSource(batch: Batch, row: number): number {
    if (this.family === Family.none) return Flag.noSource;
    if (this.family === Family.v4) {
      batch.src[row] = this.address[3]!;
      return 0;
    }
    batch.wide.set(this.address, 8 * row);
    return Flag.v6;
  }

  /** As `writeSource`, for the destination. */
  writeDestination(batch: Batch, row: number): number {
    if (this.family === Family.none) return Flag.noDestination;
    if (this.family === Family.v4) {
      batch.dst[row] = this.address[3]!;
      return 0;
    }
    batch.wide.set(this.address, 8 * row + 4);
    return Flag.v6;
  }
}

/** Whether an address or a port may end at `at`: a blank, a bracket, a mark that ends a part of the sentence. */
function isEdge(bytes: Uint8Array, at: number, to: number): boolean {
  const byte = bytes[at];
  if (byte === COLON) return at + 1 < to && bytes[at + 1] === SPACE;
  return (
    byte === SPACE ||
    byte === SLASH ||
    byte === OPEN ||
    byte === CLOSE ||
    byte === COMMA ||
    byte === SEMICOLON ||
    byte === DOT
  );
}

/** End of a host's or service's name. */
function nameEnd(bytes: Uint8Array, at: number, to: number): number {
  const limit = Math.min(to, at + MAX_NAME);
  let i = at;
  while (
    i < limit &&
    bytes[i] !== SPACE &&
    bytes[i] !== SLASH &&
    bytes[i] !== OPEN &&
    bytes[i] !== CLOSE &&
    bytes[i] !== COMMA
  )
    i++;
  return i;
}
