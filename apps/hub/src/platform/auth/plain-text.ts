/** Names, phone numbers and reasons as people write them: kept as one line that shows what it is, or refused. */
import { err, ok, type Result } from '@bellwether/basics';
import { type AuthError, authError } from './errors.ts';

/** Longest texts, in UTF-16 units, as in the shapes of the API. */
export const LONGEST = { name: 100, phone: 40, why: 500 } as const;

/**
 * What is in no name: control characters, characters that are not seen or turn the direction of what follows (so that one
 * name could look like another), halves of characters.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The text in its composed form (Unicode NFC), trimmed, with single spaces; AUTH_TEXT_INVALID with what is wrong. */
export function plainText(what: keyof typeof LONGEST, text: string): Result<string, AuthError> {
  const most = LONGEST[what];
  if (text.length > 4 * most) return refused(what, `is longer than ${most} characters`);
  const trimmed = text.normalize('NFC').trim();
  if (trimmed === '') return refused(what, 'is empty');
  if (HIDDEN.test(trimmed)) return refused(what, 'has characters in it that cannot be seen');
  const plain = trimmed.replace(/\s+/gu, ' ');
  return plain.length > most ? refused(what, `is longer than ${most} characters`) : ok(plain);
}

function refused(what: keyof typeof LONGEST, fault: string): Result<never, AuthError> {
  const names = { name: 'The name', phone: 'The phone number', why: 'The reason' } as const;
  return err(authError('AUTH_TEXT_INVALID', `${names[what]} ${fault}.`));
}
