/** Messages of a mailbox in one file: the "mboxrd" and "mboxo" forms, told apart from one message (RFC 4155). */

/** `From ` and what follows, at the beginning of a line. */
const FROM_LINE = Buffer.from('From ');
const LF = 0x0a;

/** Messages of one file that are read. */
const MOST_MESSAGES = 100_000;

/** Whether a file is a mailbox; otherwise it is one message. */
export function isMbox(bytes: Uint8Array): boolean {
  return FROM_LINE.every((byte, at) => bytes[at] === byte);
}

/** The messages of a mailbox, each without its first line; `>From ` at the beginning of a line stays as it is. */
export function* mboxMessages(bytes: Uint8Array): Generator<Uint8Array> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let begins = 0;
  for (let count = 0; begins < all.length && count < MOST_MESSAGES; count++) {
    const head = all.indexOf(LF, begins) + 1;
    if (head === 0) return;
    let ends = head - 1;
    do ends = all.indexOf('\nFrom ', ends + 1, 'latin1');
    while (ends !== -1 && !isEnd(all, ends));
    const end = ends === -1 ? all.length : ends + 1;
    yield all.subarray(head, end);
    begins = end;
  }
}

/** An empty line stands before it: other lines that begin so are text that somebody forgot to quote. */
function isEnd(all: Buffer, at: number): boolean {
  return all[at - 1] === LF || (all[at - 1] === 0x0d && all[at - 2] === LF) || at === 0;
}
