/**
 * The same evidence per destination: one host of ours that many sources probe, each a little.
 *
 * Two walks, half the stake on each, over failed first contacts at a host by sources that have not been judged:
 *
 * **Which ports.** The background of the Internet asks everybody for the same few ports. A scan that is shared out over
 * many sources asks one host for ports that hardly anybody asks for. A port that is new at the host is a trial: a rare
 * one counts as the failure of the walk, a common one as its success. How rare ports are is learned on the way.
 *
 * **How often.** The benign model: new ports are asked for at a host at most BUSY times as often as at the average host,
 * and at most once an hour. Against it stands a rate sixteen times higher; the time between events is the evidence.
 */

import { formatIPv4 } from '@bellwether/basics';
import { hashSource } from './commons-keys.ts';
import { FindingBit, type Findings } from './findings.ts';
import { Labels } from './labels.ts';
import type { StateIo } from './state.ts';
import { TargetSets } from './targets.ts';
import { TIERS, threshold } from './tiers.ts';
import { forget, stake, THETA_BENIGN, THETA_SCANNER, wager } from './walk.ts';

/** Hosts of ours with a walk of their own. A state's offices have some ten thousand addresses that answer or are asked for. */
const MAX_HOSTS = 65_536;
/** Events kept to label those who began a campaign before it was seen. */
const RING = 262_144;
const HOUR = 3_600_000;
/** Members that came up to an hour before the walk began to rise are labelled: the first steps of a slow campaign. */
const LOOK_BACK = HOUR;
/** A busy host is asked for new ports up to twenty times as often as the average one. */
const BUSY = 20;
/** The rate that the benign one is held against. */
const RATE_FACTOR = 16;
/** A walk above this has begun to rise. */
const RISING = 2;
/** A port that fewer than one in two thousand contacts ask for is rare. */
const RARE_SHARE = 1 / 2000;
/** Contacts before the shares mean anything: until then a port is rare if it was asked for twice at most. */
const LEARNED = 2_000;
/** Sources needed: one source alone has its own walk. */
const MIN_SOURCES = 5;

const WATCH = threshold(TIERS[0].alpha);

export class Destinations {
  readonly labels = new Labels();
  campaigns = 0;
  /** Hosts with a walk. */
  tested = 0;
  /** Failures at hosts that found no room. */
  refused = 0;
  /** Failures forgotten while a campaign could still have claimed them. */
  forgotten = 0;
  readonly #hosts = new Map<number, number>();
  readonly #portWalk = new Float64Array(MAX_HOSTS);
  readonly #rateWalk = new Float64Array(MAX_HOSTS);
  readonly #rising = new Float64Array(MAX_HOSTS);
  readonly #trials = new Uint32Array(MAX_HOSTS);
  readonly #last = new Float64Array(MAX_HOSTS);
  readonly #sources = new Uint32Array(MAX_HOSTS);
  readonly #lastSource = new Uint32Array(MAX_HOSTS);
  #campaign: (string | undefined)[] = [];
  readonly #ports = new TargetSets(MAX_HOSTS);
  readonly #portCounts = new Uint32Array(65_536);
  #events = 0;
  #rare = 0;
  #since = 0;
  // The last events, for looking back.
  readonly #ringHost = new Uint32Array(RING);
  readonly #ringKey0 = new Uint32Array(RING);
  readonly #ringKey1 = new Uint32Array(RING);
  readonly #ringV6 = new Uint8Array(RING);
  readonly #ringTime = new Float64Array(RING);
  #ringAt = 0;

