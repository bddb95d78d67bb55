/** The dialog that asks for the passkey once more, where an act needs it. Drawn in the frame, over every page. */
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { askingNow, watchAsking } from '../api/step-up.ts';

/** Most people never see it: it is fetched when it is needed. */
const Dialog = lazy(async () => ({ default: (await import('./step-up-dialog.tsx')).StepUpDialog }));

export function StepUp() {
  const asking = useSyncExternalStore(watchAsking, askingNow);
  if (asking === undefined) return null;
  return (
    <Suspense>
      <Dialog asking={asking} />
    </Suspense>
  );
}
