/** Tables as Markdown, so that what a bench prints can stand in docs/performance.md as it is. */

/** A table with a head; numbers are aligned to the right by their look. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0), 3));
  const numeric = head.map((_, at) => rows.every((row) => /^[\d\s~<>(—-]|^$/.test(row[at] ?? '')));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (numeric[at] ? (cells[at] ?? '').padStart(width) : (cells[at] ?? '').padEnd(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (numeric[at] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** 1234567 as "1,234,567". */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share in percent; "—" where there is nothing to have a share of. */
export function percent(part: number, of: number): string {
  return of === 0 ? '—' : `${((100 * part) / of).toFixed(1)} %`;
}

/** "412 x", or with one digit where that matters. */
export function times(ratio: number): string {
  return `${ratio >= 20 ? whole(ratio) : ratio.toFixed(1)} x`;
}
