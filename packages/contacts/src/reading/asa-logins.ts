/**
 * Sign-ins that ASA tells of: to its VPN, to the device, and through its cut-through proxy. Names are whatever the client
 * sent; each is read up to the last place where what ASA writes behind it can stand.
 */
import { type Batch, Flag, Kind } from '../contact.ts';
import type { AsaLine } from './asa-line.ts';
import type { Message } from './asa-lines.ts';
import { ascii, find, findLast, startsWith } from './bytes.ts';
import { writeAccount, writeText } from './composed.ts';
import type { Envelope } from './envelope.ts';
import { Line } from './reader.ts';

const QUOTE = 34;
const MORE = 62;

const FROM = ascii(' from ');
const TO = ascii(' to ');
const DEVICE_USER = ascii(' for user "');
const SERIAL = ascii('serial');
const AAA_USER = ascii(' : user = ');
const AAA_IP = ascii(' : user IP = ');
const USER = ascii(' User ');
const MARKED_USER = ascii('> User <');
const IP = ascii(' IP ');
const MARKED_IP = ascii('> IP <');
const FOR_USER = ascii("for user '");
const USER_FROM = ascii("' from ");

function account(line: AsaLine, from: number, to: number, batch: Batch): void {
  writeAccount(line.bytes, from, to, batch, batch.count);
  writeText(from, to, batch, batch.count);
}

/** `Login denied from END to END for user "x"`; on the serial console it has no source. */
export function readDeviceLogin(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const at = find(bytes, FROM, from, Math.min(to, from + 24));
  if (at < 0) return Line.unreadable;
  const begin = at + FROM.length;
  source.clear();
  destination.clear();
  let behind = begin + SERIAL.length;
  if (!startsWith(bytes, begin, to, SERIAL)) {
    if (!source.read(bytes, begin, to)) return Line.unreadable;
    behind = source.end;
  }
  if (startsWith(bytes, behind, to, TO)) {
    if (!destination.read(bytes, behind + TO.length, to)) return Line.unreadable;
    behind = destination.end;
  }
  if (!startsWith(bytes, behind, to, DEVICE_USER)) return Line.unreadable;
  if (!line.begin(batch, Kind.login, message, envelope)) return Line.unreadable;
  line.writePorts(batch, batch.count);
  const name = behind + DEVICE_USER.length;
  let end = to;
  while (end > name && bytes[end - 1] !== QUOTE) end--;
  account(line, name, end > name ? end - 1 : to, batch);
  return Line.row;
}

/** `AAA user authentication Rejected : reason = x : server = y : user = z : user IP = w`. */
export function readAaa(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const user = find(bytes, AAA_USER, from, to);
  if (user < 0) return Line.unreadable;
  const name = user + AAA_USER.length;
  const ip = findLast(bytes, AAA_IP, name, to);
  destination.clear();
  source.clear();
  // `None` and 0.0.0.0 where the client is not known; older versions write no address at all.
  if (ip >= 0 && !source.read(bytes, ip + AAA_IP.length, to)) return Line.unreadable;
  if (!line.begin(batch, Kind.login, message, envelope)) return Line.unreadable;
  account(line, name, ip >= 0 ? ip : to, batch);
  return Line.row;
}

/** `Group <x> User <y> IP <z> AnyConnect parent session started.`, with or without the marks. */
export function readGroup(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const marked = find(bytes, MARKED_USER, from, to);
  const user = marked >= 0 ? marked : find(bytes, USER, from, to);
  if (user < 0) return Line.unreadable;
  const name = user + (marked >= 0 ? MARKED_USER.length : USER.length);
  const mark = marked >= 0 ? MARKED_IP : IP;
  const ip = findLast(bytes, mark, name, to);
  if (ip < 0) return Line.unreadable;
  const begin = ip + mark.length;
  let end = begin;
  while (end < to && bytes[end] !== MORE && bytes[end] !== 32) end++;
  destination.clear();
  if (!source.read(bytes, begin, end)) return Line.unreadable;
  if (!line.begin(batch, Kind.login, message, envelope)) return Line.unreadable;
  account(line, name, ip, batch);
  return Line.row;
}

/** `Authentication failed for user 'x' from END to END on interface y`. */
export function readProxyLogin(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const user = find(bytes, FOR_USER, from, to);
  const behind = user < 0 ? -1 : findLast(bytes, USER_FROM, user, to);
  if (behind < 0) return Line.unreadable;
  const name = user + FOR_USER.length;
  if (!source.read(bytes, behind + USER_FROM.length, to)) return Line.unreadable;
  if (!startsWith(bytes, source.end, to, TO)) return Line.unreadable;
  if (!destination.read(bytes, source.end + TO.length, to)) return Line.unreadable;
  if (!line.begin(batch, Kind.login, message, envelope)) return Line.unreadable;
  line.writePorts(batch, batch.count);
  account(line, name, Math.max(name, behind), batch);
  return Line.row;
}

/** A line that tells what another line of the same moment tells too: counted as detail. */
export function readRepeated(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  line.source.clear();
  line.destination.clear();
  line.begin(batch, Kind.login, message, envelope);
  batch.flags[batch.count] = batch.flags[batch.count]! | Flag.detail;
  return Line.row;
}
