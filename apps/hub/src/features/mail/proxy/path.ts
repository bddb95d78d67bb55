/** Paths of SMTP (RFC 5321, 4.1.2), in any script (RFC 6531). */

/** The address of `MAIL FROM:<...>` or `RCPT TO:<...>`, empty for `<>`; null: there is none. */
export function pathIn(line: string, command: string): string | null {
  if (line.slice(0, command.length + 1).toUpperCase() !== `${command}:`) return null;
  const path = /^ *<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?: |$)/.exec(line.slice(command.length + 1))?.[1];
  return path === undefined ? null : Buffer.from(path, 'latin1').toString();
}
