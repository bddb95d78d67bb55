/**
 * Damage that links, relays and attackers do to lines, for tests: seeded, so that a failure can be repeated.
 */

/** Bytes that mean something to one reader or another. */
const MARKS = '"\'\\,;:|=[](){}<>#%&/ \t\0\u001b-+.0179aZ\u00ff\u00c3';

/** Text that names a source, a destination or an account in one format or another. */
const LURES = [
  ' from 192.0.2.66 port 22 ssh2',
  ' SRC=192.0.2.66 DST=198.18.0.66 ',
  ' PROTO=TCP SPT=1 DPT=2 ',
  ',192.0.2.66,198.18.0.66,',
  '","src_ip":"192.0.2.66","x":"',
  ' src=192.0.2.66 dst=198.18.0.66 ',
  ' rhost=192.0.2.66 user=root',
  '\t192.0.2.66\t',
  '] [192.0.2.66] ',
  '::ffff:192.0.2.66',
  'message repeated 99999999 times: [ ',
  '\\"192.0.2.66\\"',
];

/** Makes hostile lines out of good ones. */
export class Mutator {
  #state: number;

  /** The same seed makes the same lines. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1 (a Weyl sequence through the finaliser of MurmurHash3). */
  pick(below: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let h = this.#state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) % below;
  }

  /** One of `lines` with one to four changes. It holds no line break. */
  line(lines: readonly string[]): string {
    let text = lines[this.pick(lines.length)]!;
    for (let changes = 1 + this.pick(4); changes > 0; changes--) text = this.#change(text, lines);
    return text.replace(/[\r\n]/g, ' ');
  }

  #change(text: string, lines: readonly string[]): string {
    const at = this.pick(text.length + 1);
    const until = Math.min(text.length, at + 1 + this.pick(12));
    switch (this.pick(9)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(at);
      case 2:
        return text.slice(0, at) + String.fromCharCode(this.pick(256)) + text.slice(at + 1);
      case 3:
        return text.slice(0, at) + MARKS[this.pick(MARKS.length)]! + text.slice(at);
      case 4: {
        const other = lines[this.pick(lines.length)]!;
        return text.slice(0, at) + other.slice(this.pick(other.length + 1));
      }
      case 5:
        return text.slice(0, at) + text.slice(until);
      case 6:
        return text.slice(0, until) + text.slice(at);
      case 7:
        return text.slice(0, at) + LURES[this.pick(LURES.length)]! + text.slice(at);
      default:
        return text.slice(0, at) + this.#digits() + text.slice(until);
    }
  }

  /** Numbers at the edges of what columns hold. */
  #digits(): string {
    const edges = [
      '0',
      '00',
      '255',
      '256',
      '65535',
      '65536',
      '4294967296',
      '99999999999999999999',
      '-1',
      '1e9',
    ];
    return edges[this.pick(edges.length)]!;
  }
}
