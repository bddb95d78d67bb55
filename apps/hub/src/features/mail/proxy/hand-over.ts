/** A message is taken by us when the next hop has taken it, and its answers are ours. */
import type { NextHop, Reply } from './next-hop.ts';

/** What is said where the next hop cannot be asked. */
export const LATER = '451 4.3.0 The mail server behind this one did not answer. Try again later.';

/** Hands a message to a hop that took sender and recipients. `settled`: it took the message. Null: nobody knows, so it did not. */
export async function handOver(hop: NextHop, ready: Buffer, settled: () => void): Promise<Reply | null> {
  const begun = await hop.ask('DATA');
  // A yes in place of 354 is no answer to DATA.
  if (begun === null || begun.code < 300) return null;
  if (begun.code !== 354) return begun;
  const reply = await hop.askToTake(ready);
  if (isYes(reply)) settled();
  return reply;
}

/** Whether it says yes. */
export function isYes(reply: Reply | null): boolean {
  return reply !== null && reply.code >= 200 && reply.code < 300;
}

/** An answer for a client, as it came: yes, later or no. Anything else is no answer that a client could use. */
export function textOf(reply: Reply | null): string {
  return reply === null || reply.code < 200 || reply.code > 599 || (reply.code >= 300 && reply.code < 400)
    ? LATER
    : reply.lines.join('\r\n');
}
