/** Takes the proof of an entry away as a file, by its number. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { giveAway } from '../../ui/give-away.ts';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { entryOf, proofFile } from './proof-file.ts';
import { LOG } from './texts.ts';

const words = LOG.proof;

export function Proof({
  published,
}: {
  /** Entries that are published; decimal. */ readonly published: string;
}) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const save = useMutation({ mutationFn: proofFile, onSuccess: ({ file, name }) => giveAway(file, name) });
  if (published === '0') {
    return (
      <Panel id="proof" title={words.title} intro={words.text}>
        <p className="nothing">{words.none}</p>
      </Panel>
    );
  }
  const last = String(BigInt(published) - 1n);
  const submit = () => {
    if (save.isPending) return;
    const entry = entryOf(typed, published);
    if (entry !== undefined) return save.mutate(entry);
    setFault(words.wrong(last));
    input.current?.focus();
  };
  return (
    <Panel id="proof" title={words.title} intro={words.text}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={words.label} hint={words.hint(last)} fault={fault}>
          {(tied) => (
            <input
              {...tied}
              ref={input}
              className="usa-input"
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={({ target }) => {
                setTyped(target.value);
                setFault(undefined);
              }}
            />
          )}
        </Field>
        <div>
          <button type="submit" className="usa-button" aria-disabled={save.isPending}>
            {save.isPending ? words.waiting : words.button}
          </button>
        </div>
        <p role="status">{save.isSuccess ? words.done : ''}</p>
        {save.error !== null && <Refused error={save.error} />}
      </form>
    </Panel>
  );
}
