/**
 * Acts that open doors need the passkey once more. The hub refuses them with `AUTH_STEP_UP`; then the passkey is asked for in
 * a dialog (frame/step-up.tsx), and the act is done again.
 */
import { HubProblem } from './ask.ts';

/** What the hub says where the passkey has to be shown again. */
export const STEP_UP_CODE = 'AUTH_STEP_UP';

/** A dialog that waits for the passkey, and hears how it ended. */
export type Asking = { readonly shown: () => void; readonly left: () => void };

let asking: (Asking & { readonly end: Promise<boolean> }) | undefined;
const watchers = new Set<() => void>();

/** Does it; where the hub wants the passkey first, asks for it and does it again. Who leaves the dialog has done nothing. */
export async function withStepUp<Answer>(action: () => Promise<Answer>): Promise<Answer> {
  const focused = document.activeElement;
  try {
    return await action();
  } catch (error) {
    if (!isStepUp(error)) throw error;
  }
  try {
    if (!(await askForPasskey())) throw new HubProblem(0, NOT_SHOWN);
    return await action();
  } finally {
    giveFocusBack(focused);
  }
}

/** Whether the hub wants the passkey once more. */
export function isStepUp(error: unknown): boolean {
  return error instanceof HubProblem && error.problem.code === STEP_UP_CODE;
}

/** For the dialog: what waits for a passkey now. */
export function askingNow(): Asking | undefined {
  return asking;
}

/** For the dialog: tells when that changes, until the returned function is called. */
export function watchAsking(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Acts that wait at the same time share one dialog. */
function askForPasskey(): Promise<boolean> {
  if (asking === undefined) {
    let settle: (shown: boolean) => void = () => {};
    const end = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const finish = (shown: boolean) => {
      asking = undefined;
      settle(shown);
      for (const watcher of watchers) watcher();
    };
    asking = { end, shown: () => finish(true), left: () => finish(false) };
    for (const watcher of watchers) watcher();
  }
  return asking.end;
}

/** A button that was disabled while the hub was asked has lost the focus: it gets it back once it is drawn as usable again. */
function giveFocusBack(to: Element | null): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body || !(to instanceof HTMLElement)) return;
      if (to.isConnected) to.focus();
    }),
  );
}

const NOT_SHOWN = {
  code: 'PASSKEY_NOT_SHOWN',
  message: 'Nothing was changed, because the passkey was not shown.',
  help: 'Do it again, and show your passkey when you are asked.',
};
