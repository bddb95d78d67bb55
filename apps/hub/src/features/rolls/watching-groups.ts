/** Groups of an office's voters: by party, precinct and age. What a change falls on is compared with what the roll has. */
import type { RollFields, ShareTest } from '@bellwether/rolls';
import type { SheetChange } from './rolls-files.ts';

/** What voters are grouped by. */
export const GROUPED_BY = ['party', 'precinct', 'age'] as const;
export type GroupedBy = (typeof GROUPED_BY)[number];

/** Years of a band: five bands from 18 on, each large enough in a small office. */
const BAND = 15;

/** A voter has no such field, or an empty one. */
const NONE = 'none';

/** How many voters of each office are in each group. */
export class Groups {
  readonly #year: number;
  readonly #tables: Readonly<Record<GroupedBy, Map<string, Map<string, number>>>> = {
    party: new Map(),
    precinct: new Map(),
    age: new Map(),
  };

  /** `year`: that of the day, for ages. */
  constructor(year: number) {
    this.#year = year;
  }

  /** Counts one voter. */
  count(office: string, fields: RollFields): void {
    for (const by of GROUPED_BY) {
      const table = this.#tables[by];
      let groups = table.get(office);
      if (groups === undefined) {
        groups = new Map();
        table.set(office, groups);
      }
      addTo(groups, this.groupOf(by, fields));
    }
  }

  /** By office, then group. */
  table(by: GroupedBy): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#tables[by];
  }

  groupOf(by: GroupedBy, { public: open, identity, administrative }: RollFields): string {
    const name = by === 'age' ? 'born' : by;
    const value = administrative[name] ?? open[name] ?? identity[name] ?? '';
    if (by !== 'age') return value === '' ? NONE : value;
    const born = Number(value.slice(0, 4));
    if (!(born > 1_800)) return NONE;
    const band = Math.max(0, Math.floor((this.#year - born - 18) / BAND));
    return `${18 + band * BAND} to ${17 + (band + 1) * BAND}`;
  }
}

/** One test for each office and way of grouping: what was cancelled there, against the roll. */
export function shareTestsOf(cancelled: readonly SheetChange[], usual: Groups): readonly ShareTest[] {
  return GROUPED_BY.flatMap((by) => {
    const changes = new Map<string, Map<string, number>>();
    for (const { office, before } of cancelled) {
      const groups = changes.get(office) ?? new Map<string, number>();
      changes.set(office, groups);
      if (before !== null) addTo(groups, usual.groupOf(by, before));
    }
    return [...changes].map(([office, groups]) => ({
      office,
      class: 'registration-cancelled' as const,
      by,
      changes: groups,
      usual: usual.table(by).get(office) ?? new Map<string, number>(),
    }));
  });
}

/** One more. */
export function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
