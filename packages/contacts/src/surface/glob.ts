/**
 * File names against the patterns of `sensors[].files`: `*` is any number of characters, `?` is one, everything else
 * is itself. Written by hand because no foreign pattern becomes a `RegExp` here: this takes at most name times
 * pattern steps, whatever the pattern.
 */

const STAR = 42;
const QUESTION = 63;

/** Whether the whole of `name` is described by `pattern`. Capitals matter, as they do in file names. */
export function matchesGlob(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  // Where to go on when what follows the last star turns out not to fit: the star takes one character more.
  let starAt = -1;
  let taken = 0;
  while (n < name.length) {
    const code = p < pattern.length ? pattern.charCodeAt(p) : -1;
    if (code === STAR) {
      starAt = p++;
      taken = n;
    } else if (code === QUESTION || code === name.charCodeAt(n)) {
      p++;
      n++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}
