/** A field of a form: its label, what is meant, and what is wrong with it. */
import { type ReactNode, useId } from 'react';

export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  /** Draws the input with what ties it to its label, its hint and its fault. */
  readonly children: (tied: {
    readonly id: string;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`]
    .join(' ')
    .trim();
  return (
    <div className="field field--whole">
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-invalid': fault !== undefined,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {fault !== undefined && (
        <p id={`${id}-fault`} className="error-text" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
