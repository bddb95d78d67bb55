/** What was promised before it was built, and whether it is kept: a bench that misses something ends with 1. */

/** Says a line. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says whether a promise is kept. */
export function promise(isKept: boolean, text: string): void {
  say(`${isKept ? 'met' : 'missed'}: ${text}`);
  if (!isKept) process.exitCode = 1;
}
