/** A field of a form: its label, what is meant, and what is wrong with it. */
import { type ReactNode, useId } from 'react';

/** What every field is told. */
export type FieldWords = {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it; nothing as long as nothing is. */
  readonly fault?: string | undefined;
};

/** What ties an input to its label, its hint and its fault. */
export type Tied = {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
};

export function Field({
  label,
  hint,
  hintBelow = false,
  fault,
  children,
}: FieldWords & {
  /** Of fields side by side, whose inputs then stand in one line. */
  readonly hintBelow?: boolean;
  /** Draws the input, with all that it is tied to. */
  readonly children: (tied: Tied) => ReactNode;
}) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`]
    .join(' ')
    .trim();
  const meant = hint !== undefined && (
    <p id={`${id}-hint`} className="hint">
      {hint}
    </p>
  );
  return (
    <div className="field">
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      {!hintBelow && meant}
      {children({
        id,
        'aria-invalid': fault !== undefined,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {hintBelow && meant}
      <FieldFault id={`${id}-fault`} fault={fault} />
    </div>
  );
}

/** What is wrong with a field, said at once; nothing where nothing is. */
export function FieldFault({ id, fault }: { readonly id: string; readonly fault: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p id={id} className="error-text" role="alert">
      {fault}
    </p>
  );
}
