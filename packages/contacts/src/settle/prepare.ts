/**
 * The part of settling that looks at one row alone: which side is foreign, who the client behind a proxy is, which
 * service was meant, and which rule of the table applies if nothing else is known of the contact. It runs where the
 * bytes were read, so its cost is shared among workers.
 *
 * Hot path: nothing is allocated per row.
 */
import { type Batch, Content, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { Family, findLastByte, mix32, readAddress, readEnd, words } from '../reading/bytes.ts';
import { type FileInfo, shardOf } from '../stretch.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import { isNamedPort } from '../surface/named.ts';
import { TechniqueBit } from '../surface/permitted-tests.ts';
import { R } from './dispositions.ts';

/** Content that tries to make a program do what it should not; asking for a path that is not there is no such thing. */
export const ATTACK_CONTENT =
  Content.sqlInjection |
  Content.traversal |
  Content.crossSiteScripting |
  Content.commandInjection |
  Content.codeExecution |
  Content.signature;

/** Addresses looked at in a forwarding header, from the right: more hops than any real chain of proxies. */
const MAX_HOPS = 16;

/**
 * For a line without a readable time holds what has no end: nobody is excused by a permission that has run out. The time
 * of the line before would depend on where a file is cut into batches.
 */
const NO_TIME = Number.MAX_VALUE;

/** Fills the columns of settling for all rows of a batch. `bytes` are those the rows were read from. */
export function prepare(batch: Batch, bytes: Uint8Array, file: FileInfo, surface: CompiledSurface): void {
  const sensorHash = hashName(file.sensor);
  const sensor = file.sensorIndex;
  const oneSided = sensor >= 0 && surface.sensors[sensor]!.sees === 'inbound';
  const count = batch.count;
  for (let i = 0; i < count; i++) {
    const time = Number.isNaN(batch.time[i]!) ? NO_TIME : batch.time[i]!;
    if (batch.flags[i]! & Flag.forwarded) nameClient(batch, i, bytes, surface);
    orient(batch, i, surface);
    turnRound(batch, i);
    findService(batch, i, sensor, surface, time);
    batch.target[i] = targetOf(batch, i, sensorHash);
    const rule = ruleOf(batch, i, sensor, surface, time);
    batch.rule[i] = oneSided && rule === R['no-answer'] ? R['one-direction'] : rule;
  }
}

/** Replaces the proxy's address by the right-most address in the header that is no proxy of ours. */
function nameClient(batch: Batch, i: number, bytes: Uint8Array, surface: CompiledSurface): void {
  const flags = batch.flags[i]!;
  const wide = (flags & Flag.v6) !== 0;
  const fromProxy = wide ? surface.proxyWide(batch.wide, 8 * i) : surface.proxy(batch.src[i]!);
  if (fromProxy < 0) {
    batch.flags[i] = flags | Flag.foreignHeader;
    return;
  }
  const start = batch.forwardedAt[i]!;
  let end = start + batch.forwardedLength[i]!;
  for (let hop = 0; hop < MAX_HOPS && end > start; hop++) {
    const comma = findLastByte(bytes, 44, start, end);
    let at = comma < 0 ? start : comma + 1;
    while (at < end && (bytes[at] === 32 || bytes[at] === 34 || bytes[at] === 91)) at++;
    const family = readAddress(bytes, at, end);
    // What is behind the address may be a port, a bracket or a space; a longer word is no address.
    const rest = readEnd < end ? bytes[readEnd]! : 44;
    if (family === Family.none || (rest !== 44 && rest !== 32 && rest !== 34 && rest !== 58 && rest !== 93))
      return;
    const isProxy = family === Family.v6 ? surface.proxyWide(words, 0) : surface.proxy(words[3]!);
    if (isProxy < 0) {
      setSource(batch, i, family);
      batch.flags[i] = batch.flags[i]! | Flag.proxied;
      return;
    }
    end = comma < 0 ? start : comma;
  }
}

function setSource(batch: Batch, i: number, family: Family): void {
  if (family === Family.v4) {
    const flags = batch.flags[i]!;
    // A row has one family: an IPv6 destination gives way, it is the sensor itself.
    if (flags & Flag.v6) batch.flags[i] = (flags & ~Flag.v6) | Flag.noDestination;
    batch.src[i] = words[3]!;
    return;
  }
  if (!(batch.flags[i]! & Flag.v6)) batch.flags[i] = batch.flags[i]! | Flag.v6 | Flag.noDestination;
  for (let k = 0; k < 4; k++) batch.wide[8 * i + k] = words[k]!;
}

/** Decides the direction and writes the foreign side's key and shard. */
function orient(batch: Batch, i: number, surface: CompiledSurface): void {
  const flags = batch.flags[i]!;
  let direction = batch.direction[i]!;
  if (flags & Flag.v6) {
    const at = 8 * i;
    if (surface.knowsNetworks) {
      const ourSource = surface.oursWide(batch.wide, at);
      const ourDestination = (flags & Flag.noDestination) !== 0 || surface.oursWide(batch.wide, at + 4);
      direction = ourSource ? (ourDestination ? Direction.internal : Direction.outbound) : Direction.inbound;
    }
    const foreign = direction === Direction.outbound ? at + 4 : at;
    const high = batch.wide[foreign]!;
    const low = batch.wide[foreign + 1]!;
    batch.foreign0[i] = high;
    batch.foreign1[i] = low;
    batch.shard[i] = shardOf(high, low, true);
  } else {
    if (surface.knowsNetworks) {
      const ourSource = surface.ours(batch.src[i]!);
      const ourDestination = (flags & Flag.noDestination) !== 0 || surface.ours(batch.dst[i]!);
      direction = ourSource ? (ourDestination ? Direction.internal : Direction.outbound) : Direction.inbound;
    }
    const foreign = direction === Direction.outbound ? batch.dst[i]! : batch.src[i]!;
    batch.foreign0[i] = foreign;
    batch.foreign1[i] = 0;
    batch.shard[i] = shardOf(foreign, 0, false);
  }
  batch.direction[i] = direction;
}

/**
 * A UDP flow in which we are named as the beginner and never sent anything: a sensor that knows port 53 or 123 turned
 * round what is a packet from outside, dressed as an answer.
 */
function turnRound(batch: Batch, i: number): void {
  if (batch.direction[i] !== Direction.outbound || batch.outcome[i] !== Outcome.oneSided) return;
  if (batch.protocol[i] !== Protocol.udp || batch.kind[i] !== Kind.flow) return;
  const source = batch.src[i]!;
  batch.src[i] = batch.dst[i]!;
  batch.dst[i] = source;
  const port = batch.sport[i]!;
  batch.sport[i] = batch.dport[i]!;
  batch.dport[i] = port;
  if (batch.flags[i]! & Flag.v6) {
    for (let k = 8 * i; k < 8 * i + 4; k++) {
      const word = batch.wide[k]!;
      batch.wide[k] = batch.wide[k + 4]!;
      batch.wide[k + 4] = word;
    }
  }
  batch.direction[i] = Direction.inbound;
  batch.outcome[i] = Outcome.noAnswer;
}

function findService(batch: Batch, i: number, sensor: number, surface: CompiledSurface, time: number): void {
  const flags = batch.flags[i]!;
  const port = batch.dport[i]!;
  const protocol = batch.protocol[i]! || Protocol.tcp;
  let service = -1;
  if (surface.services.length > 0) {
    if (flags & Flag.noDestination) service = surface.sensorService(sensor, port, protocol, time);
    else if (flags & Flag.v6) service = surface.serviceWide(batch.wide, 8 * i + 4, port, protocol, time);
    else service = surface.service(batch.dst[i]!, port, protocol, time);
    if (service < 0 && batch.kind[i]! >= Kind.web)
      service = surface.sensorService(sensor, port, protocol, time);
  }
  batch.service[i] = service;
}

/** Hash of what was contacted: an address, port and protocol; or, on a web server, site and route. */
function targetOf(batch: Batch, i: number, sensorHash: number): number {
  const flags = batch.flags[i]!;
  let place: number;
  if (flags & Flag.noDestination) place = sensorHash ^ batch.host[i]!;
  else if (flags & Flag.v6) {
    const at = 8 * i + 4;
    const { wide } = batch;
    place =
      mix32(wide[at]! ^ Math.imul(wide[at + 1]!, 5)) ^ mix32(wide[at + 2]! + Math.imul(wide[at + 3]!, 3));
  } else place = batch.dst[i]!;
  if (batch.kind[i] === Kind.web) return mix32(place ^ Math.imul(batch.route[i]! | 1, 0x9e3779b1));
  return mix32(mix32(place) + batch.dport[i]! * 256 + batch.protocol[i]!);
}

/** Who a service is for, as far as settling tells apart. */
const Audience = { unlisted: 0, everybody: 1, staff: 2 } as const;

function audienceOf(batch: Batch, i: number, surface: CompiledSurface): number {
  const service = batch.service[i]!;
  if (service >= 0)
    return surface.services[service]!.audience === 'staff' ? Audience.staff : Audience.everybody;
  if (surface.stated) return Audience.unlisted;
  // Nobody has said what we offer: web and login services that are seen in logs are taken for public.
  const kind = batch.kind[i]!;
  if (kind === Kind.web || kind === Kind.login) return Audience.everybody;
  const port = batch.dport[i]!;
  return batch.protocol[i] === Protocol.tcp && (port === 80 || port === 443)
    ? Audience.everybody
    : Audience.unlisted;
}

function isAuthorised(batch: Batch, i: number, surface: CompiledSurface, time: number): boolean {
  const service = batch.service[i]!;
  if (service < 0) return false;
  return batch.flags[i]! & Flag.v6
    ? surface.authorisedWide(service, batch.wide, 8 * i, time)
    : surface.authorised(service, batch.src[i]!, time);
}

/** The rule that applies if nothing else is known of the contact. */
function ruleOf(batch: Batch, i: number, sensor: number, surface: CompiledSurface, time: number): number {
  const kind = batch.kind[i]!;
  const flags = batch.flags[i]!;
  if (batch.direction[i] === Direction.outbound) return R['no-contact'];
  if (flags & Flag.noSource) return noSource(batch.outcome[i]!);
  if (surface.engagements.length > 0 && inEngagement(batch, i, sensor, surface, time)) return R.engagement;
  switch (kind) {
    case Kind.web:
      return ruleOfWeb(batch, i, surface, time);
    case Kind.login:
      return ruleOfLogin(batch, i, surface, time);
    case Kind.alert:
      return ruleOfAlert(batch, i);
    default:
      return ruleOfTransport(batch, i, surface, time);
  }
}

function inEngagement(
  batch: Batch,
  i: number,
  sensor: number,
  surface: CompiledSurface,
  time: number,
): boolean {
  const flags = batch.flags[i]!;
  const kind = batch.kind[i]!;
  const technique =
    kind === Kind.web ? TechniqueBit.web : kind === Kind.login ? TechniqueBit.login : TechniqueBit.scan;
  const at = 8 * i;
  const { wide } = batch;
  let found: number;
  if (flags & Flag.v6) {
    found =
      flags & Flag.noDestination
        ? surface.engagementAtSensorWide(wide, at, sensor, time, technique)
        : surface.engagementWide(wide, at, at + 4, time, technique);
  } else {
    found =
      flags & Flag.noDestination
        ? surface.engagementAtSensor(batch.src[i]!, sensor, time, technique)
        : surface.engagement(batch.src[i]!, batch.dst[i]!, time, technique);
  }
  return found >= 0;
}

function noSource(outcome: number): number {
  return outcome === Outcome.accepted || outcome === Outcome.established || outcome === Outcome.succeeded
    ? R['no-source-open']
    : R['no-source'];
}

function ruleOfTransport(batch: Batch, i: number, surface: CompiledSurface, time: number): number {
  const outcome = batch.outcome[i]!;
  if (outcome !== Outcome.established && looksLikeReply(batch, i)) return R.reply;
  const audience = audienceOf(batch, i, surface);
  const everybody = audience === Audience.everybody;
  switch (outcome) {
    case Outcome.denied:
      return everybody ? R['denied-public'] : R.denied;
    case Outcome.blocked:
      return R.blocked;
    case Outcome.noAnswer:
      return everybody ? R['no-answer-public'] : R['no-answer'];
    case Outcome.rejected:
      return everybody ? R['no-answer-public'] : R['target-refused'];
    case Outcome.accepted:
      if (everybody) return R['accepted-public'];
      if (isEchoRequest(batch, i)) return R['echo-answered'];
      if (audience === Audience.unlisted) return R['accepted-unlisted'];
      return isAuthorised(batch, i, surface, time) ? R['accepted-authorised'] : R['accepted-stranger'];
    case Outcome.established:
      if (everybody) return R['served-public'];
      if (isEchoRequest(batch, i)) return R['echo-answered'];
      if (audience === Audience.unlisted) return R['served-unlisted'];
      return isAuthorised(batch, i, surface, time) ? R['served-authorised'] : R['served-stranger'];
    case Outcome.oneSided:
      // A bare ACK without data, before and behind which there was nothing, is no half of a connection: a probe.
      if (isBareAck(batch, i)) return everybody ? R['no-answer-public'] : R['no-answer'];
      return R['one-direction'];
    default:
      return R['not-told'];
  }
}

function isBareAck(batch: Batch, i: number): boolean {
  return (
    batch.protocol[i] === Protocol.tcp && (batch.flags[i]! & Flag.tcpKnown) !== 0 && batch.tcp[i] === Tcp.ack
  );
}

function isEchoRequest(batch: Batch, i: number): boolean {
  const type = batch.dport[i]! >>> 8;
  const protocol = batch.protocol[i]!;
  return (protocol === Protocol.icmp && type === 8) || (protocol === Protocol.icmp6 && type === 128);
}

/**
 * Whether a packet is dressed as an answer: TCP with ACK or RST and no question before it, UDP from a port that answers
 * come from to one that questions come from, ICMP errors and echo replies. To a port of a named service it is none.
 */
function looksLikeReply(batch: Batch, i: number): boolean {
  const protocol = batch.protocol[i]!;
  const port = batch.dport[i]!;
  if (protocol === Protocol.tcp) {
    if (!(batch.flags[i]! & Flag.tcpKnown)) return false;
    const tcp = batch.tcp[i]!;
    if ((tcp & (Tcp.ack | Tcp.rst)) === 0) return false;
    return batch.service[i]! < 0 && !isNamedPort(port, protocol);
  }
  if (protocol === Protocol.udp) {
    return (
      isAnsweringPort(batch.sport[i]!) &&
      port >= 1024 &&
      batch.service[i]! < 0 &&
      !isNamedPort(port, protocol)
    );
  }
  const type = port >>> 8;
  if (protocol === Protocol.icmp) return type === 0 || type === 3 || type === 4 || type === 11 || type === 12;
  if (protocol === Protocol.icmp6) return (type >= 1 && type <= 4) || type === 129;
  return false;
}

/** UDP ports that offices send questions to: DNS, NTP, QUIC, STUN. */
export function isAnsweringPort(port: number): boolean {
  return port === 53 || port === 123 || port === 443 || port === 3478;
}

function ruleOfWeb(batch: Batch, i: number, surface: CompiledSurface, time: number): number {
  const status = batch.status[i]!;
  const content = batch.content[i]!;
  if (batch.outcome[i] === Outcome.failed) return R['login-failed'];
  if (content & ATTACK_CONTENT) {
    if (batch.outcome[i] === Outcome.blocked) return R['attack-blocked'];
    if (status >= 200 && status < 300) return R['attack-answered'];
    if ((status >= 400 && status < 500) || status === 301 || status === 308) return R['attack-refused'];
    return R['attack-open'];
  }
  if (batch.outcome[i] === Outcome.blocked) return R.blocked;
  if (batch.outcome[i] === Outcome.denied) return R['web-refused'];
  // A form that was posted and answered 401 held a wrong password; other 401s only ask for one.
  if (status === 401) return batch.flags[i]! & Flag.post ? R['login-failed'] : R['web-login-asked'];
  if (status >= 500 || status === 499 || status === 408) return R['web-our-error'];
  if (status >= 400) return R['web-refused'];
  if (status >= 200) {
    if (status < 300 && content & Content.secretPath && batch.size[i] !== 0) return R['secret-answered'];
    const audience = audienceOf(batch, i, surface);
    if (audience !== Audience.staff) return R['web-served'];
    if (isAuthorised(batch, i, surface, time)) return R['web-authorised'];
    return status < 300 ? R['web-stranger'] : R['web-login-asked'];
  }
  return R['not-told'];
}

function ruleOfLogin(batch: Batch, i: number, surface: CompiledSurface, time: number): number {
  switch (batch.outcome[i]) {
    case Outcome.failed:
    case Outcome.denied:
    case Outcome.rejected:
      return R['login-failed'];
    case Outcome.blocked:
      return R.blocked;
    case Outcome.succeeded: {
      const audience = audienceOf(batch, i, surface);
      if (isAuthorised(batch, i, surface, time)) return R['login-authorised'];
      return audience === Audience.staff ? R['login-stranger'] : R['login-ok'];
    }
    default:
      return R['login-none'];
  }
}

function ruleOfAlert(batch: Batch, i: number): number {
  const attack = (batch.content[i]! & ATTACK_CONTENT) !== 0;
  const outcome = batch.outcome[i]!;
  if (outcome === Outcome.blocked || outcome === Outcome.denied)
    return attack ? R['attack-blocked'] : R.blocked;
  return attack ? R['attack-seen'] : R['not-told'];
}

function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mix32(hash);
}
