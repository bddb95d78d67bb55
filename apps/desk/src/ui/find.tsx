/** A field in which a name is typed, and the list beside it shows whom it fits. */
import { Field } from './field.tsx';

export function Find({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(tied) => (
        <input
          {...tied}
          type="search"
          className="usa-input"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
