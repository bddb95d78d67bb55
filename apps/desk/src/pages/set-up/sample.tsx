/** Step 5: the made-up state is kept, or goes. */
import type { SetUpAnswer, SetUpSample } from '@bellwether/api';
import { useState } from 'react';
import { Ways } from '../../ui/ways.tsx';
import { StepForm } from './form.tsx';
import { useStep } from './step.ts';
import { SET_UP } from './texts.ts';

const words = SET_UP.sample;

export function SampleStep({
  answer,
  onDone,
}: {
  readonly answer: SetUpAnswer;
  readonly onDone: () => void;
}) {
  const [sample, setSample] = useState<SetUpSample['sample']>('keep');
  const step = useStep(onDone);
  if (!answer.sample) return <p>{words.none}</p>;
  const restarts = sample === 'clear';
  const body: SetUpSample = { sample };
  return (
    <StepForm
      step={step}
      save={restarts ? words.saveClear : words.saveKeep}
      restarts={restarts}
      onSubmit={() => ({ method: 'POST', path: 'set-up/sample', body, restarts })}
    >
      <Ways
        legend={words.legend}
        name="sample"
        value={sample}
        onChange={setSample}
        ways={[
          { value: 'keep', label: words.keep, hint: words.keepHint },
          { value: 'clear', label: words.clear, hint: words.clearHint },
        ]}
      />
    </StepForm>
  );
}
