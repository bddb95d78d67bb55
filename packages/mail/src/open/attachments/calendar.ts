/** Invitations (RFC 5545): words and links, as a calendar shows them. */

/** Characters that are read. */
const MOST = 100_000;

/** Properties that a reader sees. */
const SHOWN = /^(SUMMARY|DESCRIPTION|LOCATION|URL|X-ALT-DESC|ATTACH|COMMENT)(?:;[^:\n]{0,500})?:(.*)$/gim;

/** What it says, links among it. */
export function calendarText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MOST)).toString('utf8');
  const unfolded = text.replaceAll(/\r?\n[ \t]/g, '');
  return [...unfolded.matchAll(SHOWN)]
    .map(([, , value]) =>
      value!
        .trim()
        .replaceAll(/\\n/gi, '\n')
        .replaceAll(/\\([,;\\])/g, '$1'),
    )
    .join('\n');
}
