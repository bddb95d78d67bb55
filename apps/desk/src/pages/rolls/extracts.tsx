/** Lists that were made of the roll: whether they have its rows, and which differ. */
import type { ExtractsAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { fieldName } from '../sheets/field-names.ts';
import { listedDayName } from './day-name.ts';
import { extractsQuery } from './queries.ts';
import { ROLLS } from './texts.ts';

const words = ROLLS.extracts;

type Extract = ExtractsAnswer['extracts'][number];

const COLUMNS: readonly Column<Extract>[] = [
  {
    name: words.columns.list,
    cell: (extract) => (
      <>
        {nameOf(extract)}
        <span className="soft">, {listedDayName(extract.at.slice(0, 10))}</span>
      </>
    ),
    heads: true,
  },
  {
    name: words.columns.rows,
    cell: ({ rows, registrations }) => words.of(rows, registrations),
    number: true,
  },
  { name: words.columns.differs, cell: (extract) => <Differs extract={extract} /> },
  { name: words.columns.sealed, cell: sealedText },
];

const ROW_COLUMNS: readonly Column<Extract['differences'][number]>[] = [
  { name: words.rows.record, cell: ({ recordId }) => recordId, heads: true },
  { name: words.rows.kind, cell: ({ kind }) => words.rows.kinds[kind] },
  { name: words.rows.fields, cell: ({ fields }) => fields.map(fieldName).join(', ') || '–' },
];

export function Extracts() {
  return (
    <Panel id="extracts" title={words.title} intro={words.intro}>
      <Loaded query={useQuery(extractsQuery)}>{({ extracts }) => <List extracts={extracts} />}</Loaded>
    </Panel>
  );
}

function List({ extracts }: { readonly extracts: readonly Extract[] }) {
  if (extracts.length === 0) return <p className="nothing">{words.none}</p>;
  const rows = [...extracts].sort((a, b) => Number(differingOf(b) > 0) - Number(differingOf(a) > 0));
  return (
    <>
      <Table caption={words.title} rows={rows} keyOf={({ id }) => id} columns={COLUMNS} />
      {rows
        .filter(({ differences }) => differences.length > 0)
        .map((extract) => (
          <Rows key={extract.id} extract={extract} />
        ))}
    </>
  );
}

function Rows({ extract }: { readonly extract: Extract }) {
  const title = words.see(nameOf(extract));
  const more = differingOf(extract) - extract.differences.length;
  return (
    <details className="twin">
      <summary>{title}</summary>
      <Table
        caption={title}
        rows={extract.differences}
        keyOf={({ recordId, kind }) => `${recordId} ${kind}`}
        columns={ROW_COLUMNS}
      />
      {more > 0 && <p className="panel__intro">{words.more(more)}</p>}
    </details>
  );
}

function Differs({ extract }: { readonly extract: Extract }) {
  if (differingOf(extract) === 0) return words.same;
  const kinds = ['missing', 'extra', 'different', 'twice'] as const;
  return (
    <strong>
      {kinds.flatMap((kind) => (extract[kind] > 0 ? [words[kind](extract[kind])] : [])).join('; ')}
    </strong>
  );
}

function sealedText({ state, because, entry }: Extract): string {
  if (state === 'differs') return words.differs;
  if (state === 'open' || entry === null) return words.open;
  return because === null ? words.sealed(entry) : words.because(entry, because);
}

function nameOf({ kind, name, precinct }: Extract): string {
  return `${words.kinds[kind]}, ${name}${precinct === null ? '' : `, ${precinct}`}`;
}

function differingOf({ missing, extra, different, twice }: Extract): number {
  return missing + extra + different + twice;
}
