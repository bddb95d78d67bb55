/**
 * The shards of one worker: walks stretches in the total order, gives each row of its shards exactly one place in the
 * account, and lets the shard judge it.
 */

import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type Batch, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { mix32 } from '../reading/bytes.ts';
import { Disposition, dispositionRank, R, RULES, ruleDisposition } from '../settle/dispositions.ts';
import { join, levelOf } from '../settle/join.ts';
import { ATTACK_CONTENT } from '../settle/prepare.ts';
import { Tally } from '../settle/tally.ts';
import { type FileInfo, SHARDS, type Stretch } from '../stretch.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import { type Cursor, Cursors } from './cursors.ts';
import { type Findings, FindingsWriter, type Through } from './findings.ts';
import { foundMark, foundTime, type Recent } from './keyed.ts';
import { type Ledger, minuteOf } from './ledger.ts';
import { type Limits, sumLimits } from './limits.ts';
import type { Place } from './place.ts';
import { DISORDER, fingerprint, secondPrint } from './replays.ts';
import { Answer, settledAnew } from './replies.ts';
import { ANSWER_TIME, JOIN_TIME, KEY_LIFE, Settling } from './settling.ts';
import { type Caps, Shard } from './shard.ts';
import type { StateIo } from './state.ts';
import { type VerdictColumns, verdictColumns } from './verdict-columns.ts';

/** What judging needs to know from the start. */
export type EngineOptions = {
  readonly surface: CompiledSurface;
  readonly files: readonly FileInfo[];
};

/** Beside a rule: it is `reply` for as long as the source has sent few like it. Bits 0-7 are the rule. */
const PASSES = 0x1000;
/** Above all that stands the file under which the contact was entered; its minute is the mark. */
const FILE_SHIFT = 16;

/** What a worker knows at the end: everything that crosses no shard. */
export type ShardReport = {
  readonly tally: Tally;
  readonly sources: number;
  readonly folded: number;
  readonly prefixes: number;
  /** What did not fit. */
  readonly limits: Limits;
  /** Tests made, by the file of their first trial: sources (two walks each) and prefixes. */
  readonly testsByFile: Float64Array;
  /** Whether a file told of anything that was let in. */
  readonly accepts: Uint8Array;
  readonly verdicts: VerdictColumns;
};

export class Shards {
  readonly tally = new Tally();
  #options: EngineOptions;
  readonly #mine = new Uint8Array(SHARDS);
  readonly #shards: (Shard | undefined)[] = [];
  readonly #settling: (Settling | undefined)[] = [];
  readonly #findings = new FindingsWriter();
  #accepts = new Uint8Array(0);
  #sensorNumber = new Uint16Array(0);
  /** Whether another file is of the same sensor: the two may overlap. */
  #isShared = new Uint8Array(0);
  #trusted: readonly boolean[] = [];
  #sensors = 0;
  /** Where everything is entered, when judging live. */
  readonly #ledger: Ledger | undefined;
  readonly #place: Place = { fileTime: 0, time: 0, file: 0, line: 0, trusted: true, rule: 0 };
  readonly #copy: boolean;
  /** One Zeek log alone: each connection stands in conn.log once, and nothing else tells of it. */
  readonly #isAlone: boolean;

  /**
   * `caps`: how much each shard remembers, where it is not to be as much as it may. With a `ledger` files may join at any
   * time, and every row is marked with what became of it.
   */
  constructor(options: EngineOptions, worker = 0, workers = 1, caps: Partial<Caps> = {}, ledger?: Ledger) {
    this.#options = options;
    this.#copy = workers > 1;
    this.#ledger = ledger;
    this.#isAlone = ledger === undefined && options.files.length === 1 && options.files[0]!.format === 'zeek';
    this.useFiles(options);
    for (let shard = worker; shard < SHARDS; shard += workers) {
      this.#mine[shard] = 1;
      this.#shards[shard] = new Shard(options.surface, this.tally, this.#findings, caps);
      this.#settling[shard] = new Settling(ledger !== undefined || this.#sensors > 1);
    }
  }

