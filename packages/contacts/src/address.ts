/**
 * Internet addresses as text: dotted decimal and RFC 5952.
 */

/** `3232235777` as `192.168.1.1`. */
export function formatIPv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Four words, most significant first, in the one spelling of RFC 5952: lower case, the longest run of zeros as `::`. */
export function formatIPv6(words: ArrayLike<number>): string {
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) groups.push(words[i]! >>> 16, words[i]! & 0xffff);
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      bestAt = i;
      bestLength = length;
    }
    if (length > 0) i += length - 1;
  }
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (bestAt < 0) return text(groups);
  return `${text(groups.slice(0, bestAt))}::${text(groups.slice(bestAt + bestLength))}`;
}
