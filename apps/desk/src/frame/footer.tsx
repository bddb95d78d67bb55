/** What runs here, of when the numbers are, whether they still move; and the switch of colors. */
import type { Line } from '../api/live.ts';
import { Moment } from '../ui/moment.tsx';
import { useDay } from './day.ts';
import { useLook } from './look.ts';
import { FRAME } from './texts.ts';

export function Footer({ line }: { readonly line: Line | undefined }) {
  const day = useDay();
  const [look, turn] = useLook();
  return (
    <footer className="foot">
      <div className="wide foot__row">
        {line !== undefined && (
          <p role="status" className={`line line--${line}`}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              {line === 'lost' ? <path d="M2 2l8 8M10 2l-8 8" /> : <circle cx="6" cy="6" r="4" />}
            </svg>
            {FRAME.line[line]}
          </p>
        )}
        {day !== undefined && (
          <p>
            {FRAME.asOf} <Moment iso={day.asOf} how="full" />
          </p>
        )}
        <button type="button" className="foot__look" onClick={turn}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="7.5" />
            <path d="M10 2.5a7.5 7.5 0 0 1 0 15z" />
          </svg>
          <span>{look === 'dark' ? FRAME.look.light : FRAME.look.dark}</span>
        </button>
        <p>
          {FRAME.version} {BELLWETHER_VERSION}
        </p>
      </div>
    </footer>
  );
}
