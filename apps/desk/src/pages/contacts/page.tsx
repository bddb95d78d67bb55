/** Contacts: searches the history. The search stands in the address, so it can be kept and passed on. */
import type { ContactRow } from '@bellwether/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { address, type Terms } from '../../api/ask.ts';
import { useMay } from '../../api/me.ts';
import { contactsQuery, type Search } from '../../api/queries.ts';
import { Trouble } from '../../frame/trouble.tsx';
import { Loading } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { OfficeName } from '../../ui/office-name.tsx';
import { PageHead } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { DispositionTag } from '../../ui/tag.tsx';
import { count, counted, odds } from '../../words/formats.ts';
import { SearchForm } from './form.tsx';
import { CONTACTS } from './texts.ts';

const COLUMNS: readonly Column<ContactRow>[] = [
  {
    name: CONTACTS.columns.time,
    cell: ({ time, late }) => (
      <>
        {time === null ? CONTACTS.noTime : <Moment iso={time} how="exact" />}
        {late && <span className="soft"> {CONTACTS.late}</span>}
      </>
    ),
  },
  {
    name: CONTACTS.columns.became,
    cell: ({ disposition, drill }) => (
      <>
        <DispositionTag disposition={disposition} />
        {drill !== undefined && <span className="soft under">{CONTACTS.drill(drill)}</span>}
      </>
    ),
  },
  {
    name: CONTACTS.columns.from,
    cell: ({ source }) =>
      source === null ? (
        CONTACTS.noSource
      ) : (
        <Link to="/sources/$address" params={{ address: source }} className="address">
          {source}
        </Link>
      ),
  },
  {
    name: CONTACTS.columns.to,
    cell: ({ destination, port }) => (
      <>
        <span className="address">{destination ?? ''}</span>
        {port > 0 && <span className="soft under">port {port}</span>}
      </>
    ),
  },
  {
    name: CONTACTS.columns.office,
    cell: ({ authority, sensor, line }) => (
      <>
        <OfficeName of={authority} />
        <span className="soft under">
          {sensor}, line {line}
        </span>
      </>
    ),
  },
  { name: CONTACTS.columns.why, cell: ({ rule }) => <code>{rule}</code> },
  {
    name: CONTACTS.columns.contacts,
    cell: ({ units }) => (units < 0 ? `${count(units)} (${CONTACTS.takenBack})` : count(units)),
    number: true,
  },
  { name: CONTACTS.columns.odds, cell: ({ stake }) => odds(stake), number: true },
];

const route = getRouteApi('/contacts');

export function Contacts() {
  const search = route.useSearch();
  return (
    <>
      <PageHead title={CONTACTS.title}>
        <p>{CONTACTS.intro}</p>
      </PageHead>
      <SearchForm key={JSON.stringify(search)} search={search} />
      <Found search={search} />
    </>
  );
}

function Found({ search }: { readonly search: Search }) {
  const query = useInfiniteQuery(contactsQuery(search));
  const mayExport = useMay('contacts.export');
  if (query.data === undefined) {
    return query.error === null ? (
      <Loading />
    ) : (
      <Trouble error={query.error} again={() => void query.refetch()} />
    );
  }
  const first = query.data.pages[0];
  const rows = query.data.pages.flatMap(({ contacts }) => contacts);
  const unreadable = first?.unreadable.length ?? 0;
  const missing = unreadable > 0 && (
    <p className="notice notice--bad" role="alert">
      {CONTACTS.unreadable(counted(unreadable, 'file'))}
    </p>
  );
  if (first === undefined || rows.length === 0) {
    return (
      <>
        {missing}
        <div className="nothing nothing--panel" role="status">
          <p className="strong">{CONTACTS.empty}</p>
          <p>{CONTACTS.emptyNote}</p>
        </div>
      </>
    );
  }
  return (
    <section className="panel" aria-label={CONTACTS.table}>
      {missing}
      <div className="panel__head">
        <p role="status">
          <span className="strong">
            {CONTACTS.found(counted(first.total, 'contact'), count(first.millis))}
          </span>
          <br />
          <span className="soft">{CONTACTS.shown(count(rows.length))}</span>
        </p>
        {mayExport && (
          <a
            className="usa-button usa-button--outline"
            href={address('contacts.csv', search as Terms)}
            download
          >
            {CONTACTS.csv}
          </a>
        )}
      </div>
      <Table caption={CONTACTS.table} columns={COLUMNS} rows={rows} keyOf={keyOf(rows)} />
      {query.error !== null && <Trouble error={query.error} />}
      {query.hasNextPage && (
        <button
          type="button"
          className="usa-button usa-button--outline"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? CONTACTS.loadingMore : CONTACTS.more}
        </button>
      )}
    </section>
  );
}

/** An entry that is taken back and the one that replaces it tell of the same line: only their place differs. */
function keyOf(rows: readonly ContactRow[]): (row: ContactRow) => string {
  const places = new Map(rows.map((row, index) => [row, String(index)]));
  return (row) => places.get(row) ?? '';
}
