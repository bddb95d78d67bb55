/** What runs here, of when the numbers are, and whether they still move. */
import { useQuery } from '@tanstack/react-query';
import type { Line } from '../api/live.ts';
import { todayQuery } from '../api/queries.ts';
import { Moment } from '../ui/moment.tsx';
import { FRAME } from './texts.ts';

export function Footer({ line }: { readonly line: Line }) {
  const { data } = useQuery(todayQuery);
  return (
    <footer className="foot">
      <div className="wide foot__row">
        <p role="status" className={`line line--${line}`}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            {line === 'lost' ? <path d="M2 2l8 8M10 2l-8 8" /> : <circle cx="6" cy="6" r="4" />}
          </svg>
          {FRAME.line[line]}
        </p>
        {data !== undefined && (
          <p>
            {FRAME.asOf} <Moment iso={data.asOf} how="full" />
          </p>
        )}
        <p>
          {FRAME.version} {BELLWETHER_VERSION}
        </p>
      </div>
    </footer>
  );
}
