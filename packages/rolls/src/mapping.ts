/**
 * The mapping: which column of a vendor's dump is which field of ours, and how its values are spelled.
 *
 *     schema: bellwether/mapping@1
 *     source: { kind: csv, encoding: utf-8, delimiter: "," }    or { kind: vri-json } or { kind: postgres, query: "SELECT ..." }
 *     record: voter_id                                          the system's own number of a registration
 *     office: lea_id                                            lea_id of the local authority
 *     status: { column: status, live: [active, inactive] }      rows of another status are no registrations
 *     protected: { column: protected, is: ["Y"] }               optional
 *     groups:                                                   field of ours: column, or { column, as: text | code | digits | date }
 *       public: { name.last: last_name, registered: { column: registered_on, as: date } }
 *       identity: { ... }
 *       administrative: { ... }
 *     transactions: { kind: ndjson }                            optional: what stands behind a change, or what happened:
 *                                                               { kind: audit-table, query: "SELECT ..." }
 *                                                               { kind: replication, publication: NAME, slot: NAME }
 *     feeds: [motor-vehicle]                                    optional: sources whose own key signs
 *
 * It decides what a leaf of the tree means, so it is read strictly.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { RollsError } from './errors.ts';
import { MappingYaml, type Place, short } from './mapping-yaml.ts';
import { GROUPS, type Group } from './rolls-types.ts';

/** The only version of mappings. */
export const MAPPING_SCHEMA = 'bellwether/mapping@1';

