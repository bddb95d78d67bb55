/** Whom the code is for, so that a mistake is seen before a passkey is made; and the name of the device. */
import type { CodeAnswer, Enrolled, NewPasskey } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { HubProblem, tell } from '../../api/ask.ts';
import { makePasskey } from '../../api/passkey.ts';
import { Field } from '../../ui/field.tsx';
import { LONGEST_NAME } from '../../ui/name-form.tsx';
import { Refused } from '../../ui/refused.tsx';
import { roleName } from '../../words/roles.ts';
import { CODE } from './texts.ts';

const words = CODE.whose;

export function Whose({
  answer,
  onEnrolled,
  onStop,
  onAgain,
}: {
  readonly answer: CodeAnswer;
  readonly onEnrolled: (enrolled: Enrolled) => void;
  readonly onStop: () => void;
  /** The question is too old by now: the code has to be typed again, or a new one. */
  readonly onAgain: () => void;
}) {
  const [device, setDevice] = useState('');
  const [unnamed, setUnnamed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const title = useId();
  const enrol = useMutation({
    mutationFn: async (name: string) => {
      const body: NewPasskey = { credential: await makePasskey(answer.options), name };
      return tell<Enrolled>('POST', 'sign-in/code/passkey', body);
    },
    onSuccess: onEnrolled,
  });
  const isOver = enrol.error instanceof HubProblem && enrol.error.status !== 0;
  return (
    <form
      className="panel stack"
      noValidate
      aria-labelledby={title}
      onSubmit={(event) => {
        event.preventDefault();
        const name = device.trim();
        setUnnamed(name === '');
        if (name === '') input.current?.focus();
        else if (!enrol.isPending) enrol.mutate(name);
      }}
    >
      <h2 id={title}>{words.title}</h2>
      <dl className="facts facts--stacked">
        <div>
          <dt>{words.name}</dt>
          <dd>{answer.name}</dd>
        </div>
        <div>
          <dt>{words.roles}</dt>
          {answer.grants.map(({ role, place, office }) => (
            <dd key={`${role} ${place}`}>{words.role(roleName(role), office)}</dd>
          ))}
        </div>
      </dl>
      <p>{words.purpose[answer.purpose]}</p>
      <Field label={words.device} hint={words.deviceHint} fault={unnamed ? words.devices : undefined}>
        {(tied) => (
          <input
            {...tied}
            ref={input}
            className="usa-input"
            maxLength={LONGEST_NAME}
            autoComplete="off"
            value={device}
            onChange={({ target }) => {
              setDevice(target.value);
              setUnnamed(false);
            }}
          />
        )}
      </Field>
      {enrol.error !== null && <Refused error={enrol.error} />}
      {isOver && <p>{CODE.again}</p>}
      <div className="buttons">
        {isOver ? (
          <button type="button" className="usa-button" onClick={onAgain}>
            {CODE.stopped.again}
          </button>
        ) : (
          <button type="submit" className="usa-button" aria-disabled={enrol.isPending}>
            {enrol.isPending ? words.waiting : words.yes}
          </button>
        )}
        <button type="button" className="usa-button usa-button--outline" onClick={onStop}>
          {words.no}
        </button>
      </div>
    </form>
  );
}
