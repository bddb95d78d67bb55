/** One change of a sheet: whose, what, why to look twice, and a box to refuse it. */
import type { SheetAnswer } from '@bellwether/api';
import { useId } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { fieldName } from './field-names.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.look;

/** A change as the hub tells it. */
export type SheetChange = SheetAnswer['changes'][number];

export function Change({
  change,
  marked,
  onMark,
}: {
  readonly change: SheetChange;
  readonly marked: boolean;
  /** Of who may not refuse: nothing. */
  readonly onMark?: ((marked: boolean) => void) | undefined;
}) {
  const id = useId();
  const { name, recordId, fields, odd, by, at, refused } = change;
  return (
    <article className={`card card--${odd.length > 0 ? 'care' : 'plain'}`} aria-labelledby={`${id}-name`}>
      <div className="card__head">
        <h3 className="card__title" id={`${id}-name`}>
          {name === '' ? recordId : name}
        </h3>
        <span className="card__state">{SHEETS.classes[change.class].name}</span>
      </div>
      {odd.length > 0 && (
        <p>
          <span className="strong">{words.twice}: </span>
          {odd.join(' ')}
        </p>
      )}
      <dl className="field-changes">
        {fields.map(({ field, before, after }) => (
          <div key={field}>
            <dt>{fieldName(field)}</dt>
            <dd>
              {before !== null && before !== '' && (
                <>
                  <del>
                    <span className="unseen">{words.was} </span>
                    {before}
                  </del>{' '}
                </>
              )}
              <ins>
                <span className="unseen">{words.is} </span>
                {after === null ? words.gone : after === '' ? words.empty : after}
              </ins>
            </dd>
          </div>
        ))}
      </dl>
      <p className="card__facts">
        {recordId}
        {' · '}
        {by === null ? words.unknown : `${words.by} ${by}`}
        {at !== null && (
          <>
            , <Moment iso={at} />
          </>
        )}
      </p>
      {refused && <p className="strong">{words.refused}</p>}
      {!refused && onMark !== undefined && (
        <div className="tick unprinted">
          <input
            id={id}
            type="checkbox"
            checked={marked}
            aria-describedby={`${id}-name`}
            onChange={({ target }) => onMark(target.checked)}
          />
          <label htmlFor={id}>{words.refuse}</label>
        </div>
      )}
    </article>
  );
}
