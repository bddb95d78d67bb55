/** Who looked at the data of an office: people from outside first, then each day in sentences. */
import type { VisitsAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Choice } from '../../ui/choice.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment, useZone } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { wholeDay } from '../../words/formats.ts';
import { roleName } from '../../words/roles.ts';
import { usePlaceName, usePlaces } from '../people/places.ts';
import { daysOf, sentenceOf } from './looks.ts';
import { visitsQuery } from './queries.ts';
import { VISITS } from './texts.ts';

const route = getRouteApi('/visits');

/** How far back the list goes, days: the hub keeps somewhat more than a year. */
const SPANS = [7, 30, 92, 400] as const;

/** A month: since about the last time when somebody looked here. */
const USUAL_SPAN = 30;

export function Visits() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const places = usePlaces('visits.read');
  const placeName = usePlaceName();
  const place = search.place ?? places[0]?.place ?? 'state';
  const days = SPANS.find((span) => String(span) === search.days) ?? USUAL_SPAN;
  const choose = (name: 'place' | 'days', value: string) =>
    void navigate({ to: '/visits', search: { place, days: String(days), [name]: value } });
  return (
    <>
      <PageHead title={places.length > 1 ? VISITS.titleAt(placeName(place)) : VISITS.title}>
        <p>{VISITS.intro}</p>
      </PageHead>
      <div className="filters filters--plain">
        {places.length > 1 && (
          <Choice
            label={VISITS.place}
            options={places.map((one) => ({ value: one.place, label: one.name }))}
            value={place}
            onChange={(chosen) => choose('place', chosen)}
          />
        )}
        <Choice
          label={VISITS.days}
          options={SPANS.map((span) => ({ value: String(span), label: VISITS.spans[span] }))}
          value={String(days)}
          onChange={(chosen) => choose('days', chosen)}
        />
      </div>
      <Loaded query={useQuery(visitsQuery(place, days))}>{(answer) => <Answer answer={answer} />}</Loaded>
    </>
  );
}

function Answer({ answer }: { readonly answer: VisitsAnswer }) {
  const zone = useZone();
  return (
    <>
      <Outsiders outsiders={answer.outsiders} />
      <Panel id="looks" title={VISITS.list}>
        {answer.visits.length === 0 && (
          <p className="nothing" role="status">
            {VISITS.none}
          </p>
        )}
        {daysOf(answer.visits, zone).map(({ key, day, looks }) => (
          <section key={key} aria-labelledby={`day-${key}`} className="day">
            <h3 id={`day-${key}`}>
              <time dateTime={key}>{wholeDay(day, zone)}</time>
            </h3>
            <ul className="day__looks">
              {looks.map((look) => (
                <li key={`${look.who} ${look.role}`}>
                  <span className="strong">{look.who === 'machine' ? VISITS.machine : look.name}</span>,{' '}
                  {sentenceOf(look, zone)}.{' '}
                  {look.seesAll && <span className="sign sign--none">{VISITS.seesAll}</span>}
                </li>
              ))}
            </ul>
          </section>
        ))}
        {answer.more && <p className="nothing">{VISITS.more}</p>}
      </Panel>
    </>
  );
}

function Outsiders({ outsiders }: Pick<VisitsAnswer, 'outsiders'>) {
  const words = VISITS.outsiders;
  return (
    <Panel id="outsiders" title={words.title}>
      {outsiders.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <ul className="cards cards--wide">
          {outsiders.map(({ person, name, role, place, until, why }) => (
            <li key={`${person} ${role} ${place}`}>
              <article className="card card--care">
                <h3 className="card__title">{name}</h3>
                <p className="card__where">
                  {words.line(roleName(role), place === 'state' ? words.all : words.here)}
                </p>
                <p>
                  <span className="strong">{words.until}: </span>
                  <Moment iso={until} how="full" />
                </p>
                <p className="card__facts">
                  {words.why}: {why ?? words.noWhy}
                </p>
              </article>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
