/** One's own passkeys: what they are, adding one on this device, removing one. */
import type { PasskeyRow } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { Act } from '../../ui/act.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Table } from '../../ui/table.tsx';
import { addPasskey, removePasskey } from './queries.ts';
import { OWN } from './texts.ts';

/** Longest name of a device that the hub takes, letters. */
const LONGEST_NAME = 64;

export function Devices({
  passkeys,
  onDone,
}: {
  readonly passkeys: readonly PasskeyRow[];
  readonly onDone: (text: string) => void;
}) {
  const words = OWN.devices;
  return (
    <Panel id="passkeys" title={words.title} intro={words.intro}>
      {passkeys.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={passkeys}
          keyOf={({ id }) => id}
          columns={[
            { name: words.columns.name, cell: ({ name }) => name, heads: true },
            { name: words.columns.site, cell: ({ site }) => site },
            { name: words.columns.kept, cell: ({ backedUp }) => (backedUp ? words.cloud : words.here) },
            { name: words.columns.added, cell: ({ added }) => <Moment iso={added} /> },
            {
              name: words.columns.used,
              cell: ({ used }) => (used === null ? words.never : <Moment iso={used} />),
            },
            {
              name: words.columns.remove,
              cell: ({ id, name }) =>
                passkeys.length === 1 ? (
                  <span className="soft">{words.last}</span>
                ) : (
                  <Act
                    name={words.remove}
                    of={name}
                    says={words.removeSays(name)}
                    confirm={words.removeConfirm}
                    act={() => removePasskey(id)}
                    onDone={() => onDone(words.removed(name))}
                  />
                ),
            },
          ]}
        />
      )}
      {passkeys.length > 0 && <AddDevice onDone={onDone} />}
    </Panel>
  );
}

function AddDevice({ onDone }: { readonly onDone: (text: string) => void }) {
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useId();
  const input = useRef<HTMLInputElement>(null);
  const words = OWN.add;
  const add = useMutation({
    mutationFn: (called: string) => withStepUp(() => addPasskey(called)),
    onSuccess: (_, called) => {
      setName('');
      onDone(words.done(called));
    },
  });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (add.isPending) return;
        if (name.trim() === '') {
          setMissing(true);
          input.current?.focus();
        } else add.mutate(name.trim());
      }}
    >
      <h3>{words.title}</h3>
      <p>{words.text}</p>
      <div className="field field--whole">
        <label className="usa-label" htmlFor={field}>
          {words.name}
        </label>
        <p id={`${field}-hint`} className="hint">
          {words.hint}
        </p>
        <input
          id={field}
          ref={input}
          className="usa-input"
          autoComplete="off"
          maxLength={LONGEST_NAME}
          value={name}
          aria-invalid={missing}
          aria-describedby={missing ? `${field}-hint ${field}-error` : `${field}-hint`}
          onChange={({ target }) => {
            setName(target.value);
            setMissing(false);
          }}
        />
        {missing && (
          <p id={`${field}-error`} className="error-text" role="alert">
            {words.missing}
          </p>
        )}
      </div>
      {add.error !== null && <Refused error={add.error} />}
      <button type="submit" className="usa-button" aria-disabled={add.isPending}>
        {add.isPending ? words.waiting : words.button}
      </button>
    </form>
  );
}
