/** The lists of drills: missed, run again, caught; and series that are over. */
import type { DrillRow, DrillSeriesRow, DrillsAnswer } from '@bellwether/api';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table, Twin } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { DRILLS, OUTCOMES } from './texts.ts';

/** A drill that was missed is no less so when it was missed again: then it stands in the other list. */
export function Missed({ answer }: { readonly answer: DrillsAnswer }) {
  const { columns, ...words } = DRILLS.missed;
  const rows = answer.drills.filter(({ isCaught, repeats }) => !isCaught && repeats === null);
  return (
    <Panel id="missed" title={words.title} intro={rows.length === 0 ? undefined : words.intro}>
      {rows.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          fits={fits}
          rows={rows}
          keyOf={({ id }) => String(id)}
          columns={[
            {
              name: columns.drill,
              cell: ({ title }) => title,
              heads: true,
            },
            {
              name: columns.what,
              cell: ({ outcome, draw }) => (
                <>
                  <Outcome outcome={outcome} />
                  {draw === null && <span className="soft under">{words.chosen}</span>}
                </>
              ),
            },
            WHERE,
            { name: columns.when, cell: ({ startedAt }) => <Moment iso={startedAt} /> },
            { name: columns.how, cell: ({ id }) => <code>bellwether drill run --repeat {id}</code> },
          ]}
        />
      )}
    </Panel>
  );
}

export function Regressions({ answer: { regressions } }: { readonly answer: DrillsAnswer }) {
  const { columns, now, ...words } = DRILLS.regressions;
  return (
    <Panel id="again" title={words.title} intro={words.intro}>
      {regressions.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={regressions}
          keyOf={({ drill }) => String(drill)}
          columns={[
            { name: columns.drill, cell: ({ drill }) => DRILLS.missed.number(drill), heads: true },
            { name: columns.kind, cell: ({ title }) => title },
            {
              name: columns.now,
              cell: ({ isCaught }) =>
                isCaught === null ? (
                  now.waiting
                ) : (
                  <Sign isGood={isCaught} name={isCaught ? now.caught : now.missed} />
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

export function Caught({ answer }: { readonly answer: DrillsAnswer }) {
  const { columns, by, ...words } = DRILLS.over;
  const rows = answer.drills.filter(({ isCaught }) => isCaught);
  return (
    <Panel id="caught" title={words.title}>
      {rows.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          fits={fits}
          rows={rows}
          keyOf={({ id }) => String(id)}
          columns={[
            {
              name: columns.drill,
              cell: ({ title, repeats }) => (
                <>
                  {title}
                  {repeats !== null && <span className="soft under">{words.repeats(repeats)}</span>}
                </>
              ),
              heads: true,
            },
            {
              name: columns.what,
              cell: ({ outcome, blockedBy }) => (
                <>
                  <Sign isGood name={OUTCOMES[outcome].name} />
                  {outcome === 'blocked' && blockedBy !== null && (
                    <span className="soft under">{by[blockedBy]}</span>
                  )}
                </>
              ),
            },
            {
              name: columns.after,
              cell: ({ outcome, judged, blocked }) =>
                DRILLS.kinds.after((outcome === 'blocked' ? blocked : judged) ?? 0),
              number: true,
            },
            WHERE,
            { name: columns.when, cell: ({ startedAt }) => <Moment iso={startedAt} /> },
            { name: columns.sealed, cell: ({ logged }) => count(logged), number: true },
          ]}
        />
      )}
    </Panel>
  );
}

export function Earlier({ series }: { readonly series: readonly DrillSeriesRow[] }) {
  const { columns, ...words } = DRILLS.earlier;
  return (
    <Panel id="earlier" title={words.title} intro={words.intro}>
      <Table
        caption={words.title}
        rows={series}
        keyOf={({ number }) => String(number)}
        columns={[
          {
            name: columns.series,
            cell: ({ number, detector }) => DRILLS.series(number, detector),
            heads: true,
          },
          { name: columns.began, cell: ({ beganAt }) => <Moment iso={beganAt} /> },
          { name: columns.ended, cell: ({ endedAt }) => <Moment iso={endedAt!} /> },
          {
            name: columns.seal,
            cell: ({ seal, opened }) => (
              <>
                <code>{seal}</code>
                <Twin label={words.show}>
                  <code>{opened?.nonce}</code>
                  <code>{opened?.text}</code>
                </Twin>
              </>
            ),
            wide: true,
          },
        ]}
      />
    </Panel>
  );
}

const WHERE: Column<DrillRow> = {
  name: DRILLS.missed.columns.where,
  cell: ({ officeName, target }) => (
    <>
      {officeName}
      <span className="soft under address">{target}</span>
    </>
  ),
};

function fits({ officeName, title, target, source }: DrillRow, typed: string): boolean {
  return [officeName, title, target, source].some((text) => text.toLowerCase().includes(typed));
}

function Outcome({ outcome }: Pick<DrillRow, 'outcome'>) {
  const { name, text } = OUTCOMES[outcome];
  return (
    <>
      <Sign isGood={false} name={name} />
      <span className="soft under">{text}</span>
    </>
  );
}

/** With a mark for who sees no color. */
function Sign({ isGood, name }: { readonly isGood: boolean; readonly name: string }) {
  return (
    <span className={`sign sign--${isGood ? 'complete' : 'open'}`}>
      <span aria-hidden="true">{isGood ? '✓' : '!'}</span> {name}
    </span>
  );
}
