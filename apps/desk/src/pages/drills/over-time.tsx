/** The rate of misses of a series as it grew, and the bound above it, as a chart and as a table. */
import type { DrillsAnswer } from '@bellwether/api';
import { scale } from '../../charts/scale.ts';
import { Panel } from '../../ui/page.tsx';
import { Table, Twin } from '../../ui/table.tsx';
import { atMostPercent, count } from '../../words/formats.ts';
import { DRILLS } from './texts.ts';

type Day = DrillsAnswer['overTime'][number];

/** The drawing, in its own units: it grows with the page. */
const WIDTH = 560;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 96;
const TOP = 18;
const BOTTOM = 34;

/** Rates that are written beside the drawing, as large as fits above the bound. */
const MARKS = [0.0001, 0.001, 0.01, 0.1, 1] as const;

export function OverTime({ days }: { readonly days: readonly Day[] }) {
  const { columns, ...words } = DRILLS.overTime;
  if (days.length === 0) {
    return (
      <Panel id="over-time" title={words.title}>
        <p className="nothing">{words.none}</p>
      </Panel>
    );
  }
  return (
    <Panel id="over-time" title={words.title} intro={words.intro}>
      <Chart days={days} />
      <Twin>
        <Table
          caption={words.label}
          rows={days}
          keyOf={({ day }) => day}
          columns={[
            { name: columns.day, cell: ({ day }) => <time dateTime={day}>{day}</time>, heads: true },
            { name: columns.drills, cell: ({ drills }) => count(drills), number: true },
            { name: columns.missed, cell: ({ missed }) => count(missed), number: true },
            { name: columns.bound, cell: ({ bound }) => atMostPercent(bound), number: true },
          ]}
        />
      </Twin>
    </Panel>
  );
}

/** Powers of ten upwards: a bound of 1 in 500 has to be told from 1 in 50. Nothing missed lies on the base. */
function Chart({ days }: { readonly days: readonly Day[] }) {
  const words = DRILLS.overTime;
  const base = HEIGHT - BOTTOM;
  const right = WIDTH - RIGHT;
  const low = Math.log10(MARKS[0]);
  const upward = scale(low, 0, base, TOP);
  const y = (rate: number): number => upward(Math.max(low, Math.log10(Math.max(rate, MARKS[0]))));
  const x = scale(0, days.length - 1, LEFT, right);
  const path = (rateOf: (day: Day) => number): string =>
    days.map((day, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(rateOf(day)).toFixed(1)}`).join('');
  const last = days.at(-1)!;
  const rateOf = ({ drills, missed }: Day): number => missed / drills;
  const boundOf = ({ bound }: Day): number => bound;
  const lines = [
    { name: words.atMost(atMostPercent(last.bound)), rateOf: boundOf, className: 'chart__threshold' },
    { name: atMostPercent(rateOf(last)), rateOf, className: 'chart__line' },
  ];
  return (
    <svg
      className="chart chart--drills"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.label}
    >
      {MARKS.map((mark) => (
        <g key={mark}>
          <line className="chart__grid" x1={LEFT} x2={right} y1={y(mark)} y2={y(mark)} />
          <text className="chart__text" x={LEFT - 6} y={y(mark) + 4} textAnchor="end">
            {`${mark * 100} %`}
          </text>
        </g>
      ))}
      {lines.map(({ name, rateOf: of, className }) => (
        <g key={className}>
          <path className={`${className} chart__path`} d={path(of)} />
          <circle className="chart__end" cx={x(days.length - 1)} cy={y(of(last))} r="3.5" />
          <text className="chart__text chart__text--strong" x={x(days.length - 1) + 8} y={y(of(last)) + 4}>
            {name}
          </text>
        </g>
      ))}
      <text className="chart__text" x={LEFT} y={HEIGHT - 10}>
        {days[0]!.day}
      </text>
      {days.length > 1 && (
        <text className="chart__text" x={right} y={HEIGHT - 10} textAnchor="end">
          {last.day}
        </text>
      )}
    </svg>
  );
}
