/** The form that invites somebody, or gives a role to somebody who is here. */
import type { PersonRow } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { LONGEST_REASON } from '../../ui/act-texts.ts';
import { useZone } from '../../ui/moment.tsx';
import { Refused } from '../../ui/refused.tsx';
import { longDay } from '../../words/formats.ts';
import { ROLE_WORDS, roleName } from '../../words/roles.ts';
import { dayIn, endOfDay } from './days.ts';
import { type NamedPlace, usePlaces } from './places.ts';
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
  const id = useId();
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
    else form.current?.querySelector<HTMLElement>(`[data-field="${at}"]`)?.focus();
  };
  const field = (name: FieldName) => ({ id: `${id}-${name}`, fault: faultText(name, wrong.get(name)) });
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
          <Field {...field('name')} label={words.name} hint={words.nameHint}>
            {(more) => (
              <input
                {...more}
                data-field="name"
                className="usa-input"
                autoComplete="off"
                maxLength={100}
                value={fields.name}
                onChange={({ target }) => set('name', target.value)}
              />
            )}
          </Field>
          <Field {...field('phone')} label={words.phone} hint={words.phoneHint}>
            {(more) => (
              <input
                {...more}
                data-field="phone"
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
      <Field {...field('place')} label={words.place}>
        {(more) => (
          <select
            {...more}
            data-field="place"
            className="usa-input"
            value={fields.place}
            onChange={({ target }) => set('place', target.value)}
          >
            <option value="">{words.placeFirst}</option>
            {places.map(({ place: at, name }: NamedPlace) => (
              <option key={at} value={at}>
                {at === 'state' ? words.state : name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Roles
        {...field('role')}
        offers={offersAt(mayGive, fields.place)}
        chosen={fields.role}
        choose={(role) => set('role', role)}
      />
      <Field
        {...field('until')}
        label={isPassing ? words.until : words.untilOr}
        hint={
          isPassing
            ? words.untilHint(longDay(endOfDay(lastDay(Date.now(), zone), zone) ?? '', zone))
            : words.untilFree
        }
      >
        {(more) => (
          <input
            {...more}
            data-field="until"
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
        {...field('why')}
        label={person === undefined && !isPassing ? words.whyOr : words.why}
        hint={words.whyHint}
      >
        {(more) => (
          <textarea
            {...more}
            data-field="why"
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

/** The roles, each with what it is for. */
function Roles({
  id,
  fault,
  offers,
  chosen,
  choose,
}: {
  readonly id: string;
  readonly fault: string | undefined;
  readonly offers: readonly Offer[];
  readonly chosen: string;
  readonly choose: (role: string) => void;
}) {
  const words = ROLE_FORM;
  return (
    <fieldset className="role-form__roles" aria-describedby={fault === undefined ? undefined : `${id}-error`}>
      <legend className="usa-label">{words.role}</legend>
      {offers.length === 0 && <p className="hint">{words.roleFirst}</p>}
      {offers.map(({ role, mustEnd }, index) => (
        <div key={role} className="role-choice">
          <input
            type="radio"
            id={`${id}-${role}`}
            name={id}
            value={role}
            data-field={index === 0 ? 'role' : undefined}
            checked={chosen === role}
            aria-describedby={`${id}-${role}-meaning`}
            onChange={() => choose(role)}
          />
          <label htmlFor={`${id}-${role}`}>{roleName(role)}</label>
          <p id={`${id}-${role}-meaning`} className="hint">
            {ROLE_WORDS[role]?.meaning} {mustEnd && words.ends}
          </p>
        </div>
      ))}
      <Wrong id={id} fault={fault} />
    </fieldset>
  );
}

/** What a field is told about its label, hint and fault. */
type FieldProps = {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
};

function Field({
  id,
  label,
  hint,
  fault,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly fault: string | undefined;
  readonly children: (more: FieldProps) => ReactNode;
}) {
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-error`];
  return (
    <div className="field">
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
        'aria-describedby': described.join(' ').trim() === '' ? undefined : described.join(' ').trim(),
      })}
      <Wrong id={id} fault={fault} />
    </div>
  );
}

function Wrong({ id, fault }: { readonly id: string; readonly fault: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p id={`${id}-error`} className="error-text" role="alert">
      {fault}
    </p>
  );
}

function faultText(name: FieldName, fault: Fault | undefined): string | undefined {
  if (fault === undefined) return undefined;
  return fault === 'missing' ? ROLE_FORM.faults[name] : ROLE_FORM.faults[fault];
}
