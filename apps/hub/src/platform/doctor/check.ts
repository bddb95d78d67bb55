/** A check: one thing that a hub needs, whether it is right, and what to do if not. */

/** What a check found. `/readyz` shows name, ok and detail. */
export type Check = {
  /** One word. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found, as a sentence without its end. */
  readonly detail: string;
  /** What to do about it; empty if it is right. */
  readonly help: string;
};

/** All is well. */
export function fine(name: string, detail: string): Check {
  return { name, ok: true, detail, help: '' };
}

/** Something is to be done. */
export function wrong(name: string, detail: string, help: string): Check {
  return { name, ok: false, detail, help };
}
