/**
 * Cisco ASA and Secure Firewall Threat Defense by syslog, with the PIX and FWSM before them.
 *
 *     Oct  9 2026 22:33:20 fw1 : %ASA-4-106023: Deny tcp src outside:192.0.2.7/50229 dst inside:198.18.1.10/22 by
 *     access-group "outside_in" [0x0, 0x0]
 *
 * Source: Cisco, "Secure Firewall ASA Series Syslog Messages". asa-lines.ts names the messages that tell of a contact;
 * the device writes hundreds of others, which are understood and ignored.
 */
import { type Batch, Content, Kind } from '../contact.ts';
import { readBuilt, readIcmp, readTeardown } from './asa-connections.ts';
import { readAccessList, readFrom, readFromTo, readSrcDst } from './asa-denials.ts';
import { readEvent } from './asa-events.ts';
import { AsaLine } from './asa-line.ts';
import { FIRST_IDS, LAST_IDS, MESSAGES, Shape } from './asa-lines.ts';
import { readAaa, readDeviceLogin, readGroup, readProxyLogin, readRepeated } from './asa-logins.ts';
import { ascii, find, hashText, readEnd, readNumber, startsWith } from './bytes.ts';
import { writeText } from './composed.ts';
import { type Envelope, monthAt } from './envelope.ts';
import { readNotice } from './notices.ts';
import { type Format, Line, type LineReader } from './reader.ts';
import { addRepeats } from './repeated.ts';
import { WordValues } from './words.ts';

const PERCENT = 37;
const DASH = 45;
const COLON = 58;
const SPACE = 32;
const CLOSE = 93;

/** Beginnings of the tag, by product. */
const PRODUCTS: readonly Uint8Array[] = [ascii('%ASA-'), ascii('%FTD-'), ascii('%PIX-'), ascii('%FWSM-')];
const REPEATED = ascii('message repeated ');
const TIMES = ascii(' times: [');

/** Longest tag, `%ASA-session-5-106100`; classes have names of up to ten letters. */
const MAX_TAG = 40;

class AsaReader implements LineReader {
  readonly #line = new AsaLine();

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const { appAt, appEnd } = envelope;
    const inTag = appEnd > appAt && bytes[appAt] === PERCENT;
    const at = inTag ? appAt : behindStamp(bytes, from, to);
    const foreign = envelope.host !== 0 && appEnd > appAt && !inTag && !isDevice(bytes, appAt, appEnd);
    if (foreign || !isProduct(bytes, at, to)) return readNotice(bytes, from, to, envelope, batch);
    const number = readTag(bytes, at, to);
    if (number < 0) return Line.unreadable;
    const line = this.#line;
    line.bytes = bytes;
    // `Oct  9 2026 22:33:20 fw1: %ASA-...`: the device's name stands where a program's would.
    line.host =
      envelope.host === 0 && !inTag && appEnd > appAt ? hashText(bytes, appAt, appEnd) : envelope.host;
    line.from = inTag ? from : textAt;
    line.to = to;
    const repeats = this.#takeRepeats();
    const row = batch.count;
    const said = this.#read(number, envelope, batch);
    if (said === Line.row && repeats > 0) addRepeats(batch, row, repeats);
    return said;
  }

  /** `message repeated 2 times: [ Deny ...]` behind the tag: the daemon repeats the message without it. */
  #takeRepeats(): number {
    const line = this.#line;
    const { bytes, from, to } = line;
    if (!startsWith(bytes, from, to, REPEATED)) return 0;
    const count = readNumber(bytes, from + REPEATED.length, to);
    if (count < 1 || !startsWith(bytes, readEnd, to, TIMES)) return 0;
    let at = readEnd + TIMES.length;
    if (bytes[at] === SPACE) at++;
    line.from = at;
    if (to > at && bytes[to - 1] === CLOSE) line.to = to - 1;
    return count - 1;
  }

  #read(number: number, envelope: Envelope, batch: Batch): Line {
    const line = this.#line;
    const message = MESSAGES.get(number >= FIRST_IDS && number <= LAST_IDS ? FIRST_IDS : number);
    if (message === undefined) return Line.ignored;
    switch (message.shape) {
      case Shape.ignored:
        return Line.ignored;
      case Shape.built:
        return readBuilt(line, message, envelope, batch);
      case Shape.teardown:
        return readTeardown(line, message, envelope, batch);
      case Shape.icmpBuilt:
        return readIcmp(line, message, envelope, batch, false);
      case Shape.icmpTeardown:
        return readIcmp(line, message, envelope, batch, true);
      case Shape.fromTo:
        return readFromTo(line, message, envelope, batch);
      case Shape.srcDst:
        return readSrcDst(line, message, envelope, batch);
      case Shape.accessList:
        return readAccessList(line, message, envelope, batch);
      case Shape.from:
        return readFrom(line, message, envelope, batch);
      case Shape.deviceLogin:
        return readDeviceLogin(line, message, envelope, batch);
      case Shape.aaa:
        return readAaa(line, message, envelope, batch);
      case Shape.group:
        return readGroup(line, message, envelope, batch);
      case Shape.proxyLogin:
        return readProxyLogin(line, message, envelope, batch);
      case Shape.event:
        return readEvent(line, number, message, envelope, batch);
      case Shape.repeated:
        return readRepeated(line, message, envelope, batch);
      case Shape.lost:
        batch.lostUnknown = true;
        return Line.ignored;
      case Shape.ids: {
        const said = readFromTo(line, message, envelope, batch);
        if (said !== Line.row) return said;
        batch.kind[batch.count] = Kind.alert;
        batch.protocol[batch.count] = 0;
        batch.content[batch.count] = Content.signature;
        writeText(line.from, find(line.bytes, FROM, line.from, line.to), batch, batch.count);
        return said;
      }
    }
  }
}
const FROM = ascii(' from ');

