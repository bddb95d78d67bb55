/** A choice of one from a list, under its label. */
import { Field, type FieldWords } from './field.tsx';

/** One line of the list. */
export type Option = { readonly value: string; readonly label: string };

export function Choice({
  label,
  hint,
  fault,
  any,
  options,
  onChange,
  ...select
}: FieldWords & {
  /** The first line, which chooses nothing: its value is an empty text. */
  readonly any?: string | undefined;
  readonly options: readonly Option[];
  /** The name in its form. */
  readonly name?: string;
  /** What is chosen; of a form that is read as a whole, what is chosen at first is `defaultValue`. */
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onChange?: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(tied) => (
        <select
          {...tied}
          {...select}
          className="usa-input"
          onChange={onChange && (({ target }) => onChange(target.value))}
        >
          {any !== undefined && <option value="">{any}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
