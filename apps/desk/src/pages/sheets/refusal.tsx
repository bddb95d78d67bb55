/** Refusing the changes that were marked, with a reason. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { SHORTEST_REASON } from '../../ui/act-texts.ts';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { refuseOnSheet, type SheetRef } from './queries.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.refusal;

/** Longest reason that the hub takes with a refusal, letters. */
const LONGEST_WHY = 300;

export function Refusal({
  of,
  records,
  onDone,
}: {
  readonly of: SheetRef;
  /** Numbers of what was marked. */
  readonly records: readonly string[];
  readonly onDone: () => void;
}) {
  const [why, setWhy] = useState('');
  const [missing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const refuse = useMutation({
    mutationFn: () => withStepUp(() => refuseOnSheet(of, { records: [...records], why: why.trim() })),
    onSuccess: onDone,
  });
  const submit = () => {
    if (refuse.isPending) return;
    if (why.trim().length >= SHORTEST_REASON) return refuse.mutate();
    setMissing(true);
    form.current?.querySelector('textarea')?.focus();
  };
  return (
    <Panel id="refusal" title={words.title(records.length)} intro={words.text}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={words.why} hint={words.whyHint} fault={missing ? words.whyMissing : undefined}>
          {(tied) => (
            <textarea
              {...tied}
              className="usa-input text-area text-area--short"
              rows={2}
              maxLength={LONGEST_WHY}
              value={why}
              onChange={({ target }) => {
                setWhy(target.value);
                setMissing(false);
              }}
            />
          )}
        </Field>
        {refuse.error !== null && <Refused error={refuse.error} />}
        <div>
          <button type="submit" className="usa-button" aria-disabled={refuse.isPending}>
            {refuse.isPending ? words.waiting : words.button}
          </button>
        </div>
      </form>
    </Panel>
  );
}
