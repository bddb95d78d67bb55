/** Addresses from strings, for reference readers: not built on `bytes.ts`, so that a mistake there shows. */

/**
 * The address that `text` is, in its one spelling (IPv4-mapped as IPv4), or undefined.
 */
export function plainIp(text: string): string | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null) {
    return v4.slice(1).every((part) => Number(part) < 256 && !/^0\d/.test(part)) ? text : undefined;
  }
  if (!/^[0-9a-fA-F:.]+$/.test(text) || /(^|[.:])0\d*\d\./.test(text)) return undefined;
  let host: string;
  try {
    host = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host);
  if (mapped === null) return host;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** As `plainIp`; an IPv6 address may have a zone (`fe80::1%eth0`), which is dropped. */
export function plainZoned(text: string): string | undefined {
  const zoned = /^([^%]*:[^%]*)%./s.exec(text);
  return plainIp(zoned === null ? text : zoned[1]!);
}
