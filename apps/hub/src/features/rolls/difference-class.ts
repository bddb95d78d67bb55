/** What a difference is called, where no transaction says it: the actions of NIST SP 1500-102, by the fields that differ. */
import { type ChangeClass, GROUPS, type ItemKind, type RollFields } from '@bellwether/rolls';

/** Name of the difference where only the office of a record is another one. */
export const OFFICE_FIELD = 'office';

/** Fields that differ, as `group.field`, sorted. All of a record that is new, none of one that is gone. */
export function differingFields(before: RollFields | null, after: RollFields | null): readonly string[] {
  if (after === null) return [];
  const names: string[] = [];
  for (const group of GROUPS) {
    for (const [name, value] of Object.entries(after[group])) {
      if (before === null || before[group][name] !== value) names.push(`${group}.${name}`);
    }
  }
  return names.sort();
}

/** The class of a difference. */
export function classOfDifference(kind: ItemKind, fields: readonly string[]): ChangeClass {
  if (kind === 'new') return 'registration-created';
  if (kind === 'removed') return 'registration-cancelled';
  if (fields.some((field) => field.includes('.address.'))) return 'address-updated';
  if (fields.some((field) => field.includes('.name.'))) return 'name-updated';
  return fields.some((field) => field.endsWith('.status')) ? 'status-updated' : 'registration-updated';
}
