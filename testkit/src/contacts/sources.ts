/**
 * The truth about each source, gathered while its events are made and written.
 *
 * A source is one IPv4 address, or one IPv6 /64: who holds a /64 holds all its addresses.
 */
import { mix32 } from '../random.ts';
import { Column } from './columns.ts';
import { CLASS_NAMES, type ClassName } from './contact-classes.ts';
import { FORMAT_NAMES, type FormatName } from './formats.ts';

/** No campaign. */
export const ALONE = 0;

/** Slots of the first table of targets; it doubles when half full. */
const FIRST_SLOTS = 131_072;

/** The sources of a run; a source is the number that `add` gives. */
export class Sources {
  count = 0;
  private readonly identities: string[] = [];
  private readonly classes = new Column();
  private readonly campaigns = new Column();
  private readonly firsts = new Column();
  private readonly lasts = new Column();
  private readonly contacts = new Column();
  private readonly targets = new Column();
  private readonly lines = new Map<FormatName, Column>();
  private readonly campaignNames: string[] = ['none'];
  private seen = new TargetSet(FIRST_SLOTS);

  /** A new source; its identity is told later, when its address is chosen. */
  add(of: ClassName, campaign: number = ALONE): number {
    const source = this.count++;
    this.classes.set(source, CLASS_NAMES.indexOf(of));
    this.campaigns.set(source, campaign);
    this.firsts.set(source, Number.POSITIVE_INFINITY);
    this.lasts.set(source, Number.NEGATIVE_INFINITY);
    return source;
  }

  /** Names the source: an IPv4 address or an IPv6 /64. */
  identify(source: number, identity: string): void {
    this.identities[source] = identity;
  }

  /** A new campaign, named after its class. */
  campaign(of: ClassName): number {
    this.campaignNames.push(`${of}-${this.campaignNames.length}`);
    return this.campaignNames.length - 1;
  }

  /** Records one contact (connection attempt, packet, request or login) at `time` (microseconds from the start). */
  contact(source: number, time: number, destination: number, port: number): void {
    this.contacts.add(source, 1);
    if (time < this.firsts.get(source)) this.firsts.set(source, time);
    if (time > this.lasts.get(source)) this.lasts.set(source, time);
    if (this.isNewTarget(source, destination, port)) this.targets.add(source, 1);
  }

  /** Records that a line of this format tells of the source. */
  line(source: number, format: FormatName): void {
    let column = this.lines.get(format);
    if (column === undefined) {
      column = new Column();
      this.lines.set(format, column);
    }
    column.add(source, 1);
  }

  /** What is known of a source. */
  truth(source: number): SourceTruth {
    const files: Partial<Record<FormatName, number>> = {};
    for (const format of FORMAT_NAMES) {
      const lines = this.lines.get(format)?.get(source) ?? 0;
      if (lines > 0) files[format] = lines;
    }
    const campaign = this.campaigns.get(source);
    return {
      source: this.identities[source] as string,
      class: CLASS_NAMES[this.classes.get(source)] as ClassName,
      campaign: campaign === ALONE ? null : (this.campaignNames[campaign] as string),
      contacts: this.contacts.get(source),
      targets: this.targets.get(source),
      first: this.firsts.get(source),
      last: this.lasts.get(source),
      files,
    };
  }

  private isNewTarget(source: number, destination: number, port: number): boolean {
    if (this.seen.count * 2 >= this.seen.pairs.length) {
      const grown = new TargetSet(this.seen.pairs.length * 2);
      this.seen.copyTo(grown);
      this.seen = grown;
    }
    return this.seen.add(source * ADDRESSES + destination, port);
  }
}

/** Bound on the addresses of a run; source and destination together stay exact in a double. */
const ADDRESSES = 2 ** 24;

/** An exact set of ((source, destination), port) in flat memory: open addressing, linear probing. */
class TargetSet {
  count = 0;
  readonly pairs: Float64Array;
  private readonly ports: Uint16Array;

  constructor(slots: number) {
    this.pairs = new Float64Array(slots);
    this.ports = new Uint16Array(slots);
  }

  /** Adds; false if it was there. */
  add(pair: number, port: number): boolean {
    const key = pair + 1;
    const mask = this.pairs.length - 1;
    const high = Math.floor(key / 65_536);
    let slot = (mix32(Math.imul(high, 0x9e3779b1) ^ ((key % 65_536) << 16) ^ port) >>> 0) & mask;
    while (this.pairs[slot] !== 0) {
      if (this.pairs[slot] === key && this.ports[slot] === port) return false;
      slot = (slot + 1) & mask;
    }
    this.pairs[slot] = key;
    this.ports[slot] = port;
    this.count++;
    return true;
  }

  copyTo(other: TargetSet): void {
    for (let slot = 0; slot < this.pairs.length; slot++) {
      const key = this.pairs[slot] as number;
      if (key !== 0) other.add(key - 1, this.ports[slot] as number);
    }
  }
}

/** The truth about one source; times in microseconds from the start, `files` in lines. */
export type SourceTruth = {
  readonly source: string;
  readonly class: ClassName;
  readonly campaign: string | null;
  readonly contacts: number;
  readonly targets: number;
  readonly first: number;
  readonly last: number;
  readonly files: Readonly<Partial<Record<FormatName, number>>>;
};
