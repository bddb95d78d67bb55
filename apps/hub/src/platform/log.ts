/**
 * The hub's log: one JSON object a line, on standard error. No line holds the token, a cookie or what stands behind the
 * `?` of an address: those fields are taken out by name, and `hide` takes a secret out wherever it turns up.
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/** How much is told. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What stands where a secret stood. */
export const HIDDEN = '[hidden]';

/** Fields that are secret whatever object they come in. */
const SECRET_FIELDS = ['token', 'authorization', 'cookie', 'password', 'set-cookie'];

/** A log. */
export type HubLog = {
  readonly log: Logger;
  /** From now on no line holds this text. */
  hide(secret: string): void;
};

/** Makes a log. `write` gets whole lines; standard error if nothing is said. */
export function createLog(level: LogLevel, write?: (line: string) => void): HubLog {
  const secrets: string[] = [];
  const target = write ?? ((line: string) => void process.stderr.write(line));
  const destination: DestinationStream = {
    write(line: string) {
      target(secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line));
    },
  };
  const paths = SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.headers["${field}"]`]);
  const log = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths, censor: HIDDEN },
      serializers: {
        req: ({ method, url }: { method?: string; url?: string }) => ({ method, path: pathOf(url ?? '') }),
        res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
      },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    log,
    hide(secret) {
      if (secret !== '') secrets.push(secret);
    },
  };
}

/** An address as it may be logged: without what stands behind the `?`, and no longer than anybody reads. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end)).slice(0, 200);
}
