/** What the HTTP server takes at most. Every bound is here with its reason; tests use smaller ones. */

/** Bounds of the server. Times in ms, sizes in bytes. */
export type HttpLimits = {
  readonly connections: number;
  readonly headers: number;
  readonly headersTime: number;
  readonly requestTime: number;
  readonly checkTime: number;
  readonly idleTime: number;
  readonly keepAlive: number;
  readonly json: number;
  readonly closeTime: number;
};

/** Connections: the sensors of 116 offices behind a few tunnels, the desks, and as many again that have not noticed a break. */
const CONNECTIONS = 512;

/** Headers with the address: browsers send 1 KiB, and every cookie of other programs on `localhost` comes along. */
const HEADERS = 16 * 1024;

/** Headers come in one packet: after so long a connection without them only takes a place. */
const HEADERS_TIME = 10_000;

/** 16 MiB within two minutes are 140 KB/s, slower than the slowest line of an office. */
const REQUEST_TIME = 120_000;

/** How often both are looked at: a slow connection lives so much longer at most. */
const CHECK_TIME = 2_000;

/** A connection on which nothing moves in either direction, live updates (which say something every 15 s) among them. */
const IDLE_TIME = 60_000;

/** Between two requests: longer than a sensor's pause between batches, so that it keeps its connection. */
const KEEP_ALIVE = 65_000;

/** JSON that is sent to us: a surface of 1 MiB, which JSON may write in twice as many bytes. */
const JSON_BODY = 2 * 1024 * 1024 + 4096;

/** On stopping, requests that are being answered get so long: an fsync and a search take less. */
const CLOSE_TIME = 5_000;

/** The bounds of a server that says nothing else. */
export const HTTP_LIMITS: HttpLimits = {
  connections: CONNECTIONS,
  headers: HEADERS,
  headersTime: HEADERS_TIME,
  requestTime: REQUEST_TIME,
  checkTime: CHECK_TIME,
  idleTime: IDLE_TIME,
  keepAlive: KEEP_ALIVE,
  json: JSON_BODY,
  closeTime: CLOSE_TIME,
};
