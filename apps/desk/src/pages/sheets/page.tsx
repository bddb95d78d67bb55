/** Sheets of changes: those that wait first, then those that are done. */
import type { SheetSummary } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/me.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { listedDayName } from '../rolls/day-name.ts';
import { sheetsQuery } from './queries.ts';
import { classesOf } from './sentence.ts';
import { OpenSigners } from './signers.tsx';
import { SHEETS } from './texts.ts';

const { columns: words } = SHEETS;

const BOTH: readonly Column<SheetSummary>[] = [
  {
    name: words.sheet,
    cell: ({ office, day, sequence }) => (
      <Link to="/sheets/$office/$day/$sequence" params={{ office, day, sequence: String(sequence) }}>
        {SHEETS.name(listedDayName(day), sequence)}
      </Link>
    ),
    heads: true,
  },
  { name: words.office, cell: ({ name }) => name },
  {
    name: words.changes,
    cell: ({ changes, classes }) => (
      <>
        {count(changes)} <span className="soft">{classesOf(classes)}</span>
      </>
    ),
  },
];

const WAITING: readonly Column<SheetSummary>[] = [
  ...BOTH,
  { name: words.odd, cell: ({ odd }) => (odd > 0 ? <strong>{count(odd)}</strong> : '–'), number: true },
  { name: words.until, cell: ({ until }) => <Moment iso={until} /> },
];

const PAST: readonly Column<SheetSummary>[] = [
  ...BOTH,
  { name: words.state, cell: ({ state }) => SHEETS.states[state] },
  { name: words.done, cell: ({ doneAt }) => (doneAt === null ? '–' : <Moment iso={doneAt} />) },
];

export function Sheets() {
  return (
    <>
      <PageHead title={SHEETS.title}>
        <p>{SHEETS.intro}</p>
      </PageHead>
      <Loaded query={useQuery(sheetsQuery)}>{({ sheets }) => <Lists sheets={sheets} />}</Loaded>
    </>
  );
}

function Lists({ sheets }: { readonly sheets: readonly SheetSummary[] }) {
  const signs = useMay('rolls.sign');
  const waiting = sheets.filter(({ state }) => state === 'awaiting');
  const past = sheets.filter(({ state }) => state !== 'awaiting');
  const { waiting: said, past: saidOfPast } = SHEETS;
  return (
    <>
      <Panel id="waiting" title={signs ? said.title : said.others}>
        {waiting.length === 0 ? (
          <p className="nothing">{signs ? said.none : said.noneAtAll}</p>
        ) : (
          <Table caption={said.others} rows={waiting} keyOf={keyOf} columns={WAITING} />
        )}
      </Panel>
      <OpenSigners />
      <Panel id="past" title={saidOfPast.title}>
        {past.length === 0 ? (
          <p className="nothing">{saidOfPast.none}</p>
        ) : (
          <Table caption={saidOfPast.title} rows={past} keyOf={keyOf} columns={PAST} />
        )}
      </Panel>
    </>
  );
}

function keyOf({ office, day, sequence }: SheetSummary): string {
  return `${office} ${day} ${sequence}`;
}
