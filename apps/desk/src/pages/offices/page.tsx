/** Offices: who is watched, and how well. */
import type { OfficeRow } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useMe } from '../../api/me.ts';
import { officesQuery } from '../../api/queries.ts';
import { officesOf } from '../../frame/pages.ts';
import { Find } from '../../ui/find.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment, useZone } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { OfficeTag } from '../../ui/tag.tsx';
import { count, shortMoment } from '../../words/formats.ts';
import { OFFICE_STATES, OFFICE_WORDS } from '../../words/offices.ts';
import { SensorsTable } from './sensors.tsx';
import { OFFICES } from './texts.ts';

const route = getRouteApi('/offices');

/** So many offices are seen at one glance, and need no filters. */
const FEW = 8;

const COLUMNS: readonly Column<OfficeRow>[] = [
  {
    name: OFFICES.columns.office,
    cell: ({ leaId, name }) => (
      <Link to="/offices/$leaId" params={{ leaId }}>
        {name}
      </Link>
    ),
    heads: true,
  },
  {
    name: OFFICES.columns.state,
    cell: ({ state, sensors }) => (
      <>
        <OfficeTag state={state} />
        {sensors.length > 1 && <span className="soft"> ({count(sensors.length)})</span>}
      </>
    ),
  },
  {
    name: OFFICES.columns.heard,
    cell: ({ lastHeard }) => (lastHeard === null ? OFFICES.never : <Moment iso={lastHeard} />),
  },
  {
    name: OFFICES.columns.knocks,
    cell: ({ knocks, state }) => (state === 'none' ? '–' : count(knocks)),
    number: true,
  },
  {
    name: OFFICES.columns.through,
    cell: ({ through }) => (through > 0 ? <strong>{count(through)}</strong> : '–'),
    number: true,
  },
  {
    name: OFFICES.columns.open,
    cell: ({ unsettled }) => (unsettled > 0 ? count(unsettled) : '–'),
    number: true,
  },
  { name: OFFICES.columns.voters, cell: ({ registered }) => count(registered), number: true },
];

export function Offices() {
  const offices = officesOf(useMe());
  const [only, ...others] = offices === 'all' ? [] : offices;
  if (only === undefined || others.length > 0) return <AllOffices />;
  return <Navigate to="/offices/$leaId" params={{ leaId: only }} replace />;
}

function AllOffices() {
  const { state } = route.useSearch();
  const [name, setName] = useState('');
  const seesState = useMay('account.read', 'state');
  const mayReadKeys = useMay('keys.read', 'state');
  const zone = useZone();
  return (
    <Loaded title={OFFICES.title} query={useQuery(officesQuery)}>
      {(answer) => {
        const wanted = name.trim().toLowerCase();
        const byName = [...answer.offices].sort((a, b) => a.name.localeCompare(b.name));
        const offices = byName.filter(
          (office) =>
            (state === undefined || office.state === state) && office.name.toLowerCase().includes(wanted),
        );
        return (
          <>
            <PageHead title={OFFICES.title}>
              <p>{OFFICES.intro(shortMoment(answer.from, zone), shortMoment(answer.to, zone))}</p>
            </PageHead>
            {answer.offices.length > FEW && (
              <div className="filters">
                <nav aria-label={OFFICES.filter}>
                  <ul className="choices">
                    {[undefined, ...OFFICE_STATES].map((one) => (
                      <li key={one ?? 'all'}>
                        <Link
                          to="/offices"
                          search={one === undefined ? {} : { state: one }}
                          className={one === state ? 'choice choice--here' : 'choice'}
                          aria-current={one === state ? 'true' : undefined}
                        >
                          {one === undefined ? OFFICES.all : OFFICE_WORDS[one].name}{' '}
                          <span className="choice__count">
                            {count(
                              answer.offices.filter((office) => one === undefined || office.state === one)
                                .length,
                            )}
                          </span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                </nav>
                <Find label={OFFICES.find} value={name} onChange={setName} />
              </div>
            )}
            <section className="panel" aria-label={OFFICES.table}>
              {offices.length === 0 ? (
                <p role="status">{OFFICES.none}</p>
              ) : (
                <Table
                  caption={OFFICES.table}
                  columns={COLUMNS}
                  rows={offices}
                  keyOf={({ leaId }) => leaId}
                />
              )}
            </section>
            {seesState && (
              <Panel id="state" title={OFFICES.stateTitle}>
                {answer.state.length === 0 ? (
                  <p>{OFFICES.noState}</p>
                ) : (
                  <SensorsTable caption={OFFICES.stateTitle} sensors={answer.state} />
                )}
                {mayReadKeys && (
                  <p className="panel__acts">
                    <Link to="/keys/$place" params={{ place: 'state' }}>
                      {OFFICES.stateKeys}
                    </Link>
                  </p>
                )}
              </Panel>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
