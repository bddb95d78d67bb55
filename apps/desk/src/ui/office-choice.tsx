/** A choice among the offices that somebody may see; nothing where there is only one to choose. */
import { useReach } from '../api/me.ts';
import { officesWithin, useOfficeNames } from '../words/office-names.ts';

export function OfficeChoice({
  verb,
  id,
  label,
  any,
  state,
  ...choice
}: {
  /** What is done with the chosen office: where that may be done, it can be chosen. */
  readonly verb: string;
  readonly id: string;
  readonly label: string;
  readonly any: string;
  /** What the state itself is called in the list. */
  readonly state: string;
  readonly name?: string;
  readonly defaultValue?: string;
  readonly value?: string;
  readonly onChange?: React.ChangeEventHandler<HTMLSelectElement>;
}) {
  const reach = useReach(verb);
  const offices = officesWithin(reach, useOfficeNames());
  const hasState = reach === 'all' || reach.includes('state');
  if (offices.length + (hasState ? 1 : 0) < 2) return null;
  return (
    <div className="field">
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      <select className="usa-input" id={id} {...choice}>
        <option value="">{any}</option>
        {hasState && <option value="state">{state}</option>}
        {offices.map(({ leaId, name }) => (
          <option key={leaId} value={leaId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