  /** From now on there are these files: those known so far under their indexes, and perhaps more. */
  useFiles(options: EngineOptions): void {
    this.#options = options;
    const sensors = [...new Set(options.files.map((file) => file.sensor))];
    this.#sensorNumber = Uint16Array.from(options.files, (file) => sensors.indexOf(file.sensor));
    this.#sensors = sensors.length;
    const filesOf = new Uint16Array(sensors.length);
    for (const sensor of this.#sensorNumber) filesOf[sensor] = filesOf[sensor]! + 1;
    this.#isShared = Uint8Array.from(this.#sensorNumber, (sensor) => (filesOf[sensor]! > 1 ? 1 : 0));
    this.#trusted = options.files.map(
      (file) =>
        file.sensorIndex < 0 || options.surface.sensors[file.sensorIndex]!.transport !== 'unauthenticated',
    );
    const accepts = new Uint8Array(options.files.length);
    accepts.set(this.#accepts.subarray(0, accepts.length));
    this.#accepts = accepts;
  }

  /** From now on this is offered. */
  useSurface(options: EngineOptions): void {
    this.useFiles(options);
    for (const shard of this.#shards) shard?.useSurface(options.surface);
  }

  /** Everything that the rows so far have left behind; the files are known. */
  state(io: StateIo): void {
    io.within('tally', () => this.tally.state(io));
    io.front('accepts', this.#accepts, this.#accepts.length);
    for (let shard = 0; shard < SHARDS; shard++) {
      io.within('shard', () => this.#shards[shard]?.state(io));
      io.within('settling', () => this.#settling[shard]?.state(io));
    }
  }

  /** Whether a file told of anything that was let in, by file. */
  get accepts(): Uint8Array {
    return this.#accepts;
  }

  /** The shard of this number, if it is one of this worker's. */
  shard(number: number): Shard | undefined {
    return this.#shards[number];
  }

  /** Settles and judges the rows of a stretch that belong here. Without copies the findings live until the next call. */
  judge(stretch: Stretch): Findings {
    this.#ledger?.begin(stretch);
    // Rows by (file time, file, line): always walk the file that is behind, as far as the next one.
    const cursors = new Cursors(stretch);
    for (let { first } = cursors; first !== undefined; { first } = cursors) {
      const { second } = cursors;
      this.#walk(first, second?.head ?? Number.POSITIVE_INFINITY, second?.file ?? 0);
      cursors.settle();
    }
    return this.#findings.take(this.#copy);
  }

  /** Walks rows of one file whose file time is before `until`, or equal and its file before `untilFile`. */
  #walk(cursor: Cursor, until: number, untilFile: number): void {
    const place = this.#place;
    place.file = cursor.file;
    place.trusted = this.#trusted[cursor.file]!;
    while (!cursor.done) {
      const { part } = cursor;
      const { batch, to } = part;
      this.#ledger?.enter(part);
      let time = cursor.time;
      let row = cursor.row;
      for (; row < to; row++) {
        const own = batch.time[row]!;
        // Not Math.max: a row without a readable time (NaN) stays at the time before it.
        let fileTime = time;
        if (own > time) fileTime = own;
        if (fileTime > until || (fileTime === until && cursor.file > untilFile)) break;
        time = fileTime;
        if (this.#mine[batch.shard[row]!] === 1) {
          place.fileTime = fileTime;
          place.time = !Number.isNaN(own) ? own : fileTime === Number.NEGATIVE_INFINITY ? 0 : fileTime;
          place.line = part.firstLine + batch.line[row]!;
          this.#row(batch, row, place);
        }
      }
      cursor.advance(row, time);
      if (row < to) return;
    }
  }

  #row(batch: Batch, i: number, place: Place): void {
    const tally = this.tally;
    const units = 1 + batch.repeat[i]!;
    const shard = batch.shard[i]!;
    const settling = this.#settling[shard]!;
    let rule = batch.rule[i]!;
    const kind = batch.kind[i]!;
    const flags = batch.flags[i]!;
    if (place.fileTime !== Number.NEGATIVE_INFINITY) {
      if (place.time < tally.from) tally.from = place.time;
      if (place.time > tally.to) tally.to = place.time;
    }
    if (flags & Flag.foreignHeader) tally.foreignHeaders += units;
    const ledger = this.#ledger;
    if (ledger !== undefined) batch.stake[i] = 0;
    if (rule === R['no-contact']) {
      tally.outbound += units;
      ledger?.ignore(batch, i, place);
      this.#remember(batch, i, settling, place.time);
      return;
    }
    const outcome = batch.outcome[i]!;
    if (outcome === Outcome.accepted || outcome === Outcome.established || outcome >= Outcome.succeeded) {
      if (outcome !== Outcome.oneSided) this.#accepts[place.file] = 1;
    }
    if (kind !== Kind.flow && kind !== Kind.alert && this.#isReplay(batch, i, settling, place)) {
      tally.detail += units;
      tally.replayed += units;
      ledger?.detail(batch, i, place);
      return;
    }
    const judge = this.#shards[shard]!;
    const slot = flags & Flag.noSource ? -1 : judge.meet(batch, i, place.time);
    const isKeyed = (batch.key0[i] !== 0 || batch.key1[i] !== 0) && !(this.#isAlone && kind === Kind.flow);
    if (isKeyed) {
      if (this.#further(batch, i, settling, judge, slot, units, place)) {
        if (ledger !== undefined) noteStake(batch, i, judge, slot);
        return;
      }
    } else if (flags & Flag.detail) {
      tally.detail += units;
      if (ledger !== undefined) {
        ledger.detail(batch, i, place);
        noteStake(batch, i, judge, slot);
      }
      return;
    }
    if (slot >= 0) judge.count(slot, units);
    let passes = 0;
    if (rule === R.reply) {
      const answered = this.#answer(batch, i, settling, judge, slot, units, place);
      rule = answered & 255;
      passes = answered & PASSES;
    } else if (
      rule === R['attack-open'] &&
      batch.status[i]! >= 500 &&
      judge.routes.errorIsNews(batch.target[i]!)
    ) {
      rule = R['attack-error'];
    } else if (rule === R['attack-refused'] && judge.routes.slowIsNews(batch.target[i]!, batch.millis[i]!)) {
      rule = R['attack-slow'];
    }
    if (
      slot >= 0 &&
      (kind === Kind.login ? outcome === Outcome.succeeded : judge.isWebLogin(batch, i, slot))
    ) {
      if (judge.hasGuessed(slot, rule === R['login-authorised'])) rule = R['login-after-guessing'];
    }
    tally.byRule[rule] = tally.byRule[rule]! + units;
    if (isKeyed) this.#setKey(batch, i, settling, rule | passes, kind, place);
    const knocks =
      settling.tuples === null ? units : this.#knock(batch, i, settling.tuples, rule, units, place);
    tally.knocks += knocks;
    ledger?.contact(batch, i, rule, knocks, place);
    this.#outcome(batch, i, judge, slot, rule, place);
    place.rule = rule;
    const told = kind === Kind.login && (flags & Flag.keyLogin) !== 0 && (flags & Flag.hint) !== 0;
    this.#judge(batch, i, judge, slot, rule, place, told && outcome !== Outcome.succeeded);
    if (ledger !== undefined) noteStake(batch, i, judge, slot);
  }

  #judge(
    batch: Batch,
    i: number,
    judge: Shard,
    slot: number,
    rule: number,
    place: Place,
    again: boolean,
  ): void {
    if (slot < 0) return;
    const kind = batch.kind[i]!;
    if (kind === Kind.web) judge.web(batch, i, slot, rule, place);
    else if (kind === Kind.login) judge.login(batch, i, slot, rule, place, again);
    else judge.transport(batch, i, slot, rule, place);
  }

  /** Lists what came through, and logins that the commons may yet find to have come through. */
  #outcome(batch: Batch, i: number, judge: Shard, slot: number, rule: number, place: Place): void {
    const through = ruleDisposition[rule] === Disposition.through;
    const login = batch.outcome[i] === Outcome.succeeded || (slot >= 0 && judge.isWebLogin(batch, i, slot));
    if (!through && !login) return;
    const item = this.#describe(batch, i, through ? rule : R['login-after-guessing'], place);
    if (through) {
      this.#findings.through.push(item);
      if (slot >= 0) judge.markIntrusion(slot);
    } else {
      this.#findings.logins.push(item);
      this.#ledger?.login(i, place);
    }
  }

  #describe(batch: Batch, i: number, rule: number, place: Place): Through {
    const flags = batch.flags[i]!;
    const wide = (flags & Flag.v6) !== 0;
    const file = this.#options.files[place.file]!;
    const address = (at: number, v4: number) =>
      wide ? formatIPv6(batch.wide.subarray(at, at + 4)) : formatIPv4(v4);
    return {
      time: place.time,
      source: flags & Flag.noSource ? '' : address(8 * i, batch.src[i]!),
      destination: flags & Flag.noDestination ? null : address(8 * i + 4, batch.dst[i]!),
      port: batch.dport[i]!,
      reason: RULES[rule]!.code,
      sensor: file.sensor,
      path: file.path,
      file: place.file,
      line: place.line,
    };
  }

  /** A line about a contact that may be counted already. Returns whether it was. */
  #further(
    batch: Batch,
    i: number,
    settling: Settling,
    judge: Shard,
    slot: number,
    units: number,
    place: Place,
  ): boolean {
    const tally = this.tally;
    const known = settling.keys.get(keyOf(batch, i), batch.key1[i]!);
    const isDetail = (batch.flags[i]! & Flag.detail) !== 0;
    if (known < 0 || place.time - foundTime > KEY_LIFE) {
      if (!isDetail) return false;
      tally.detail += units;
      this.#ledger?.detail(batch, i, place);
      return true;
    }
    const minute = foundMark;
    tally.detail += units;
    this.#ledger?.detail(batch, i, place);
    const kind = batch.kind[i]!;
    // What passed for a reply may have been settled anew since.
    const passed = (known & PASSES) !== 0 && slot >= 0;
    const had = passed ? judge.sources.replies.ruleOf(slot) : known & 255;
    const hadLevel = (known >>> 8) & 3;
    const level = levelOf(kind);
    let rule = batch.rule[i]!;
    if (rule === R.reply) rule = R['not-told'];
    if (kind === Kind.login && batch.outcome[i] === Outcome.succeeded && slot >= 0) {
      if (judge.hasGuessed(slot, rule === R['login-authorised'])) rule = R['login-after-guessing'];
    }
    const now = join(had, hadLevel, rule, level);
    if (now !== had) {
      if (passed && had === R.reply) judge.sources.replies.takeBack(slot);
      tally.byRule[had] = tally.byRule[had]! - 1;
      tally.byRule[now] = tally.byRule[now]! + 1;
      this.#ledger?.resettle(batch, i, had, now, 1, minute, known >>> FILE_SHIFT, place);
      this.#outcome(batch, i, judge, slot, now, place);
    } else if (kind === Kind.login && batch.outcome[i] === Outcome.succeeded) {
      this.#outcome(batch, i, judge, slot, rule, place);
    }
    const attempt = (known >>> 10) & 3;
    const again = kind === Kind.login && isTold(batch, i, rule, attempt);
    const state = kind === Kind.login ? Math.max(attempt, attemptOf(batch, i)) : attempt;
    settling.keys.set(
      keyOf(batch, i),
      batch.key1[i]!,
      now |
        (Math.max(level, hadLevel) << 8) |
        (state << 10) |
        (now === had ? known & PASSES : 0) |
        ((known >>> FILE_SHIFT) << FILE_SHIFT),
      place.time,
      minute,
    );
    place.rule = now;
    if (kind === Kind.web || kind === Kind.login) this.#judge(batch, i, judge, slot, rule, place, again);
    else if (batch.content[i]! & ATTACK_CONTENT && slot >= 0) judge.transport(batch, i, slot, rule, place);
    return true;
  }

