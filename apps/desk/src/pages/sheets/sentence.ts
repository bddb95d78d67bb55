/** What a sheet holds, in a sentence: `Your office made 43 changes: 20 new, 15 moved, 5 cancelled, 3 names.` */
import type { ChangeClassName, SheetSummary } from '@bellwether/api';
import { count, counted } from '../../words/formats.ts';
import { SHEETS } from './texts.ts';

/** Classes in the order in which they are told: people who come, move, leave; then the rest. */
const ORDER = [
  'registration-created',
  'address-updated',
  'registration-cancelled',
  'name-updated',
  'status-updated',
  'registration-updated',
  'other',
] as const satisfies readonly ChangeClassName[];

/** `20 new, 15 moved`: classes without a change are left out. */
export function classesOf(classes: SheetSummary['classes']): string {
  return ORDER.flatMap((name) => {
    const sum = classes.filter((one) => one.class === name).reduce((all, one) => all + one.count, 0);
    const [one, many] = SHEETS.classes[name].counted;
    return sum === 0 ? [] : [`${count(sum)} ${sum === 1 ? one : many}`];
  }).join(', ');
}

/** The sentence; `own` where whoever reads it is of that office. */
export function sheetSentence(
  { changes, classes, name }: Pick<SheetSummary, 'changes' | 'classes' | 'name'>,
  own: boolean,
): string {
  const who = own ? SHEETS.yours : name;
  const kinds = classesOf(classes);
  return `${who} made ${counted(changes, 'change')}${kinds === '' ? '' : `: ${kinds}`}.`;
}
