/**
 * Results: an expected failure is a value that the caller has to look at, never an exception.
 *
 *     const parsed = parseCheckpoint(text);
 *     if (parsed.isErr()) return parsed;      // the type of the error travels with it
 *     use(parsed.value);
 *
 * Exceptions remain for what nobody expects: a defect. Those stop the process.
 */

/** What `ok` gives: a success, and its value. */
export interface Ok<T> {
  readonly value: T;
  isOk(): this is Ok<T>;
  isErr(): false;
  /** Another result with the value changed. */
  map<U>(change: (value: T) => U): Ok<U>;
  /** This success as it is: only a failure has an error to change. */
  mapErr(change: (error: never) => unknown): Ok<T>;
  /** The value. */
  unwrapOr(fallback: unknown): T;
  /** The value: where a failure would be a defect of ours. */
  okOrThrow(): T;
}

/** What `err` gives: an expected failure, and what went wrong. */
export interface Err<E> {
  readonly error: E;
  isOk(): false;
  isErr(): this is Err<E>;
  /** This failure as it is: only a success has a value to change. */
  map(change: (value: never) => unknown): Err<E>;
  /** Another failure with the error changed. */
  mapErr<F>(change: (error: E) => F): Err<F>;
  /** The fallback. */
  unwrapOr<U>(fallback: U): U;
  /** Throws a `BrokenExpectation`: the caller has said that this cannot fail. */
  okOrThrow(): never;
}

/** A value of type `T`, or an expected failure `E`. `isOk()` and `isErr()` tell which. */
export type Result<T, E> = Ok<T> | Err<E>;

/** Thrown where code said that a result is a success, and it is not: a defect, with the failure as `cause`. */
export class BrokenExpectation extends Error {
  override readonly name = 'BrokenExpectation';
}

class Success<T> implements Ok<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  isOk(): this is Ok<T> {
    return true;
  }

  isErr(): false {
    return false;
  }

  map<U>(change: (value: T) => U): Ok<U> {
    return new Success(change(this.value));
  }

  mapErr(): Ok<T> {
    return this;
  }

  unwrapOr(): T {
    return this.value;
  }

  okOrThrow(): T {
    return this.value;
  }
}

class Failure<E> implements Err<E> {
  readonly error: E;

  constructor(error: E) {
    this.error = error;
  }

  isOk(): false {
    return false;
  }

  isErr(): this is Err<E> {
    return true;
  }

  map(): Err<E> {
    return this;
  }

  mapErr<F>(change: (error: E) => F): Err<F> {
    return new Failure(change(this.error));
  }

  unwrapOr<U>(fallback: U): U {
    return fallback;
  }

  okOrThrow(): never {
    throw new BrokenExpectation(`expected a success, but: ${describe(this.error)}`, { cause: this.error });
  }
}

/** A success. Without an argument, one that has nothing to tell. */
export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return new Success(value);
}

/** An expected failure. */
export function err<E>(error: E): Err<E> {
  return new Failure(error);
}

function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  // Sizes of logs are bigints, which JSON does not know.
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return typeof error === 'string' ? error : (JSON.stringify(error, plain) ?? String(error));
}
