/** One of a few ways, each with what it means. */

export function Choice<Value extends string>({
  legend,
  name,
  ways,
  value,
  onChange,
}: {
  readonly legend: string;
  readonly name: string;
  readonly ways: readonly { readonly value: Value; readonly label: string; readonly hint: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <fieldset className="ticks">
      <legend className="usa-label">{legend}</legend>
      {ways.map((way) => (
        <div className="tick" key={way.value}>
          <input
            type="radio"
            id={`${name}-${way.value}`}
            name={name}
            value={way.value}
            checked={way.value === value}
            aria-describedby={`${name}-${way.value}-hint`}
            onChange={() => onChange(way.value)}
          />
          <div>
            <label htmlFor={`${name}-${way.value}`}>{way.label}</label>
            <p id={`${name}-${way.value}-hint`} className="hint">
              {way.hint}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
