/** Asks for the passkey: one button that shows it, one that leaves. Escape leaves, too; the focus goes back where it was. */
import type { CeremonyOptions } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { tell } from '../api/ask.ts';
import { showPasskey } from '../api/passkey.ts';
import type { Asking } from '../api/step-up.ts';
import { Refused } from '../ui/refused.tsx';
import { FRAME } from './texts.ts';

const words = FRAME.stepUp;

export function StepUpDialog({ asking }: { readonly asking: Asking }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const show = useMutation({
    mutationFn: async () => {
      const { options } = await tell<CeremonyOptions>('POST', 'step-up/options', {});
      await tell('POST', 'step-up', { credential: await showPasskey(options) });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['me'] });
      asking.shown();
    },
  });
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="step-up-title"
      aria-describedby="step-up-text"
      onCancel={(event) => {
        event.preventDefault();
        asking.left();
      }}
    >
      <h2 id="step-up-title">{words.title}</h2>
      <p id="step-up-text">{words.text}</p>
      {show.error !== null && <Refused error={show.error} />}
      <div className="buttons">
        <button
          type="button"
          className="usa-button"
          aria-disabled={show.isPending}
          onClick={() => show.isPending || show.mutate()}
        >
          {show.isPending ? words.waiting : words.show}
        </button>
        <button type="button" className="usa-button usa-button--outline" onClick={() => asking.left()}>
          {words.leave}
        </button>
      </div>
    </dialog>
  );
}
