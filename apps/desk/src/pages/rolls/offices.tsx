/** Offices on the page *Rolls*: what each has, what waits for it, and who else has computed its rows. */
import type { RollOffice } from '@bellwether/api';
import { useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { ROLLS } from './texts.ts';

const words = ROLLS.offices;

const COLUMNS: readonly Column<RollOffice>[] = [
  { name: words.columns.office, cell: ({ name }) => name, heads: true },
  { name: words.columns.records, cell: ({ records }) => count(records), number: true },
  { name: words.columns.changes, cell: ({ changes }) => count(changes), number: true },
  {
    name: words.columns.awaiting,
    cell: ({ awaiting, sheets, until }) =>
      awaiting === 0 ? (
        '–'
      ) : (
        <>
          {count(awaiting)} {words.sheets(sheets)}
          {until !== null && (
            <span className="soft">
              , {words.until} <Moment iso={until} />
            </span>
          )}
        </>
      ),
  },
  {
    name: words.columns.unauthorised,
    cell: ({ unauthorised }) => (unauthorised > 0 ? <strong>{count(unauthorised)}</strong> : '–'),
    number: true,
  },
  {
    name: words.columns.recomputed,
    cell: ({ recomputedAt }) => (recomputedAt === null ? words.never : <Moment iso={recomputedAt} />),
  },
];

/** What somebody sees at one glance; those for whom there is something to do stand first. */
const FIRST = 10;

export function RollOffices({ offices }: { readonly offices: readonly RollOffice[] }) {
  const [all, setAll] = useState(false);
  const sorted = [...offices].sort(pressingFirst);
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <Panel id="offices" title={words.title} intro={words.intro}>
      {offices.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <>
          <Table caption={words.title} rows={shown} keyOf={({ office }) => office} columns={COLUMNS} />
          {shown.length < sorted.length && (
            <div className="buttons panel__acts">
              <p>{words.more(shown.length, sorted.length)}</p>
              <button type="button" className="usa-button usa-button--outline" onClick={() => setAll(true)}>
                {words.all}
              </button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

/** What differs stands first, then what waits, then by name. */
function pressingFirst(a: RollOffice, b: RollOffice): number {
  return b.unauthorised - a.unauthorised || b.awaiting - a.awaiting || a.name.localeCompare(b.name, 'en');
}
