/** One step is done: the hub is told, with the passkey where it wants that, and waited for where it starts again. */
import type { SetUpAnswer } from '@bellwether/api';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { tell } from '../../api/ask.ts';
import { withStepUp } from '../../api/step-up.ts';
import { afterRestart } from './restart.ts';

/** What a step sends. */
export type StepWish = {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: unknown;
  /** Whether the hub starts again after it. */
  readonly restarts: boolean;
};

/** Sends steps. What the hub says of the set-up afterwards is shown at once; everything else is asked anew. */
export function useStep(onDone: () => void): UseMutationResult<SetUpAnswer, Error, StepWish> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ method, path, body, restarts }: StepWish) => {
      const answer = await withStepUp(() => tell<SetUpAnswer>(method, path, body));
      return restarts ? await afterRestart() : answer;
    },
    onSuccess: (answer) => {
      client.setQueryData(['set-up'], answer);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'set-up' });
      onDone();
    },
  });
}
