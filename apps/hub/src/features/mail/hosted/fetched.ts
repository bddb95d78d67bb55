/** Messages of a list with their bytes, a few at once, in the order of the list. */
import { err, ok, type Result } from '@bellwether/basics';
import type { MailboxError } from '../mailboxes/errors.ts';
import type { StoredMessage } from '../mailboxes/mailbox-types.ts';
import { hostedWork } from './ask.ts';

/** Graph lets four questions at a time in for one mailbox, and Gmail more. */
const AT_ONCE = 4;

/** Those that are still there; ends after the first failure. */
export async function* fetchedOf<T>(
  items: readonly T[],
  fetch: (item: T) => Promise<StoredMessage>,
): AsyncGenerator<Result<StoredMessage, MailboxError>> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const some = items.slice(at, at + AT_ONCE).map((item) => hostedWork(() => fetch(item)));
    for (const message of await Promise.all(some)) {
      if (message.isErr() && message.error.code !== 'MAILBOX_MESSAGE_GONE') {
        yield err(message.error);
        return;
      }
      if (message.isOk()) yield ok(message.value);
    }
  }
}