  #setKey(batch: Batch, i: number, settling: Settling, rule: number, kind: number, place: Place): void {
    const state = kind === Kind.login ? attemptOf(batch, i) : Attempt.none;
    const value = rule | (levelOf(kind) << 8) | (state << 10) | (place.file << FILE_SHIFT);
    settling.keys.set(keyOf(batch, i), batch.key1[i]!, value, place.time, minuteOf(place.time));
  }

  /** Whether the line was delivered before (see replays.ts). */
  #isReplay(batch: Batch, i: number, { replays }: Settling, place: Place): boolean {
    const print = fingerprint(batch, i, place.time);
    const isLate = place.time < place.fileTime - DISORDER;
    const isDoubtful = isLate || this.#isShared[place.file] === 1;
    const check = secondPrint(batch, i, place.time);
    if (isDoubtful && replays.take(print, check, place.file, isLate)) return true;
    replays.add(print, check, place.file);
    return false;
  }

  /** Remembers a request of ours, so that its answers are known. */
  #remember(batch: Batch, i: number, settling: Settling, time: number): void {
    const kind = batch.kind[i]!;
    if (kind !== Kind.packet && kind !== Kind.flow) return;
    settling.seesRequests = true;
    const foreignPort = batch.dport[i]!;
    const ourPort = batch.sport[i]!;
    settling.requests.set(batch.foreign0[i]!, conversation(batch, i, foreignPort, ourPort), 1, time);
  }

  /** Settles what is dressed as an answer: `reply` (perhaps with PASSES), or a contact that nobody asked for. */
  #answer(
    batch: Batch,
    i: number,
    settling: Settling,
    judge: Shard,
    slot: number,
    units: number,
    place: Place,
  ): number {
    const protocol = batch.protocol[i]!;
    const isIcmp = protocol === Protocol.icmp || protocol === Protocol.icmp6;
    if (isIcmp || slot < 0) return R.reply;
    const asked = settling.requests.get(
      batch.foreign0[i]!,
      conversation(batch, i, batch.sport[i]!, batch.dport[i]!),
    );
    if (asked >= 0 && Math.abs(place.time - foundTime) <= ANSWER_TIME) return R.reply;
    const unasked =
      protocol === Protocol.tcp && (batch.tcp[i]! & (Tcp.syn | Tcp.rst)) !== 0
        ? R.backscatter
        : R['answer-unasked'];
    if (settling.seesRequests) return unasked;
    const { replies } = judge.sources;
    const answer = replies.note(slot, batch.target[i]!, units, place.time, unasked);
    if (answer === Answer.passes) return R.reply | PASSES;
    if (answer === Answer.asks) return unasked;
    // The fourth: this one asks. What was taken for replies is settled anew.
    this.tally.byRule[R.reply] = this.tally.byRule[R.reply]! - settledAnew;
    this.tally.byRule[unasked] = this.tally.byRule[unasked]! + settledAnew;
    const minute = minuteOf(place.time);
    this.#ledger?.resettle(batch, i, R.reply, unasked, settledAnew, minute, place.file, place);
    if (unasked !== R.backscatter) {
      judge.unaskedAnswers(slot, replies.formerTargets(slot), protocol === Protocol.udp, place);
    }
    return unasked;
  }

  /** Units that this row adds to the knocks: none if another sensor has told of the same packet. */
  #knock(batch: Batch, i: number, tuples: Recent, rule: number, units: number, place: Place): number {
    if (batch.sport[i] === 0) return units;
    const key0 = mix32(batch.foreign0[i]! ^ Math.imul(batch.foreign1[i]!, 0x9e3779b1));
    const key1 = mix32(batch.target[i]! ^ Math.imul(batch.sport[i]!, 0x85ebca6b));
    const known = tuples.get(key0, key1);
    const sensor = this.#sensorNumber[place.file]!;
    const disposition = ruleDisposition[rule]!;
    const isJoined = known >= 0 && known >>> 8 !== sensor && Math.abs(place.time - foundTime) <= JOIN_TIME;
    if (!isJoined) {
      tuples.set(key0, key1, (sensor << 8) | disposition, place.time);
      return units;
    }
    const other = known & 255;
    if (other !== disposition) {
      this.tally.contradictions++;
      if (dispositionRank[disposition]! < dispositionRank[other]!) {
        tuples.set(key0, key1, ((known >>> 8) << 8) | disposition, foundTime);
      }
    }
    return units - 1;
  }

  /** What remains at the end. */
  finish(): ShardReport {
    const files = this.#options.files.length;
    const testsByFile = new Float64Array(files);
    let sourceCount = 0;
    let folded = 0;
    let prefixes = 0;
    const limits: Limits[] = [];
    for (const shard of this.#shards) {
      if (shard === undefined) continue;
      const { sources } = shard;
      sourceCount += sources.count + sources.folded;
      folded += sources.folded;
      prefixes += shard.neighbours.prefixes.count;
      limits.push({
        judgedFolded: shard.judgedFolded,
        prefixes: shard.neighbours.prefixes.refused,
        routes: shard.routes.refused,
      });
      for (const [file, tests] of shard.foldedTests) testsByFile[file] = testsByFile[file]! + tests;
      for (let slot = 0; slot < sources.count; slot++) {
        if (sources.trials(slot) > 0) {
          const file = sources.trialFile(slot);
          testsByFile[file] = testsByFile[file]! + sources.tests(slot);
        }
      }
    }
    for (const settling of this.#settling) {
      limits.push({
        connections: settling?.keys.forgotten ?? 0,
        requests: settling?.requests.forgotten ?? 0,
        tuples: settling?.tuples?.forgotten ?? 0,
      });
    }
    return {
      tally: this.tally,
      sources: sourceCount,
      folded,
      prefixes,
      limits: sumLimits(limits),
      testsByFile,
      accepts: this.#accepts,
      verdicts: verdictColumns(this.#shards.filter((shard) => shard !== undefined)),
    };
  }
}

