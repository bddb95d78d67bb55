/** One client of the proxy: what it says is said to the next hop, and what it sends is judged before that gets it. */
import type { Socket } from 'node:net';
import { READ_LIMITS } from '@bellwether/mail';
import type { Verdict } from '../gate/gate.ts';
import type { ProxyGround } from './ground.ts';
import { handOver, isYes, LATER, textOf } from './hand-over.ts';
import {
  hasDoubtfulLines,
  headerBytes,
  marksOf,
  toldReasons,
  withExtraDots,
  withoutExtraDots,
  withoutForgedMarks,
} from './message.ts';
import { type NextHop, openNextHop, type Place } from './next-hop.ts';
import {
  clientOf,
  type Forwarded,
  forwardedOf,
  heloOf,
  readXforward,
  XFORWARD_NAMES,
  xforwardLine,
} from './origin.ts';
import { pathIn } from './path.ts';
import { type Room, Wire } from './wire.ts';

/** Recipients of one message: Postfix takes 1,000. */
const MOST_RECIPIENTS = 1_000;

/** Bytes of all headers together; Postfix keeps a tenth of that for each. */
const MOST_HEADER_BYTES = 1_048_576;

/** Commands that make no sense, after which a client is left. */
const MOST_NONSENSE = 20;

/** Offers of the next hop that hold for the proxy as well: each changes only lines that are passed on as they are. */
const SHARED_OFFERS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'];

/** A message that was begun: lines as they were said, for a second hop, and the addresses in them. */
type Transaction = { readonly mail: string; readonly from: string; readonly to: Recipient[] };
type Recipient = { readonly line: string; readonly address: string };

const OVERSIZED = `552 5.3.4 The message is larger than ${READ_LIMITS.messageBytes} bytes.`;
const NO_HELLO = '503 5.5.1 Say EHLO first.';

/** Serves a client until it leaves, or `told` why it was left. `room`: shared by all clients. */
export async function serveMailClient(
  socket: Socket,
  ground: ProxyGround,
  room: Room,
  told: (why: string) => void,
): Promise<void> {
  const wire = new Wire(socket);
  // Without what only this computer says of an address: IPv4 within IPv6, and the zone of a local one.
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '').replace(/%.*$/, '');
  const session = new ProxySession(wire, ground, room, peer);
  try {
    await wire.say(`220 ${ground.name} ESMTP\r\n`);
    for (let line = await wire.line(); line !== null; line = await wire.line()) {
      const answer = await session.answer(line);
      if (answer === null) break;
      await wire.say(`${answer}\r\n`);
      // Both end it: 221 because it asked for it, 421 because it cannot be served.
      if (/^[24]21 /.test(answer)) break;
    }
    if (wire.isFlooded) {
      told('a line was too long');
      await wire.say('500 5.5.2 A line was too long.\r\n');
    }
  } finally {
    session.end();
    socket.destroySoon();
  }
}

class ProxySession {
  readonly #wire: Wire;
  readonly #ground: ProxyGround;
  readonly #room: Room;
  readonly #peer: string;
  readonly #isTrusted: boolean;
  #helo: string | null = null;
  #said: Forwarded = new Map();
  #hop: NextHop | null = null;
  #isIntroduced = false;
  #transaction: Transaction | null = null;
  #nonsense = 0;

  constructor(wire: Wire, ground: ProxyGround, room: Room, peer: string) {
    this.#wire = wire;
    this.#ground = ground;
    this.#room = room;
    this.#peer = peer;
    this.#isTrusted = ground.trusts(peer);
  }

