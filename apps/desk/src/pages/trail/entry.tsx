/** One entry: a sentence, when and why, and what changed. */
import type { TrailRow } from '@bellwether/api';
import { Moment, useZone } from '../../ui/moment.tsx';
import type { Names } from '../people/names.ts';
import { type Change, changesOf } from './difference.ts';
import { sentenceOf } from './sentence.ts';
import { TRAIL } from './texts.ts';

export function Entry({
  entry,
  names,
  place,
}: {
  readonly entry: TrailRow;
  readonly names: Names;
  /** Name of the place that it belongs to. */
  readonly place: string;
}) {
  const changes = changesOf(entry.before, entry.after, useZone());
  return (
    <li className="entry">
      <p className="entry__what">
        <span className="strong">{entry.who === 'machine' ? TRAIL.machine : entry.name}</span>{' '}
        {sentenceOf(entry, names)}.
      </p>
      {entry.why !== null && (
        <p>
          <span className="soft">{TRAIL.why}: </span>
          {entry.why}
        </p>
      )}
      <p className="entry__facts">
        <Moment iso={entry.at} how="full" /> · {place} · {TRAIL.number(entry.number)}
        {entry.origin !== null && (
          <>
            {' · '}
            {TRAIL.from} <span className="address">{entry.origin}</span>
          </>
        )}
      </p>
      {changes.length > 0 && (
        <details className="twin entry__changes">
          <summary>
            {TRAIL.changes}
            <span className="unseen">
              : {TRAIL.number(entry.number)}, {entry.name}
            </span>
          </summary>
          <dl className="changes">
            {changes.map((change) => (
              <Difference key={change.name} change={change} isOver={entry.after === null} />
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Difference({
  change: { name, before, after },
  isOver,
}: {
  readonly change: Change;
  /** There is nothing after it: what was before has ended. */
  readonly isOver: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      {before !== undefined && (
        <dd>
          <span className="soft">{TRAIL.before}</span> <del>{before}</del>
        </dd>
      )}
      {!isOver && (
        <dd>
          {before !== undefined && <span className="soft">{TRAIL.after} </span>}
          {after === undefined ? <span className="soft">{TRAIL.nothing}</span> : <ins>{after}</ins>}
        </dd>
      )}
    </div>
  );
}
