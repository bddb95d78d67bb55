/** Incidents: the whole list, with filters that stand in the address. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { incidentsQuery } from '../../api/queries.ts';
import { Choice } from '../../ui/choice.tsx';
import { IncidentCard } from '../../ui/incident.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { OfficeChoice } from '../../ui/office-choice.tsx';
import { PageHead } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { INCIDENT_KINDS, INCIDENT_WORDS } from '../../words/incidents.ts';
import { type Filter, filterOf, STATES } from './filter.ts';
import { INCIDENTS } from './texts.ts';

const route = getRouteApi('/incidents');

export function Incidents() {
  const filter = route.useSearch();
  return (
    <>
      <PageHead title={INCIDENTS.title}>
        <p>{INCIDENTS.intro}</p>
      </PageHead>
      <Filters filter={filter} />
      <Loaded query={useQuery(incidentsQuery(filter))}>
        {({ incidents, total }) =>
          incidents.length === 0 ? (
            <div className="nothing nothing--panel" role="status">
              <p className="strong">{INCIDENTS.none}</p>
              <p>{INCIDENTS.noneNote}</p>
            </div>
          ) : (
            <section className="panel" aria-label={INCIDENTS.list}>
              <p role="status" className="soft">
                {INCIDENTS.shown(count(incidents.length), count(total))}
              </p>
              <h2 className="unseen">{INCIDENTS.list}</h2>
              <ul className="cards cards--wide">
                {incidents.map((incident) => (
                  <li key={incident.id}>
                    <IncidentCard incident={incident} />
                  </li>
                ))}
              </ul>
            </section>
          )
        }
      </Loaded>
    </>
  );
}

function Filters({ filter }: { readonly filter: Filter }) {
  const navigate = useNavigate();
  const choose = (name: keyof Filter, value: string) =>
    void navigate({ to: '/incidents', search: filterOf({ ...filter, [name]: value }) });
  const state = filter.state ?? STATES[0];
  return (
    <div className="filters">
      <nav aria-label={INCIDENTS.filter}>
        <ul className="choices">
          {STATES.map((one) => (
            <li key={one}>
              <Link
                to="/incidents"
                search={{ ...filter, state: one }}
                className={one === state ? 'choice choice--here' : 'choice'}
                aria-current={one === state ? 'true' : undefined}
              >
                {INCIDENTS.states[one]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Choice
        label={INCIDENTS.kind}
        any={INCIDENTS.anyKind}
        options={INCIDENT_KINDS.map((kind) => ({ value: kind, label: INCIDENT_WORDS[kind].name }))}
        value={filter.kind ?? ''}
        onChange={(kind) => choose('kind', kind)}
      />
      <OfficeChoice
        verb="incidents.read"
        label={INCIDENTS.office}
        any={INCIDENTS.anyOffice}
        state={INCIDENTS.stateSensors}
        value={filter.authority ?? ''}
        onChange={(office) => choose('authority', office)}
      />
    </div>
  );
}
