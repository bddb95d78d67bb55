/** The trail: what was done, by whom and why; whether its chain is whole; and a file of it. */
import type { TrailAnswer } from '@bellwether/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../api/me.ts';
import { Choice } from '../../ui/choice.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { useNames } from '../people/names.ts';
import { usePlaceName, usePlaces } from '../people/places.ts';
import { Entry } from './entry.tsx';
import { type TrailFilter, trailFilterOf, trailQuery } from './queries.ts';
import { SaveTrail } from './save.tsx';
import { namesIn } from './sentence.ts';
import { TRAIL } from './texts.ts';

const route = getRouteApi('/trail');

export function Trail() {
  const filter = trailFilterOf(route.useSearch());
  const query = useInfiniteQuery(trailQuery(filter));
  const mayExport = useMay('trail.export');
  return (
    <>
      <PageHead title={TRAIL.title}>
        <p>{TRAIL.intro}</p>
      </PageHead>
      <Filters filter={filter} />
      <Loaded query={query}>
        {({ pages }) => (
          <>
            <Chain whole={pages.every(({ whole }) => whole)} />
            <Entries pages={pages} />
            {query.hasNextPage && (
              <p className="page-act">
                <button
                  type="button"
                  className="usa-button usa-button--outline"
                  aria-disabled={query.isFetchingNextPage}
                  onClick={() => query.isFetchingNextPage || void query.fetchNextPage()}
                >
                  {query.isFetchingNextPage ? TRAIL.loading : TRAIL.more}
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
      {mayExport && <SaveTrail />}
    </>
  );
}

function Chain({ whole }: { readonly whole: boolean }) {
  return (
    <div className={whole ? 'notice notice--good' : 'notice notice--bad'} role={whole ? undefined : 'alert'}>
      <p className="strong">
        <span aria-hidden="true">{whole ? '✓' : '!'}</span> {whole ? TRAIL.whole : TRAIL.broken}
      </p>
      <p>{whole ? TRAIL.wholeText : TRAIL.brokenText}</p>
      {!whole && <p className="strong">{TRAIL.brokenTodo}</p>}
    </div>
  );
}

function Entries({ pages }: { readonly pages: readonly TrailAnswer[] }) {
  const entries = pages.flatMap((page) => page.entries);
  const names = namesIn(entries, useNames());
  const placeName = usePlaceName();
  return (
    <Panel id="entries" title={TRAIL.list}>
      {entries.length === 0 ? (
        <p className="nothing" role="status">
          {TRAIL.none}
        </p>
      ) : (
        <ol className="entries">
          {entries.map((entry) => (
            <Entry key={entry.number} entry={entry} names={names} place={placeName(entry.place)} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Filters({ filter }: { readonly filter: TrailFilter }) {
  const navigate = useNavigate();
  const places = usePlaces('trail.read');
  const people = [...useNames()].sort(([, a], [, b]) => a.localeCompare(b, 'en'));
  const choose = (name: keyof TrailFilter, value: string) =>
    void navigate({ to: '/trail', search: trailFilterOf({ ...filter, [name]: value }) });
  return (
    <div className="filters filters--plain">
      {places.length > 1 && (
        <Choice
          label={TRAIL.place}
          any={TRAIL.anyPlace}
          options={places.map(({ place, name }) => ({ value: place, label: name }))}
          value={filter.place ?? ''}
          onChange={(place) => choose('place', place)}
        />
      )}
      <Choice
        label={TRAIL.who}
        any={TRAIL.anybody}
        options={[
          ...people.map(([who, name]) => ({ value: who, label: name })),
          { value: 'machine', label: TRAIL.machine },
          { value: 'hub', label: TRAIL.hub },
        ]}
        value={filter.who ?? ''}
        onChange={(who) => choose('who', who)}
      />
    </div>
  );
}
