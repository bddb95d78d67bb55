/** An incident: what, where, since when, what to do; and the buttons to take it on and to close it. */
import type { Incident, IncidentChange } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { tell } from '../api/ask.ts';
import { useMay } from '../api/me.ts';
import { withStepUp } from '../api/step-up.ts';
import { Trouble } from '../frame/trouble.tsx';
import { detailOf, INCIDENT_WORDS, STATE_WORDS, whereOf } from '../words/incidents.ts';
import { Field } from './field.tsx';
import { CARD } from './incident-texts.ts';
import { Moment } from './moment.tsx';

export function IncidentCard({ incident }: { readonly incident: Incident }) {
  const words = INCIDENT_WORDS[incident.kind];
  const detail = detailOf(incident);
  const mayChange = useMay('incidents.change', incident.authority ?? 'state');
  return (
    <article
      className={`card card--${incident.kind === 'through' ? 'alarm' : 'care'} card--${incident.state}`}
    >
      <div className="card__head">
        <h3 className="card__title">{words.name}</h3>
        <span className="card__state">{STATE_WORDS[incident.state]}</span>
      </div>
      <p className="card__where">
        {incident.authority !== null && incident.authority !== 'state' ? (
          <Link to="/offices/$leaId" params={{ leaId: incident.authority }}>
            {whereOf(incident)}
          </Link>
        ) : (
          whereOf(incident)
        )}
      </p>
      <p className="card__facts">
        {detail !== '' && <>{detail} · </>}
        {CARD.since} <Moment iso={incident.openedAt} />
        {incident.lastAt !== incident.openedAt && (
          <>
            , {CARD.last} <Moment iso={incident.lastAt} />
          </>
        )}
        {incident.source !== null && (
          <>
            {' · '}
            {CARD.source}{' '}
            <Link to="/sources/$address" params={{ address: incident.source }} className="address">
              {incident.source}
            </Link>
          </>
        )}
        {' · '}
        {CARD.rule} <code>{incident.reason}</code>
        {incident.line !== null && `, ${CARD.line} ${incident.line}`}
      </p>
      {incident.state !== 'closed' && (
        <p className="card__todo">
          <span className="strong">{CARD.todo}: </span>
          {words.todo}
        </p>
      )}
      {incident.note !== null && (
        <p className="card__note">
          <span className="strong">{CARD.note}: </span>
          {incident.note}
        </p>
      )}
      {mayChange && <Change incident={incident} />}
    </article>
  );
}

function Change({ incident }: { readonly incident: Incident }) {
  const [next, setNext] = useState<IncidentChange['state']>();
  const [note, setNote] = useState(incident.note ?? '');
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: IncidentChange) =>
      withStepUp(() => tell<Incident>('POST', `incidents/${incident.id}`, body)),
    onSuccess: () => {
      setNext(undefined);
      for (const key of ['today', 'incidents', 'offices', 'surface']) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  const of = `${INCIDENT_WORDS[incident.kind].name}, ${whereOf(incident)}`;
  if (next === undefined) {
    return (
      <div className="buttons">
        {incident.state === 'open' && (
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${CARD.take}: ${of}`}
            onClick={() => setNext('taken')}
          >
            {CARD.take}
          </button>
        )}
        {incident.state !== 'closed' && (
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${CARD.close}: ${of}`}
            onClick={() => setNext('closed')}
          >
            {CARD.close}
          </button>
        )}
        {incident.state === 'closed' && (
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${CARD.reopen}: ${of}`}
            onClick={() => change.mutate({ state: 'open' })}
          >
            {CARD.reopen}
          </button>
        )}
        {change.error !== null && <Trouble error={change.error} />}
      </div>
    );
  }
  return (
    <form
      className="card__form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ state: next, ...(note.trim() === '' ? {} : { note: note.trim() }) });
      }}
    >
      <Field label={next === 'closed' ? CARD.closeLabel : CARD.takeLabel}>
        {(tied) => (
          <textarea
            {...tied}
            className="usa-input text-area"
            rows={3}
            maxLength={2000}
            required={next === 'closed'}
            value={note}
            // biome-ignore lint/a11y/noAutofocus: the field opens because its button was pressed
            autoFocus
            onChange={({ target }) => setNote(target.value)}
          />
        )}
      </Field>
      <div className="buttons">
        <button type="submit" className="usa-button" disabled={change.isPending}>
          {CARD.save}
        </button>
        <button type="button" className="usa-button usa-button--outline" onClick={() => setNext(undefined)}>
          {CARD.cancel}
        </button>
      </div>
      {change.error !== null && <Trouble error={change.error} />}
    </form>
  );
}
