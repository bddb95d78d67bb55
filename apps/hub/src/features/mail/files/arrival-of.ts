/** A message in a file as if it had just come: the little that a file knows of its delivery. */
import type { Arrival } from '@bellwether/mail';
import type { FileMessage } from './mail-files.ts';

/** Bytes in which the header's date is looked for. */
const HEAD = 65_536;

/** When a message says that it was received or written, ms; NaN where it says nothing that is a date. */
export function statedTime(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD)).toString('latin1');
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const header = head.slice(0, end).replaceAll(/\r?\n[ \t]+/g, ' ');
  const received = /^received:[^\n]{0,2000};([^;\n]{5,60})$/im.exec(header)?.[1];
  const written = /^date:([^\n]{5,80})$/im.exec(header)?.[1];
  const at = dateOf(received);
  return Number.isNaN(at) ? dateOf(written) : at;
}

/** RFC 5322 dates, comments left out. */
function dateOf(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(text.replaceAll(/\([^)]*\)/g, '').trim());
}

/** The arrival. `at`: ms, for files that do not say. */
export function arrivalOf({ bytes }: FileMessage, office: string, at: number): Arrival {
  const envelope = { client: null, helo: '', from: null, to: [], account: null };
  return { bytes, envelope, hook: 'file', office, at };
}
