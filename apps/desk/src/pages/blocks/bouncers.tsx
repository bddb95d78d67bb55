/** Firewalls and web servers of others that ask for blocks: what each says of itself. */
import type { BlocksAnswer } from '@bellwether/api';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { BLOCKS } from './texts.ts';

const words = BLOCKS.bouncers;

type Bouncer = NonNullable<BlocksAnswer['bouncers']>[number];

const COLUMNS: readonly Column<Bouncer>[] = [
  {
    name: words.columns.name,
    cell: ({ officeName, name }) => (
      <>
        {officeName}
        <span className="soft under">{name}</span>
      </>
    ),
    heads: true,
  },
  {
    name: words.columns.asked,
    cell: ({ askedAt }) => (askedAt === null ? words.never : <Moment iso={askedAt} />),
  },
  {
    name: words.columns.kind,
    cell: ({ report }) =>
      report === null ? (
        words.silent
      ) : (
        <>
          {report.kind} {report.version}
          <span className="soft under">
            {words.said} <Moment iso={report.at} />
          </span>
        </>
      ),
  },
  ...(['active', 'dropped'] as const).map(
    (what): Column<Bouncer> => ({
      name: words.columns[what],
      cell: ({ report }) => {
        const said = report?.[what] ?? null;
        return said === null ? '–' : count(said);
      },
      number: true,
    }),
  ),
];

/** Nothing where there is none. */
export function Bouncers({ bouncers }: { readonly bouncers: readonly Bouncer[] }) {
  if (bouncers.length === 0) return null;
  return (
    <Panel id="bouncers" title={words.title} intro={words.intro}>
      <LongTable
        caption={words.title}
        words={words}
        rows={bouncers}
        keyOf={({ key }) => key}
        fits={({ officeName, name }, typed) => `${officeName} ${name}`.toLowerCase().includes(typed)}
        columns={COLUMNS}
      />
    </Panel>
  );
}
