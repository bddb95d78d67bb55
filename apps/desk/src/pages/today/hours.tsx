/** The last 24 hours: a bar for each, stacked by what became of the contacts. */
import type { TodayAnswer } from '@bellwether/api';
import { Legend, Patterns } from '../../charts/patterns.tsx';
import { scale, ticks } from '../../charts/scale.ts';
import { stack } from '../../charts/stack.ts';
import { Panel } from '../../ui/page.tsx';
import { Table, Twin } from '../../ui/table.tsx';
import { GROUPS, inGroup } from '../../words/dispositions.ts';
import { count, hour, shortMoment } from '../../words/formats.ts';
import { TODAY } from './texts.ts';

/** The drawing, in its own units: it grows with the page. */
const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 66;
const BOTTOM = 40;
const TOP = 18;

/** An hour in so many is written below the bars. */
const EVERY = 6;

/** A piece with contacts is at least this high: one that got through among thousands has to be seen. */
const LEAST = 3;

export function Hours({ today }: { readonly today: TodayAnswer }) {
  const { hours: words } = TODAY;
  const bars = stack(today.hours);
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const marks = ticks(most);
  const y = scale(0, marks.at(-1) ?? most, HEIGHT - BOTTOM, TOP);
  const slot = (WIDTH - LEFT) / Math.max(1, bars.length);
  return (
    <Panel id="hours" title={words.title} intro={words.intro}>
      <Legend />
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
        {bars.map(({ from, pieces, total }, index) => {
          const x = LEFT + index * slot;
          return (
            <g key={from}>
              <title>{`${shortMoment(from, today.zone)}: ${count(total)}`}</title>
              {pieces.map(({ group, low, high }) => {
                const height = Math.max(LEAST, y(low) - y(high));
                const place = { x: x + 2, y: y(low) - height, width: slot - 4, height };
                return (
                  <g key={group.key}>
                    <rect className={`fill--${group.key}`} {...place} />
                    <rect className="pattern" fill={`url(#pattern-${group.key})`} {...place} />
                  </g>
                );
              })}
              {index % EVERY === 0 && (
                <text className="chart__text" x={x + slot / 2} y={HEIGHT - 10} textAnchor="middle">
                  {hour(from, today.zone)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <Twin>
        <Table
          caption={words.label}
          rows={today.hours}
          keyOf={({ from }) => from}
          columns={[
            {
              name: words.columns.hour,
              cell: ({ from }) => <time dateTime={from}>{shortMoment(from, today.zone)}</time>,
              heads: true,
            },
            { name: words.columns.knocks, cell: ({ knocks }) => count(knocks), number: true },
            ...GROUPS.map((group) => ({
              name: group.name,
              cell: ({ dispositions }: TodayAnswer['hours'][number]) => count(inGroup(group, dispositions)),
              number: true,
            })),
          ]}
        />
      </Twin>
    </Panel>
  );
}
