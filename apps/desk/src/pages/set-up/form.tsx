/** What the forms of the steps have in common: one button, what is wrong, and the wait while the hub starts again. */
import type { SetUpAnswer } from '@bellwether/api';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { Refused } from '../../ui/refused.tsx';
import type { StepWish } from './step.ts';
import { SET_UP } from './texts.ts';

export function StepForm({
  step,
  save,
  restarts,
  onSubmit,
  children,
}: {
  readonly step: UseMutationResult<SetUpAnswer, Error, StepWish>;
  /** On the button. */
  readonly save: string;
  readonly restarts: boolean;
  /** What to send; undefined if something is wrong with the fields, which they say themselves. */
  readonly onSubmit: () => StepWish | undefined;
  readonly children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={form}
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (step.isPending) return;
        const wish = onSubmit();
        if (wish !== undefined) step.mutate(wish);
        else focusFault(form);
      }}
    >
      {children}
      {step.error !== null && <Refused error={step.error} />}
      {step.isPending && restarts && (
        <p className="notice" role="status">
          {SET_UP.restarting}
        </p>
      )}
      <button type="submit" className="usa-button" aria-disabled={step.isPending}>
        {step.isPending ? SET_UP.saving : save}
      </button>
    </form>
  );
}

/** The first field with a fault gets the focus, once it is drawn as one. */
export function focusFault(form: { readonly current: HTMLFormElement | null }): void {
  requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
