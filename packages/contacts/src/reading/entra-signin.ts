/**
 * Entra ID (Azure AD) sign-in logs, one JSON object to a line: as Azure Monitor exports them (`properties`), as
 * Microsoft Graph gives them (`signIn`), and as Log Analytics does (names in capitals).
 *
 *     {"time":"...","category":"SignInLogs","resultType":"50126","callerIpAddress":"203.0.113.9","correlationId":"...",
 *      "properties":{"createdDateTime":"...","userPrincipalName":"clerk@...","status":{"errorCode":50126},...}}
 *
 * Source: learn.microsoft.com, signIn resource type; SignInLogs table of Azure Monitor. The destination is Microsoft's,
 * not ours to name. Steps of one sign-in (right password, then second factor) share a key; wrong passwords never do,
 * because the correlation id is the client's own to choose, and one id must not make many tries into one.
 */
import { type Batch, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { readEnd, readNumber } from './bytes.ts';
import type { Clock } from './clock.ts';
import { Composed, writeAccount, writeText } from './composed.ts';
import { Endpoints } from './endpoints.ts';
import { ENTRA_OUTCOMES, isUnknownAccount, SECOND_FACTOR_REFUSED } from './entra-codes.ts';
import type { Envelope } from './envelope.ts';
import { Json, JsonScanner, unescapeJson } from './json.ts';
import { jsonEnd, jsonStart } from './json-lines.ts';
import { readNotice } from './notices.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { readTime } from './times.ts';
import { WordTable } from './words.ts';

/** Fields, and the paths that may hold each; the first that is there counts. */
export const ENTRA_PATHS = {
  time: ['properties.createdDateTime', 'createdDateTime', 'CreatedDateTime', 'time', 'TimeGenerated'],
  address: ['properties.ipAddress', 'ipAddress', 'callerIpAddress', 'IPAddress'],
  user: [
    ...['properties.userPrincipalName', 'userPrincipalName', 'UserPrincipalName'],
    ...['properties.servicePrincipalName', 'servicePrincipalName', 'ServicePrincipalName'],
  ],
  code: ['properties.status.errorCode', 'status.errorCode', 'resultType', 'ResultType'],
  correlation: ['properties.correlationId', 'correlationId', 'CorrelationId'],
  category: ['category', 'Category'],
} as const;

const PATHS = Object.values(ENTRA_PATHS).flat();
/** First path of each field, and the one behind its last. */
const FIRST = Object.values(ENTRA_PATHS).map((_, i, all) => all.slice(0, i).flat().length);
const Field = { time: 0, address: 1, user: 2, code: 3, correlation: 4, category: 5 } as const;
type Field = (typeof Field)[keyof typeof Field];

/** Categories of sign-ins by people and programs. Managed identities sign in from inside Azure, without an address. */
export const SIGN_IN_CATEGORIES = [
  'SignInLogs',
  'NonInteractiveUserSignInLogs',
  'ServicePrincipalSignInLogs',
  'ADFSSignInLogs',
  'MicrosoftServicePrincipalSignInLogs',
];
const CATEGORIES = new WordTable(SIGN_IN_CATEGORIES);

/** Entra signs in over HTTPS only. */
const HTTPS = 443;

/** Longest name that is undone of its escapes; a user principal name has 113 characters at most. */
const MAX_ACCOUNT = 1024;

class EntraReader implements LineReader {
  readonly #clock: Clock;
  readonly #scanner = new JsonScanner(PATHS);
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();
  readonly #scratch = new Uint8Array(MAX_ACCOUNT);

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const at = jsonStart(bytes, from, to);
    const objectEnd = jsonEnd(bytes, at, to);
    if (at >= objectEnd) return Line.ignored;
    if (bytes[at] !== 123) return readNotice(bytes, from, to, envelope, batch);
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, at, objectEnd)) return Line.unreadable;
    const { start, end } = scanner;
    const category = this.#path(Field.category);
    if (category >= 0 && CATEGORIES.find(bytes, start[category]!, end[category]!) < 0) return Line.ignored;
    const code = this.#code(bytes);
    const address = this.#path(Field.address);
    if (code < 0 || address < 0) return Line.unreadable;

    const row = batch.count;
    batch.begin(row, Kind.login);
    const endpoints = this.#endpoints;
    endpoints.clear();
    if (!endpoints.takeSource(bytes, start[address]!, end[address]!)) return Line.unreadable;
    let flags = endpoints.write(batch, row);
    const outcome = ENTRA_OUTCOMES.get(code) ?? Outcome.unknown;
    batch.outcome[row] = outcome;
    batch.protocol[row] = Protocol.tcp;
    batch.dport[row] = HTTPS;
    if (isUnknownAccount(code)) flags |= Flag.invalidAccount;

    const user = this.#path(Field.user);
    const out = this.#scratch;
    let userLength = 0;
    if (user >= 0) {
      userLength = unescapeJson(bytes, start[user]!, end[user]!, out);
      writeAccount(out, 0, userLength, batch, row);
      writeText(start[user]!, end[user]!, batch, row);
    }
    const correlation = this.#path(Field.correlation);
    if (correlation >= 0 && (outcome !== Outcome.failed || code === SECOND_FACTOR_REFUSED)) {
      this.#key.begin(bytes, start[correlation]!, end[correlation]!);
      this.#key.add(bytes, start[address]!, end[address]!);
      this.#key.add(out, 0, userLength);
      this.#key.writeKey(batch, row);
    }
    const timePath = this.#path(Field.time);
    let time = timePath < 0 ? Number.NaN : readTime(bytes, start[timePath]!, end[timePath]!, this.#clock);
    if (Number.isNaN(time)) time = envelope.time;
    batch.time[row] = time;
    batch.host[row] = envelope.host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
    return Line.row;
  }

  /** The first path of a field that holds a string or a number, -1 if none does. */
  #path(field: Field): number {
    const { start, end, type } = this.#scanner;
    const last = field + 1 < FIRST.length ? FIRST[field + 1]! : PATHS.length;
    for (let path = FIRST[field]!; path < last; path++) {
      const kind = type[path];
      if (kind !== Json.string && kind !== Json.number && kind !== Json.escaped) continue;
      if (end[path]! > start[path]!) return path;
    }
    return -1;
  }

  /** The error code, a number or a string of digits; -1 if there is none. */
  #code(bytes: Uint8Array): number {
    const path = this.#path(Field.code);
    if (path < 0) return -1;
    const { start, end } = this.#scanner;
    const value = readNumber(bytes, start[path]!, end[path]!);
    return readEnd === end[path] ? value : -1;
  }
}

