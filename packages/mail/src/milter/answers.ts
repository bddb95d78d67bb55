/** What a milter answers, protocol version 6 (Sendmail, include/libmilter/mfdef.h and the pages of mfapi). */
import { packetBytes } from './frames.ts';

/** The version that is spoken: all that Postfix since 2.6 and Sendmail since 8.14 offer. */
export const MILTER_VERSION = 6;

/** What we may ask of the mail server: add headers, change headers, quarantine. The text is never changed. */
export const ACTIONS_NEEDED = 0x01 | 0x10 | 0x20;

/**
 * Changes of the conversation: no unknown commands (0x100), no DATA (0x200); headers, connection, greeting, sender, recipients,
 * the end of headers and the body are taken without an answer to each (0x80, 0x1000 to 0x8000, 0x40000, 0x80000), and headers come
 * with the space that stood before their value (0x100000), since a signature covers it.
 */
export const STEPS_WANTED = 0x100 | 0x200 | 0x80 | 0xf000 | 0x40000 | 0x80000 | 0x100000;

/** Characters of a refusal: a line of an SMTP answer has 512 bytes (RFC 5321, 4.5.3.1.5). */
const REFUSAL_LENGTH = 400;

/** One answer. Changes and `quarantine` come before the one that ends a message; `progress` asks for more time. */
export type MilterAnswer =
  | { readonly kind: 'continue' | 'accept' | 'put-off' | 'progress' }
  | { readonly kind: 'negotiate'; readonly actions: number; readonly steps: number }
  | { readonly kind: 'add-header'; readonly name: string; readonly value: string }
  /** At a place: 0 is before all others. */
  | { readonly kind: 'insert-header'; readonly at: number; readonly name: string; readonly value: string }
  /** The nth of its name, from 1. */
  | { readonly kind: 'remove-header'; readonly nth: number; readonly name: string }
  | { readonly kind: 'quarantine'; readonly reason: string }
  /** Refused for good (550 5.7.1), with a reason for the sender. */
  | { readonly kind: 'refuse'; readonly reason: string };

/** An answer as it is sent. Texts become one line of ASCII: nothing that came with a message can end a header or an answer. */
export function milterAnswer(answer: MilterAnswer): Uint8Array {
  switch (answer.kind) {
    case 'continue':
      return packetBytes('c');
    case 'accept':
      return packetBytes('a');
    case 'put-off':
      return packetBytes('t');
    case 'progress':
      return packetBytes('p');
    case 'negotiate':
      return packetBytes('O', numbers(MILTER_VERSION, answer.actions, answer.steps));
    // Headers come with their space, so they are given with it.
    case 'add-header':
      return packetBytes('h', texts(answer.name, ` ${answer.value}`));
    case 'insert-header':
      return packetBytes('i', joined(numbers(answer.at), texts(answer.name, ` ${answer.value}`)));
    case 'remove-header':
      return packetBytes('m', joined(numbers(answer.nth), texts(answer.name, '')));
    case 'quarantine':
      return packetBytes('q', texts(answer.reason.slice(0, REFUSAL_LENGTH)));
    case 'refuse':
      // Servers read a percent sign in an answer as a command of its own.
      return packetBytes(
        'y',
        texts(`550 5.7.1 ${answer.reason.replaceAll('%', ' percent').slice(0, REFUSAL_LENGTH)}`),
      );
  }
}

/** What to answer to an offer; null: the server is too old, or cannot do what holding a message needs. */
export function agreedWith(offer: {
  readonly version: number;
  readonly actions: number;
  readonly steps: number;
}): MilterAnswer | null {
  if (offer.version < MILTER_VERSION || (offer.actions & ACTIONS_NEEDED) !== ACTIONS_NEEDED) return null;
  if ((offer.steps & STEPS_WANTED) !== STEPS_WANTED) return null;
  return { kind: 'negotiate', actions: ACTIONS_NEEDED, steps: STEPS_WANTED };
}

function numbers(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return bytes;
}

function texts(...values: readonly string[]): Uint8Array {
  const lines = values.map((value) => `${value.replace(/[^\x20-\x7e]/gu, '?')}\0`);
  return new TextEncoder().encode(lines.join(''));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
