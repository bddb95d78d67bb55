/** Tells the format of a file by its first lines, until the package contacts does. */
import { FORMATS, type Format } from '@bellwether/contacts';

export type Detected = { readonly format: Format; readonly unwrap: boolean };

const HEADER =
  /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+Z-]+) (\S+) ([^ :[]+)(?:\[\d+\])?: /;

export function detectFormat(lines: readonly string[], named?: Format): Detected | undefined {
  let best: Detected | undefined;
  let most = 0;
  const wrapped = lines.filter((line) => HEADER.test(line)).length * 2 > lines.length;
  for (const format of named ? [named] : FORMATS) {
    let sure = 0;
    for (const line of lines.slice(0, 200)) {
      const match = HEADER.exec(line);
      const text = match ? line.slice(match[0].length) : line;
      sure += format.sniff(text.slice(0, 2000), match?.[2] ?? '') + (named ? 1 : 0);
    }
    if (sure > most) {
      most = sure;
      best = { format, unwrap: format.syslog === 'always' || wrapped };
    }
  }
  return best;
}
