/** Nights that were sealed, newest first. */
import type { NightSummary } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { listedDayName } from './day-name.ts';
import { nightsQuery } from './queries.ts';
import { ROLLS } from './texts.ts';

const words = ROLLS.nights;

/** Two weeks: what somebody looks back at on most days. */
const FIRST = 14;

const COLUMNS: readonly Column<NightSummary>[] = [
  {
    name: words.columns.day,
    cell: ({ epoch, day }) => (
      <Link to="/rolls/$epoch" params={{ epoch: String(epoch) }}>
        {listedDayName(day)}
      </Link>
    ),
    heads: true,
  },
  { name: words.columns.records, cell: ({ records }) => count(records), number: true },
  { name: words.columns.changed, cell: ({ changed }) => count(changed), number: true },
  {
    name: words.columns.unauthorised,
    cell: ({ unauthorised }) => (unauthorised > 0 ? <strong>{count(unauthorised)}</strong> : '–'),
    number: true,
  },
  { name: words.columns.witnessed, cell: ({ witnessed }) => (witnessed ? words.yes : words.notYet) },
];

export function Nights() {
  return (
    <Panel id="nights" title={words.title}>
      <Loaded query={useQuery(nightsQuery)}>{({ nights }) => <List nights={nights} />}</Loaded>
    </Panel>
  );
}

function List({ nights }: { readonly nights: readonly NightSummary[] }) {
  const [all, setAll] = useState(false);
  if (nights.length === 0) return <p className="nothing">{words.none}</p>;
  const shown = all ? nights : nights.slice(0, FIRST);
  return (
    <>
      <Table caption={words.title} rows={shown} keyOf={({ epoch }) => String(epoch)} columns={COLUMNS} />
      {shown.length < nights.length && (
        <div className="buttons panel__acts">
          <p>{words.more(shown.length, nights.length)}</p>
          <button type="button" className="usa-button usa-button--outline" onClick={() => setAll(true)}>
            {words.all}
          </button>
        </div>
      )}
    </>
  );
}
