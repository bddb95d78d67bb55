/** A choice among the offices that somebody may see; nothing where there is only one to choose. */
import type { ComponentProps } from 'react';
import { useReach } from '../api/me.ts';
import { officesWithin, useOfficeNames } from '../words/office-names.ts';
import { Choice } from './choice.tsx';

export function OfficeChoice({
  verb,
  state,
  ...choice
}: Omit<ComponentProps<typeof Choice>, 'options'> & {
  /** What is done with the chosen office: where that may be done, it can be chosen. */
  readonly verb: string;
  /** What the state itself is called in the list. */
  readonly state: string;
}) {
  const reach = useReach(verb);
  const offices = officesWithin(reach, useOfficeNames()).map(({ leaId, name }) => ({
    value: leaId,
    label: name,
  }));
  const hasState = reach === 'all' || reach.includes('state');
  const options = hasState ? [{ value: 'state', label: state }, ...offices] : offices;
  return options.length < 2 ? null : <Choice {...choice} options={options} />;
}
