/** Changes over time: a bar for each night, stacked by kind, and the same as a table. */
import type { RollChangesAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Patterns } from '../../charts/patterns.tsx';
import { scale, ticks } from '../../charts/scale.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { OfficeName } from '../../ui/office-name.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table, Twin } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { listedDayName, shortDayName } from './day-name.ts';
import { rollChangesQuery } from './queries.ts';
import { ROLLS } from './texts.ts';

const words = ROLLS.changes;

/** The drawing, in its own units: it grows with the page. */
const WIDTH = 560;
const HEIGHT = 280;
const LEFT = 66;
const BOTTOM = 40;
const TOP = 18;

/** Bars at most: a season. The table has the nights before, too. */
const MOST_BARS = 92;

/** So many days are written below the bars, at most. */
const MOST_DAYS = 6;

/** A piece is at least this high: one change without authority among thousands has to be seen. */
const LEAST = 3;

type Day = RollChangesAnswer['days'][number];

/** Kinds from the ground up, and the fill of each: those of the account, which differ in pattern and not only in color. */
const KINDS = [
  { kind: 'changed', fill: 'stopped' },
  { kind: 'new', fill: 'served' },
  { kind: 'removed', fill: 'known' },
  { kind: 'unauthorised', fill: 'through' },
] as const;

export function RollChanges() {
  return (
    <Panel id="changes" title={words.title} intro={words.intro}>
      <Loaded query={useQuery(rollChangesQuery)}>
        {({ days, odd }) => (
          <>
            {days.length === 0 ? <p className="nothing">{words.none}</p> : <Chart days={days} />}
            {odd.length > 0 && <Odd odd={odd} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Chart({ days }: { readonly days: readonly Day[] }) {
  const bars = days.slice(-MOST_BARS);
  const marks = ticks(Math.max(1, ...bars.map(allOf)));
  const y = scale(0, marks.at(-1) ?? 1, HEIGHT - BOTTOM, TOP);
  const slot = (WIDTH - LEFT) / bars.length;
  const every = Math.ceil(bars.length / MOST_DAYS);
  const gap = Math.min(4, slot / 4);
  return (
    <>
      <ul className="legend">
        {KINDS.map(({ kind, fill }) => (
          <li key={kind}>
            <svg viewBox="0 0 18 14" aria-hidden="true">
              <rect className={`fill--${fill}`} width="18" height="14" rx="2" />
              <rect className="pattern" fill={`url(#pattern-${fill})`} width="18" height="14" rx="2" />
            </svg>
            {words.kinds[kind]}
          </li>
        ))}
      </ul>
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.label}>
        <Patterns />
        {marks.map((mark) => (
          <g key={mark}>
            <line className="chart__grid" x1={LEFT} x2={WIDTH} y1={y(mark)} y2={y(mark)} />
            <text className="chart__text" x={LEFT - 6} y={y(mark) + 4} textAnchor="end">
              {count(mark)}
            </text>
          </g>
        ))}
        {bars.map((day, index) => {
          const x = LEFT + index * slot;
          let low = 0;
          return (
            <g key={day.day}>
              <title>{`${shortDayName(day.day)}: ${count(allOf(day))}`}</title>
              {KINDS.map(({ kind, fill }) => {
                const bottom = y(low);
                low += day[kind];
                if (day[kind] === 0) return null;
                const height = Math.max(LEAST, bottom - y(low));
                const place = { x: x + gap / 2, y: bottom - height, width: slot - gap, height };
                return (
                  <g key={kind}>
                    <rect className={`fill--${fill}`} {...place} />
                    <rect className="pattern" fill={`url(#pattern-${fill})`} {...place} />
                  </g>
                );
              })}
              {index % every === 0 && (
                <text className="chart__text" x={x + slot / 2} y={HEIGHT - 10} textAnchor="middle">
                  {shortDayName(day.day)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <Twin>
        <Table
          caption={words.label}
          rows={[...days].reverse()}
          keyOf={({ day }) => day}
          columns={[
            { name: words.columns.day, cell: ({ day }) => listedDayName(day), heads: true },
            { name: words.columns.all, cell: (day) => count(allOf(day)), number: true },
            ...KINDS.map(({ kind }) => ({
              name: words.kinds[kind],
              cell: (day: Day) => count(day[kind]),
              number: true,
            })),
          ]}
        />
      </Twin>
    </>
  );
}

function Odd({ odd }: Pick<RollChangesAnswer, 'odd'>) {
  return (
    <>
      <h3>{words.odd}</h3>
      <ul className="steps-list">
        {odd.map(({ office, day, sentence }) => (
          <li key={`${office} ${day} ${sentence}`}>
            <span className="strong">
              <OfficeName of={office} />, {shortDayName(day)}:
            </span>{' '}
            {sentence}
          </li>
        ))}
      </ul>
      <p>
        <Link to="/sheets">{words.oddSheet}</Link>
      </p>
    </>
  );
}

function allOf(day: Day): number {
  return KINDS.reduce((sum, { kind }) => sum + day[kind], 0);
}
