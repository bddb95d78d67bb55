/** Lets a message go that Postfix holds in its queue. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OrderOutcome } from './hub-line.ts';

const run = promisify(execFile);

/** Postfix takes milliseconds; a disk that hangs is waited for no longer, ms. */
const WITHIN = 20_000;

/** Numbers of messages in a queue, as Postfix makes them, short or long (postconf(5), enable_long_queue_ids). */
const QUEUE_ID = /^[0-9A-Za-z]{5,40}$/;

/** `config`: folder of Postfix's configuration where it is not the usual one. Needs the rights of `postsuper`. */
export async function releaseFromQueue(queueId: string, config: string | null): Promise<OrderOutcome> {
  if (!QUEUE_ID.test(queueId)) return { done: false, detail: 'this is no number of a message in a queue' };
  const where = config === null ? [] : ['-c', config];
  try {
    const { stderr } = await run('postsuper', [...where, '-H', queueId], { timeout: WITHIN });
    // It says how many it released, and nothing where it did not find one.
    if (!/Released from hold: 1 message/.test(stderr))
      return {
        done: false,
        detail: 'Postfix does not hold it any more: somebody else let it go, or deleted it',
      };
    // One message at once needs the service "flush"; without it the whole queue is tried, or else this one with the next run of the queue.
    const flush = (...args: string[]) => run('postqueue', [...where, ...args], { timeout: WITHIN });
    await flush('-i', queueId)
      .catch(() => flush('-f'))
      .catch(() => undefined);
    return { done: true, detail: '' };
  } catch (cause) {
    const { stderr = '', message } = cause as { stderr?: string; message: string };
    return { done: false, detail: (stderr.trim() || message).slice(0, 400) };
  }
}
