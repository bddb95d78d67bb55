/** Plain text of 80 columns: paragraphs, and tables whose numbers stand under each other. No colour carries meaning. */

/** Columns of the narrowest terminal that people use. */
export const WIDTH = 80;

/** The text in lines of at most WIDTH, each behind `indent` spaces, the first behind `first`. */
export function paragraph(text: string, indent = 0, first = ' '.repeat(indent)): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/** Rows of cells, in columns two spaces apart. `right`: which columns hold numbers. The last column is wrapped. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns - 1 }, (_, c) =>
    Math.max(0, ...rows.map((row) => row[c]?.length ?? 0)),
  );
  return rows.flatMap((row) => {
    const cells = widths.map((width, c) => {
      const cell = row[c] ?? '';
      return right.includes(c) ? cell.padStart(width) : cell.padEnd(width);
    });
    const before = `  ${cells.map((cell) => `${cell}  `).join('')}`;
    return paragraph(row[columns - 1] ?? '', before.length, before).map((line) => line.trimEnd());
  });
}

/** A long path, its middle left out. */
export function shortened(path: string, width: number): string {
  if (path.length <= width) return path;
  const tail = Math.ceil((width - 3) * 0.7);
  return `${path.slice(0, width - 3 - tail)}...${path.slice(-tail)}`;
}

/**
 * Text from a log, safe to show: bytes that would steer the terminal are shown as a question mark.
 */
export function harmless(text: string): string {
  // Controls of C0 and C1, and the marks that turn the direction of writing.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}
