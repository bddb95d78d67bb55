/**
 * How long a block still holds, as Go's `time.ParseDuration` reads it, always as wide: `003h59m07s`. Firewalls read hours, minutes,
 * seconds and nothing above them (`1d` silently becomes four hours in one of them), and since it never changes its width, an
 * answer that is written already only has these few bytes written anew.
 */

/** Characters of one. */
export const REMAINING_WIDTH = 10;

/** The longest that fits, ms. */
const LONGEST = (999 * 3600 + 59 * 60 + 59) * 1000;

const ZERO = 48;

/** Writes it at `at`. `ms` below zero is written as nothing left, beyond three digits of hours as the longest. */
export function writeRemaining(into: Uint8Array, at: number, ms: number): void {
  const left = Math.floor(Math.min(LONGEST, Math.max(0, ms)) / 1000);
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor(left / 60) % 60;
  const seconds = left % 60;
  into[at] = ZERO + Math.floor(hours / 100);
  into[at + 1] = ZERO + (Math.floor(hours / 10) % 10);
  into[at + 2] = ZERO + (hours % 10);
  into[at + 3] = 104; // h
  into[at + 4] = ZERO + Math.floor(minutes / 10);
  into[at + 5] = ZERO + (minutes % 10);
  into[at + 6] = 109; // m
  into[at + 7] = ZERO + Math.floor(seconds / 10);
  into[at + 8] = ZERO + (seconds % 10);
  into[at + 9] = 115; // s
}

const scratch = new Uint8Array(REMAINING_WIDTH);

/** The same as text. */
export function remainingText(ms: number): string {
  writeRemaining(scratch, 0, ms);
  return String.fromCharCode(...scratch);
}
