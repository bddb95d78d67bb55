/** The form that invites somebody, or gives a role to somebody who is here. */
import type { PersonRow } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { LONGEST_REASON } from '../../ui/act-texts.ts';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { useZone } from '../../ui/moment.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Ways } from '../../ui/ways.tsx';
import { longDay } from '../../words/formats.ts';
import { ROLE_WORDS, roleName } from '../../words/roles.ts';
import { dayIn, endOfDay } from './days.ts';
import { usePlaces } from './places.ts';
import {
  chosenOf,
  type Fault,
  type FieldName,
  type Fields,
  lastDay,
  type Offer,
  offersAt,
  wrongFields,
} from './role-wish.ts';
import { ROLE_FORM } from './texts.ts';

export type RoleFormProps<Answer> = {
  readonly mayGive: readonly Offer[];
  /** Chosen at first. */
  readonly place: string | undefined;
  /** Who gets the role; without, somebody is invited. */
  readonly person?: PersonRow;
  readonly submit: (fields: Fields, zone: string) => Promise<Answer>;
  readonly onDone: (answer: Answer) => void;
  readonly onLeave: () => void;
};

export function RoleForm<Answer>({ mayGive, place, person, submit, onDone, onLeave }: RoleFormProps<Answer>) {
  const zone = useZone();
  const form = useRef<HTMLFormElement>(null);
  const places = usePlaces('people.invite').filter(({ place: at }) => offersAt(mayGive, at).length > 0);
  const only = places.length === 1 ? places[0]?.place : undefined;
  const first = places.some(({ place: at }) => at === place) ? place : only;
  const [fields, setFields] = useState<Fields>({
    ...{ name: '', phone: '', role: '', until: '', why: '' },
    place: first ?? '',
  });
  const [wrong, setWrong] = useState<ReadonlyMap<FieldName, Fault>>(new Map());
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const set = (name: FieldName, value: string) => {
    setFields((before) => ({ ...before, [name]: value }));
    setWrong((before) => new Map([...before].filter(([field]) => field !== name)));
  };
  const sent = useMutation({ mutationFn: () => withStepUp(() => submit(fields, zone)), onSuccess: onDone });
  const send = () => {
    if (sent.isPending) return;
    const found = wrongFields(fields, { mayGive, invites: person === undefined, zone, now: Date.now() });
    setWrong(found);
    const [at] = found.keys();
    if (at === undefined) sent.mutate();
    else form.current?.querySelector<HTMLElement>(`[name="${at}"]`)?.focus();
  };
  const faultOf = (name: FieldName) => faultText(name, wrong.get(name));
  const isPassing = chosenOf(mayGive, fields)?.mustEnd === true;
  const words = ROLE_FORM;
  return (
    <form
      ref={form}
      className="role-form"
      aria-label={person === undefined ? words.invite : words.give(person.name)}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {person === undefined && (
        <>
          <Field fault={faultOf('name')} label={words.name} hint={words.nameHint}>
            {(tied) => (
              <input
                {...tied}
                name="name"
                className="usa-input"
                autoComplete="off"
                maxLength={100}
                value={fields.name}
                onChange={({ target }) => set('name', target.value)}
              />
            )}
          </Field>
          <Field fault={faultOf('phone')} label={words.phone} hint={words.phoneHint}>
            {(tied) => (
              <input
                {...tied}
                name="phone"
                className="usa-input"
                type="tel"
                autoComplete="off"
                maxLength={40}
                value={fields.phone}
                onChange={({ target }) => set('phone', target.value)}
              />
            )}
          </Field>
        </>
      )}
      <Choice
        name="place"
        label={words.place}
        fault={faultOf('place')}
        any={words.placeFirst}
        options={places.map(({ place: at, name }) => ({
          value: at,
          label: at === 'state' ? words.state : name,
        }))}
        value={fields.place}
        onChange={(at) => set('place', at)}
      />
      <Ways
        name="role"
        legend={words.role}
        fault={faultOf('role')}
        none={words.roleFirst}
        ways={offersAt(mayGive, fields.place).map(({ role, mustEnd }) => ({
          value: role,
          label: roleName(role),
          hint: `${ROLE_WORDS[role]?.meaning ?? ''} ${mustEnd ? words.ends : ''}`.trim(),
        }))}
        value={fields.role}
        onChange={(role) => set('role', role)}
      />
      <Field
        fault={faultOf('until')}
        label={isPassing ? words.until : words.untilOr}
        hint={
          isPassing
            ? words.untilHint(longDay(endOfDay(lastDay(Date.now(), zone), zone) ?? '', zone))
            : words.untilFree
        }
      >
        {(tied) => (
          <input
            {...tied}
            name="until"
            className="usa-input role-form__day"
            type="date"
            min={dayIn(Date.now(), zone)}
            max={isPassing ? lastDay(Date.now(), zone) : undefined}
            value={fields.until}
            onChange={({ target }) => set('until', target.value)}
          />
        )}
      </Field>
      <Field
        fault={faultOf('why')}
        label={person === undefined && !isPassing ? words.whyOr : words.why}
        hint={words.whyHint}
      >
        {(tied) => (
          <textarea
            {...tied}
            name="why"
            className="usa-input text-area text-area--short"
            rows={2}
            maxLength={LONGEST_REASON}
            value={fields.why}
            onChange={({ target }) => set('why', target.value)}
          />
        )}
      </Field>
      {sent.error !== null && <Refused error={sent.error} />}
      <div className="buttons">
        <button type="submit" className="usa-button" aria-disabled={sent.isPending}>
          {sent.isPending ? words.waiting : person === undefined ? words.submit : words.submitGive}
        </button>
        <button type="button" className="usa-button usa-button--outline" onClick={onLeave}>
          {words.leave}
        </button>
      </div>
    </form>
  );
}

function faultText(name: FieldName, fault: Fault | undefined): string | undefined {
  if (fault === undefined) return undefined;
  return fault === 'missing' ? ROLE_FORM.faults[name] : ROLE_FORM.faults[fault];
}
