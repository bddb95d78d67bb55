/** Which computer of which office is let in: makes the code that is read over the phone. */
import type { MadeAgentCode, NewAgentCode } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { usePlaces } from '../people/places.ts';
import { makeAgentCode } from './queries.ts';
import { AGENTS } from './texts.ts';

const words = AGENTS.make;

/** What the hub takes as the name of a computer. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?$/;

/** Longest name that the hub takes, letters. */
const LONGEST_AGENT_NAME = 40;

export function CodeForm({ onMade }: { readonly onMade: (made: MadeAgentCode, wish: NewAgentCode) => void }) {
  const places = usePlaces('agents.change');
  const [office, setOffice] = useState('');
  const [name, setName] = useState('');
  const [faults, setFaults] = useState<{ readonly office?: string; readonly name?: string }>({});
  const form = useRef<HTMLFormElement>(null);
  const make = useMutation({
    mutationFn: (wish: NewAgentCode) => withStepUp(() => makeAgentCode(wish)),
    onSuccess: (made, wish) => {
      setName('');
      onMade(made, wish);
    },
  });
  const submit = () => {
    if (make.isPending) return;
    const wish = { office, name: name.trim() };
    const found = {
      ...(office === '' ? { office: words.officeMissing } : {}),
      ...(NAME.test(wish.name) ? {} : { name: words.nameMissing }),
    };
    setFaults(found);
    const [first] = Object.keys(found);
    if (first === undefined) make.mutate(wish);
    else form.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
  };
  return (
    <Panel id="let-in" title={words.title} intro={words.intro}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Choice
          label={words.office}
          name="office"
          any={words.officeAny}
          fault={faults.office}
          value={office}
          options={places.map(({ place, name: label }) => ({
            value: place,
            label: place === 'state' ? words.state : label,
          }))}
          onChange={setOffice}
        />
        <Field label={words.name} hint={words.nameHint} fault={faults.name}>
          {(tied) => (
            <input
              {...tied}
              name="name"
              className="usa-input"
              autoComplete="off"
              spellCheck={false}
              maxLength={LONGEST_AGENT_NAME}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        {make.error !== null && <Refused error={make.error} />}
        <button type="submit" className="usa-button" aria-disabled={make.isPending}>
          {make.isPending ? words.waiting : words.button}
        </button>
      </form>
    </Panel>
  );
}
