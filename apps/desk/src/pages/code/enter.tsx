/** The field for the code: digits are grouped while they are typed, a slip is told before an attempt is spent on it. */
import type { CodeAnswer, CodeEntry } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { tell } from '../../api/ask.ts';
import { Field } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';
import { CODE } from './texts.ts';
import { type CodeKind, faultOf, grouped, kindOf } from './typing.ts';

const words = CODE.enter;

/** Room for any spelling of a code. */
const LONGEST = 64;

export function EnterCode({ onAnswer }: { readonly onAnswer: (answer: CodeAnswer) => void }) {
  const [kind, setKind] = useState<CodeKind>('phone');
  const [text, setText] = useState('');
  const [fault, setFault] = useState<ReturnType<typeof faultOf>>();
  const input = useRef<HTMLInputElement>(null);
  const cursor = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    const at = cursor.current;
    cursor.current = undefined;
    if (at !== undefined && document.activeElement === input.current)
      input.current?.setSelectionRange(at, at);
  });
  const enter = useMutation({
    mutationFn: (body: CodeEntry) => tell<CodeAnswer>('POST', 'sign-in/code', body),
    onSuccess: onAnswer,
  });
  const type = (target: HTMLInputElement) => {
    const typed = { text: target.value, cursor: target.selectionStart ?? target.value.length };
    // Who pastes a whole code need not say which it is.
    const sort = kindOf(typed.text) ?? kind;
    setKind(sort);
    const shown = grouped(sort, typed);
    cursor.current = shown.cursor;
    setText(shown.text);
    setFault(undefined);
  };
  return (
    <form
      className="panel stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = faultOf(kind, text);
        setFault(found);
        if (found !== undefined) input.current?.focus();
        else if (!enter.isPending) enter.mutate({ code: text.trim() });
      }}
    >
      <Field
        label={words.field[kind]}
        hint={words.hint[kind]}
        fault={fault === undefined ? undefined : words.faults[kind][fault]}
      >
        {(tied) => (
          <input
            {...tied}
            ref={input}
            className={`usa-input code-input code-input--${kind}`}
            type="text"
            inputMode={kind === 'printed' ? 'text' : 'numeric'}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={LONGEST}
            value={text}
            onChange={({ target }) => type(target)}
          />
        )}
      </Field>
      {enter.error !== null && <Refused error={enter.error} />}
      <button type="submit" className="usa-button" aria-disabled={enter.isPending}>
        {enter.isPending ? words.checking : words.button}
      </button>
      <button
        type="button"
        className="usa-button usa-button--unstyled"
        onClick={() => {
          setKind(kind === 'phone' ? 'printed' : 'phone');
          setText('');
          setFault(undefined);
          input.current?.focus();
        }}
      >
        {words.other[kind]}
      </button>
    </form>
  );
}
