/** Witnesses: who signed what and when, who is late, and what each states beside it. */
import type { WitnessRow } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count, named } from '../../words/formats.ts';
import { logQuery, witnessesQuery } from '../log/queries.ts';
import { refusesSomething, statedSentences } from './stated.ts';
import { WITNESSES } from './texts.ts';

const COLUMNS: readonly Column<WitnessRow>[] = [
  { name: WITNESSES.columns.name, cell: ({ name }) => name, heads: true },
  {
    name: WITNESSES.columns.state,
    cell: ({ late, cosignedAt, trouble }) => (
      <>
        <span className={`sign sign--${late ? 'open' : 'complete'}`}>
          <span aria-hidden="true">{late ? '?' : '✓'}</span>{' '}
          {cosignedAt === null ? WITNESSES.states.never : WITNESSES.states[late ? 'late' : 'well']}
        </span>
        {trouble !== null && (
          <>
            {' '}
            {WITNESSES.trouble}: {trouble}
          </>
        )}
      </>
    ),
  },
  {
    name: WITNESSES.columns.signed,
    cell: ({ cosignedAt }) => (cosignedAt === null ? WITNESSES.never : <Moment iso={cosignedAt} />),
  },
  {
    name: WITNESSES.columns.size,
    cell: ({ size }) => (size === null ? '–' : count(Number(size))),
    number: true,
  },
  { name: WITNESSES.columns.way, cell: ({ way }) => WITNESSES.way[way] },
  {
    name: WITNESSES.columns.stated,
    wide: true,
    cell: ({ statement, statedAt }) =>
      statement === null || statedAt === null ? (
        WITNESSES.nothing
      ) : (
        <>
          {statedSentences(statement).join(' ')}{' '}
          <span className="soft">
            {WITNESSES.stated} <Moment iso={statedAt} />
          </span>
        </>
      ),
  },
];

export function Witnesses() {
  return (
    <>
      <PageHead title={WITNESSES.title}>
        <p>{WITNESSES.intro}</p>
        <p>
          <Link to="/evidence/log">{WITNESSES.log}</Link>
        </p>
      </PageHead>
      <Loaded query={useQuery(witnessesQuery)}>{({ witnesses }) => <All witnesses={witnesses} />}</Loaded>
    </>
  );
}

function All({ witnesses }: { readonly witnesses: readonly WitnessRow[] }) {
  const { data: log } = useQuery(logQuery);
  if (witnesses.length === 0) {
    return (
      <div className="spoken spoken--care">
        <p className="spoken__lead">{WITNESSES.none}</p>
      </div>
    );
  }
  const late = witnesses.filter((one) => one.late);
  const refusing = witnesses.filter(refuses);
  const rule = log?.quorum ?? null;
  return (
    <>
      <div
        className={`spoken spoken--${refusing.length > 0 ? 'alarm' : late.length === 0 ? 'calm' : 'care'}`}
      >
        {refusing.length > 0 && (
          <p className="spoken__lead">{WITNESSES.refuses(named(refusing.map(({ name }) => name)))}</p>
        )}
        <p className="spoken__lead">
          {WITNESSES.lead(witnesses.length - late.length, witnesses.length)}{' '}
          {late.length === 0 ? WITNESSES.notLate : WITNESSES.late(named(late.map(({ name }) => name)))}
        </p>
        {rule !== null && <p className="spoken__after">{WITNESSES.quorum(rule)}</p>}
      </div>
      <Panel id="list" title={WITNESSES.list}>
        <Table
          caption={WITNESSES.list}
          rows={[...witnesses].sort(pressingFirst)}
          keyOf={({ name }) => name}
          columns={COLUMNS}
        />
      </Panel>
    </>
  );
}

/** Who says that a rule was broken stands first, then who is late. */
function pressingFirst(a: WitnessRow, b: WitnessRow): number {
  return (
    Number(refuses(b)) - Number(refuses(a)) ||
    Number(b.late) - Number(a.late) ||
    a.name.localeCompare(b.name, 'en')
  );
}

function refuses({ statement }: WitnessRow): boolean {
  return statement !== null && refusesSomething(statement);
}
