/**
 * What one line of a sensor log says, in columns.
 *
 * A reader writes one row per line that tells of a contact; settling and judging read the same rows. Rows live in a
 * `Batch` of typed arrays over one (shared) buffer, so that a million lines make no garbage and a worker can hand a
 * batch to another without copying.
 */

/** What kind of event the sensor saw. */
export const Kind = {
  /** A packet at a filter: iptables, pf, ASA, Windows firewall. One packet is all that the line proves. */
  packet: 1,
  /** A connection or flow record: Zeek conn, EVE flow, VPC flow logs, PAN-OS traffic. */
  flow: 2,
  /** A request to a web server. */
  web: 3,
  /** An attempt to sign in. */
  login: 4,
  /** A signature of an intrusion detection or prevention system. */
  alert: 5,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What became of it, in the words of the sensor. */
export const Outcome = {
  /** The line does not say. */
  unknown: 0,
  /** Dropped or rejected by a rule of a filter. */
  denied: 1,
  /** Dropped by a block list or an intrusion prevention system: something had been decided before. */
  blocked: 2,
  /** Let in by a filter; what the service did is not known. */
  accepted: 3,
  /** Both sides spoke: the handshake was completed (TCP), or the service sent data back. */
  established: 4,
  /** Nobody answered. */
  noAnswer: 5,
  /** The target itself said no: RST, ICMP unreachable. */
  rejected: 6,
  /** A login was refused. */
  failed: 7,
  /** A login was accepted. */
  succeeded: 8,
  /** A web server answered with `status`. */
  answered: 9,
  /** The sensor saw only one direction, or only the middle: what became of it cannot be told. */
  oneSided: 10,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Which way a contact went, in the words of the sensor. Settling may know better from the surface. */
export const Direction = { unknown: 0, inbound: 1, outbound: 2, internal: 3 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** Bits of the column `flags`. */
export const Flag = {
  /** The addresses are IPv6 and stand in `wide`. IPv4-mapped addresses are IPv4. */
  v6: 1,
  /** The line names no source address (a login on the console, a crash). */
  noSource: 2,
  /** The line names no destination: it is the sensor itself. */
  noDestination: 4,
  /** `tcp` holds the flags of the packet. */
  tcpKnown: 8,
  /** The line tells more of the contact with the same key, and never is a contact of its own. */
  detail: 16,
  /** The line has no readable time; the time of the line before it is taken. */
  noTime: 32,
  /** The account in this line is one that does not exist at the target ("invalid user"). */
  invalidAccount: 64,
  /** `forwardedAt` points at a header (X-Forwarded-For or as configured) that names the client. */
  forwarded: 128,
  /** Set by settling: the client was named by a proxy of ours, so its packets are not the client's. */
  proxied: 256,
  /** Set by settling: a forwarding header from somebody who is no proxy of ours was ignored. */
  foreignHeader: 512,
  /**
   * The line hints at an attempt to sign in that another line of the same connection tells for sure ("Invalid user",
   * PAM's failure, the departure): one of them alone is an attempt, beside the other it is none.
   */
  hint: 1024,
  /** The login was by a key or certificate, which nobody guesses. */
  keyLogin: 2048,
  /** The request was a POST: on a web server, forms and logins. */
  post: 4096,
  /** Set by judging with a ledger: the row is a contact of its own, entered under `rule`. */
  counted: 8192,
  /** Set by whoever puts rows in order, before judging: the row came long after later ones had been judged. */
  late: 16384,
} as const;

/** TCP flags as in the header (RFC 9293), bits of the column `tcp`. */
export const Tcp = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

/** IP protocol numbers (IANA) that are told apart by name here. */
export const Protocol = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** Attack content in a request or event: bits of the column `content`. Found by `reading/content.ts` or told by the sensor. */
export const Content = {
  sqlInjection: 1,
  traversal: 2,
  crossSiteScripting: 4,
  commandInjection: 8,
  /** Shellshock, Log4Shell, OGNL, template and deserialisation payloads. */
  codeExecution: 16,
  /** A file or path that nothing of ours links to: /.env, /.git/config, wp-login.php, /cgi-bin/. */
  probePath: 32,
  /** A scanner that names itself: sqlmap, nikto, nuclei, zgrab. */
  scannerAgent: 64,
  /** Bytes that are no HTTP request: TLS on a plain port, binary. */
  malformed: 128,
  /** A signature of an IDS or IPS that is about an attack, not about information. */
  signature: 256,
  /** A path that nobody outside should ever be served: /.env, /.git/, key files, database dumps, backups. */
  secretPath: 512,
} as const;

/** `size` or `millis` when the line does not say. */
export const UNKNOWN_U32 = 0xffff_ffff;

/** Rows in one batch: at 133 bytes a row, a batch is about as large as a second-level cache. */
export const BATCH_ROWS = 16_384;

/** Bytes of one batch's buffer: one double, 8 + 17 words, 9 halves and 7 bytes a row. */
export const BATCH_BYTES = BATCH_ROWS * (8 + 4 * 25 + 2 * 9 + 7);

/**
 * Rows read from consecutive lines of one file. Columns that a line does not fill must hold 0 (`size`, `millis`:
 * UNKNOWN_U32): `begin()` clears the row, so a reader writes only what its line says.
 */
export class Batch {
  /** Event time, milliseconds since 1970-01-01T00:00Z. */
  readonly time: Float64Array;
  /** IPv4 source as a number (network order read big-endian); with `Flag.v6` see `wide`. */
  readonly src: Uint32Array;
  /** IPv4 destination. */
  readonly dst: Uint32Array;
  /** Eight words a row: IPv6 source (4, most significant first) and destination (4). Written only with `Flag.v6`. */
  readonly wide: Uint32Array;
  /** 64 bits that lines about the same contact share (sshd host and pid, Zeek uid, EVE flow_id); 0,0 = none. */
  readonly key0: Uint32Array;
  readonly key1: Uint32Array;
  /** 64-bit hash of the account's name in lower case (see `hashText`); 0,0 = none. */
  readonly acct0: Uint32Array;
  readonly acct1: Uint32Array;
  /** Hash of the web route: the path without query, digits folded; 0 = none. */
  readonly route: Uint32Array;
  /** Bytes sent back to the client, or UNKNOWN_U32. */
  readonly size: Uint32Array;
  /** Milliseconds that the answer or the flow took, or UNKNOWN_U32. */
  readonly millis: Uint32Array;
  /** Hash of the sensor's host name as the line gives it; 0 = none. */
  readonly host: Uint32Array;
  /** Line in the block, from 0. The block's first line is added by who numbers the blocks. */
  readonly line: Uint32Array;
  /** Where the text of the row (account name, request target, signature) stands in the bytes that were read. */
  readonly textAt: Uint32Array;
  /** Where a forwarding header's value stands, with `Flag.forwarded`. */
  readonly forwardedAt: Uint32Array;
  readonly textLength: Uint16Array;
  readonly forwardedLength: Uint16Array;
  readonly sport: Uint16Array;
  /** Destination port; for ICMP the type times 256 plus the code. */
  readonly dport: Uint16Array;
  /** HTTP status, or 0. */
  readonly status: Uint16Array;
  readonly content: Uint16Array;
  readonly flags: Uint16Array;
  /** Extra contacts that this one line tells ("message repeated 5 times" = 4). */
  readonly repeat: Uint16Array;
  readonly kind: Uint8Array;
  readonly outcome: Uint8Array;
  readonly direction: Uint8Array;
  readonly protocol: Uint8Array;
  readonly tcp: Uint8Array;

  // The columns below are filled by `prepare` (settling), not by readers.

  /** Key of the foreign side: IPv4 address and 0, or the first 64 bits of an IPv6 address. */
  readonly foreign0: Uint32Array;
  readonly foreign1: Uint32Array;
  /** Hash of what was contacted: address, port and protocol, or site and route. */
  readonly target: Uint32Array;
  /** Index of the service in the surface, -1 if it lists none. */
  readonly service: Int16Array;
  /** Row of the table in `settle/dispositions.ts`. */
  readonly rule: Uint8Array;
  /** Shard of the foreign address. */
  readonly shard: Uint8Array;

  /** Written by judging with a ledger: the power of ten of the source's likelihood ratio (all evidence) after the row. */
  readonly stake: Float32Array;

  /** Rows filled. */
  count = 0;
  /** Lines seen: rows + ignored + unreadable. */
  lines = 0;
  /** Lines understood that tell of no contact. */
  ignored = 0;
  /** Lines that should have been understood and were not. */
  unreadable = 0;
  /** Events that the sensor admits to have dropped, told by these lines. */
  lost = 0;
  /** A line admitted a loss without a number. */
  lostUnknown = false;
  /** First and last value of a counter of losses that runs from batch to batch (see `losses.ts`); NaN: none told. */
  lostFrom = Number.NaN;
  lostTo = Number.NaN;
  /** That counter stood at 0 when the file began. */
  lostFromZero = false;

  /** `offset`: where in `buffer` the rows begin, a multiple of 8. */
  constructor(buffer: ArrayBufferLike = new ArrayBuffer(BATCH_BYTES), offset = 0) {
    let at = offset;
    const n = BATCH_ROWS;
    this.time = new Float64Array(buffer, at, n);
    at += 8 * n;
    const words = () => {
      const column = new Uint32Array(buffer, at, n);
      at += 4 * n;
      return column;
    };
    this.wide = new Uint32Array(buffer, at, 8 * n);
    at += 32 * n;
    this.src = words();
    this.dst = words();
    this.key0 = words();
    this.key1 = words();
    this.acct0 = words();
    this.acct1 = words();
    this.route = words();
    this.size = words();
    this.millis = words();
    this.host = words();
    this.line = words();
    this.textAt = words();
    this.forwardedAt = words();
    this.foreign0 = words();
    this.foreign1 = words();
    this.target = words();
    this.stake = new Float32Array(buffer, at, n);
    at += 4 * n;
    this.service = new Int16Array(buffer, at, n);
    at += 2 * n;
    const halves = () => {
      const column = new Uint16Array(buffer, at, n);
      at += 2 * n;
      return column;
    };
    this.textLength = halves();
    this.forwardedLength = halves();
    this.sport = halves();
    this.dport = halves();
    this.status = halves();
    this.content = halves();
    this.flags = halves();
    this.repeat = halves();
    const bytes = () => {
      const column = new Uint8Array(buffer, at, n);
      at += n;
      return column;
    };
    this.kind = bytes();
    this.outcome = bytes();
    this.direction = bytes();
    this.protocol = bytes();
    this.tcp = bytes();
    this.rule = bytes();
    this.shard = bytes();
  }

  /** Empties the batch. Columns keep old values until `begin` clears a row. */
  clear(): void {
    this.count = 0;
    this.lines = 0;
    this.ignored = 0;
    this.unreadable = 0;
    this.lost = 0;
    this.lostUnknown = false;
    this.lostFrom = Number.NaN;
    this.lostTo = Number.NaN;
    this.lostFromZero = false;
  }

  /** Clears row `i` for a reader that now fills it, and says what kind of event it is. */
  begin(i: number, kind: Kind): void {
    this.kind[i] = kind;
    this.src[i] = 0;
    this.dst[i] = 0;
    this.key0[i] = 0;
    this.key1[i] = 0;
    this.acct0[i] = 0;
    this.acct1[i] = 0;
    this.route[i] = 0;
    this.size[i] = UNKNOWN_U32;
    this.millis[i] = UNKNOWN_U32;
    this.host[i] = 0;
    this.textLength[i] = 0;
    this.sport[i] = 0;
    this.dport[i] = 0;
    this.status[i] = 0;
    this.content[i] = 0;
    this.flags[i] = 0;
    this.repeat[i] = 0;
    this.outcome[i] = 0;
    this.direction[i] = 0;
    this.protocol[i] = 0;
    this.tcp[i] = 0;
  }

  /** Makes row `to` the same as row `from`, except for `line`. */
  copyRow(from: number, to: number): void {
    this.wide.copyWithin(8 * to, 8 * from, 8 * from + 8);
    for (const column of this.#copied()) column[to] = column[from]!;
  }

  /** Takes the first `source.count` rows of another batch behind its own, for which there must be room. */
  takeRows(source: Batch): void {
    const { count } = source;
    const to = this.count;
    const theirs = source.#copied();
    this.#copied().forEach((column, i) => {
      column.set(theirs[i]!.subarray(0, count), to);
    });
    this.line.set(source.line.subarray(0, count), to);
    this.wide.set(source.wide.subarray(0, 8 * count), 8 * to);
    this.count = to + count;
  }

  #copied(): ReadonlyArray<Float64Array | Uint32Array | Uint16Array | Uint8Array> {
    return [
      ...[this.time, this.src, this.dst, this.key0, this.key1, this.acct0, this.acct1, this.route, this.size],
      ...[this.millis, this.host, this.textAt, this.forwardedAt, this.textLength, this.forwardedLength],
      ...[
        this.sport,
        this.dport,
        this.status,
        this.content,
        this.flags,
        this.repeat,
        this.kind,
        this.outcome,
      ],
      ...[this.direction, this.protocol, this.tcp],
    ];
  }
}
