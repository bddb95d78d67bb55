/** Saves the trail as a file; the passkey is asked for first, since the file leaves the hub. */
import { useMutation } from '@tanstack/react-query';
import { withStepUp } from '../../api/step-up.ts';
import { giveAway } from '../../ui/give-away.ts';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { trailFile } from './queries.ts';
import { TRAIL } from './texts.ts';

export function SaveTrail() {
  const words = TRAIL.export;
  const save = useMutation({
    mutationFn: () => withStepUp(trailFile),
    onSuccess: ({ file, name }) => giveAway(file, name),
  });
  return (
    <Panel id="save" title={words.title}>
      <p>{words.text}</p>
      <div className="buttons panel__acts">
        <button
          type="button"
          className="usa-button usa-button--outline"
          aria-disabled={save.isPending}
          onClick={() => save.isPending || save.mutate()}
        >
          {save.isPending ? words.waiting : words.button}
        </button>
      </div>
      <p role="status">{save.isSuccess ? words.done : ''}</p>
      {save.error !== null && <Refused error={save.error} />}
    </Panel>
  );
}