/**
 * Whether a program of this name may pass on what ASA wrote. ASA names no program, relays some: `CiscoASA`, `asa`, `-`.
 * Any other program may log text that a stranger wrote.
 */
function isDevice(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from === 1 && bytes[from] === DASH) return true;
  for (let i = from; i + 3 <= to; i++) if (DEVICES.find(bytes, i, i + 3) > 0) return true;
  return false;
}
/** Whether one of the products' tags begins at `at`. */
function isProduct(bytes: Uint8Array, at: number, to: number): boolean {
  if (bytes[at] !== PERCENT) return false;
  for (const product of PRODUCTS) if (startsWith(bytes, at, to, product)) return true;
  return false;
}

/** Three letters are enough to tell: Cisco, ASA, FTD, PIX, FWSM, Firepower. */
const DEVICES = new WordValues({ cis: 1, asa: 1, ftd: 1, pix: 1, fws: 1, fir: 1 });

/**
 * Where the tag begins. A relay may have kept the device's own time before it (`Oct 09 2026 22:33:20: %ASA-`); nothing
 * else may stand there, so that another program's text is not taken for ASA's.
 */
function behindStamp(bytes: Uint8Array, from: number, to: number): number {
  if (monthAt(bytes, from, to) === 0) return from;
  const limit = Math.min(to, from + MAX_STAMP);
  let i = from + 3;
  while (i < limit && (bytes[i] === SPACE || bytes[i] === COLON || (bytes[i]! >= 46 && bytes[i]! <= 57))) i++;
  return i < limit && bytes[i] === PERCENT ? i : from;
}
/** `Oct 09 2026 22:33:20.123 : ` has 27 letters. */
const MAX_STAMP = 32;

let textAt = 0;
/** The number in `%ASA-session-5-106100: `, -1 if it is none; `textAt` is behind colon and blank. */
function readTag(bytes: Uint8Array, at: number, to: number): number {
  const limit = Math.min(to, at + MAX_TAG);
  let dash = -1;
  let i = at;
  for (; i < limit && bytes[i] !== COLON && bytes[i] !== SPACE; i++) if (bytes[i] === DASH) dash = i;
  if (dash < 0 || i - at >= MAX_TAG) return -1;
  const number = readNumber(bytes, dash + 1, i);
  if (number < 0 || readEnd !== i) return -1;
  if (bytes[i] === COLON) i++;
  if (i < to && bytes[i] === SPACE) i++;
  textAt = i;
  return number;
}

/** The format `asa` of contracts. */
export const asa: Format = {
  name: 'asa',
  syslog: 'always',
  sniff: (text, app) =>
    /^%(?:ASA|FTD|PIX|FWSM)-/.test(app) || /(?:^|: )%(?:ASA|FTD|PIX|FWSM)-/.test(text) ? 2 : 0,
  reader: () => new AsaReader(),
  doc: {
    of: 'Cisco ASA and Secure Firewall Threat Defense (FTD), PIX, FWSM: syslog',
    contact:
      'Built connections, denied packets, access-list hits (hit-cnt is so many contacts), access to the device, sign-ins ' +
      'to VPN and device, events of Threat Defense. Teardowns are detail of their connection, and so are 611101, 611102, ' +
      '716038 and 716039, which other messages tell too. A sign-in to the device that was refused by a server is told ' +
      'by 113005 as well as by 605004 and counted twice. All other messages are ignored.',
    losses: '414001 to 414004 and 414006: the device says that it could not send its log; no number is told.',
    seen:
      "No real line is in the corpora. Shapes: Cisco's guides, and read against the test logs of elastic/integrations " +
      '(cisco_asa), which may not be copied.',
  },
};
