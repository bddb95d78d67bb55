/** What one listener takes at most. Every bound is here with its reason; tests use smaller ones. */

/** Bounds of one listener. Times in ms, sizes in bytes. */
export type Limits = {
  readonly connections: number;
  readonly connectionsOfOneAddress: number;
  readonly message: number;
  readonly messageTime: number;
  readonly firstMessageTime: number;
  readonly idleTime: number;
  readonly unread: number;
  readonly outstandingOfOne: number;
  readonly outstanding: number;
  readonly gatherBytes: number;
  readonly backlog: number;
  readonly backlogTime: number;
  readonly linger: number;
  readonly shareOfOneAddress: number;
};

/**
 * Connections of one listener: 116 offices with a few senders each. As each may hold an unfinished message, they are
 * 64 MiB at worst.
 */
const CONNECTIONS = 512;

/** Connections of one address: several senders behind one address of an office, or behind one tunnel on this machine. */
const CONNECTIONS_OF_ONE_ADDRESS = 128;

/** One message: twice the longest line that is read (64 KiB), so that only what nobody could read is turned away. */
const MESSAGE = 128 * 1024;

/** A message that was begun must end: 128 KiB in 30 s is 4 KiB/s, slower than any link in use. */
const MESSAGE_TIME = 30_000;

/**
 * A connection that says nothing of sense for so long takes a place that a sensor needs. Minutes, because there are devices
 * that connect when they start, and lose their first line when they find the connection closed.
 */
const FIRST_MESSAGE_TIME = 5 * 60_000;

/** A quiet sensor is no dead one, and plain syslog loses a line when its connection is closed: a day. */
const IDLE_TIME = 24 * 3_600_000;

/** Answers that a client has not read: 12,000 of them, a hundred times the window of librelp. */
const UNREAD = 256 * 1024;

/** Bytes of one connection that are not on disk yet, before it is read no further: two gathered arrivals. */
const OUTSTANDING_OF_ONE = 512 * 1024;

/** The same for a whole listener: half a second at 32 MiB/s, and a small part of the hub's 400 MB. */
const OUTSTANDING = 16 * 1024 * 1024;

/** An arrival takes no more messages when so much is in it: a record of the journal that is worth its fsync. */
const GATHER_BYTES = 256 * 1024;

/** Bytes that are kept and not judged yet, from which on a way in waits: a few seconds of judging. */
const BACKLOG = 64 * 1024 * 1024;

/**
 * It waits no longer than this: a client that gave up by itself (librelp after 90 s) would send again what is kept in
 * the end, and it would be there twice.
 */
const BACKLOG_TIME = 20_000;

/** On closing, a peer has so long to read our last answers and to end its side. */
const LINGER = 500;

/** Of the queue of datagrams, the part that one address may fill: three others still find room beside a flood. */
const SHARE_OF_ONE_ADDRESS = 1 / 4;

/** The bounds of a listener that says nothing else. */
export const DEFAULT_LIMITS: Limits = {
  connections: CONNECTIONS,
  connectionsOfOneAddress: CONNECTIONS_OF_ONE_ADDRESS,
  message: MESSAGE,
  messageTime: MESSAGE_TIME,
  firstMessageTime: FIRST_MESSAGE_TIME,
  idleTime: IDLE_TIME,
  unread: UNREAD,
  outstandingOfOne: OUTSTANDING_OF_ONE,
  outstanding: OUTSTANDING,
  gatherBytes: GATHER_BYTES,
  backlog: BACKLOG,
  backlogTime: BACKLOG_TIME,
  linger: LINGER,
  shareOfOneAddress: SHARE_OF_ONE_ADDRESS,
};
