/** How long a code works still, as it is shown each second and as it is said now and then. */
import { counted } from '../../words/formats.ts';

const MINUTE = 60_000;

/** Minutes left at which it is said aloud: often enough to hurry, seldom enough to talk on the phone. */
const SAID_AT: readonly number[] = [10, 5, 2, 1];

/** `14:05`; `0:00` once it is over. `left`: ms. */
export function clockOf(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What is to be said when so much is left (ms): the same text until the next is due; empty before the first. */
export function saidOf(left: number): string {
  if (left <= 0) return 'The code works no longer.';
  const due = SAID_AT.filter((minutes) => left <= minutes * MINUTE).at(-1);
  return due === undefined ? '' : `The code works for ${counted(due, 'more minute')}.`;
}

/** Digits in their groups: `4071-0093-5528` is three. */
export function groupsOf(code: string): readonly string[] {
  return code.split(/[^0-9A-Za-z]+/).filter((group) => group !== '');
}

/** Digits as they are said: `4 0 7 1, 0 0 9 3, 5 5 2 8`. */
export function spokenDigits(code: string): string {
  return groupsOf(code)
    .map((group) => [...group].join(' '))
    .join(', ');
}