  /** Takes a failed first contact. */
  note(findings: Findings, i: number): void {
    const address = findings.b[i]!;
    if (address === 0 || (findings.bits[i]! & FindingBit.judged) !== 0) return;
    const port = findings.c[i]!;
    const time = findings.time[i]!;
    const key0 = findings.key0[i]!;
    const key1 = findings.key1[i]!;
    const v6 = findings.bits[i]! & FindingBit.v6;
    const host = this.#host(address, time);
    if (host < 0) return;
    const count = this.#portCounts[port]!;
    this.#portCounts[port] = count + 1;
    this.#events++;
    if (this.#since === 0) this.#since = time;
    const campaign = this.#campaign[host];
    if (campaign !== undefined) this.labels.add(key0, key1, v6 !== 0, campaign);
    else this.#push(host, key0, key1, v6, time);
    if (!this.#ports.add(host, findings.a[i]!)) return;
    const source = hashSource(key0, key1, v6);
    if (this.#lastSource[host] !== source) {
      this.#lastSource[host] = source;
      this.#sources[host] = this.#sources[host]! + 1;
    }
    this.#trial(host, count, time);
    const n = this.#trials[host]!;
    const likelihood = (stake(this.#portWalk[host]!, n) + stake(this.#rateWalk[host]!, n)) / 2;
    if (campaign !== undefined) {
      if (likelihood < WATCH) this.#campaign[host] = undefined;
    } else if (likelihood >= WATCH && this.#sources[host]! >= MIN_SOURCES) {
      this.#begin(host, address, v6 !== 0);
    }
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    io.within('labels', () => this.labels.state(io));
    this.campaigns = io.number('campaigns', this.campaigns);
    this.tested = io.size('tested', this.tested, MAX_HOSTS);
    this.refused = io.number('refused', this.refused);
    this.forgotten = io.number('forgotten', this.forgotten);
    io.map('hosts', this.#hosts, MAX_HOSTS, (address, host) => [
      io.number('address', address ?? 0),
      io.number('host', host ?? 0),
    ]);
    const { tested } = this;
    io.front('portWalk', this.#portWalk, tested);
    io.front('rateWalk', this.#rateWalk, tested);
    io.front('rising', this.#rising, tested);
    io.front('trials', this.#trials, tested);
    io.front('last', this.#last, tested);
    io.front('sources', this.#sources, tested);
    io.front('lastSource', this.#lastSource, tested);
    const campaigns = Array.from({ length: tested }, (_, host) => this.#campaign[host]);
    this.#campaign = io.list(
      'campaign',
      campaigns,
      MAX_HOSTS,
      (name) => io.text('name', name ?? '') || undefined,
    );
    io.within('ports', () => this.#ports.state(io, tested));
    io.table('portCounts', this.#portCounts);
    this.#events = io.number('events', this.#events);
    this.#rare = io.number('rare', this.#rare);
    this.#since = io.number('since', this.#since);
    this.#ringAt = io.size('ringAt', this.#ringAt, Number.MAX_SAFE_INTEGER);
    const kept = Math.min(this.#ringAt, RING);
    io.front('ringHost', this.#ringHost, kept);
    io.front('ringKey0', this.#ringKey0, kept);
    io.front('ringKey1', this.#ringKey1, kept);
    io.front('ringV6', this.#ringV6, kept);
    io.front('ringTime', this.#ringTime, kept);
  }

  /** One trial of both walks: a port that is new at the host and was asked for `count` times elsewhere. */
  #trial(host: number, count: number, time: number): void {
    const isRare = this.#events < LEARNED ? count <= 2 : count < this.#events * RARE_SHARE;
    if (isRare) this.#rare++;
    const share = this.#events < LEARNED ? THETA_BENIGN : (1.25 * this.#rare) / this.#events;
    const benign = Math.min(0.79, Math.max(THETA_BENIGN, share));
    const ports = isRare ? THETA_SCANNER / benign : (1 - THETA_SCANNER) / (1 - benign);
    const elapsed = Math.max(0, time - this.#last[host]!);
    const hours = Math.max(1, (time - this.#since) / HOUR);
    const usual = Math.max(1, (BUSY * this.#events) / (this.tested * hours));
    const rate = RATE_FACTOR * Math.exp((-(RATE_FACTOR - 1) * usual * elapsed) / HOUR);
    if (elapsed >= 60_000) {
      this.#portWalk[host] = forget(this.#portWalk[host]!, elapsed);
      this.#rateWalk[host] = forget(this.#rateWalk[host]!, elapsed);
    }
    this.#last[host] = time;
    const n = this.#trials[host]! + 1;
    this.#trials[host] = n;
    const before = Math.max(this.#portWalk[host]!, this.#rateWalk[host]!);
    this.#portWalk[host] = wager(this.#portWalk[host]!, n, ports);
    // The first event begins the clock: there is no time before it to judge by.
    if (n > 1) this.#rateWalk[host] = wager(this.#rateWalk[host]!, n, rate);
    if (before <= RISING && Math.max(this.#portWalk[host]!, this.#rateWalk[host]!) > RISING)
      this.#rising[host] = time;
  }

  #begin(host: number, address: number, v6: boolean): void {
    this.campaigns++;
    // What stands for an IPv6 address is its hash.
    const where = v6 ? `ipv6-${address.toString(16).padStart(8, '0')}` : formatIPv4(address);
    const name = `host-${where}-${this.campaigns}`;
    this.#campaign[host] = name;
    const kept = Math.min(this.#ringAt, RING);
    const oldest = this.#rising[host]! - LOOK_BACK;
    for (let k = 0; k < kept; k++) {
      if (this.#ringHost[k] !== host || this.#ringTime[k]! < oldest) continue;
      this.labels.add(this.#ringKey0[k]!, this.#ringKey1[k]!, this.#ringV6[k] !== 0, name);
    }
  }

  #host(address: number, time: number): number {
    const known = this.#hosts.get(address);
    if (known !== undefined) return known;
    if (this.tested >= MAX_HOSTS) {
      this.refused++;
      return -1;
    }
    const host = this.tested++;
    this.#hosts.set(address, host);
    this.#last[host] = time;
    return host;
  }

  #push(host: number, key0: number, key1: number, v6: number, time: number): void {
    const at = this.#ringAt % RING;
    if (this.#ringAt++ >= RING && time - this.#ringTime[at]! <= LOOK_BACK) this.forgotten++;
    this.#ringHost[at] = host;
    this.#ringKey0[at] = key0;
    this.#ringKey1[at] = key1;
    this.#ringV6[at] = v6;
    this.#ringTime[at] = time;
  }
}