/** The format `entra-signin` of contracts. */
export const entraSignin: Format = {
  name: 'entra-signin',
  syslog: 'maybe',
  sniff: (text) => {
    if (!/^\s*\[?\s*\{/.test(text)) return 0;
    if (/"[Cc]ategory"\s*:\s*"\w*SignInLogs"/.test(text)) return 2;
    return /"(userPrincipalName|UserPrincipalName)"\s*:/.test(text) &&
      /"(errorCode|ResultType)"\s*:/.test(text)
      ? 2
      : 0;
  },
  reader: (options) => new EntraReader(options),
  doc: {
    of: 'Entra ID (Azure AD) sign-in logs as JSON lines, from Azure Monitor, Microsoft Graph or Log Analytics',
    contact:
      'Each sign-in is a login. Error 0 succeeded; wrong credentials (50126, 50053, 50034, ...) failed; refused by a ' +
      'policy (53003, ...) blocked; where the password was right and a second factor, consent or a new password is ' +
      'asked for (50074, 50076, 50079, 50055, ...) the outcome is unknown, and the steps that follow share its key. ' +
      'Other categories are ignored.',
    losses: 'The logs have no record of lost entries.',
    seen: 'No real line has been seen: shapes from learn.microsoft.com (signIn resource, SignInLogs table).',
  },
};
