/** Hands a file to the browser, which puts it among the downloads. */

/** A browser that asks where to save it reads the file only then, ms. */
const KEPT_FOR = 600_000;

/** Saves it under this name. */
export function giveAway(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
}
