/** Drills: what may be said, what was missed first, how bad it can still be, and the list of what was missed once. */
import type { DrillsAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/me.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { Caught, Earlier, Missed, Regressions } from './lists.tsx';
import { OverTime } from './over-time.tsx';
import { drillsQuery } from './queries.ts';
import { DRILLS } from './texts.ts';

export function Drills() {
  return (
    <>
      <PageHead title={DRILLS.title}>
        <p>{DRILLS.intro}</p>
      </PageHead>
      <Loaded query={useQuery(drillsQuery)}>{(answer) => <All answer={answer} />}</Loaded>
    </>
  );
}

function All({ answer }: { readonly answer: DrillsAnswer }) {
  return (
    <>
      <Spoken answer={answer} />
      <Missed answer={answer} />
      <OverTime days={answer.overTime} />
      <Kinds kinds={answer.kinds} />
      <Regressions answer={answer} />
      <Caught answer={answer} />
      <Schedule answer={answer} />
      {answer.earlier.length > 0 && <Earlier series={answer.earlier} />}
    </>
  );
}

function Spoken({ answer: { sentence, series, score, waiting, notRun } }: { readonly answer: DrillsAnswer }) {
  const after = [
    ...(series === null ? [] : [DRILLS.series(series.number, series.detector)]),
    ...(score.notRecorded === 0 ? [] : [DRILLS.notRecorded(score.notRecorded)]),
    ...(waiting === 0 ? [] : [DRILLS.waiting(waiting)]),
    ...(notRun === 0 ? [] : [DRILLS.notRun(notRun)]),
  ];
  return (
    <div className={`spoken spoken--${score.missed > 0 || score.drills === 0 ? 'care' : 'calm'}`}>
      <p className="spoken__lead">{sentence}</p>
      {after.map((one) => (
        <p key={one} className="spoken__after">
          {one}
        </p>
      ))}
    </div>
  );
}

function Kinds({ kinds }: { readonly kinds: DrillsAnswer['kinds'] }) {
  const { columns, ...words } = DRILLS.kinds;
  return (
    <Panel id="kinds" title={words.title} intro={words.intro}>
      {kinds.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={kinds}
          keyOf={({ kind }) => kind}
          columns={[
            { name: columns.kind, cell: ({ title }) => title, heads: true },
            { name: columns.drills, cell: ({ drills }) => count(drills), number: true },
            { name: columns.missed, cell: ({ missed }) => count(missed), number: true },
            {
              name: columns.median,
              cell: ({ median }) => (median === null ? words.never : words.after(median)),
              number: true,
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Schedule({ answer: { mostPerDay, pausedFor } }: { readonly answer: DrillsAnswer }) {
  const words = DRILLS.schedule;
  const mayReadLog = useMay('evidence.read');
  return (
    <Panel id="schedule" title={words.title}>
      {pausedFor !== null && <p className="strong">{words.paused(pausedFor)}</p>}
      <p>
        {words.most(mostPerDay)} {words.rests}
      </p>
      {mayReadLog && (
        <p>
          <Link to="/evidence/log">{words.log}</Link>
        </p>
      )}
    </Panel>
  );
}
