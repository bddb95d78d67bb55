/** Lines above every page: what the numbers are, that the hub is not set up yet, and that an administrator waits for another. */
import type { MeAnswer } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { useDay } from './day.ts';
import { FRAME } from './texts.ts';

const words = FRAME.lines;

export function Lines({ me }: { readonly me: MeAnswer }) {
  const day = useDay();
  return (
    <>
      {me.needsSetUp && me.who === 'machine' && (
        <aside className="quiet-line" aria-label={words.setUpLabel}>
          <p className="wide">
            {words.setUp} <Link to="/set-up">{words.setUpLink}</Link>
          </p>
        </aside>
      )}
      {day?.sample === true && (
        <aside className="sample-line" aria-label={FRAME.sampleLabel}>
          <p className="wide">{FRAME.sample}</p>
        </aside>
      )}
      {me.recoveriesWaiting > 0 && (
        <aside className="quiet-line quiet-line--care" aria-label={words.recoveryLabel}>
          <p className="wide">
            {words.recovery(me.recoveriesWaiting)} <Link to="/people">{words.recoveryLink}</Link>
          </p>
        </aside>
      )}
    </>
  );
}
