/** What got through, and what needs a person: each with what to do. */
import type { Incident, TodayAnswer } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { IncidentCard } from '../../ui/incident.tsx';
import { Panel } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { TODAY } from './texts.ts';

/** Cards on this page: what one person can start on this morning. The others are one link away. */
const MOST_CARDS = 3;

export function CameThrough({ today }: { readonly today: TodayAnswer }) {
  const { came } = TODAY;
  return (
    <Panel id="came" title={came.title}>
      {today.through.length === 0 ? (
        <div className="nothing">
          <p className="strong">{came.none}</p>
          <p>{came.noneNote}</p>
        </div>
      ) : (
        <Cards incidents={today.through} total={today.through.length} />
      )}
    </Panel>
  );
}

export function NeedsPerson({ today }: { readonly today: TodayAnswer }) {
  const { needs } = TODAY;
  return (
    <Panel
      id="needs"
      title={needs.title}
      aside={today.needsPersonTotal > 0 && <p className="count-mark">{count(today.needsPersonTotal)}</p>}
    >
      {today.needsPerson.length === 0 ? (
        <div className="nothing">
          <p className="strong">{needs.none}</p>
          <p>{needs.noneNote}</p>
        </div>
      ) : (
        <Cards incidents={today.needsPerson} total={today.needsPersonTotal} />
      )}
    </Panel>
  );
}

function Cards({ incidents, total }: { readonly incidents: readonly Incident[]; readonly total: number }) {
  return (
    <>
      <ul className="cards">
        {incidents.slice(0, MOST_CARDS).map((incident) => (
          <li key={incident.id}>
            <IncidentCard incident={incident} />
          </li>
        ))}
      </ul>
      {total > MOST_CARDS && (
        <p>
          <Link to="/incidents">{TODAY.needs.all(count(total))}</Link>
        </p>
      )}
    </>
  );
}
