/** An act that cannot be taken back: a button that first says what will happen, and asks for what has to be known, mostly why. */
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { withStepUp } from '../api/step-up.ts';
import { ACT, LONGEST_REASON, SHORTEST_REASON } from './act-texts.ts';
import { Field } from './field.tsx';
import { Refused } from './refused.tsx';

/** What is to be written before it is done. */
export type ActField = {
  readonly hint: string;
  /** Said where it is not enough. */
  readonly missing: string;
  readonly isEnough: (text: string) => boolean;
  readonly rows: number;
  readonly longest: number;
};

/** A reason: most acts ask for one. */
const REASON: ActField = {
  hint: ACT.whyHint,
  missing: ACT.whyMissing,
  isEnough: (text) => text.length >= SHORTEST_REASON,
  rows: 2,
  longest: LONGEST_REASON,
};

export type ActProps = {
  /** On the button that opens it. */
  readonly name: string;
  /** Of what, for who hears the button alone. */
  readonly of: string;
  /** What will happen. */
  readonly says: string;
  /** What to ask for; without it, nothing is asked for. */
  readonly why?: string;
  /** What is asked for, if it is no reason. */
  readonly field?: ActField;
  /** On the button that does it. */
  readonly confirm: string;
  readonly act: (why: string) => Promise<unknown>;
  readonly onDone: () => void;
};

export function Act(props: ActProps) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  useEffect(() => {
    // Who leaves goes on where they were; after the act, the page says where it goes on.
    if (left.current && !open) opener.current?.focus();
    left.current = false;
  }, [open]);
  if (open) {
    return (
      <Asked
        {...props}
        onLeave={() => {
          left.current = true;
          setOpen(false);
        }}
        onSuccess={() => setOpen(false)}
      />
    );
  }
  return (
    <button
      type="button"
      ref={opener}
      className="usa-button usa-button--outline"
      aria-label={`${props.name}: ${props.of}`}
      onClick={() => setOpen(true)}
    >
      {props.name}
    </button>
  );
}

function Asked({
  name,
  of,
  says,
  why: question,
  field = REASON,
  confirm,
  act,
  onDone,
  onLeave,
  onSuccess,
}: ActProps & { readonly onLeave: () => void; readonly onSuccess: () => void }) {
  const [why, setWhy] = useState('');
  const [missing, setMissing] = useState(false);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = form.current?.querySelector('textarea');
    (field ?? form.current)?.focus();
  }, []);
  const done = useMutation({
    mutationFn: () => withStepUp(() => act(why.trim())),
    onSuccess: () => {
      onSuccess();
      onDone();
    },
  });
  const submit = () => {
    if (done.isPending) return;
    if (question !== undefined && !field.isEnough(why.trim())) {
      setMissing(true);
      form.current?.querySelector('textarea')?.focus();
      return;
    }
    done.mutate();
  };
  return (
    <form
      ref={form}
      className="act"
      aria-label={`${name}: ${of}`}
      aria-describedby={`${id}-says`}
      tabIndex={-1}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onLeave();
      }}
    >
      <p id={`${id}-says`}>{says}</p>
      {question !== undefined && (
        <Field label={question} hint={field.hint} fault={missing ? field.missing : undefined}>
          {(tied) => (
            <textarea
              {...tied}
              className="usa-input text-area text-area--short"
              rows={field.rows}
              maxLength={field.longest}
              value={why}
              aria-describedby={`${id}-says ${tied['aria-describedby']}`}
              onChange={({ target }) => {
                setWhy(target.value);
                setMissing(false);
              }}
            />
          )}
        </Field>
      )}
      {done.error !== null && <Refused error={done.error} />}
      <div className="buttons">
        <button type="submit" className="usa-button" aria-disabled={done.isPending}>
          {done.isPending ? ACT.waiting : confirm}
        </button>
        <button type="button" className="usa-button usa-button--outline" onClick={onLeave}>
          {ACT.leave}
        </button>
      </div>
    </form>
  );
}
