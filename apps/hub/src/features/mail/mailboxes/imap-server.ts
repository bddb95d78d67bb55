/** One connection to an IMAP server (RFC 3501, RFC 9051), and what its failures mean. */
import { ImapFlow } from 'imapflow';
import type { DoneUntilThen, MailboxError, MailboxErrorCode } from './errors.ts';

/** Where mail is kept. */
export type ImapServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (993), by STARTTLS and never without it (143), or none: on this machine only. */
  readonly tls: 'from-start' | 'starttls' | 'none';
  /** Certificates that are trusted beside those of the system, PEM. */
  readonly ca?: string;
};

/** Who signs in. With a master user of Dovecot: `clerk@office.example*bellwether`. */
export type ImapAccount = { readonly user: string; readonly pass: string };

/** How long a server may take and how much is open at once. */
export type ImapLimits = {
  /** Connections at once. */
  readonly connections: number;
  /** Until it is connected and has greeted, ms. */
  readonly connect: number;
  /** Silence in the middle of a command, ms. */
  readonly silence: number;
  /** One step, such as moving one message, ms. */
  readonly step: number;
  /** Attempts where the server cannot be reached or stops. */
  readonly attempts: number;
  /** Before the second attempt, ms; twice as long before each further one. */
  readonly pause: number;
  /** How long a connection is kept that nobody uses, ms. */
  readonly kept: number;
};

export const IMAP_LIMITS: ImapLimits = {
  // Dovecot lets one account in 10 times from one address by default, and Exchange Online 20 times.
  connections: 8,
  connect: 20_000,
  silence: 30_000,
  // Fifty megabytes over a slow line take a minute.
  step: 120_000,
  attempts: 4,
  pause: 500,
  kept: 10_000,
};

/** Ends the work at hand; never leaves this folder. */
export class ImapFault extends Error {
  readonly code: MailboxErrorCode;

  constructor(code: MailboxErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Hosts that need no encryption, since nothing leaves the machine. */
const HERE = new Set(['127.0.0.1', '::1', 'localhost']);

/** Most of a server's own words that are passed on. */
const MOST_WORDS = 300;

/** A connection that is not made yet. Throws an `ImapFault` where it would not be safe. */
export function imapClient(server: ImapServer, account: ImapAccount, limits: ImapLimits): ImapFlow {
  if (server.tls === 'none' && !HERE.has(server.host))
    throw new ImapFault('MAILBOX_SERVER_UNSAFE', server.host);
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.tls === 'from-start',
    doSTARTTLS: server.tls === 'starttls',
    ...(server.ca === undefined ? {} : { tls: { ca: server.ca } }),
    auth: { user: account.user, pass: account.pass },
    logger: false,
    disableAutoIdle: true,
    // What a server compresses, it could blow up.
    disableCompression: true,
    connectionTimeout: limits.connect,
    greetingTimeout: limits.connect,
    socketTimeout: limits.silence,
  });
  // Failures reach whoever waits for an answer; without a listener they would end the program.
  client.on('error', () => {});
  return client;
}

/** Connects and signs in; throws an `ImapFault`. */
export async function connectImap(client: ImapFlow): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    client.close();
    throw new ImapFault(
      isRefusal(cause) ? 'MAILBOX_LOGIN_REFUSED' : 'MAILBOX_SERVER_UNREACHABLE',
      wordsOf(cause),
    );
  }
}

/** Where the server answers with no to a command, the library gives `false`, as it does when the connection is gone: which of both. */
export function refused(client: ImapFlow, command: string): ImapFault {
  if (!client.usable) return new ImapFault('MAILBOX_SERVER_STOPPED', `during ${command}`);
  return new ImapFault('MAILBOX_REFUSED', command);
}

/** What a failure of the work means. `isLate`: we ended the connection, since the time was over. */
export function mailboxError(
  cause: unknown,
  done: DoneUntilThen,
  isUsable: boolean,
  isLate: boolean,
): MailboxError {
  if (isLate) return { code: 'MAILBOX_SERVER_SLOW', detail: wordsOf(cause), done };
  if (cause instanceof ImapFault) return { code: cause.code, detail: cause.message, done };
  return { code: isUsable ? 'MAILBOX_REFUSED' : 'MAILBOX_SERVER_STOPPED', detail: wordsOf(cause), done };
}

/** A password that is wrong, not a server that cannot look it up just now (RFC 5530). */
function isRefusal(cause: unknown): boolean {
  const { authenticationFailed, serverResponseCode } = cause as {
    readonly authenticationFailed?: boolean;
    readonly serverResponseCode?: string;
  };
  return authenticationFailed === true && serverResponseCode !== 'UNAVAILABLE';
}

function wordsOf(cause: unknown): string {
  const { message, responseText } = cause as { readonly message?: string; readonly responseText?: string };
  const words = responseText ?? message ?? '';
  return words.replaceAll(/\p{Cc}+/gu, ' ').slice(0, MOST_WORDS);
}