/** How a value is spelled: `field-values.ts`. */
export const VALUE_FORMS = ['text', 'code', 'digits', 'date'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

/** What stands between the values of a CSV file. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Most fields of a group: NIST SP 1500-102 knows half as many of a voter. */
const MAX_FIELDS = 200;

/** Longest name of a column, and most states or marks in a list: what PostgreSQL takes as a name, twice. */
const MAX_COLUMN = 128;
const MAX_LIST = 64;

/** Longest query. */
const MAX_QUERY = 16_384;

/** Longest state or mark. */
const MAX_MARK = 100;

/** Names of fields, and of feeds: they stand in leaves and entries. */
const FIELD_NAME = /^[a-z][a-z0-9.-]{0,39}$/;
const FEED_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Where rows come from. */
export type MappingSource =
  | { readonly kind: 'csv'; readonly encoding: 'utf-8'; readonly delimiter: (typeof DELIMITERS)[number] }
  | { readonly kind: 'vri-json' }
  | { readonly kind: 'postgres'; readonly query: string };

/** A field of ours, and the column that it is read from. */
export type MappedField = { readonly name: string; readonly column: string; readonly form: ValueForm };

/**
 * Where changes are told one by one. A file or an audit table says who did what, so its lines may stand behind a change;
 * replication says only that a row changed, and authorises nothing.
 */
export type MappingTransactions =
  | { readonly kind: 'ndjson' }
  | { readonly kind: 'audit-table'; readonly query: string }
  | { readonly kind: 'replication'; readonly publication: string; readonly slot: string };

/** What a mapping file says. */
export type Mapping = {
  readonly source: MappingSource;
  readonly record: string;
  readonly office: string;
  /** `live` as the file spells them; they are compared as codes. */
  readonly status: { readonly column: string; readonly live: readonly string[] };
  readonly protected: { readonly column: string; readonly is: readonly string[] } | null;
  /** By name, in UTF-16 order: the order of canonical fields. */
  readonly groups: Readonly<Record<Group, readonly MappedField[]>>;
  readonly transactions: MappingTransactions | null;
  readonly feeds: readonly string[];
};

/** Reads a mapping file. The detail of a failure names the line of every problem. */
export function parseMapping(yaml: string): Result<Mapping, RollsError> {
  const file = new MappingYaml(yaml);
  const mapping = file.root === undefined ? undefined : readMapping(file, file.root);
  const problems = file.problems();
  if (problems === null && mapping !== undefined) return ok(mapping);
  return err({ code: 'ROLLS_MAPPING_INVALID', detail: problems ?? 'it cannot be read' });
}

/** Every column that a mapping reads, each once. */
export function columnsOf(mapping: Mapping): readonly string[] {
  const fields = GROUPS.flatMap((group) => mapping.groups[group].map(({ column }) => column));
  const own = [mapping.record, mapping.office, mapping.status.column, mapping.protected?.column ?? []].flat();
  return [...new Set([...own, ...fields])];
}

/** Names of the fields by group, as the genesis tells them. */
export function fieldNames(mapping: Mapping): Readonly<Record<Group, readonly string[]>> {
  const names = (group: Group): readonly string[] => mapping.groups[group].map(({ name }) => name);
  return { public: names('public'), identity: names('identity'), administrative: names('administrative') };
}

const TOP = [
  'schema',
  'source',
  'record',
  'office',
  'status',
  'protected',
  'groups',
  'transactions',
  'feeds',
];

function readMapping(file: MappingYaml, root: Place): Mapping | undefined {
  const keys = file.keys(root, 'the mapping', TOP);
  if (keys === undefined) return undefined;
  const need = <T>(key: string, read: (place: Place) => T | undefined): T | undefined => {
    const place = keys.get(key);
    return place === undefined ? file.wrong(root, `"${key}" is missing`) : read(place);
  };
  need('schema', (place) => {
    return file.text(place, '"schema"', MAX_COLUMN) === MAPPING_SCHEMA
      ? MAPPING_SCHEMA
      : file.wrong(place, `"schema" has to be ${MAPPING_SCHEMA}`);
  });
  const column = (key: string) => (place: Place) => file.text(place, `"${key}"`, MAX_COLUMN);
  const source = need('source', (place) => readSource(file, place));
  const record = need('record', column('record'));
  const office = need('office', column('office'));
  const status = need('status', (place) => readMarks(file, place, 'status', 'live'));
  const groups = need('groups', (place) => readGroups(file, place));
  const marks = keys.get('protected');
  const guarded = marks === undefined ? null : readMarks(file, marks, 'protected', 'is');
  const feeds = readFeeds(file, keys.get('feeds'));
  const transactions = readTransactions(file, keys.get('transactions'));
  if (!source || !record || !office || !status || !groups || guarded === undefined) return undefined;
  return {
    source,
    record,
    office,
    status: { column: status.column, live: status.values },
    protected: guarded === null ? null : { column: guarded.column, is: guarded.values },
    groups,
    transactions,
    feeds,
  };
}

function readSource(file: MappingYaml, place: Place): MappingSource | undefined {
  const keys = file.keys(place, '"source"');
  if (keys === undefined) return undefined;
  const kind = textAt(file, keys, 'kind', place);
  const allowed = {
    csv: ['kind', 'encoding', 'delimiter'],
    'vri-json': ['kind'],
    postgres: ['kind', 'query'],
  };
  if (kind !== 'csv' && kind !== 'vri-json' && kind !== 'postgres') {
    return file.wrong(place, 'the kind of "source" has to be csv, vri-json or postgres');
  }
  file.keys(place, `a source of kind ${kind}`, allowed[kind]);
  if (kind === 'vri-json') return { kind };
  if (kind === 'postgres') {
    const at = keys.get('query');
    const query =
      at === undefined ? file.wrong(place, '"query" is missing') : file.text(at, '"query"', MAX_QUERY);
    return query === undefined ? undefined : { kind, query };
  }
  const encoding = keys.has('encoding') ? textAt(file, keys, 'encoding', place) : 'utf-8';
  if (encoding !== 'utf-8') return file.wrong(place, '"encoding" has to be utf-8');
  const given = keys.has('delimiter') ? textAt(file, keys, 'delimiter', place) : ',';
  const delimiter = DELIMITERS.find((known) => known === given);
  if (delimiter === undefined) return file.wrong(place, '"delimiter" has to be one of , ; | or a tab');
  return { kind, encoding, delimiter };
}

function readMarks(
  file: MappingYaml,
  place: Place,
  what: string,
  list: string,
): { readonly column: string; readonly values: readonly string[] } | undefined {
  const keys = file.keys(place, `"${what}"`, ['column', list]);
  if (keys === undefined) return undefined;
  const column = textAt(file, keys, 'column', place);
  const at = keys.get(list);
  const values =
    at === undefined
      ? file.wrong(place, `"${what}" misses "${list}"`)
      : file.texts(at, `"${list}"`, MAX_LIST, MAX_MARK);
  return column === undefined || values === undefined ? undefined : { column, values };
}

function readGroups(file: MappingYaml, place: Place): Mapping['groups'] | undefined {
  const keys = file.keys(place, '"groups"', GROUPS);
  if (keys === undefined) return undefined;
  const read = (group: Group): readonly MappedField[] => {
    const at = keys.get(group);
    if (at !== undefined) return readFields(file, at, group);
    file.wrong(place, `"groups" misses "${group}"; a group without fields is written {}`);
    return [];
  };
  const groups = {
    public: read('public'),
    identity: read('identity'),
    administrative: read('administrative'),
  };
  // Without them, a change of a voter would change no leaf.
  if (groups.public.length === 0) file.wrong(place, '"public" has to have at least one field');
  return groups;
}

function readFields(file: MappingYaml, place: Place, group: Group): readonly MappedField[] {
  const fields: MappedField[] = [];
  const keys = file.keys(place, `"${group}"`);
  if (keys === undefined) return fields;
  if (keys.size > MAX_FIELDS) file.wrong(place, `"${group}" has more than ${MAX_FIELDS} fields`);
  for (const [name, at] of keys) {
    if (!FIELD_NAME.test(name)) {
      file.wrong(
        at,
        `"${short(name)}" is no name of a field: small letters, digits, dots and hyphens, at most 40`,
      );
      continue;
    }
    const field = readField(file, at, name);
    if (field !== undefined) fields.push(field);
  }
  return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readField(file: MappingYaml, place: Place, name: string): MappedField | undefined {
  if (place.node !== null && 'value' in place.node) {
    const column = file.text(place, `the column of "${name}"`, MAX_COLUMN);
    return column === undefined ? undefined : { name, column, form: 'text' };
  }
  const keys = file.keys(place, `"${name}"`, ['column', 'as']);
  if (keys === undefined) return undefined;
  const column = textAt(file, keys, 'column', place);
  const as = keys.has('as') ? textAt(file, keys, 'as', place) : 'text';
  const form = VALUE_FORMS.find((known) => known === as);
  if (form === undefined) file.wrong(place, `"${name}": "as" has to be one of ${VALUE_FORMS.join(', ')}`);
  return column === undefined || form === undefined ? undefined : { name, column, form };
}

function readFeeds(file: MappingYaml, place: Place | undefined): readonly string[] {
  if (place === undefined) return [];
  const feeds = file.texts(place, '"feeds"', MAX_LIST, MAX_MARK) ?? [];
  const odd = feeds.find((name) => !FEED_NAME.test(name));
  if (odd !== undefined)
    file.wrong(place, `"${short(odd)}" is no name of a feed: small letters, digits, hyphens`);
  if (new Set(feeds).size < feeds.length) file.wrong(place, 'a feed stands twice');
  return feeds;
}

function readTransactions(file: MappingYaml, place: Place | undefined): Mapping['transactions'] {
  if (place === undefined) return null;
  const keys = file.keys(place, '"transactions"');
  if (keys === undefined) return null;
  const kind = textAt(file, keys, 'kind', place);
  const allowed = {
    ndjson: ['kind'],
    'audit-table': ['kind', 'query'],
    replication: ['kind', 'publication', 'slot'],
  };
  if (kind !== 'ndjson' && kind !== 'audit-table' && kind !== 'replication') {
    file.wrong(place, 'the kind of "transactions" has to be ndjson, audit-table or replication');
    return null;
  }
  file.keys(place, `transactions of kind ${kind}`, allowed[kind]);
  if (kind === 'ndjson') return { kind };
  if (kind === 'replication') {
    const [publication, slot] = [textAt(file, keys, 'publication', place), textAt(file, keys, 'slot', place)];
    return publication === undefined || slot === undefined ? null : { kind, publication, slot };
  }
  const at = keys.get('query');
  const query =
    at === undefined ? file.wrong(place, '"query" is missing') : file.text(at, '"query"', MAX_QUERY);
  return query === undefined ? null : { kind, query };
}

function textAt(
  file: MappingYaml,
  keys: ReadonlyMap<string, Place>,
  key: string,
  parent: Place,
): string | undefined {
  const place = keys.get(key);
  return place === undefined
    ? file.wrong(parent, `"${key}" is missing`)
    : file.text(place, `"${key}"`, MAX_COLUMN);
}
