/** A form that makes something as soon as it has a name: one field, one button. */
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { withStepUp } from '../api/step-up.ts';
import { Field } from './field.tsx';
import { Refused } from './refused.tsx';

/** Longest name that the hub takes of a passkey and of a key, letters. */
export const LONGEST_NAME = 64;

export type NameWords = {
  /** Of the field. */
  readonly name: string;
  readonly hint: string;
  /** Said where the field is empty. */
  readonly missing: string;
  readonly button: string;
  readonly waiting: string;
};

export function NameForm<Made>({
  words,
  act,
  onDone,
  isReady = () => true,
  children,
}: {
  readonly words: NameWords;
  readonly act: (name: string) => Promise<Made>;
  readonly onDone: (name: string, made: Made) => void;
  /** Whether the fields of `children` are right; asked for before anything is sent. */
  readonly isReady?: () => boolean;
  /** What it is for, above the field. */
  readonly children?: ReactNode;
}) {
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const done = useMutation({
    mutationFn: (called: string) => withStepUp(() => act(called)),
    onSuccess: (made, called) => {
      setName('');
      onDone(called, made);
    },
  });
  return (
    <form
      className="stack stack--after"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (done.isPending) return;
        if (name.trim() === '') {
          setMissing(true);
          input.current?.focus();
        } else if (isReady()) done.mutate(name.trim());
      }}
    >
      {children}
      <Field label={words.name} hint={words.hint} fault={missing ? words.missing : undefined}>
        {(tied) => (
          <input
            {...tied}
            ref={input}
            className="usa-input"
            autoComplete="off"
            maxLength={LONGEST_NAME}
            value={name}
            onChange={({ target }) => {
              setName(target.value);
              setMissing(false);
            }}
          />
        )}
      </Field>
      {done.error !== null && <Refused error={done.error} />}
      <button type="submit" className="usa-button" aria-disabled={done.isPending}>
        {done.isPending ? words.waiting : words.button}
      </button>
    </form>
  );
}
