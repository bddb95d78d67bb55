/** Whether a person is at the page: what it asks by itself must not keep a sign-in alive. */

/** Says in a request that no person caused it. */
export const UNATTENDED_HEADER = 'bellwether-unattended';

/** After a minute without a key, a pointer or a touch, what is asked is asked by the page and not by its reader, ms. */
export const UNATTENDED_AFTER = 60_000;

/** What a person does at a page. */
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'touchstart', 'wheel'] as const;

/** Opening the page was an act of a person. */
let last = performance.now();

/** Notes what a person does, from now on. */
export function attend(target: EventTarget): void {
  const note = () => {
    last = performance.now();
  };
  for (const sign of SIGNS) target.addEventListener(sign, note, { passive: true, capture: true });
}

/** Whether nobody was at the page for a minute; `now` in the page's own ms. */
export function isUnattended(now = performance.now()): boolean {
  return now - last >= UNATTENDED_AFTER;
}
