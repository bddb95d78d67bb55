/** Step 2: the first administrator, and the passkey that makes the hub closed to everybody else. */
import type { CeremonyOptions, Enrolled, NewPasskey, SetUpAdministrator } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { tell } from '../../api/ask.ts';
import { makePasskey } from '../../api/passkey.ts';
import { Field } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';
import { focusFault } from './form.tsx';
import { SET_UP } from './texts.ts';

const words = SET_UP.administrator;

export function AdministratorStep({
  onEnrolled,
  onDone,
}: {
  readonly onEnrolled: (enrolled: Enrolled) => void;
  readonly onDone: () => void;
}) {
  const [name, setName] = useState('');
  const [device, setDevice] = useState('');
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const enrol = useMutation({
    mutationFn: async () => {
      const who: SetUpAdministrator = { name: name.trim() };
      const { options } = await tell<CeremonyOptions>('POST', 'set-up/administrator/options', who);
      const body: NewPasskey = { credential: await makePasskey(options), name: device.trim() };
      return tell<Enrolled>('POST', 'set-up/administrator', body);
    },
    onSuccess: (enrolled) => {
      onEnrolled(enrolled);
      onDone();
      void client.invalidateQueries();
    },
  });
  const isWhole = name.trim() !== '' && device.trim() !== '';
  return (
    <form
      ref={form}
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isWhole) focusFault(form);
        else if (!enrol.isPending) enrol.mutate();
      }}
    >
      <p>{words.why}</p>
      <Field
        label={words.name}
        hint={words.nameHint}
        fault={isTried && name.trim() === '' ? words.noName : undefined}
      >
        {(tied) => (
          <input
            {...tied}
            className="usa-input"
            maxLength={100}
            autoComplete="name"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field
        label={words.device}
        hint={words.deviceHint}
        fault={isTried && device.trim() === '' ? words.noDevice : undefined}
      >
        {(tied) => (
          <input
            {...tied}
            className="usa-input"
            maxLength={64}
            autoComplete="off"
            value={device}
            onChange={({ target }) => setDevice(target.value)}
          />
        )}
      </Field>
      {enrol.error !== null && <Refused error={enrol.error} />}
      <button type="submit" className="usa-button" aria-disabled={enrol.isPending}>
        {enrol.isPending ? words.waiting : words.save}
      </button>
    </form>
  );
}
