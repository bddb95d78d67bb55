/**
 * Files for results: opened before anything is read, so that an hour's work is not lost to a misspelt folder, and put
 * in their place in one step when they are complete, so that nobody ever reads half of one.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { systemReason, type WatchError, watchError } from './errors.ts';

/** How standard output is named. */
export const STDOUT = '-';

/** Characters gathered before they are written. */
const WRITE_AT = 64 * 1024;

/** A file that is being made. */
export class Output {
  readonly #path: string;
  /** Where it is written until it is complete; the path itself where that is no plain file (a pipe, a terminal). */
  readonly #temporary: string;
  #fd: number;

  /** Opens it; `path` as the user named it, `-` for standard output. */
  static open(path: string): Result<Output, WatchError> {
    if (path === STDOUT) return ok(new Output(path, path, STDOUT_FD));
    try {
      const target = targetOf(path);
      const temporary = target.replace ? `${target.path}.${process.pid}.part` : target.path;
      return ok(new Output(target.path, temporary, openSync(temporary, target.replace ? 'wx' : 'w')));
    } catch (error) {
      return err(watchError('WATCH_OUTPUT_UNWRITABLE', `${path} cannot be written: ${systemReason(error)}`));
    }
  }

  private constructor(path: string, temporary: string, fd: number) {
    this.#path = path;
    this.#temporary = temporary;
    this.#fd = fd;
  }

  /** Writes one line of JSON for each record, and puts the file in its place. */
  finish(records: Iterable<unknown>): Result<void, WatchError> {
    try {
      let text = '';
      for (const record of records) {
        text += `${JSON.stringify(record)}\n`;
        if (text.length > WRITE_AT) {
          writeAll(this.#fd, text);
          text = '';
        }
      }
      writeAll(this.#fd, text);
      if (this.#path === STDOUT) return ok();
      if (this.#temporary !== this.#path) fsyncSync(this.#fd);
      closeSync(this.#fd);
      this.#fd = -1;
      if (this.#temporary !== this.#path) renameSync(this.#temporary, this.#path);
      return ok();
    } catch (error) {
      // Whoever reads our standard output may have seen enough: that is their affair.
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return ok();
      this.discard();
      return err(
        watchError('WATCH_OUTPUT_UNWRITABLE', `${this.#path} cannot be written: ${systemReason(error)}`),
      );
    }
  }

  /** Leaves everything as it was. */
  discard(): void {
    if (this.#path === STDOUT || this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
    if (this.#temporary !== this.#path) unlinkSync(this.#temporary);
  }
}

const STDOUT_FD = 1;

/** Where to write: a link is followed, and only a plain file (or none yet) is replaced. */
function targetOf(path: string): { path: string; replace: boolean } {
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    if (stats.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    return { path: real, replace: stats.isFile() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, replace: true };
    throw error;
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // A pipe whose reader is slower than we are: try again a moment later.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(PAUSE, 0, 0, 5);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
