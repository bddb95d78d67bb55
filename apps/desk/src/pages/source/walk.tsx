/** The walk of a source's likelihood, as a chart with lines to be crossed, and as a table. */
import type { SourceAnswer } from '@bellwether/api';
import { layOut, WALK } from '../../charts/walk.ts';
import { Moment, useZone } from '../../ui/moment.tsx';
import { OfficeName } from '../../ui/office-name.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table, Twin } from '../../ui/table.tsx';
import { DispositionTag } from '../../ui/tag.tsx';
import { GROUPS, type Group } from '../../words/dispositions.ts';
import { exactMoment, odds, shortMoment } from '../../words/formats.ts';
import { SOURCE } from './texts.ts';

/** Contacts in the table: the newest; all of them can be searched and saved on the page Contacts. */
const MOST_ROWS = 200;

/** Shapes of points by group, around 0,0: they differ without color. */
const SHAPES: Readonly<Record<Group['key'], string>> = {
  stopped: 'M-3.5-3.5l7 7M3.5-3.5l-7 7',
  served: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  known: 'M-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z',
  open: 'M-4-4h8v8h-8z',
  through: 'M0-6l6 6-6 6-6-6z',
};

export function WalkPanel({ answer }: { readonly answer: SourceAnswer }) {
  const words = SOURCE.walk;
  return (
    <Panel id="walk" title={words.title} intro={words.intro}>
      {answer.walk.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <>
          <ul className="legend">
            {GROUPS.filter(({ of }) => answer.walk.some(({ disposition }) => of.includes(disposition))).map(
              ({ key, name }) => (
                <li key={key}>
                  <svg viewBox="-9 -7 18 14" aria-hidden="true">
                    <path className={`point point--${key}`} d={SHAPES[key]} />
                  </svg>
                  {name}
                </li>
              ),
            )}
          </ul>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a narrow screen, by keyboard too */}
          <section className="scroll" aria-label={words.label} tabIndex={0}>
            <Chart answer={answer} />
          </section>
          <WalkTable answer={answer} />
        </>
      )}
    </Panel>
  );
}

function Chart({ answer: { walk, thresholds } }: { readonly answer: SourceAnswer }) {
  const zone = useZone();
  const { x, y, marks, from, to, line } = layOut(walk, thresholds);
  const right = WALK.width - WALK.right;
  const base = WALK.height - WALK.bottom;
  return (
    <svg
      className="chart chart--walk"
      viewBox={`0 0 ${WALK.width} ${WALK.height}`}
      role="img"
      aria-label={SOURCE.walk.label}
    >
      {marks.map((mark) => (
        <g key={mark}>
          <line className="chart__grid" x1={WALK.left} x2={right} y1={y(mark)} y2={y(mark)} />
          <text className="chart__text" x={WALK.left - 8} y={y(mark) + 4} textAnchor="end">
            {odds(mark)}
          </text>
        </g>
      ))}
      {thresholds.map(({ name, stake }) => (
        <g key={name}>
          <line className="chart__threshold" x1={WALK.left} x2={right} y1={y(stake)} y2={y(stake)} />
          <text className="chart__text chart__text--strong" x={WALK.left + 6} y={y(stake) - 5}>
            {SOURCE.walk.lines[name] ?? name}
          </text>
        </g>
      ))}
      <path className="chart__line" d={line} />
      {walk.map(({ time, stake, disposition, line: number, sensor }) => {
        const group = GROUPS.find(({ of }) => of.includes(disposition))?.key ?? 'open';
        return (
          <path
            key={`${time} ${sensor} ${number} ${stake}`}
            className={`point point--${group}`}
            d={SHAPES[group]}
            transform={`translate(${x(Date.parse(time)).toFixed(1)} ${y(stake).toFixed(1)})`}
          >
            <title>{`${exactMoment(time, zone)}: ${odds(stake)}`}</title>
          </path>
        );
      })}
      <text className="chart__text" x={WALK.left} y={base + 22}>
        {shortMoment(new Date(from).toISOString(), zone)}
      </text>
      {to > from && (
        <text className="chart__text" x={right} y={base + 22} textAnchor="end">
          {shortMoment(new Date(to).toISOString(), zone)}
        </text>
      )}
    </svg>
  );
}

function WalkTable({ answer }: { readonly answer: SourceAnswer }) {
  const { columns, table } = SOURCE.walk;
  const rows = answer.walk.slice(-MOST_ROWS).reverse();
  return (
    <Twin>
      <Table
        caption={table}
        rows={rows}
        keyOf={({ time, sensor, line, stake, units }) => `${time} ${sensor} ${line} ${stake} ${units}`}
        columns={[
          { name: columns.time, cell: ({ time }) => <Moment iso={time} how="exact" /> },
          { name: columns.became, cell: ({ disposition }) => <DispositionTag disposition={disposition} /> },
          {
            name: columns.to,
            cell: ({ destination, port }) => (
              <>
                <span className="address">{destination ?? ''}</span>
                {port > 0 && <span className="soft under">port {port}</span>}
              </>
            ),
          },
          {
            name: columns.where,
            cell: ({ authority, sensor, line }) => (
              <>
                <OfficeName of={authority} />
                <span className="soft under">
                  {sensor}, line {line}
                </span>
              </>
            ),
          },
          { name: columns.why, cell: ({ rule }) => <code>{rule}</code> },
          { name: columns.odds, cell: ({ stake }) => odds(stake), number: true },
        ]}
      />
    </Twin>
  );
}
