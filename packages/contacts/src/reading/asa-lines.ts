/**
 * What each message of ASA tells, by its number: shapes as the Secure Firewall ASA Series Syslog Messages guide writes
 * them. A shape is read from its beginning, and what a client can write stands behind what is read.
 */
import { Direction, Outcome } from '../contact.ts';

/** How a message is read. */
export const Shape = {
  /** Nothing of a contact. */
  ignored: 0,
  /** `Built inbound TCP connection 7 for END (MAPPED) to END (MAPPED)`. */
  built: 1,
  /** `Teardown TCP connection 7 for END to END duration 0:00:30 bytes 0 SYN Timeout`. */
  teardown: 2,
  /** `Built inbound ICMP connection for faddr END gaddr END laddr END type 8 code 0`. */
  icmpBuilt: 3,
  icmpTeardown: 4,
  /** `... from END to END`, with the protocol somewhere before. */
  fromTo: 5,
  /** `Deny tcp src END dst END`. */
  srcDst: 6,
  /** `access-list NAME denied tcp END -> END hit-cnt 3`. */
  accessList: 7,
  /** `... from ADDRESS on interface NAME`: to the device itself. */
  from: 8,
  /** `Login denied from END to END for user "x"`. */
  deviceLogin: 9,
  /** `AAA user authentication Rejected : reason = x : server = y : user = z : user IP = w`. */
  aaa: 10,
  /** `Group <x> User <y> IP <z> ...`. */
  group: 11,
  /** `Authentication failed for user 'x' from END to END on interface y`. */
  proxyLogin: 12,
  /** `EventPriority: Low, ..., SrcIP: 192.0.2.7, DstIP: ...` of Firepower. */
  event: 13,
  /** Syslog itself was lost. */
  lost: 14,
  /** `IDS:2003 ICMP redirect from ADDRESS to ADDRESS on interface x`. */
  ids: 15,
  /** `User authentication failed: IP address: x, Uname: y`: told by another message too. */
  repeated: 16,
} as const;
export type Shape = (typeof Shape)[keyof typeof Shape];

/** One message: how to read it, what became of the contact, the protocol if the text does not say. */
export type Message = {
  readonly shape: Shape;
  readonly outcome: Outcome;
  readonly protocol: number;
  readonly direction: Direction;
};

function message(
  shape: Shape,
  outcome: Outcome,
  protocol = 0,
  direction: Direction = Direction.unknown,
): Message {
  return { shape, outcome, protocol, direction };
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP6 = 58;
const { denied, blocked, accepted, failed, succeeded, unknown } = Outcome;
const { inbound } = Direction;

/** Messages that tell something; every other number is ignored. */
export const MESSAGES: ReadonlyMap<number, Message> = new Map([
  [106001, message(Shape.fromTo, denied, TCP, inbound)],
  [106002, message(Shape.srcDst, denied)],
  [106006, message(Shape.fromTo, denied, UDP, inbound)],
  [106007, message(Shape.fromTo, denied, UDP, inbound)],
  [106010, message(Shape.srcDst, denied, 0, inbound)],
  [106011, message(Shape.srcDst, denied, 0, inbound)],
  [106012, message(Shape.fromTo, denied)],
  [106013, message(Shape.fromTo, denied, ICMP)],
  [106014, message(Shape.srcDst, denied, ICMP, inbound)],
  [106015, message(Shape.fromTo, denied, TCP)],
  [106016, message(Shape.fromTo, denied)],
  [106017, message(Shape.fromTo, denied)],
  [106018, message(Shape.srcDst, denied, ICMP)],
  [106020, message(Shape.fromTo, denied)],
  [106021, message(Shape.fromTo, denied)],
  [106022, message(Shape.fromTo, denied)],
  [106023, message(Shape.srcDst, denied)],
  [106100, message(Shape.accessList, unknown)],
  [106102, message(Shape.accessList, unknown)],
  [106103, message(Shape.accessList, unknown)],
  [109005, message(Shape.proxyLogin, succeeded, TCP)],
  [109006, message(Shape.proxyLogin, failed, TCP)],
  [113005, message(Shape.aaa, failed)],
  [113015, message(Shape.aaa, failed)],
  [113039, message(Shape.group, succeeded)],
  [302013, message(Shape.built, accepted, TCP)],
  [302014, message(Shape.teardown, unknown, TCP)],
  [302015, message(Shape.built, accepted, UDP)],
  [302016, message(Shape.teardown, unknown, UDP)],
  [302020, message(Shape.icmpBuilt, accepted, ICMP)],
  [302021, message(Shape.icmpTeardown, unknown, ICMP)],
  [302303, message(Shape.built, accepted, TCP)],
  [302304, message(Shape.teardown, unknown, TCP)],
  [313001, message(Shape.from, denied, ICMP)],
  [313004, message(Shape.fromTo, denied, ICMP)],
  [313005, message(Shape.srcDst, denied, ICMP)],
  [313008, message(Shape.from, denied, ICMP6)],
  [400000, message(Shape.ids, unknown)],
  [410001, message(Shape.fromTo, blocked, UDP)],
  [414001, message(Shape.lost, unknown)],
  [414002, message(Shape.lost, unknown)],
  [414003, message(Shape.lost, unknown)],
  [414004, message(Shape.lost, unknown)],
  [414006, message(Shape.lost, unknown)],
  [430001, message(Shape.event, unknown)],
  [430002, message(Shape.event, unknown)],
  [430003, message(Shape.event, unknown)],
  [605004, message(Shape.deviceLogin, failed, TCP)],
  [605005, message(Shape.deviceLogin, succeeded, TCP)],
  [611101, message(Shape.repeated, unknown)],
  [611102, message(Shape.repeated, unknown)],
  [710001, message(Shape.fromTo, unknown, TCP)],
  [710002, message(Shape.fromTo, accepted)],
  [710003, message(Shape.fromTo, denied)],
  [710004, message(Shape.fromTo, denied)],
  [710005, message(Shape.fromTo, denied)],
  [710006, message(Shape.fromTo, denied)],
  [716001, message(Shape.group, succeeded)],
  [716038, message(Shape.repeated, unknown)],
  [716039, message(Shape.repeated, unknown)],
]);

/** Numbers of the signatures of ASA's own intrusion detection, `%ASA-4-4000nn: IDS:...`; 400000 stands for all. */
export const FIRST_IDS = 400_000;
export const LAST_IDS = 400_999;
