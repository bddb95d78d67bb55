/** The digits that a caller reads out, and what came of them in plain words. */
import type { AppealAnswer, NewAppeal } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { LONGEST_REASON } from '../../ui/act-texts.ts';
import { Done } from '../../ui/done.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { letIn } from './queries.ts';
import { APPEALS } from './texts.ts';

const words = APPEALS.caller;

/** Longest text of digits that the hub takes. */
const LONGEST_CODE = 100;

/** Fewest digits of a code: those of an IPv4 address. What else is wrong with them, the hub says. */
const FEWEST_DIGITS = 12;

export function Caller({ onAnswer }: { readonly onAnswer: () => void }) {
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const [answer, setAnswer] = useState<AppealAnswer>();
  const field = useRef<HTMLInputElement>(null);
  const ask = useMutation({
    mutationFn: (appeal: NewAppeal) => letIn(appeal),
    onSuccess: (given) => {
      setAnswer(given);
      setCode('');
      setNote('');
      onAnswer();
    },
  });
  const submit = () => {
    if (ask.isPending) return;
    setAnswer(undefined);
    const isShort = code.replaceAll(/\D/g, '').length < FEWEST_DIGITS;
    setMissing(isShort);
    if (isShort) field.current?.focus();
    else ask.mutate({ code, ...(note.trim() === '' ? {} : { note: note.trim() }) });
  };
  return (
    <Panel id="caller" title={words.title} intro={words.intro}>
      {answer !== undefined && <Told answer={answer} />}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={words.code} hint={words.codeHint} fault={missing ? words.codeMissing : undefined}>
          {(tied) => (
            <input
              {...tied}
              ref={field}
              className="usa-input"
              inputMode="numeric"
              autoComplete="off"
              maxLength={LONGEST_CODE}
              value={code}
              onChange={({ target }) => {
                setCode(target.value);
                setMissing(false);
              }}
            />
          )}
        </Field>
        <Field label={words.note} hint={words.noteHint}>
          {(tied) => (
            <input
              {...tied}
              className="usa-input"
              autoComplete="off"
              maxLength={LONGEST_REASON}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          )}
        </Field>
        {ask.error !== null && <Refused error={ask.error} />}
        <button type="submit" className="usa-button" aria-disabled={ask.isPending}>
          {ask.isPending ? words.waiting : words.button}
        </button>
      </form>
    </Panel>
  );
}

/** Only who was let in is good news: everything else asks for something. */
function Told({ answer: { outcome, network } }: { readonly answer: AppealAnswer }) {
  const text = words.outcomes[outcome](network);
  if (outcome === 'let-in') return <Done>{text}</Done>;
  return (
    <div className="notice" role="status">
      <p>{text}</p>
    </div>
  );
}