  /** The answer, without its last line end; null: the client is gone. */
  async answer(line: string): Promise<string | null> {
    // What is passed on as it is must be one line there as well.
    if (/[\0\r\n]/.test(line))
      return this.#senseless('501 5.5.2 A line has characters that it may not have.');
    switch (/^[a-z]*/i.exec(line)![0].toUpperCase()) {
      case 'EHLO':
        return await this.#hello(line, true);
      case 'HELO':
        return await this.#hello(line, false);
      case 'XFORWARD':
        return this.#forward(line);
      case 'MAIL':
        return await this.#mail(line);
      case 'RCPT':
        return await this.#recipient(line);
      case 'DATA':
        return await this.#data();
      case 'RSET':
        this.#forget();
        return '250 2.0.0 Forgotten.';
      case 'NOOP':
        return '250 2.0.0 Here.';
      case 'VRFY':
        return '252 2.0.0 Send the message and see.';
      case 'QUIT':
        return '221 2.0.0 Bye.';
      default:
        return this.#senseless('502 5.5.1 There is no such command here.');
    }
  }

  /** Leaves the next hop, whatever was begun. */
  end(): void {
    this.#hop?.end();
    this.#hop = null;
    this.#transaction = null;
  }

  #senseless(answer: string): string {
    this.#nonsense++;
    return this.#nonsense >= MOST_NONSENSE ? '421 4.7.0 Too much that makes no sense.' : answer;
  }

  async #hello(line: string, isExtended: boolean): Promise<string> {
    const { name } = this.#ground;
    this.#forget();
    this.#helo = line.slice(4).trim().slice(0, 255);
    this.#isIntroduced = false;
    const hop = await this.#reached();
    if (hop === null) return '421 4.3.0 The mail server behind this one cannot be reached.';
    if (!isExtended) return `250 ${name}`;
    const { keywords } = hop;
    const offers = SHARED_OFFERS.filter((keyword) => keywords.has(keyword));
    if (keywords.has('SIZE'))
      offers.push(`SIZE ${Math.min(Number(keywords.get('SIZE')) || Infinity, READ_LIMITS.messageBytes)}`);
    if (this.#isTrusted) offers.push(`XFORWARD ${XFORWARD_NAMES.join(' ')}`);
    const lines = [name, ...offers];
    return lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');
  }

  #forward(line: string): string {
    if (!this.#isTrusted)
      return this.#senseless('550 5.7.0 You may not say for whom you speak: your address is on no list.');
    if (this.#transaction !== null) return '503 5.5.1 A message was begun.';
    const said = readXforward(line);
    if (said === null) return this.#senseless('501 5.5.4 These attributes make no sense.');
    this.#said = new Map([...this.#said, ...said]);
    this.#isIntroduced = false;
    return '250 2.0.0 Noted.';
  }

  async #mail(line: string): Promise<string> {
    if (this.#helo === null) return NO_HELLO;
    if (this.#transaction !== null) return '503 5.5.1 A message was begun.';
    const from = pathIn(line, 'MAIL FROM');
    if (from === null) return this.#senseless('501 5.5.4 MAIL FROM:<address> is needed.');
    const size = /\sSIZE=(\d{1,20})(?:\s|$)/i.exec(line)?.[1];
    if (Number(size ?? 0) > READ_LIMITS.messageBytes) return OVERSIZED;
    const hop = await this.#reached();
    if (hop === null) return LATER;
    if (!this.#isIntroduced && !(await this.#introduce(hop))) return LATER;
    this.#isIntroduced = true;
    const reply = await hop.ask(line);
    if (isYes(reply)) this.#transaction = { mail: line, from, to: [] };
    return textOf(reply);
  }

  async #recipient(line: string): Promise<string> {
    if (this.#transaction === null || this.#hop === null) return '503 5.5.1 Say MAIL first.';
    const address = pathIn(line, 'RCPT TO');
    if (address === null || address === '') return this.#senseless('501 5.5.4 RCPT TO:<address> is needed.');
    const { to } = this.#transaction;
    if (to.length >= MOST_RECIPIENTS) return '452 4.5.3 Too many recipients.';
    const reply = await this.#hop.ask(line);
    if (isYes(reply)) to.push({ line, address });
    return textOf(reply);
  }

  async #data(): Promise<string | null> {
    const begun = this.#transaction;
    if (begun === null) return '503 5.5.1 Say MAIL first.';
    if (begun.to.length === 0) return '554 5.5.1 There are no recipients.';
    await this.#wire.say('354 Send the message; it ends with a dot alone on a line.\r\n');
    const taken = await this.#wire.message(READ_LIMITS.messageBytes, this.#room);
    if (taken === null) return null;
    if (taken.kind !== 'message') {
      this.#forget();
      return taken.kind === 'too-large' ? OVERSIZED : '452 4.3.1 Too much mail at once. Try again later.';
    }
    try {
      return await this.#judged(begun, taken.bytes);
    } finally {
      this.#room.left += taken.bytes.length;
      this.#forget();
    }
  }

  async #judged({ from, to, mail }: Transaction, sent: Buffer): Promise<string | null> {
    const { gate, officeOf, now, ourNames, held } = this.#ground;
    const message = withoutExtraDots(sent);
    if (headerBytes(message) > MOST_HEADER_BYTES) return '552 5.3.4 The headers are larger than a mebibyte.';
    if (hasDoubtfulLines(message))
      return '550 5.6.0 Lines of the message do not end as lines of mail have to.';
    const recipients = to.map(({ address }) => address);
    const verdict = await gate.take({
      bytes: message,
      envelope: { ...this.#origin(), from, to: recipients, account: null },
      hook: 'proxy',
      office: officeOf(recipients),
      at: now(),
    });
    // Who is gone would send it again: it would be delivered twice.
    if (await this.#wire.hasLeft()) return null;
    if (verdict.putOff) return '451 4.7.1 The message could not be checked yet. Try again later.';
    if (verdict.decision === 'block' || (verdict.decision === 'hold' && held === null))
      return refusalOf(verdict);
    const clean = withoutForgedMarks(message, ourNames);
    const marked = verdict.decision === 'deliver' ? clean : Buffer.concat([marksOf(verdict), clean]);
    const ready = withExtraDots(marked);
    if (verdict.decision === 'hold' && held !== null)
      return await this.#kept(held, { from, to, mail }, ready);
    return this.#hop === null ? LATER : textOf(await handOver(this.#hop, ready, () => this.#settled()));
  }

  /** Hands it to who keeps what is held. All recipients or none: what is half kept would be sent again in whole. */
  async #kept(held: Place, { mail, to }: Transaction, ready: Buffer): Promise<string> {
    const hop = await openNextHop(held, this.#ground.name);
    if (hop === null || !(await this.#introduce(hop))) return LATER;
    try {
      for (const line of [mail, ...to.map((one) => one.line)]) if (!isYes(await hop.ask(line))) return LATER;
      return textOf(await handOver(hop, ready, () => {}));
    } finally {
      hop.end();
    }
  }

  /** The message is over for the next hop: the connection may be used on. */
  #settled(): void {
    this.#transaction = null;
  }

  /** The next hop, on a new connection where the last one is over; null: it cannot be reached. */
  async #reached(): Promise<NextHop | null> {
    if (this.#hop !== null && (await this.#hop.isThere())) return this.#hop;
    this.#hop?.end();
    this.#hop = await openNextHop(this.#ground.next, this.#ground.name);
    this.#isIntroduced = false;
    return this.#hop;
  }

  /** Says to a hop for whom we speak, where it takes that; false: it is lost. A no is no trouble: it then only knows less. */
  async #introduce(hop: NextHop): Promise<boolean> {
    const said = this.#isTrusted ? this.#said : forwardedOf(this.#peer, this.#helo ?? '');
    const line = xforwardLine(said, hop.keywords.get('XFORWARD') ?? '');
    return line === null || (await hop.ask(line)) !== null;
  }

  /** A peer that is trusted and says nothing speaks for somebody whom nobody knows. */
  #origin(): { client: string | null; helo: string } {
    return this.#isTrusted
      ? { client: clientOf(this.#said), helo: heloOf(this.#said) }
      : { client: this.#peer, helo: this.#helo ?? '' };
  }

  /** A message that was begun and not settled ends with the connection to the next hop, which cannot misunderstand that. */
  #forget(): void {
    if (this.#transaction !== null) this.end();
  }
}

function refusalOf(verdict: Verdict): string {
  return `550 5.7.1 This message was refused. ${toldReasons(verdict)}`.trimEnd();
}
