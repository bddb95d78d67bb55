/**
 * IP addresses as the generator needs them: IPv4 as a number, IPv6 as eight groups, and their spellings.
 *
 * IPv6 text follows RFC 5952; the full spelling (eight groups of four digits) is what the Linux kernel logs.
 */

/** Eight 16-bit groups of an IPv6 address. */
export type Groups = readonly [number, number, number, number, number, number, number, number];

/** Dotted spelling of an IPv4 address given as an unsigned 32-bit number. */
export function formatIPv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The number of a dotted IPv4 address; throws on anything else, since only our own constants come here. */
export function parseIPv4(text: string): number {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new Error(`not an IPv4 address: ${text}`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** The one spelling of RFC 5952: lower case, the longest run of zero groups as `::`, no leading zeros. */
export function formatIPv6(groups: Groups): string {
  let from = -1;
  let length = 1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > length) {
      from = start;
      length = end - start;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (from < 0) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

/** All eight groups with all their zeros, as the kernel writes them. */
export function formatIPv6Full(groups: Groups): string {
  return groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
}

/** Whether this IPv4 address is one that the public internet routes (IANA special-purpose registry, RFC 6890). */
export function isPublicIPv4(address: number): boolean {
  const first = address >>> 24;
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false;
  const second = (address >>> 16) & 255;
  if (first === 100 && second >= 64 && second < 128) return false;
  if (first === 169 && second === 254) return false;
  if (first === 172 && second >= 16 && second < 32) return false;
  if (first === 198 && (second === 18 || second === 19)) return false;
  if (first === 192 && second === 168) return false;
  const third = (address >>> 8) & 255;
  if (first === 192 && ((second === 0 && (third === 0 || third === 2)) || (second === 88 && third === 99))) {
    return false;
  }
  return (
    !(first === 198 && second === 51 && third === 100) && !(first === 203 && second === 0 && third === 113)
  );
}