/** What the lines of one connection have told of attempts to sign in. */
const Attempt = { none: 0, hinted: 1, sure: 2 } as const;

/** Tells in the row what is thought of its source after it. */
function noteStake(batch: Batch, i: number, judge: Shard, slot: number): void {
  batch.stake[i] = slot < 0 ? 0 : Math.log10(judge.stakes.of(slot));
}

/** What this line tells. */
function attemptOf(batch: Batch, i: number): number {
  if (batch.acct0[i] === 0 && batch.acct1[i] === 0) return Attempt.none;
  return batch.flags[i]! & Flag.hint ? Attempt.hinted : Attempt.sure;
}

/** Whether the attempt that this further line tells has been counted already. */
function isTold(batch: Batch, i: number, rule: number, before: number): boolean {
  if (batch.outcome[i] === Outcome.succeeded) return false;
  if (rule === R['login-none']) return true;
  const flags = batch.flags[i]!;
  if (flags & Flag.hint) return before !== Attempt.none || (flags & Flag.keyLogin) !== 0;
  return before === Attempt.hinted;
}

/**
 * First word of what lines about one contact share: their key and the foreign side. Lines that name another side under
 * one key are another contact in whichever shard they fall.
 */
function keyOf(batch: Batch, i: number): number {
  return (batch.key0[i]! ^ mix32(batch.foreign0[i]! ^ Math.imul(batch.foreign1[i]!, 0x9e3779b1))) >>> 0;
}

function conversation(batch: Batch, i: number, foreignPort: number, ourPort: number): number {
  return mix32(
    batch.foreign1[i]! ^ Math.imul(foreignPort * 65_536 + ourPort, 0x9e3779b1) ^ batch.protocol[i]!,
  );
}
