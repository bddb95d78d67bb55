/**
 * How pseudonymous the log is: somebody buys the public list again and again, and joins each two lists with the log's items of
 * the same office, days and kind. A handle is re-identified where one voter is left who can be behind it.
 *
 * Who looks is taken to be patient: the same handle seen in several intervals has to be one of the voters of all of them. An
 * interval in which the lists show no change of that kind says nothing (a telephone number is in no list).
 */
import { hexOf, type Item, type ItemKind, parseEntry, STATE } from '@bellwether/rolls';

/** An item as the public sees it. */
export type PublicItem = {
  /** lea_id, or `state` for what hides protected voters. */
  readonly place: string;
  readonly day: string;
  readonly kind: ItemKind;
  /** Hex. */
  readonly handle: string;
};

/** What two lists show about one voter. */
export type ListedChange = {
  readonly office: string;
  /** First and last day between the two lists. */
  readonly from: string;
  readonly to: string;
  readonly kind: ItemKind;
  readonly record: string;
};

/** Handles that one voter is left for. */
export type Linked = ReadonlyMap<string, string>;

/** Joins them: record number by handle. */
export function linkHandles(items: readonly PublicItem[], changes: readonly ListedChange[]): Linked {
  const intervals = new Map<string, readonly [from: string, to: string]>();
  const voters = new Map<string, Set<string>>();
  for (const { office, from, to, kind, record } of changes) {
    intervals.set(from, [from, to]);
    const key = `${office} ${kind} ${from}`;
    voters.set(key, (voters.get(key) ?? new Set()).add(record));
  }
  const spans = [...intervals.values()];
  const crowds = new Map<string, Set<string>>();
  const keyOf = ({ place, day, kind }: PublicItem): string => {
    const span = spans.find(([from, to]) => from <= day && day <= to);
    return `${place} ${kind} ${span?.[0] ?? ''}`;
  };
  for (const item of items) {
    const key = keyOf(item);
    crowds.set(key, (crowds.get(key) ?? new Set()).add(item.handle));
  }
  const left = new Map<string, ReadonlySet<string>>();
  for (const item of items) {
    if (item.place === STATE) continue;
    const key = keyOf(item);
    const seen = voters.get(key);
    // More handles than voters: some of them changed what no list shows, so nobody can say which.
    if (seen === undefined || (crowds.get(key)?.size ?? 0) > seen.size) continue;
    const before = left.get(item.handle);
    left.set(item.handle, before === undefined ? seen : new Set([...seen].filter((one) => before.has(one))));
  }
  const linked = new Map<string, string>();
  for (const [handle, records] of left) {
    const [record] = records;
    if (records.size === 1 && record !== undefined) linked.set(handle, record);
  }
  return linked;
}

/** The items of any log, from its entries in their order; entries that are none of the roll's are left out. */
export function itemsOfEntries(entries: Iterable<Uint8Array>): readonly PublicItem[] {
  const batches = new Map<number, { readonly place: string; readonly day: string }>();
  const items: Item[] = [];
  for (const bytes of entries) {
    const entry = parseEntry(bytes).okOrThrow();
    if (entry === 'other') continue;
    if ('handle' in entry && 'newLeaf' in entry) items.push(entry);
    else if ('type' in entry && entry.type === 'batch')
      batches.set(entry.batch, { place: entry.office, day: entry.day });
  }
  return items.flatMap(({ batch, kind, handle }) => {
    const told = batches.get(batch);
    return told === undefined ? [] : [{ ...told, kind, handle: hexOf(handle) }];
  });
}
