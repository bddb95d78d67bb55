/**
 * One RELP connection: open, then messages, then close. Every message is answered `200 OK` in its order, and only when
 * it is on disk. What intake would not take is not answered: the client keeps it, and sends it again when it has
 * connected anew.
 */
import type { Connection, Protocol, Surroundings } from './connection.ts';
import type { Gathered } from './gathering.ts';
import { RelpCommand, RelpFraming } from './relp-framing.ts';
import type { SensorOf } from './sensor-of-host.ts';

/** Messages with the same fate, or one answer that depends on nothing. */
type Unanswered = {
  readonly gathered: Gathered | undefined;
  readonly txnrs: number[];
  bytes: number;
  readonly text: string;
};

/** The versions of the protocol that we speak: they differ in nothing that a server does. */
const MAX_VERSION = 1;

/** Longest offers that are read, bytes: librelp's have under 100. */
const MAX_OFFERS = 1_024;

/** What an answer that waits for those before it counts against its connection, bytes, so that they cannot pile up. */
const ANSWER_COST = 128;

const SERVER_CLOSE = '0 serverclose 0\n';

/** The protocol on one connection. */
export class RelpSession implements Protocol {
  readonly framing: RelpFraming;
  readonly #connection: Connection;
  readonly #around: Surroundings;
  readonly #sensorOf: SensorOf;
  readonly #unanswered: Unanswered[] = [];
  readonly #awaited = new Set<Gathered>();
  #opened = false;
  #ending = false;
  #over = false;

  constructor(connection: Connection, around: Surroundings, sensorOf: SensorOf) {
    this.#connection = connection;
    this.#around = around;
    this.#sensorOf = sensorOf;
    this.framing = new RelpFraming(around.limits.message, (txnr, command, bytes, from, to) => {
      this.#frame(txnr, command, bytes, from, to);
      return !this.#ending;
    });
  }

  /** Answers what is on its way, says that we close, and ends. */
  endInOrder(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#connection.stopHearing();
    this.#flush();
  }

  broken(): void {
    const { fault } = this.framing;
    if (fault !== undefined) {
      this.#around.refusals.lines(fault.reason, 1, fault.bytes, this.#connection.peer);
      if (fault.txnr !== undefined) this.#say(fault.txnr, `500 ${fault.reason}`);
    }
    this.endInOrder();
    // A taker that wanted no more had ended already; what came behind its frame is not heard.
    this.#connection.stopHearing();
  }

  ended(): void {
    this.endInOrder();
  }

  #frame(txnr: number, command: RelpCommand, bytes: Buffer, from: number, to: number): void {
    switch (command) {
      case RelpCommand.syslog:
        if (this.#opened) this.#message(txnr, bytes, from, to);
        else this.#protest(txnr, '500 not open');
        return;
      case RelpCommand.open:
        if (this.#opened) this.#protest(txnr, '500 open already');
        else this.#open(txnr, bytes, from, to);
        return;
      case RelpCommand.close:
        this.#say(txnr, '');
        this.endInOrder();
        return;
      case RelpCommand.other:
        this.#protest(txnr, '500 unknown command');
    }
  }

  #message(txnr: number, bytes: Buffer, from: number, end: number): void {
    let to = end;
    while (to > from && bytes[to - 1] === 0x0a) to -= 1;
    const { refusals, gathering } = this.#around;
    if (to === from) {
      // There is nothing in it to keep; refused outright, it would come again for ever.
      refusals.lines('malformed', 1, end - from, this.#connection.peer);
      this.#say(txnr, '200 OK');
      return;
    }
    const destination = this.#sensorOf(bytes, from, to);
    if (destination === undefined) {
      // A 500 would not keep it either: librelp drops that message, breaks the session and sends the others twice.
      refusals.lines('unknown-host', 1, end - from, this.#connection.peer);
      this.#say(txnr, '200 OK');
      return;
    }
    const gathered = gathering.put(destination, bytes, from, to);
    const size = to - from + 1;
    const last = this.#unanswered.at(-1);
    if (last?.gathered === gathered) {
      last.txnrs.push(txnr);
      last.bytes += size;
    } else {
      this.#await(gathered);
      this.#unanswered.push({ gathered, txnrs: [txnr], bytes: size, text: '' });
    }
    this.#connection.hold(size);
  }

  #await(gathered: Gathered): void {
    if (this.#awaited.has(gathered)) return;
    this.#awaited.add(gathered);
    gathered.waiting.push(() => {
      this.#awaited.delete(gathered);
      this.#flush();
    });
  }

  /** Offers: `name=value` in lines. We need a version of ours, and `syslog` among the commands. */
  #open(txnr: number, bytes: Buffer, from: number, to: number): void {
    const lines = to - from > MAX_OFFERS ? [] : bytes.toString('latin1', from, to).split('\n');
    const offer = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
    const version = offer('relp_version') ?? '';
    if (!/^\d{1,3}$/.test(version) || !(offer('commands') ?? '').split(',').includes('syslog')) {
      this.#protest(txnr, '500 relp_version and commands=syslog are needed');
      return;
    }
    this.#opened = true;
    this.#connection.greeted = true;
    const ours = Math.min(Number(version), MAX_VERSION);
    this.#say(txnr, `200 OK\nrelp_version=${ours}\nrelp_software=bellwether\ncommands=syslog`);
  }

  /** Answers what must not be, and ends. */
  #protest(txnr: number, answer: string): void {
    this.#around.refusals.lines('malformed', 1, 0, this.#connection.peer);
    this.#say(txnr, answer);
    this.endInOrder();
  }

  #say(txnr: number, data: string): void {
    const text = data === '' ? `${txnr} rsp 0\n` : `${txnr} rsp ${data.length} ${data}\n`;
    this.#unanswered.push({ gathered: undefined, txnrs: [], bytes: ANSWER_COST, text });
    this.#connection.hold(ANSWER_COST);
    this.#flush();
  }

  /** Answers from the oldest on, as far as outcomes are there. */
  #flush(): void {
    let answers = '';
    let released = 0;
    let settled = 0;
    for (const { gathered, txnrs, bytes, text } of this.#unanswered) {
      if (gathered !== undefined && gathered.outcome === undefined) break;
      settled += 1;
      released += bytes;
      answers += text;
      if (gathered?.outcome?.isOk()) for (const txnr of txnrs) answers += `${txnr} rsp 6 200 OK\n`;
      else if (gathered !== undefined && !this.#ending) {
        this.#ending = true;
        this.#connection.stopHearing();
      }
    }
    this.#unanswered.splice(0, settled);
    const over = this.#ending && this.#unanswered.length === 0 && !this.#over;
    if (over) answers += SERVER_CLOSE;
    if (answers !== '') this.#connection.write(answers);
    if (released > 0) this.#connection.release(released);
    if (over) {
      this.#over = true;
      this.#connection.end();
    }
  }
}
