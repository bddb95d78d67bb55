/**
 * Internet addresses as text: dotted decimal and RFC 5952 out, RFC 4291 section 2.2 in. For lines of logs, where an address
 * has to be found among other bytes and speed counts, `packages/contacts` has a scanner of its own.
 */

/** Four unsigned words, most significant first; IPv4 stands in the last one and the others are 0. */
export type AddressWords = readonly [number, number, number, number];

/** Longest text of an address: IPv6 with an embedded IPv4 tail (RFC 4291, 2.2). Bounds work on hostile input. */
const MOST_TEXT = 45;

/** Reads an address that is the whole text, strictly; undefined if it is none. IPv4 inside IPv6 comes as IPv6. */
export function readAddressText(
  text: string,
): { readonly family: 4 | 6; readonly words: AddressWords } | undefined {
  if (text.length > MOST_TEXT) return undefined;
  if (!text.includes(':')) {
    const address = readIPv4(text);
    return address === undefined ? undefined : { family: 4, words: [0, 0, 0, address] };
  }
  const words = readIPv6(text);
  return words === undefined ? undefined : { family: 6, words };
}

/** Four decimal numbers without leading zeros: others read `010` as 8. */
function readIPv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

function readIPv6(text: string): AddressWords | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group (RFC 5952, 4.2.2, asks for two; one is read).
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (at: number): number => groups[at]! * 0x1_0000 + groups[at + 1]!;
  return [word(0), word(2), word(4), word(6)];
}

/** `isEnd`: an IPv4 address may stand last. */
function groupsOf(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [at, part] of parts.entries()) {
    if (isEnd && at === parts.length - 1 && part.includes('.')) {
      const address = readIPv4(part);
      if (address === undefined) return undefined;
      groups.push(Math.floor(address / 0x1_0000), address % 0x1_0000);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

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
