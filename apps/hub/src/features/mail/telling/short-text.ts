/** A text as it may stand in JSON and in the database: whole characters that both take, and no longer than so much. */
export function shortText(text: string, most: number): string {
  const plain = wellFormed(text.replaceAll(/\p{Cc}+/gu, ' ').trim());
  return plain.length <= most ? plain : `${wellFormed(plain.slice(0, most - 1))}…`;
}

/** Halves of characters become the sign for what cannot be shown. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
