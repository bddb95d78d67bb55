/**
 * A message that was forwarded as text: mail programs write some of its header above it. English forms of Outlook ("Sent:"), Gmail and
 * Apple Mail ("Date:"), with bold marks and quote marks before them. All of it is what the forwarder's program says, and may be changed.
 */

/** What the text shows of it; empty where it shows nothing. */
export type InlineForward = {
  readonly from: string;
  /** As written: programs use the words and the time zone of the reader. */
  readonly sent: string;
  readonly to: string;
  readonly subject: string;
  /** What follows. */
  readonly text: string;
};

/** Lines in which a header is looked for: beyond them, nobody forwards any more. */
const MOST_LINES = 5_000;

/** Lines of one header. */
const MOST_HEADER_LINES = 20;

/** Characters of a value. */
const MOST_VALUE = 1_000;

const LABEL = /^\*{0,2}(from|sent|date|to|cc|bcc|reply-to|importance|subject):\*{0,2}[ \t\u00a0]*(.*)$/i;

/** Labels whose values take several lines. */
const LISTS = new Set(['to', 'cc', 'bcc']);

/** The outermost forwarded message in a text; null where there is none. */
export function inlineForward(text: string): InlineForward | null {
  const lines = text.split('\n', MOST_LINES).map(unquoted);
  for (const [at, line] of lines.entries()) {
    if (LABEL.exec(line)?.[1]?.toLowerCase() !== 'from') continue;
    const { values, end } = headerFrom(lines, at);
    const sent = values.get('sent') ?? values.get('date');
    const subject = values.get('subject');
    // One label alone stands in many letters.
    if (sent === undefined || subject === undefined) continue;
    const rest = text.split('\n').slice(end).join('\n').trim();
    return { from: values.get('from') ?? '', sent, to: values.get('to') ?? '', subject, text: rest };
  }
  return null;
}

/** Labels and values from a line on, to the first line that belongs to neither. `end`: that line. */
function headerFrom(
  lines: readonly string[],
  from: number,
): { readonly values: ReadonlyMap<string, string>; readonly end: number } {
  const values = new Map<string, string>();
  let last: string | null = null;
  let at = from;
  for (; at < lines.length && at < from + MOST_HEADER_LINES; at++) {
    const line = lines[at]!;
    const [, label, value] = LABEL.exec(line) ?? [];
    if (label !== undefined) {
      const name = label.toLowerCase();
      // A second one begins the next message.
      if (values.has(name)) break;
      values.set(name, value!.trim().slice(0, MOST_VALUE));
      last = name;
    } else if (line === '') {
      // Pages made into text have empty lines between the labels.
      if (!LABEL.test(lines[at + 1] ?? '')) break;
      last = null;
    } else if (last === null || !LISTS.has(last)) break;
    // Long lists of recipients go on in the next line.
    else values.set(last, `${values.get(last)} ${line}`.slice(0, MOST_VALUE));
  }
  return { values, end: at };
}

function unquoted(line: string): string {
  return line.replace(/^[\s>\u00a0\ufeff]+/, '').trimEnd();
}
