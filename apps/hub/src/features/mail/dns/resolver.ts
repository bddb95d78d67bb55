/**
 * What mail asks of DNS: answers are kept for a while, each question has its time, and servers that do not answer are left alone for a
 * moment, so that a message is never late because of them.
 */
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import type { Resolve } from '@bellwether/mail';
import type { MailFileError } from '../files/errors.ts';

/** Longest wait for one question, ms, in one try: the time in which nine of ten answers that come at all have come. */
const LONGEST_ANSWER = 2_000;

/** For how long an answer is kept, and that there is none, ms. Time to live would be better; `resolve` tells it for addresses only. */
const KEPT = 300_000;
const NOTHING_KEPT = 60_000;

/** Questions in a row without an answer after which nobody is asked for a moment, ms. */
const MOST_SILENT = 3;
const MOMENT = 30_000;

/** Answers that are kept. */
const MOST_KEPT = 50_000;

/** Codes of c-ares that mean "there is nothing", as against "nobody said anything". */
const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EBADQUERY']);

type Kept = { readonly until: number; readonly answer: Promise<unknown> };

/** Asks the servers of this machine, or those that are named. `now`: ms. */
export function dnsResolver(now: () => number, servers?: readonly string[]): Resolve {
  const asked = new Resolver({ timeout: LONGEST_ANSWER, tries: 1 });
  if (servers !== undefined) asked.setServers(servers);
  return keeping((name, type) => asked.resolve(name, type), now);
}

/** Keeps answers of any resolver. */
export function keeping(ask: Resolve, now: () => number): Resolve {
  const kept = new Map<string, Kept>();
  let silent = 0;
  let asksAgain = 0;
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.answer;
    if (now() < asksAgain) return Promise.reject(failure('ETIMEOUT', `DNS did not answer: ${name}`));
    const answer = ask(name, type).then(
      (found) => {
        silent = 0;
        return found;
      },
      (cause: NodeJS.ErrnoException) => {
        if (NOTHING.has(cause.code ?? '')) {
          silent = 0;
          kept.set(key, { until: now() + NOTHING_KEPT, answer });
        } else {
          kept.delete(key);
          if (++silent >= MOST_SILENT) {
            silent = 0;
            asksAgain = now() + MOMENT;
          }
        }
        throw cause;
      },
    );
    kept.delete(key);
    kept.set(key, { until: now() + KEPT, answer });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return answer;
  };
}

/** Asks nobody: for machines without a network. */
export const noDns: Resolve = (name) => Promise.reject(failure('ETIMEOUT', `DNS was not asked: ${name}`));

/** Longest file of answers. */
const MOST_ZONE_BYTES = 67_108_864;

/** Answers from a file, as `bellwether testkit mail` writes it beside its messages. */
export function zoneFileResolver(path: string): Result<Resolve, MailFileError> {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(path).subarray(0, MOST_ZONE_BYTES).toString('utf8'));
  } catch (cause) {
    return err({ code: 'MAIL_ZONE_WRONG', detail: `${path}: ${(cause as Error).message}` });
  }
  if (!Array.isArray(rows)) return err({ code: 'MAIL_ZONE_WRONG', detail: `${path}: it is no list` });
  const answers = new Map<string, unknown[]>();
  for (const [at, row] of rows.entries()) {
    const { name, type, value } = (row ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof type !== 'string' || typeof value !== 'string')
      return err({
        code: 'MAIL_ZONE_WRONG',
        detail: `${path}: row ${at + 1} lacks a name, a type or a value`,
      });
    const key = `${type.toUpperCase()} ${name.toLowerCase()}`;
    answers.set(key, [...(answers.get(key) ?? []), answerOf(type, value)]);
  }
  return ok((name, type) => {
    const found = answers.get(`${type} ${name.toLowerCase()}`);
    if (found === undefined) return Promise.reject(failure('ENOTFOUND', `no ${type} of ${name}`));
    return Promise.resolve(found);
  });
}

/** As `node:dns` gives it. */
function answerOf(type: string, value: string): unknown {
  if (type === 'TXT') return [value];
  if (type !== 'MX') return value;
  const [priority, exchange] = value.split(' ');
  return { priority: Number(priority), exchange };
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
