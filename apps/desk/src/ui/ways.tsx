/** One of a few ways, all of them seen at once, each with what it means. */
import { type ReactNode, useId } from 'react';
import { FieldFault } from './field.tsx';

export function Ways<Value extends string>({
  legend,
  name,
  ways,
  none,
  value,
  onChange,
  fault,
}: {
  readonly legend: string;
  /** In its form, which gives the focus to the field of that name. */
  readonly name: string;
  readonly ways: readonly { readonly value: Value; readonly label: string; readonly hint: ReactNode }[];
  /** What to do first, where there is no way yet. */
  readonly none?: string;
  /** The chosen way; an empty text before one is chosen. */
  readonly value: Value | '';
  readonly onChange: (value: Value) => void;
  readonly fault?: string | undefined;
}) {
  const id = useId();
  return (
    <fieldset className="ticks" aria-describedby={fault === undefined ? undefined : `${id}-fault`}>
      <legend className="usa-label">{legend}</legend>
      {ways.length === 0 && none !== undefined && <p className="hint">{none}</p>}
      {ways.map((way) => (
        <div className="tick" key={way.value}>
          <input
            type="radio"
            id={`${id}-${way.value}`}
            name={name}
            value={way.value}
            checked={way.value === value}
            aria-describedby={`${id}-${way.value}-hint`}
            onChange={() => onChange(way.value)}
          />
          <div>
            <label htmlFor={`${id}-${way.value}`}>{way.label}</label>
            <p id={`${id}-${way.value}-hint`} className="hint">
              {way.hint}
            </p>
          </div>
        </div>
      ))}
      <FieldFault id={`${id}-fault`} fault={fault} />
    </fieldset>
  );
}
