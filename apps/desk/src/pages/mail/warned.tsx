/** A vendor, an agency or another state warned of a link or a file: for people of the state. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useDone } from '../../ui/done.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { indicate } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.warned;

/** A SHA-256 of a file, as programs print it. */
const SHA256 = /^[0-9a-f]{64}$/i;

export function Warned({ onDone }: { readonly onDone: () => void }) {
  const [value, setValue] = useState('');
  const [why, setWhy] = useState('');
  const [faults, setFaults] = useState<{ readonly value?: string; readonly why?: string }>({});
  const [notice, say] = useDone();
  const what = useRef<HTMLInputElement>(null);
  const reason = useRef<HTMLInputElement>(null);
  const saying = useMutation({
    mutationFn: () =>
      indicate({ kind: SHA256.test(value.trim()) ? 'file' : 'link', value: value.trim(), why }),
    onSuccess: () => {
      setValue('');
      setWhy('');
      say(words.done);
      onDone();
    },
  });
  const submit = () => {
    if (saying.isPending) return;
    const wrong = {
      ...(value.trim() === '' ? { value: words.missing } : {}),
      ...(why.trim() === '' ? { why: words.whyMissing } : {}),
    };
    setFaults(wrong);
    if (wrong.value !== undefined) what.current?.focus();
    else if (wrong.why !== undefined) reason.current?.focus();
    else saying.mutate();
  };
  return (
    <Panel id="warned" title={words.title} intro={words.intro}>
      {notice}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={words.value} hint={words.valueHint} fault={faults.value}>
          {(tied) => (
            <input
              {...tied}
              ref={what}
              className="usa-input"
              maxLength={2_000}
              spellCheck={false}
              autoComplete="off"
              value={value}
              onChange={({ target }) => {
                setValue(target.value);
                setFaults({});
              }}
            />
          )}
        </Field>
        <Field label={words.why} hint={words.whyHint} fault={faults.why}>
          {(tied) => (
            <input
              {...tied}
              ref={reason}
              className="usa-input"
              maxLength={400}
              autoComplete="off"
              value={why}
              onChange={({ target }) => {
                setWhy(target.value);
                setFaults({});
              }}
            />
          )}
        </Field>
        {saying.error !== null && <Refused error={saying.error} />}
        <button type="submit" className="usa-button" aria-disabled={saying.isPending}>
          {words.button}
        </button>
      </form>
    </Panel>
  );
}
