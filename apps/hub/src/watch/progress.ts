/** The line that shows how far the reading is, on a terminal only; it is gone when the account is printed. */
import type { Progress } from './job.ts';

/** Times a second that the line is written anew: often enough to be seen moving. */
const PER_SECOND = 5;

/** Input so short that nobody waits for it shows nothing. */
const SILENT_MS = 400;

/** What the line needs of a terminal. */
export type Terminal = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

/** One line on a terminal, written over and over. */
export class ProgressLine {
  readonly #terminal: Terminal | undefined;
  readonly #total: number;
  readonly #clock: () => number;
  readonly #began: number;
  #written: number;
  #shown = false;

  /** `total`: bytes of all inputs, 0 if nobody can say; `clock`: ms. */
  constructor(terminal: Terminal, total: number, clock: () => number) {
    this.#terminal = terminal.isTTY === true ? terminal : undefined;
    this.#total = total;
    this.#clock = clock;
    this.#began = clock();
    this.#written = this.#began + SILENT_MS - 1000 / PER_SECOND;
  }

  /** Shows how far it is, if it is time to. */
  show(progress: Progress): void {
    if (this.#terminal === undefined) return;
    const now = this.#clock();
    if (now - this.#written < 1000 / PER_SECOND) return;
    this.#written = now;
    this.#shown = true;
    const text = progressText(progress, this.#total, (now - this.#began) / 1000);
    this.#terminal.write(`\r\x1b[K${text.slice(0, (this.#terminal.columns ?? 80) - 1)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#terminal?.write('\r\x1b[K');
    this.#shown = false;
  }
}

/** `42 %  1.3 of 3.1 GB  12,345,678 lines  710,000 lines/s  2 min 5 s left`. */
export function progressText({ bytes, lines }: Progress, total: number, seconds: number): string {
  const rate = seconds > 0 ? Math.round(lines / seconds) : 0;
  const known = total > 0 && bytes <= total;
  const parts = [
    ...(known
      ? [`${Math.floor((100 * bytes) / total)} %`, `${size(bytes)} of ${size(total)}`]
      : [size(bytes)]),
    `${count(lines)} lines`,
    `${count(rate)} lines/s`,
  ];
  if (known && bytes > 0) parts.push(`${duration((seconds * (total - bytes)) / bytes)} left`);
  return parts.join('  ');
}

/** A whole number with its thousands set apart. Not by `toLocaleString`, which first loads what it knows of languages. */
export function count(n: number): string {
  return n.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
