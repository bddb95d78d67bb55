/** Step 1: what the state is called, and in which zone its days are. */
import type { SetUpAnswer, SetUpState } from '@bellwether/api';
import { useState } from 'react';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { StepForm } from './form.tsx';
import { useStep } from './step.ts';
import { SET_UP } from './texts.ts';
import { zonesWith } from './zones.ts';

const words = SET_UP.state;

export function StateStep({
  answer: { state },
  onDone,
}: {
  readonly answer: SetUpAnswer;
  readonly onDone: () => void;
}) {
  const [name, setName] = useState(state.name ?? '');
  const [zone, setZone] = useState(state.zone);
  const [isTried, setTried] = useState(false);
  const step = useStep(onDone);
  const restarts = zone !== state.zone;
  const fault = isTried && name.trim().length < 2 ? words.noName : undefined;
  return (
    <StepForm
      step={step}
      save={words.save}
      restarts={restarts}
      onSubmit={() => {
        setTried(true);
        const body: SetUpState = { name: name.trim(), zone };
        return body.name.length < 2 ? undefined : { method: 'PUT', path: 'set-up/state', body, restarts };
      }}
    >
      <Field label={words.name} hint={words.nameHint} fault={fault}>
        {(tied) => (
          <input
            {...tied}
            className="usa-input"
            maxLength={64}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Choice
        label={words.zone}
        hint={words.zoneHint}
        options={zonesWith(state.zone).map((one) => ({ value: one.zone, label: one.name }))}
        value={zone}
        onChange={setZone}
      />
    </StepForm>
  );
}
