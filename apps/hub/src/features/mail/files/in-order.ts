/** Messages of many files in the order in which they came, so that each is judged by what was before it. */
import { err, ok, type Result } from '@bellwether/basics';
import { statedTime } from './arrival-of.ts';
import type { MailFileError } from './errors.ts';
import { type FileMessage, mailPaths, messagesOf, STDIN } from './mail-files.ts';

/** A message with its time, ms; messages that do not say are taken to have come after those that do. */
export type TimedMessage = FileMessage & { readonly at: number };

type Place = { readonly path: string; readonly number: number; readonly at: number };

/**
 * All messages below some paths, by time. Each file is read twice, first for times alone, so that a folder may be larger than the memory;
 * standard input and the last mailbox are kept.
 */
export function messagesInOrder(
  paths: readonly string[],
  now: number,
): Result<
  { readonly count: number; readonly messages: Iterable<Result<TimedMessage, MailFileError>> },
  MailFileError
> {
  const files = mailPaths(paths);
  if (files.isErr()) return err(files.error);
  const places: Place[] = [];
  let kept: { readonly path: string; readonly messages: FileMessage[] } | undefined;
  const failures: MailFileError[] = [];
  for (const path of files.value) {
    const messages = messagesOf(path);
    if (messages.isErr()) {
      if (path === STDIN || paths.includes(path)) return err(messages.error);
      failures.push(messages.error);
      continue;
    }
    if (path === STDIN || messages.value.length > 1) kept = { path, messages: messages.value };
    for (const [number, { bytes }] of messages.value.entries()) {
      const at = statedTime(bytes);
      places.push({ path, number, at: Number.isNaN(at) ? now : at });
    }
  }
  places.sort((a, b) => a.at - b.at);
  function* read(): Generator<Result<TimedMessage, MailFileError>> {
    for (const failure of failures) yield err(failure);
    for (const { path, number, at } of places) {
      if (kept?.path !== path) {
        const messages = messagesOf(path);
        if (messages.isErr()) {
          yield err(messages.error);
          continue;
        }
        kept = { path, messages: messages.value };
      }
      // A file that was changed meanwhile may have fewer.
      const message = kept.messages[number];
      if (message !== undefined) yield ok({ ...message, at });
    }
  }
  return ok({ count: places.length, messages: read() });
}
